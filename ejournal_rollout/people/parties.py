"""Who is meant in a cell of executors (Annex 1) or specialists (Annex 3). Pure.

A cell names posts, bodies or persons in any grammatical case, with commas, semicolons, line breaks,
«и» or nothing between them. The words are never changed; a role is given only where the words are
one of the roles of `roles.py`, because a person settles the rest.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from .roles import Role


@dataclass(frozen=True)
class Party:
    """One executor or specialist: the words as printed, the role they mean, the person they name.

    `person` is the surname with initials or the full name, "" where only a post is printed.
    `unseparated` says that nothing but a blank stood between this party and the one before it.
    """

    words: str
    role: Role | None = None
    person: str = ""
    unseparated: bool = False


_SCHOOL = (
    r"(?:школ\w*|гимнази\w*|лице\w*|(?:обще)?образовательн\w+\s+(?:организаци\w*|учреждени\w*)"
    r"|организаци\w*|учреждени\w*|О[ОУ]\b|М[А-Я]{1,3}ОУ\b)"
)
_NAME = r"[А-ЯЁ](?:[а-яё]+(?:-[А-ЯЁ][а-яё]+)?|[А-ЯЁ]{4,}(?:-[А-ЯЁ]{3,})?)(?![А-ЯЁа-яё])"
_PATRONYMIC = r"(?:[А-ЯЁ][а-яё]+(?:ич|вна|чна)|оглы|кызы)(?![а-яё])"
_INITIALS = r"[А-ЯЁ]\.\s?[А-ЯЁ]\.?(?![а-яё])"
_FIELD_OF_WORK = (  # «по УР», «по УВР и ВР», «по учебно-воспитательной работе», «по безопасности»
    r"\s+по\s+(?:(?-i:[А-ЯЁ]{2,5}\b(?:\s*(?:,|/|и)\s*[А-ЯЁ]{2,5}\b)*)"
    r"|[а-яё]+(?:-[а-яё]+)*(?:(?:,\s*|\s+и\s+)[а-яё-]+(?=\s+(?:работ|част|вопрос)))?(?:\s+(?:работ|част|вопрос)\w*)?)"
)

# The first alternative that matches at a place wins, so the longer phrases stand first.
_ROLE_WORDS: tuple[tuple[Role, str], ...] = (
    (
        Role.EXPERIENCED_COLLEAGUE,
        rf"(?:работник|педагог|учител|сотрудник|коллег|специалист)\w*(?:\s+{_SCHOOL})?,?\s+имеющ\w+\s+опыт[^,;\n]*"
        r"|опытны\w+\s+(?:педагог|учител|работник|сотрудник|коллег)\w*"
        r"|(?:педагог|учител)\w*-наставник\w*|наставник\w*(?!\s+молод)",
    ),
    (
        Role.DEPUTY_HEAD,
        rf"(?:зам(?:\.|естител[а-яё]+|ы)?\s*(?:директор[а-яё]*|руководител[а-яё]+)(?:\s+{_SCHOOL})?"
        rf"|зам(?:\.|естител[а-яё]+)(?=\s+по\s+[А-ЯЁ]{{2}}))(?:{_FIELD_OF_WORK})?"
        r"|завуч[а-яё]*(?:\s+школ\w*)?",
    ),
    (
        Role.WORKING_GROUP,
        r"(?:(?:член|участник|руководител|председател|секретар)[а-яё]*\s+)?(?:рабоч[а-яё]+\s+групп[а-яё]*|РГ\b)"
        r"(?:\s+по\s+(?:внедрени|переход)[^,;\n]*)?",
    ),
    (
        Role.TECHNICAL_SPECIALIST,
        r"техническ[а-яё]+\s+специалист[а-яё]*|инженер[а-яё]*(?:-[а-яё]+)?(?:\s+по\s+(?:ИКТ|ИТ|ТСО|ВТ)\b)?"
        r"|системн[а-яё]+\s+администратор[а-яё]*|сисадмин[а-яё]*|программист[а-яё]*"
        r"|специалист[а-яё]*\s+по\s+(?:ИКТ|ИТ|IT|информатизации)\b",
    ),
    (
        Role.ADMINISTRATION,
        rf"(?:(?:член|представител)[а-яё]*\s+)?администраци(?:я|и|ей|ю)(?:\s+{_SCHOOL})?"
        rf"|(?:и\.\s?о\.\s*)?директор(?:а|у|ом|е)?\b(?!\s+(?:по|департамент|центр|музе))(?:\s+{_SCHOOL})?"
        r"|руководител[а-яё]+\s+(?:(?:обще)?образовательн\w+\s+)?(?:организаци\w*|учреждени\w*|школ\w*|О[ОУ]\b)",
    ),
    (
        Role.TEACHER,
        r"(?:все\s+)?(?:учител(?:я|ей|ям|ями|ь)-предметник\w*"
        rf"|педагогическ[а-яё]+\s+(?:работник|коллектив|состав)[а-яё]*(?:\s+{_SCHOOL})?"
        r"|классн[а-яё]+\s+руководител[а-яё]+"
        rf"|(?:учителя|учителей|учителям|учителями|педагоги|педагогов|педагогам|педагогами|преподавател(?:и|ей|ям|ями))\b(?!-)(?:\s+{_SCHOOL})?)",
    ),
)
_ROLE = re.compile(
    r"(?<![\w-])(?:" + "|".join(f"(?P<{role}>{words})" for role, words in _ROLE_WORDS) + r")(?![\w-])", re.IGNORECASE
)
_PERSON = re.compile(
    rf"\b{_NAME}\s+{_INITIALS}|(?<!\w){_INITIALS}\s?{_NAME}|\b{_NAME}\s+{_NAME}\s+{_PATRONYMIC}"
    rf"|\b{_NAME}\s+{_PATRONYMIC}\s+{_NAME}"
    rf"|\b{_NAME}\s+[А-ЯЁ]\.(?!\s?\w)"
)
_SEPARATOR = re.compile(r"\s*[,;]\s*(?:а\s+также\s+|и\s+(?=\S))?|\s*\n\s*|\s+а\s+также\s+|\s+и\s+|\s*/\s*")
_INSIDE = re.compile(r"\([^()]*\)|«[^«»]*»|\"[^\"]*\"")
_MANY = re.compile(
    r"(?:член|участник)[а-яё]*\s|рабоч|администраци|все\s|учителя|педагоги|классные|работник", re.IGNORECASE
)
_POST_GOES_ON = re.compile(r"(?:по|рабоч\w+|групп\w+|директора|специалист\w*|имеющ\w+|с|и|на|за)\b", re.IGNORECASE)
_BLANKS_AND_MARKS = " \t\n\xa0,;•·–—-"
_LONGEST_CELL = 3000  # our decision: what is longer names no executors, and is not worth the time
_TRAILING_COMMA = re.compile(r"[,;]\s*$")


def read_parties(text: str) -> tuple[Party, ...]:
    """The parties of a cell in their printed order. An empty cell, or a trailing comma, is no party."""
    if len(text) > _LONGEST_CELL:
        return (Party(text.strip()),)
    parties: list[Party] = []
    for words in _with_posts(_split(text), commas_are_inside=";" in text):
        parties += [_party(words)] if _PERSON.search(words) else _unseparated(words)
    return tuple(parties)


def is_named(printed: str, last_name: str, first_name: str, patronymic: str) -> bool:
    """Whether a printed name, as `Party.person` has it, may be that of a person: «Тестова А.А.», «А. А. Тестова».

    The surname must be the same in the nominative case; of the other names an initial is enough, on either side, and
    the patronymic may be missing. «ё» is «е», capitals and blanks do not matter.
    """
    words, surname, first, second = (_name_words(one) for one in (printed, last_name, first_name, patronymic))
    if not surname or not first:
        return False
    if words[: len(surname)] == surname:
        given = words[len(surname) :]
    elif words[-len(surname) :] == surname:
        given = words[: -len(surname)]
    else:
        return False
    known = [first[0], *second]
    return bool(given) and all(
        one == other if len(one) > 1 and len(other) > 1 else one[0] == other[0]
        for one, other in zip(given, known, strict=False)
    )


def _name_words(name: str) -> list[str]:
    return re.findall(r"\w+(?:-\w+)*", re.sub(r"\s*-\s*", "-", name.lower().replace("ё", "е")))


def ends_with_comma(text: str) -> bool:
    """«Администрация, »: the paper may have lost an executor."""
    return bool(_TRAILING_COMMA.search(text))


def _split(text: str) -> Iterator[tuple[str, str]]:
    """(words, the separator before them), cut at separators outside roles, names and brackets."""
    kept = [found.span() for found in (*_ROLE.finditer(text), *_PERSON.finditer(text), *_INSIDE.finditer(text))]
    start, before = 0, ""
    for found in _SEPARATOR.finditer(text):
        if any(first < found.start() and found.end() < last for first, last in kept):
            continue
        if not _cuts(text, found, start):
            continue
        words = text[start : found.start()].strip(_BLANKS_AND_MARKS)
        if words:
            yield words, before
        start, before = found.end(), found.group()
    words = text[start:].strip(_BLANKS_AND_MARKS)
    if words:
        yield words, before


def _cuts(text: str, found: re.Match[str], start: int) -> bool:
    mark, rest = found.group().strip(), text[found.end() :].lstrip(_BLANKS_AND_MARKS)
    begins_a_party = bool(_ROLE.match(rest) or _PERSON.match(rest))
    if "," in mark or ";" in mark:
        # «зам. директора по УВР, ВР» is one post; «и» after a comma belongs to the next party
        return not re.match(r"[А-ЯЁ]{2,4}\b(?![.-])", rest) or not re.search(
            r"\sпо\s+[А-ЯЁ]{2,4}$", text[start : found.start()]
        )
    if "\n" in found.group() and not mark:
        return (
            begins_a_party
            or (rest[:1].isupper() and not text[: found.start()].endswith("-"))
            or (not _POST_GOES_ON.match(rest) and bool(_ROLE.search(text[start : found.start()])))
        )
    return begins_a_party


def _with_posts(parts: Iterable[tuple[str, str]], *, commas_are_inside: bool) -> list[str]:
    """«Тестова А.А.» and «учитель информатики» after a comma are one party: the person with the post.

    On two lines the post may stand first: a person named is not a second specialist beside the post.
    """
    joined: list[str] = []
    posts = 0
    for words, separator in parts:
        last = joined[-1] if joined else ""
        is_post = (
            "," in separator
            and not re.search(r"\sи\s", separator)
            and bool(_PERSON.search(last))
            and not _PERSON.search(words)
            and not _MANY.match(words)
            and (commas_are_inside or (posts == 0 and _PERSON.match(last)))
        )
        if is_post or ("\n" in separator and _is_person_with_post(last, words)):
            joined[-1] = f"{last}{separator}{words}"
            posts += 1
        else:
            joined.append(words)
            posts = 0
    return joined


def _is_person_with_post(above: str, below: str) -> bool:
    """Of two lines one is a name and nothing else, the other a post without a name."""
    for name, post in ((above, below), (below, above)):
        if _PERSON.fullmatch(name) and not _PERSON.search(post) and not _MANY.match(post):
            return True
    return False


def _unseparated(words: str) -> list[Party]:
    """«Зам. директора по УР Члены рабочей группы»: two roles with only a blank between them."""
    starts = [0]
    end = None
    for found in _ROLE.finditer(words):
        if end is not None and not words[end : found.start()].strip(" \t\n\xa0.") and found.start() > 0:
            starts.append(found.start())
        end = found.end()
    pieces = [words[first:last].strip() for first, last in zip(starts, [*starts[1:], len(words)], strict=True)]
    return [replace(_party(piece), unseparated=place > 0) for place, piece in enumerate(pieces)]


def _party(words: str) -> Party:
    found = _PERSON.search(words)
    person = found.group() if found else ""
    post = _INSIDE.sub(" ", words.replace(person, " ") if person else words)
    post = " ".join(post.split()).strip(" ,;.–—-:")
    # «школы № 3» and the like after a role does not change it; any other word does
    role = _ROLE.match(post)
    if role and not re.fullmatch(rf"[\s.]*(?:{_SCHOOL}.*|№\s*\d+.*)?", post[role.end() :], re.IGNORECASE):
        role = None
    return Party(words=words, role=Role(role.lastgroup) if role else None, person=person)
