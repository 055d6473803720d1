"""Which column of a staff list is which: by the words of its header, never by its place. Pure."""

import re
from dataclasses import dataclass

from .sheets import Sheet, SheetRow

FIRST_ROWS = 20  # a header stands among them; above it there may be the title of the list
NAMES = ("name", "last_name", "given", "first_name", "patronymic")  # fields that make a name, in its order

# Latin letters that look like Russian ones: typed by mistake, unseen on the screen.
LOOK_ALIKES = str.maketrans("ABCEHKMOPTXYËaceopxyë", "АВСЕНКМОРТХУЁасеорхуё")

_WORDS = (  # the first that fits wins
    (
        "",
        r"(?:список|штатное|сведения|классн|телефон|адрес(?! эл)|пол$|дата|стаж|предмет|категори|кабинет|снилс|инн)",
    ),
    ("", r".*(?:e-?mail|почт|телефон|пол |дата).*(?:руковод|начальник)|почтовый"),
    ("supervisor", r".*(?:руководител|подчин|начальник|supervisor)"),
    ("email", r".*(?:e-?mail|электронн\w* (?:почт|адрес)|эл\.? ?(?:почт|адрес)|имейл|мейл)|.*\bпочта\b|адрес эл"),
    ("name", r".*\bф\.? ?и\.? ?о\b|фамилия.*(?:имя|инициал)|(?:сотрудник|работник)и?$|name$"),
    ("last_name", r"фамилия"),
    ("given", r"имя.*отчество"),
    ("first_name", r"имя(?! польз)"),
    ("patronymic", r"отчество"),
    ("roles", r"(?:.*\s)?рол[ьи](?:\W|$)|roles?$"),
    ("post", r".*должност|post$"),
)
_COLUMN_WORDS = tuple((name, re.compile(words)) for name, words in _WORDS)


@dataclass(frozen=True)
class Header:
    """`fields` by the place of their column; `unread` are the words of the other columns, `doubled` of those that say
    what an earlier column says too; `printed` the header words of each field."""

    fields: dict[int, str]
    printed: dict[str, str]
    unread: tuple[str, ...]
    doubled: tuple[str, ...]


def header_of(row: SheetRow) -> Header | None:
    """None if the row is no header: there is no column with names of people."""
    fields: dict[int, str] = {}
    printed: dict[str, str] = {}
    unread, doubled = [], []
    for place, words in enumerate(row.cells):
        if not words:
            continue
        name = _field(words)
        if name and name not in printed:
            fields[place], printed[name] = name, " ".join(words.split())
        else:
            (doubled if name else unread).append(" ".join(words.split()))
    named = "name" in printed or ("last_name" in printed and ("first_name" in printed or "given" in printed))
    if not named or (len(printed) < 2 and len(unread) + len(doubled) > 1):
        return None
    return Header(fields, printed, tuple(unread), tuple(doubled))


def find_header(sheet: Sheet) -> int | None:
    """The place of the header among the rows of the sheet."""
    return next((at for at, row in enumerate(sheet.rows[:FIRST_ROWS]) if header_of(row)), None)


def _field(words: str) -> str:
    if len(words) > 80:  # a sentence, not a header
        return ""
    text = " ".join(words.lower().split()).replace("ё", "е")
    for form in (text, " ".join(words.translate(LOOK_ALIKES).lower().split()).replace("ё", "е")):
        for name, pattern in _COLUMN_WORDS:
            if pattern.match(form):
                return name
    return ""
