"""Which words head an annex, a stage or a column (domain: the same plan has many names). Pure."""

import re
from collections.abc import Iterable
from functools import lru_cache

from ejournal_rollout.orders.drafts import Column, fold, stage_number
from ejournal_rollout.people.look_alikes import cyrillic

from .letters import together

# «Приложение 1», «Приложение № 2 к приказу …», «ПРИЛОЖЕНИЕ», «Прил. А»; not «Приложение 1 на 2 л.» nor «Приложения: …»
ANNEX = re.compile(
    r"прил(?:ожение|\.)\s*(?:(?:№|n|no)?\s*(?P<number>\d{1,2}|[IVX]{1,4}|(?-i:[А-Я])))?\s*[.:]?\s*"
    r"(?=$|\n|\(?к\s+(?:приказ|распоряжен)|\(?утвержд|от\s+\S?\d)",
    re.IGNORECASE,
)
NUMBER = re.compile(r"(?:\d{1,3}(?:\.\d{1,3})*|[IVXLC]+)\s*[.)]?")
_SIGNED = re.compile(r"подпис|ознаком", re.IGNORECASE)  # a sheet of acquaintance also has names and dates
_STAGE_WORD = re.compile(r"\b(?:этап|раздел|блок|модуль)\b", re.IGNORECASE)

# Words of a header and the field they name. The pattern that fits first *in the header* wins («Срок мероприятия» is a
# term, «Результат мероприятия» a result); of two that fit at one place the upper one. Of two columns of one field the
# upper pattern is the field's own, the other is kept beside the row.
_Words = tuple[tuple[str, re.Pattern[str]], ...]


def _words(*pairs: tuple[str, str]) -> _Words:
    return tuple((name, re.compile(pattern)) for name, pattern in pairs)


