"""What a row of the staff list says about a person: name, post, e-mail, roles. Pure.

Every text that could not be understood for certain is a remark at its field; a doubtful e-mail, role or supervisor is
left out, never guessed.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from ejournal_rollout.people.parties import read_parties
from ejournal_rollout.people.roles import Role

from .columns import LOOK_ALIKES, NAMES

LONGEST = {"name": 450, "post": 250, "email": 254, "roles": 300, "supervisor": 300}
FIELDS = tuple(LONGEST)

_RUSSIAN, _LATIN = re.compile(r"[А-Яа-яЁё]"), re.compile(r"[A-Za-zËë]")
_LIKE_RUSSIAN = re.compile(r"[ABCEHKMOPTXYËaceopxyë]+")
_INITIALS = re.compile(r"[А-ЯЁA-Z]\.?\s?-?[А-ЯЁA-Z]?\.?")
_PATRONYMIC = re.compile(r"[а-яё]+(?:ич|вна|чна|шна|оглы|кызы|улы)$", re.IGNORECASE)
_SURNAME = re.compile(r"[а-яё](?:ов|ова|ев|ева|ёв|ёва|ский|ская|цкий|цкая|енко|чук)$", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*\.?")
_BRACKETS = re.compile(r"\s*[(\[].*?[)\]]\s*")
_SMALL_WORDS = {"оглы", "кызы", "улы", "гызы", "фон", "де", "ван", "аль", "эль"}
_EMAIL = re.compile(r"[^\s<>,;()]+@[^\s<>,;()]+")
_TEACHER = re.compile(r"(?:учитель|педагог|преподаватель)(?:-предметник)?|пользователь", re.IGNORECASE)
_COLLEAGUE = re.compile(r"(?:работник\w*|сотрудник\w*|коллега)\s+с\s+опытом.*", re.IGNORECASE)
_NOTHING = {"", "-", "–", "—", "нет", "не указан", "не указана", "не указано", "отсутствует", "н/д", "x", "х"}

CellRemarks = list[tuple[str, str]]


@dataclass(frozen=True)
class Person:
    """A person as the row tells. `supervisor` is the printed text; a name of initials only has "А." for "Анна"."""

    last_name: str = ""
    first_name: str = ""
    patronymic: str = ""
    post: str = ""
    email: str = ""
    roles: tuple[Role, ...] = ()
    supervisor: str = ""

    @property
    def name(self) -> str:
        return " ".join(filter(None, [self.last_name, self.first_name, self.patronymic]))


def read_person(cells: Mapping[str, str]) -> tuple[Person, CellRemarks]:
    """The person of a row and what is doubtful, as (field, sentence). `cells["name"]` comes before its parts."""
    remarks: CellRemarks = []
    last, first, patronymic = _read_name(cells, remarks)
    person = Person(
        last_name=last,
        first_name=first,
        patronymic=patronymic,
        post=" ".join(_said(cells, "post").split())[: LONGEST["post"]],
        email=_read_email(_said(cells, "email"), remarks),
        roles=_read_roles(_said(cells, "roles"), remarks),
        supervisor=" ".join(_said(cells, "supervisor").split()),
    )
    return person, remarks


def printed_name(cells: Mapping[str, str]) -> str:
    """The words of the name on one line, whatever columns they stood in."""
    if "name" in cells:
        return " ".join(cells["name"].split())
    return " ".join(" ".join(cells[one].split()) for one in NAMES if one in cells)


def proposed(cells: Mapping[str, str], field: str) -> str:
    """What a field of one line offers to correct: the name as it was understood, other cells as printed."""
    if field == "name":
        return read_person(cells)[0].name or printed_name(cells)
    return " ".join(cells.get(field, "").split())[: LONGEST[field]]


def with_russian_letters(words: str) -> str:
    """«Иванoва» with a Latin "o" becomes Russian; a Latin word among Russian ones only if each letter looks Russian."""
    russian = bool(_RUSSIAN.search(words))

    def turned(found: re.Match[str]) -> str:
        word = found.group()
        mixed = _RUSSIAN.search(word) and _LATIN.search(word)
        return word.translate(LOOK_ALIKES) if mixed or (russian and _LIKE_RUSSIAN.fullmatch(word)) else word

    return re.sub(r"[^\W\d_]+", turned, words)


@lru_cache(maxsize=10_000)
def folded(words: str) -> str:
    """For comparing only: «Ё» is «е», capitals, blanks and look-alike letters do not matter."""
    text = with_russian_letters(words).lower().replace("ё", "е")
    return " ".join(re.sub(r"\s*-\s*", "-", text.replace(".", ". ")).split())


def _said(cells: Mapping[str, str], field: str) -> str:
    words = cells.get(field, "")
    return "" if words.strip().lower() in _NOTHING else words


def _read_name(cells: Mapping[str, str], remarks: CellRemarks) -> tuple[str, str, str]:
    printed = printed_name(cells)
    in_parts = "name" not in cells and "last_name" in cells and "given" not in cells
    columns = [cells.get(one, "") for one in ("last_name", "first_name", "patronymic")] if in_parts else [printed]
    columns = [_plain(words, remarks) for words in columns]
    if in_parts and not any("." in words for words in columns):
        last, first, patronymic = columns
    else:
        last, first, patronymic = _parted(" ".join(filter(None, columns)), remarks)
    if not last:
        remarks.append(("name", _("There is no name. Write surname, name and patronymic.")))
        return "", "", ""
    if not first:
        remarks.append(("name", _("Only the surname is here. Write the full name, if you know it.")))
    elif "." in first or len(first) == 1:
        remarks.append(("name", _("Only initials are here. Write the full name, if you know it.")))
    return last[:150], first[:150], patronymic[:150]


def _plain(words: str, remarks: CellRemarks) -> str:
    """The words of a name without brackets, wrong letters and capitals; each change is a remark."""
    text = _BRACKETS.sub(" ", words).strip()
    if text != words.strip():
        remarks.append(("name", _("The words in brackets were left out of the name.")))
    russian = with_russian_letters(text)
    if russian != text:
        remarks.append(("name", _("Latin letters that look like Russian ones were replaced.")))
    elif _LATIN.search(text):
        remarks.append(("name", _("There are Latin letters in the name. Check it.")))
    text = " ".join(re.sub(r"\s*[-–—]\s*", "-", russian).split())
    parts = text.split()
    turned = [_capitalized(part) for part in parts]
    if turned != parts:
        remarks.append(("name", _("The capital letters of the name were put right. Check it.")))
    if any(not _WORD.fullmatch(part) for part in " ".join(turned).replace(".", ". ").split()):
        remarks.append(("name", _("There are signs in the name that a name does not have. Check it.")))
    return " ".join(turned)


def _capitalized(part: str) -> str:
    """«ИВАНОВА-ПЕТРОВА» and «иванова-петрова» as a name is written; «А.П.», «Мак-Грегор», «оглы» stay."""
    if part.lower() in _SMALL_WORDS:
        return part.lower()
    if "." in part or len(part) == 1:
        return part.upper() if len(part.replace(".", "")) <= 2 else part
    if part.isupper() or part.islower():
        return "-".join(one.capitalize() for one in part.split("-"))
    return part


def _parted(text: str, remarks: CellRemarks) -> tuple[str, str, str]:
    """Surname, name and patronymic of one text; the surname stands first but before initials or a patronymic."""
    parts = text.replace(".", ". ").split()
    long = [part for part in parts if not part.endswith(".") and len(part) > 1]
    initials = [part for part in parts if part.endswith(".") or len(part) == 1]
    if initials and len(long) == 1:
        first, second, *_rest = [f"{part.rstrip('.')}." for part in initials] + [""]
        if len(initials) > 2:
            remarks.append(("name", _("It is not clear which word is the surname. Check it.")))
        return long[0], first, second
    if not parts:
        return "", "", ""
    if len(parts) == 3 and _PATRONYMIC.search(parts[1]) and not _PATRONYMIC.search(parts[2]):
        remarks.append(("name", _("The surname stood last and was put first. Check it.")))
        parts = [parts[2], parts[0], parts[1]]
    if len(parts) == 2 and _SURNAME.search(parts[1]) and not _SURNAME.search(parts[0]):
        remarks.append(("name", _("It is not clear which word is the surname. Check it.")))
    small = len(parts) == 4 and parts[3].lower() in _SMALL_WORDS
    if (len(parts) > 3 and not small) or (initials and len(long) != 2):
        remarks.append(("name", _("It is not clear which word is the surname. Check it.")))
    last, first, *rest = [*parts, "", ""][: max(len(parts), 2)]
    return last, first, " ".join(filter(None, rest))


def _read_email(words: str, remarks: CellRemarks) -> str:
    """One address in small letters; "" where there is none, or none for certain."""
    if not words:
        return ""
    text = words.strip().removeprefix("mailto:").strip(" ;,.<>")
    several = _EMAIL.findall(words)
    if len(several) > 1:
        remarks.append(("email", _("There are several addresses. Leave the one to sign in with.")))
        return ""
    if re.fullmatch(r".*<([^<>\s]+@[^<>\s]+)>", words.strip()):
        text = several[0]
    try:
        validate_email(text)
    except ValidationError:
        remarks.append(("email", _("This is no e-mail address; it will be left out.")))
        return ""
    if len(text) > LONGEST["email"] or not text.isascii():
        remarks.append(("email", _("This is no e-mail address; it will be left out.")))
        return ""
    return text.lower()


def _read_roles(words: str, remarks: CellRemarks) -> tuple[Role, ...]:
    roles: dict[Role, None] = {}
    unknown: list[str] = []
    for party in read_parties(words):
        for part in [party.words] if party.role else re.split(r"\s*[,;\n]\s*", party.words):
            role = party.role or _role_of(part)
            if role and not party.person:
                roles[role] = None
            elif part.strip().lower() not in _NOTHING:
                unknown.append(" ".join(part.split()))
    if unknown:
        text = _("This is no role of the order: {words}. It will be left out.")
        remarks.append(("roles", text.format(words=", ".join(f"«{one}»" for one in unknown))))
    return tuple(role for role in roles if role is not Role.TEACHER)  # everybody is a teacher of Annex 2


def _role_of(words: str) -> Role | None:
    text = " ".join(words.split())
    if _TEACHER.fullmatch(text):
        return Role.TEACHER
    if _COLLEAGUE.fullmatch(text):
        return Role.EXPERIENCED_COLLEAGUE
    found = read_parties(text)
    return found[0].role if len(found) == 1 and not found[0].person else None
