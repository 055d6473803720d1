"""Which words head an annex, a stage or a column (domain: the same plan has many names). Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache

from ejournal_rollout.orders.drafts import Column, fold, stage_number

# «Приложение 1», «Приложение № 2 к приказу …», «ПРИЛОЖЕНИЕ»; not «Приложение 1 на 2 л.» nor «Приложения: …»
ANNEX = re.compile(
    r"приложение\s*(?:(?:№|n|no)?\s*(?P<number>\d{1,2}|[IVX]{1,4}))?\s*[.:]?\s*"
    r"(?=$|\n|\(?к\s+(?:приказ|распоряжен)|\(?утвержд|от\s+\S?\d)",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]+)\s*[.)]?")
_SIGNED = re.compile(r"подпис|ознаком", re.IGNORECASE)  # a sheet of acquaintance also has names and dates
_STAGE_WORD = re.compile(r"\b(?:этап|раздел|блок|модуль)\b", re.IGNORECASE)

# The first pattern that fits the folded header wins, so a narrower word stands before a wider one.
_PLAN_WORDS: tuple[tuple[str, str], ...] = (
    ("number", r"^(?:№|n\b|no\b|номер|п/п)(?!.*(?:кабинет|мероприят))"),
    ("mark", r"отметка|выполнено|исполнено|статус|подпись|примечани"),
    (
        "term",
        r"^(?!ответств|исполнит).*\bсрок(?:и|ов|а)?\b|^дата|^период|^время|^когда|дата\s+(?:начал|окончан|провед|исполн)"
        r"|^(?:начало|окончание|конец|завершение)(?:\s+(?:работ\w*|исполнени\w*|выполнени\w*|реализации))?$|^(?:с|по)$",
    ),
    ("executors", r"исполнител|ответствен|^(?:отв|ответств|исп|исполн)(?:\b|$)|^кто\b|участник|кем\b"),
    ("result", r"результат|документ|продукт|показател|индикатор|форма\s+(?:отч|представл|завершен)|^итог|выход"),
    ("purpose", r"^цел[ьи]|\bцель\b"),
    (
        "question",
        r"рассматриваем\w+\s+вопрос|мероприят|содержание|наименование|перечень|действи|вид\w*\s+(?:работ|деятельн)"
        r"|^вопрос|^работ|^что\s+(?:сделать|делать)|^тема|^пункт\w*\s+плана",
    ),
    ("stage", r"^этап|^раздел|^направлени|^блок"),
    ("question", r"^задач"),
)
_SCHEDULE_WORDS: tuple[tuple[str, str], ...] = (
    ("room", r"кабинет|^каб\b|^каб\.|аудитор|помещени|^место|^где\b|№\s*каб"),
    ("number", r"^(?:№|n\b|no\b|номер|п/п)$|^№\s*п"),
    ("contact", r"телефон|e-?mail|почт|контакт|примечани|подпись"),
    ("hours", r"график|время|часы|\bдни\b|^день|\bдень\b|режим|расписани|^когда|^дата|период\w*\s+консульт"),
    (
        "person",
        r"^(?:ф\.?\s*и\.?\s*о\.?|фамилия[^/]*|имя)(?:\s+(?:специалист|консультант|педагог|учител|сотрудник)\w*)?$",
    ),
    ("post", r"^должность(?:\s+\w+)?$"),
    (
        "specialists",
        r"ф\.?\s*и\.?\s*о|фамилия|специалист|должност|консультант|ответствен|исполнител|кто\s+|педагог|учител"
        r"|^(?:отв|ответств|исп|исполн)\b",
    ),
    (
        "direction",
        r"направлени|^тем[аы]|тематик|вид\w*\s+(?:консульт|помощ|сопровожд)|содержание|вопрос|наименование|предмет",
    ),
)

# The headers of the source order, in its order, for a table that has none of its own.
PLAN_COLUMNS = (
    Column("number", "№ п/п"),
    Column("question", "Рассматриваемые вопросы"),
    Column("term", "Сроки"),
    Column("purpose", "Цель"),
    Column("executors", "Исполнители"),
    Column("result", "Ожидаемый результат"),
)
SCHEDULE_COLUMNS = (
    Column("direction", "Направления"),
    Column("specialists", "Ф.И.О., должность специалиста"),
    Column("room", "Кабинет №"),
    Column("hours", "График консультаций"),
)


def plan_field(header: str) -> str:
    """The field of the plan that a header names; "" for an unknown one."""
    return _field(header, _PLAN_WORDS)


def schedule_field(header: str) -> str:
    """The field of the schedule that a header names; "" for an unknown one."""
    return _field(header, _SCHEDULE_WORDS)


@lru_cache(maxsize=4096)  # each row of a long table is asked whether it is a header
def _field(header: str, words: tuple[tuple[str, str], ...]) -> str:
    plain = fold(header).strip(" .:*").lower().replace("ё", "е")
    return next((name for name, pattern in words if plain and re.search(pattern, plain)), "")


def _is_short(text: str) -> bool:
    return 0 < len(fold(text)) <= 90


def plan_fields(headers: Iterable[str]) -> list[str]:
    return [plan_field(header) if _is_short(header) else "" for header in headers]


def schedule_fields(headers: Iterable[str]) -> list[str]:
    return [schedule_field(header) if _is_short(header) else "" for header in headers]


def is_plan_header(headers: Iterable[str]) -> bool:
    """A plan is known by its questions and at least one of term, executors, purpose, result."""
    known = set(plan_fields(headers))
    return ("question" in known or "stage" in known) and bool(known & {"term", "executors", "purpose", "result"})


def is_schedule_header(headers: Iterable[str]) -> bool:
    """A schedule is known by its hours and at least one of specialist, room, direction."""
    words = list(headers)
    if any(_SIGNED.search(word) for word in words):
        return False
    known = set(schedule_fields(words))
    people = {"specialists", "person", "post"}
    return "hours" in known and bool(known & (people | {"room"})) or bool(known & people) and "room" in known


def is_header(headers: Iterable[str]) -> bool:
    words = list(headers)
    return is_plan_header(words) or is_schedule_header(words)


def is_column(header: str) -> bool:
    """Whether a bare line names a column of some table we know; a sentence or a clause does not."""
    if len(header) > 60 or header[:1].isdigit() or header.endswith((".", ";", ":")) or "|" in header:
        return False
    return bool(plan_field(header) or schedule_field(header))


def is_number_header(header: str) -> bool:
    return plan_field(header) == "number"


def is_number(text: str) -> bool:
    """«1.1.», «3», «IV.»: a cell that holds only a row number."""
    return bool(NUMBER.fullmatch(text.strip()))


def is_stage(text: str) -> bool:
    """«1. Подготовительный этап», «Раздел 2. …», «II. …»: a line that can head a group of tasks."""
    line = fold(text)
    return (
        0 < len(line) <= 200
        and not line.endswith(";")
        and bool((stage_number(line) and not is_number(line)) or (_STAGE_WORD.search(line) and len(line) <= 120))
    )


def is_annex(text: str) -> bool:
    return bool(ANNEX.match(text.strip()))