_PLAN_WORDS = _words(
    ("control", r"^контрол(?!ьн)|^(?:ответств|лиц|кто|кем|форм|вид)\w*.*\bконтрол(?!ьн)"),
    (
        "mark",
        r"^(?:\w+\s+)?факт(?:$|ич)|\bотметк|^примечани|\bстатус|\bподпись|^(?:выполне|исполне)н(?:о|ие)$|^выполнено",
    ),
    ("number", r"^(?:№|n\b|no\b|номер|п\s?/\s?п)(?!.*(?:кабинет|мероприят))|^пункт$"),
    ("term", r"\bсрок(?:и|ов|а|ам)?\b|^период|^временн\w+\s+(?:рамк|период|интервал|отрез)|^когда|^месяц"),
    ("term", r"^(?:начало|окончание|конец|завершение)(?:\s+(?:работ|исполнени|выполнени|реализаци)\w*)?$|^(?:с|по)$"),
    ("term", r"\bдат[аы]\b|^график\s+(?:выполн|исполн|реализ)"),
    ("term", r"^время"),
    ("executors", r"\bисполнител|ответствен|^(?:отв|ответств|исп|исполн|исп-л\w+)(?:\b|$)|\bкем\b|^кто\b|^кому\b"),
    ("executors", r"^соисполнител|^ф\.?\s?и\.?\s?о\b|^должност|^лиц[ао]\b"),
    ("executors", r"^участник"),
    (
        "result",
        r"результат|\bдокумент|\bпродукт|показател|индикатор|^форм[аы]\s+(?:отч|представл|завершен)|^итог|^выход",
    ),
    ("purpose", r"\bцел[ьи]\b"),
    ("question", r"рассматриваем\w+\s+вопрос|\bмероприят|\bсодержание|^действи|^вопрос|^работ|^деятельность"),
    ("question", r"^вид\w*\s+(?:работ|деятельн)|^что\b|^поручени|^задани|^шаг|^мер[аы]\b|^пункт\w*\s+плана"),
    ("question", r"^тем[аы]\b|^тематик|^наименование|^название|^перечень"),
    ("stage", r"^этап|^раздел|^направлени|^блок|^модул"),
    ("question", r"^задач"),
)
_WEEKDAY = r"(?:понедельник|вторник|сред[ау]|четверг|пятниц[ау]|суббот[ау]|пн|вт|ср|чт|пт|сб)"
_SCHEDULE_WORDS = _words(
    ("contact", r"\bтел(?:ефон\w*)?\b|e-?mail|\bпочт|контакт|^примечани|\bподпись"),
    ("room", r"кабинет|\bкаб\b|аудитор|помещени|^место|^где\b"),
    ("number", r"^(?:№|n\b|no\b|номер|п\s?/\s?п)(?!.*(?:каб|аудит))"),
    ("hours", r"\bграфик|\bвремя|\bчасы|\bдни\b|\bдень\b|\bрежим|расписани|^когда|\bдат[аы]\b|^период\w*\s+консульт"),
    ("hours", r"^(?:начало|окончание|конец|завершение)(?:\s+(?:консультац|при[её]ма|работы)\w*)?$|^(?:с|по|до)$"),
    ("hours", f"(?:^|\\s){_WEEKDAY}$"),
    (
        "person",
        r"^(?:(?:специалист|консультант|педагог)\w*\s)?(?:ф\.?\s*и\.?\s*о\.?|фамилия[^/]*|имя)(?:\s+(?:специалист|консультант|педагог|учител|сотрудник)\w*)?$",
    ),
    ("post", r"^(?:(?:специалист|консультант|педагог)\w*\s)?должность(?:\s+\w+)?$"),
    (
        "specialists",
        r"ф\.?\s*и\.?\s*о|фамилия|специалист|должност|консультант|ответствен|исполнител|\bкто\b|\bпедагог|\bучител"
        r"|^(?:отв|ответств|исп|исполн)\b",
    ),
    (
        "direction",
        r"направлени|\bтем[аы]\b|тематик|^вид\w*\s+(?:консульт|помощ|сопровожд)|^содержание|вопрос|^наименование"
        r"|^предмет",
    ),
)
_BEGINNING = re.compile(r"\bначал|\bс$")
_END = re.compile(r"\b(?:окончан|конец|заверш)|\b(?:по|до)$")
# Words before the noun that say nothing of the field.
_QUALIFIERS = re.compile(
    r"(?:(?:основн|планируем|предполагаем|ожидаем|примерн|плановы|конкретн|календарн|намеченн|намечаем|запланированн"
    r"|необходим|кратк|общ)\w*\s+|(?:наименование|название|перечень|список)\s+)+(?=\w)"
)
_HYPHENATED = re.compile(r"(?<=[а-яё])[-\u00ad][ \t\xa0]*\n\s*(?=[а-яё])", re.IGNORECASE)
_MOST_LETTERS = 90  # of a header, without its brackets

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
    return _field(header, _PLAN_WORDS)[0]


def schedule_field(header: str) -> str:
    """The field of the schedule that a header names; "" for an unknown one."""
    return _field(header, _SCHEDULE_WORDS)[0]


def plan_rank(header: str) -> int:
    """The lower, the more a header is the field's own: «Исполнители» before «Участники»."""
    return _field(header, _PLAN_WORDS)[1]


def plan_fields(headers: Iterable[str]) -> list[str]:
    return [plan_field(header) for header in headers]


def schedule_fields(headers: Iterable[str]) -> list[str]:
    return [schedule_field(header) for header in headers]


@lru_cache(maxsize=4096)  # each row of a long table is asked whether it is a header
def _field(header: str, words: _Words) -> tuple[str, int]:
    """The field and the place of its pattern. A word broken over lines by hand is tried as one word too."""
    if len(header) > 4 * _MOST_LETTERS:
        return "", len(words)
    for text in (_HYPHENATED.sub("", header), header.replace("\n", "")):
        plain = _plain(text)
        if 0 < len(plain) <= _MOST_LETTERS:
            found = [(match.start(), rank) for rank, (_name, one) in enumerate(words) if (match := one.search(plain))]
            if found:
                upper, _line, lower = text.rpartition("\n")
                if upper and len({words[rank][0] for _start, rank in found}) > 1 and " и " in upper:
                    # «Место и время» over «Кабинет» and «Часы»: the lower line chooses
                    own = _field(lower, words)
                    if own[0] in {_name for _name, one in words if one.search(_plain(upper))}:
                        return own
                return words[min(found)[1]][0], min(found)[1]
    return "", len(words)


