"""Who is meant in a cell of executors (Annex 1) or specialists (Annex 3). Pure.

A cell names posts, bodies or persons in any grammatical case, with commas, semicolons, line breaks,
«и» or nothing between them. The words are never changed; a role is given only where the words are
one of the roles of `roles.py`, because a person settles the rest.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from .look_alikes import cyrillic
from .roles import Role


@dataclass(frozen=True)
class Party:
    """One executor or specialist: the words as printed, the role they mean, the person they name.

    `person` is the surname with initials or the full name, "" where only a post is printed.
    `unseparated` says that nothing but a blank stood between this party and the one before it; `assumed`, that
    «директор, Тестова А.А.» is taken for one person with the post, though it might be two.
    """

    words: str
    role: Role | None = None
    person: str = ""
    unseparated: bool = False
    assumed: bool = False


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
        rf"(?:зам(?:\.|естител[а-яё]+|ы)?\s*(?:директор[а-яё]*|дир\b\.?|руководител[а-яё]+)(?:\s+{_SCHOOL})?"
        rf"|зам(?:\.|естител[а-яё]+)(?=\s+по\s+[А-ЯЁ]{{2}}))(?:{_FIELD_OF_WORK})?"
        r"|завуч[а-яё]*(?:\s+школ\w*)?",
    ),
    (
        Role.WORKING_GROUP,
        r"(?:(?:член|участник|руководител|председател|секретар)[а-яё]*\s+|чл\.\s*)?(?:раб(?:оч[а-яё]+|\.)\s*групп[а-яё]*|РГ\b)"
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
        r"(?:все\s+)?(?:учител(?:я|ей|ям|ями|ь)\s?[-–—]\s?предметник\w*"
        rf"|педагогическ[а-яё]+\s+(?:работник|коллектив|состав)[а-яё]*(?:\s+{_SCHOOL})?"
        r"|кл(?:ассн[а-яё]+\s+|\.\s*)рук(?:оводител[а-яё]+|\.)"
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
_ONE_POST = re.compile(  # a post that one person holds: «заместителю директора», not «заместители»
    r"(?:(?:и|вр)\.?\s?и?\.?\s?о\.\s*)?(?:директор(?:а|у|ом|е)?\b|зам\.?\s?(?:дир|рук|по\b)|заместител[ьюя]\b|завуч(?:а|у|ем)?\b"
    r"|(?:инженер|программист|техник|лаборант|методист|психолог|библиотекарь?|секретарь?|системн\w+\s+администратор"
    r"|администратор|координатор|оператор)(?:а|у|ом|я|ю|ем)?\b|техническ(?:ий|ого|ому|им)\s+специалист"
    r"|учител[ью]\b|(?:руководител|председател)[ьюя]\b|педагог(?:а|у|ом)?\b|ответственн(?:ый|ая|ого|ой|ому|ым)\b"
    r"|классн(?:ый|ого|ому|ым|ая)\s+руководител)",
    re.IGNORECASE,
)
_ITEM_NUMBER = re.compile(r"\d{1,2}[.)]\s*(?=\D)")
_BROKEN_WORD = re.compile(r"(?<=[а-яё])[-‐][^\S\n]*\n\s*(?=[а-яё])")  # «дирек-» and «тора» on two lines
_POST_GOES_ON = re.compile(r"(?:по|рабоч\w+|групп\w+|директора|специалист\w*|имеющ\w+|с|и|на|за)\b", re.IGNORECASE)
_BLANKS_AND_MARKS = " \t\n\xa0,;•·–—-"
_LONGEST_CELL = 3000  # our decision: what is longer names no executors, and is not worth the time
_TRAILING_COMMA = re.compile(r"[,;]\s*$")


def read_parties(text: str) -> tuple[Party, ...]:
    """The parties of a cell in their printed order. An empty cell, or a trailing comma, is no party."""
    if len(text) > _LONGEST_CELL:
        return (Party(text.strip()),)
    plain = cyrillic(text)
    parties: list[Party] = []
    for piece in _with_posts(_split(plain), commas_are_inside=";" in text):
        found = _one_person_each(piece.words) if _PERSON.search(piece.words) else _unseparated(piece.words)
        parties += [replace(party, assumed=piece.assumed) for party in found]
    return tuple(parties) if plain == text else tuple(_as_printed(parties, plain, text))


def _as_printed(parties: Iterable[Party], plain: str, text: str) -> Iterator[Party]:
    """The same parties with the letters that the paper shows, whatever keyboard they were typed with."""
    end = 0
    for party in parties:
        start = plain.index(party.words, end)
        end = start + len(party.words)
        name = plain.index(party.person, start)
        yield replace(party, words=text[start:end], person=text[name : name + len(party.person)])


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


@dataclass(frozen=True)
class _Piece:
    """Words of a cell and the separator that stands before them."""

    words: str
    before: str = ""
    assumed: bool = False

    @property
    def is_name(self) -> bool:
        return bool(_PERSON.fullmatch(self.words))

    @property
    def is_one_post(self) -> bool:
        return bool(_ONE_POST.match(self.words)) and not _PERSON.search(self.words)

    def joined_to(self, other: "_Piece", *, assumed: bool = False) -> "_Piece":
        return _Piece(f"{self.words}{other.before}{other.words}", self.before, assumed)


def _split(text: str) -> Iterator[_Piece]:
    """The cell cut at separators outside roles, names and brackets."""
    kept = [found.span() for found in (*_ROLE.finditer(text), *_PERSON.finditer(text), *_INSIDE.finditer(text))]
    start, before = 0, ""
    for found in _SEPARATOR.finditer(text):
        if any(first < found.start() and found.end() < last for first, last in kept):
            continue
        if not _cuts(text, found, start):
            continue
        words = _without_number(text[start : found.start()])
        if words:
            yield _Piece(words, before)
        start, before = found.end(), found.group()
    words = _without_number(text[start:])
    if words:
        yield _Piece(words, before)


def _without_number(words: str) -> str:
    words = words.strip(_BLANKS_AND_MARKS)
    number = _ITEM_NUMBER.match(words)
    return words[number.end() :].strip(_BLANKS_AND_MARKS) if number else words


def _cuts(text: str, found: re.Match[str], start: int) -> bool:
    mark, rest = found.group().strip(), _without_number(text[found.end() :])
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


def _with_posts(pieces: Iterable[_Piece], *, commas_are_inside: bool) -> list[_Piece]:
    """A person and the post of that person are one party: «Тестова А.А., учитель», «Директор» above «Тестова А.А.»."""
    lines: list[list[_Piece]] = []
    for piece in pieces:
        if "," in piece.before or not re.search(r"[;\n]", piece.before) and lines:
            lines[-1].append(piece)
        else:
            lines.append([piece])
    joined = [_with_posts_after_commas(line, commas_are_inside=commas_are_inside) for line in lines]
    return _with_posts_on_lines(joined)


def _with_posts_after_commas(line: list[_Piece], *, commas_are_inside: bool) -> list[_Piece]:
    pairs = list(zip(line[::2], line[1::2], strict=False))
    if len(line) % 2 == 0 and all(post.is_one_post and name.is_name and _is_comma(name.before) for post, name in pairs):
        return [post.joined_to(name, assumed=True) for post, name in pairs]
    joined: list[_Piece] = []
    posts = 0
    for piece in line:
        last = joined[-1].words if joined else ""
        is_post = (
            _is_comma(piece.before)
            and bool(_PERSON.search(last))
            and not _PERSON.search(piece.words)
            and not _MANY.match(piece.words)
            and (commas_are_inside or (posts == 0 and bool(_PERSON.match(last))))
        )
        if is_post:
            joined[-1] = joined[-1].joined_to(piece)
            posts += 1
        else:
            joined.append(piece)
            posts = 0
    return joined


def _is_comma(separator: str) -> bool:
    return "," in separator and not re.search(r"\sи\s", separator)


def _with_posts_on_lines(lines: list[list[_Piece]]) -> list[_Piece]:
    """Names and posts that alternate line by line are persons with their posts; a name left over joins nobody."""
    joined: list[_Piece] = []
    run: list[_Piece] = []
    for line in [*lines, []]:
        only = line[0] if len(line) == 1 else None
        goes_on = only is not None and (only.is_name or not (_PERSON.search(only.words) or _MANY.match(only.words)))
        if goes_on and (not run or "\n" in only.before):
            run.append(only)
            continue
        joined += _pairs_of(run)
        run = [only] if goes_on else []
        joined += [] if goes_on else line
    return joined


def _pairs_of(run: list[_Piece]) -> list[_Piece]:
    alternates = all(one.is_name != other.is_name for one, other in zip(run, run[1:], strict=False))
    if len(run) % 2 or not alternates:
        return run
    return [above.joined_to(below) for above, below in zip(run[::2], run[1::2], strict=True)]


def _one_person_each(words: str) -> list[Party]:
    """«Тестова А.А. Примеров П.П.»: two persons with only a blank between them."""
    inside = [found.span() for found in _INSIDE.finditer(words)]
    names = [name for name in _PERSON.finditer(words) if not any(a < name.start() < b for a, b in inside)]
    if len(names) < 2:
        return [_party(words)]
    if names[0].start() == 0:
        cuts = [name.start() for name in names]
    elif names[-1].end() == len(words):
        cuts = [0, *(name.end() for name in names[:-1])]
    else:
        return [Party(words)]
    pieces = [words[first:last].strip() for first, last in zip(cuts, [*cuts[1:], len(words)], strict=True)]
    return [replace(_party(piece), unseparated=place > 0) for place, piece in enumerate(pieces)]


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
    around = words.replace(person, " ") if person else words
    post = _post(_INSIDE.sub(" ", around)) or _post(" ".join(found[1:-1] for found in _INSIDE.findall(around)))
    return Party(words=words, role=_role_of(post) or _role_of(_BROKEN_WORD.sub("", post)), person=person)


def _post(words: str) -> str:
    return words.strip(" \t\n\xa0,;.–—-:")


def _role_of(post: str) -> Role | None:
    """The role that the words mean. «школы № 3» and the like after it does not change it; any other word does."""
    post = " ".join(post.split())
    role = _ROLE.match(post)
    if not role or not re.fullmatch(rf"[\s.]*(?:{_SCHOOL}.*|№\s*\d+.*)?", post[role.end() :], re.IGNORECASE):
        return None
    return Role(role.lastgroup)
