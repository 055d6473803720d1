"""Every remark names a place that a person finds in the file."""

import re
from pathlib import Path

import pytest
from django.utils.translation import override

from ejournal_rollout.documents.reading import read_order
from ejournal_rollout.orders.drafts import rows
from ejournal_rollout.orders.school_year import SchoolYear

from .paper import PLAN_HEADER, Paper
from .test_large_plan import SAMPLE
from .test_settling import UNCLEAR, UNCLEAR_HOURS

SLIPS = (
    Paper()
    .lines("ПРИКАЗ", "Об журнале й школы", "Приказываю:", "1. Утвердить план й работы.")
    .annex(1, "План-график")
    .table(
        ("№", "Мероприятие", "Сроки", "Исполнители", "Бюджет"), ("1.1", "Работа й группы", "Май 2023", "Логопед", "")
    )
    .lines("Слова после таблицы, которые нигде не записаны.")
    .annex(2, "Регламент оказания помощи")
    .lines("1. Специалисты й школы помогают.", "1. Ещё раз первый.")
    .annex(3, "График консультаций")
    .table(("Направление", "Специалист", "Кабинет", "Часы"), ("", "Логопед", "13", "после уроков"))
    .lines("Слова после графика, которые нигде не записаны.")
    .bytes()
)
LIST = """Приложение 1
План-график
1. Настройка журнала й школы. Срок: после каникул. Ответственные: логопед.
Слова, которые нигде не записаны.
"""
FILES = {path.name: path.read_bytes() for path in sorted((Path(__file__).parent / "data").glob("*.txt"))}
FILES |= {SAMPLE.name: SAMPLE.read_bytes(), "unclear.docx": UNCLEAR, "hours.docx": UNCLEAR_HOURS}
FILES |= {"slips.docx": SLIPS, "list.txt": LIST.encode(), "twice.docx": Paper().annex(1, "План").table(
    PLAN_HEADER, ("1", "Раз", "Май 2023", "Администрация"), ("1", "Два", "", ""), ("", "Три", "Май 2023", "Логопед")
).bytes()}  # fmt: skip
# These are about the paper or an annex as a whole; the words they are about are quoted, or there are none.
WHOLE = {"headings_disagree", "schools_disagree", "annex_not_taken", "note_not_taken", "wrong_date"}
PLACE = re.compile(
    r".+, (?:table \d+(?:, row \d+)?(?:, column “.+”)?|clause \S+|paragraph \d+|(?:before|after) table \d+|[\d.]+)"
)


@pytest.mark.parametrize("name", FILES)
def test_every_remark_names_a_place_in_the_file(name):
    with override("en"):
        reading = read_order(FILES[name], name, SchoolYear(2023))
    known = {
        annex: {key for key, _row in rows(getattr(reading.draft, annex))}
        for annex in ("plan", "regulation", "schedule")
    }

    assert reading.remarks
    for one in reading.remarks:
        is_absent = one.annex == "order" and one.code.endswith("_missing")
        assert one.place == "The order" if is_absent else one.code in WHOLE or PLACE.fullmatch(one.place), one
        assert not one.row_key or one.row_key in known[one.annex], one
        if one.annex != "order" and one.field and not one.code.startswith("no_column"):
            assert one.row_key, one


def test_the_words_beside_a_table_and_in_the_order_itself_are_found_by_their_places():
    with override("en"):
        remarks = read_order(SLIPS, "slips.docx", SchoolYear(2023)).remarks
    places = {(one.code, one.place) for one in remarks}
    assert {
        ("lone_letter", "The order, paragraph 2"),
        ("lone_letter", "The order, clause 1"),
        ("words_left", "Приложение 1, after table 1"),
        ("lone_letter", "Приложение 2, clause 1"),
        ("number_twice", "Приложение 2, clause 1"),
        ("words_left", "Приложение 3, after table 1"),
    } <= places