def _plain(header: str) -> str:
    """What is asked for the field: small letters, without brackets and words that only qualify."""
    plain = together(fold(cyrillic(header))).strip(" .:*").lower().replace("ё", "е")
    plain = re.sub(r"\s*\([^()]*\)", "", plain) or plain.strip("()")
    return _QUALIFIERS.sub("", plain, count=1) if _QUALIFIERS.match(plain) else plain


def is_beginning(header: str) -> bool:
    """«Начало», «Дата начала», «с»: the first of two columns of terms or hours."""
    return bool(_BEGINNING.search(_plain(header)))


def weekday(header: str) -> str:
    """«Пн.» of «Пн.» and of «Дни консультаций» over «Пн.»; "" for a header that names no day of the week."""
    last = fold(header.rsplit("\n", 1)[-1])
    return last if re.fullmatch(_WEEKDAY, _plain(last)) else ""


def is_aim(header: str) -> bool:
    """«Задачи»: the questions of a plan that has no other column of them, else what they are for."""
    return bool(re.match(r"задачи\b", _plain(header)))


def is_end(header: str) -> bool:
    return bool(_END.search(_plain(header)))


def is_plan_header(headers: Iterable[str]) -> bool:
    """A plan is known by its questions and at least one of term, executors, purpose, result."""
    words = list(headers)
    known = set(plan_fields(words))
    if any(is_number(word) for word in words):
        return False  # a numbered row of a table is none of its headers
    return ("question" in known or "stage" in known) and bool(known & {"term", "executors", "purpose", "result"})


def is_schedule_header(headers: Iterable[str]) -> bool:
    """A schedule is known by its hours and at least one of specialist, room, direction."""
    words = list(headers)
    if any(_SIGNED.search(word) or is_number(word) for word in words):
        return False
    known = set(schedule_fields(words))
    people = {"specialists", "person", "post"}
    return "hours" in known and bool(known & (people | {"room"})) or bool(known & people) and "room" in known


def is_sheet(headers: Iterable[str]) -> bool:
    """«№ | Ф.И.О. | Дата | Подпись»: a table that people sign, or another one of theirs."""
    words = list(headers)
    names = {plan_field(word) or schedule_field(word) for word in words}
    return any(_SIGNED.search(word) for word in words) or ("number" in names and len(names) > 2)


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


# «Итого: …», «Примечание: …», «Директор ____ И.И. Иванов» in a row of its own
_ASIDE = re.compile(
    r"\W*(?:итого|всего|примечани|согласован|утвержда|.*ознакомлен|продолжение|окончание\s+прил"
    r"|директор\b(?=\W*(?:_|[А-ЯЁ]\.)))|.*_{4}",
    re.IGNORECASE,
)


_SIGNATURE = re.compile(
    r"\W*(?:и\.\s?о\.\s*)?(?:директор|руководитель|заведующ\w+|председатель)\b[^.;:\n]*"
    r"(?:_{3}[^;:\n]*|\s[А-ЯЁ]\.\s?[А-ЯЁ]\.\s?[А-ЯЁ][а-яё-]+|\s[А-ЯЁ][а-яё-]+\s[А-ЯЁ]\.\s?[А-ЯЁ]\.)\W*",
    re.IGNORECASE,
)


def is_signature(text: str) -> bool:
    """«Директор школы ____ Б.Б. Примеров»: a line of its own, and no sentence."""
    return len(text) < 150 and bool(_SIGNATURE.fullmatch(text))


def is_aside(text: str) -> bool:
    """Words beside the rows of a table, which head nothing: a sum, a note, a signature."""
    return bool(_ASIDE.match(text))


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
    return bool(ANNEX.match(together(cyrillic(text[:200])).strip()))
