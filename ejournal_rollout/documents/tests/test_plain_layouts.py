"""Whole orders as text files, one for each way of drawing a table without Word (layouts/; all people are invented).

NAME.draft is what a careful person reads in NAME.txt: «# » a stage, «number | question | term | executors», «@ » a
direction with its specialists, room and hours, «§ » a clause.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from ejournal_rollout.documents.reading import Reading, read_order
from ejournal_rollout.documents.tables.line_ends import run_on
from ejournal_rollout.documents.writing import write_order
from ejournal_rollout.orders.drafts import OrderDraft, fold

LAYOUTS = Path(__file__).parent / "layouts"
NAMES = sorted(path.stem for path in LAYOUTS.glob("*.txt"))


def read(name: str) -> Reading:
    return read_order((LAYOUTS / f"{name}.txt").read_bytes(), f"{name}.txt")


def told(draft: OrderDraft) -> Iterator[str]:
    for stage in draft.plan.stages if draft.plan else ():
        if stage.heading:
            yield fold(f"# {stage.heading}")
        for task in stage.tasks:
            yield fold(" | ".join((task.number, task.question, task.term, task.executors)))
    for one in draft.schedule.directions if draft.schedule else ():
        yield fold("@ " + " | ".join((one.name, one.specialists, one.room, one.hours)))
    for clause in draft.regulation.clauses if draft.regulation else ():
        yield fold(f"§ {clause.number} {clause.text}")


@pytest.mark.parametrize("name", NAMES)
def test_an_order_says_the_same_however_its_tables_are_drawn(name):
    assert list(told(read(name).draft)) == (LAYOUTS / f"{name}.draft").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", NAMES)
def test_an_order_read_from_text_is_the_same_after_it_was_written(name):
    draft = read(name).draft

    assert read_order(write_order(draft, draft_mark=False), "order.docx", draft.school_year).draft == draft


@pytest.mark.parametrize("encoding", ["koi8-r", "cp866", "mac-cyrillic", "cp1251", "utf-16-le", "utf-16-be"])
def test_an_order_in_a_box_is_known_in_every_encoding_that_can_hold_it(encoding):
    boxed = "─" if encoding in ("koi8-r", "cp866", "utf-16-le", "utf-16-be") else "-"
    name = "box-stage-split" if boxed == "─" else "two-tables"
    text = (LAYOUTS / f"{name}.txt").read_text(encoding="utf-8")
    text = text.replace("«", '"').replace("»", '"').replace("№", "N")

    draft = read_order(text.encode(encoding), "order.txt").draft

    assert draft.tasks == read_order(text.encode(), "order.txt").draft.tasks != ()


def test_a_running_head_is_told_and_not_taken_over():
    remarks = read("whole-paged-cells").remarks

    assert [(one.code, one.printed) for one in remarks] == [("note_not_taken", "Приказ № 154-ОД от 30.08.2024")]


def test_the_number_of_a_row_on_top_of_a_page_is_no_page_number():
    rows = "".join(f"\f{number}\nАнализ\nмай 2025\nДиректор\n" for number in range(7, 10))
    text = f"Приложение 1\nПЛАН\n\n№\nМероприятие\nСрок\nОтветственный\n{rows}"

    assert [task.number for task in read_order(text.encode(), "order.txt").draft.tasks] == ["7", "8", "9"]


def test_heads_of_annexes_on_top_of_each_page_are_no_running_heads():
    annex = (
        "Приложение {0}\nк приказу от 30.08.2024 № 154-ОД\n\nПЛАН {0}\n\n№\tМероприятие\tСрок\n1\tАнализ\tмай 2025\n"
    )
    text = "\f".join(annex.format(number) for number in (1, 2, 3))

    reading = read_order(text.encode(), "order.txt")

    assert reading.draft.plan.heading == "Приложение 1\nк приказу от 30.08.2024 № 154-ОД"
    assert [one.printed for one in reading.remarks if one.code == "note_not_taken"] == []


@pytest.mark.parametrize(
    ("upper", "lower", "whole"),
    [
        ("техничес-", "кий специалист", "технический специалист"),
        ("учителя-", "предметники", "учителя-предметники"),
        ("октябрь-", "декабрь 2022", "октябрь-декабрь 2022"),
        ("учебно-", "воспитательной", "учебно-воспитательной"),
        ("план-", "график", "план-график"),
        ("учебно-воспита-", "тельной", "учебно-воспитательной"),
        ("сентябрь –", "октябрь", "сентябрь – октябрь"),
        ("5-", "11 классы", "5-11 классы"),
        ("электронный", "журнал", "электронный журнал"),
    ],
)
def test_a_hyphen_at_the_end_of_a_line_parts_a_word_or_belongs_to_it(upper, lower, whole):
    assert run_on(upper, lower) == whole


PLAN = "Приложение 1\nПЛАН на 2024/2025 учебный год\n\n№\tМероприятие\tСрок\tОтветственный\n1\tАнализ\t{}\t{}\n"


@pytest.mark.parametrize(
    ("term", "code"),
    [
        ("01.09.2004", "term_far"),
        ("май 2042", "term_far"),
        ("понедельник, 03.09.2024", "term_wrong_weekday"),  # it is a Tuesday
        ("с 15 по 1 октября", "term_reversed"),
    ],
)
def test_a_term_that_contradicts_itself_or_the_order_is_asked_about(term, code):
    remarks = read_order(PLAN.format(term, "Директор").encode(), "order.txt").remarks

    assert [(one.code, one.printed) for one in remarks if one.row_key] == [(code, term)]


@pytest.mark.parametrize("term", ["01.09.2023", "май 2029", "вторник, 03.09.2024"])
def test_a_term_near_the_school_year_is_not_asked_about(term):
    remarks = read_order(PLAN.format(term, "Директор").encode(), "order.txt").remarks

    assert [one.code for one in remarks if one.row_key] == []


def test_a_post_before_a_comma_and_a_name_is_asked_about():
    remarks = read_order(PLAN.format("май", "директор, Тестова А.А.").encode(), "order.txt").remarks

    assert [one.code for one in remarks if one.row_key] == ["post_assumed"]


def test_an_order_named_in_latin_letters_keeps_its_number_and_school_as_printed():
    draft = read("latin-headings").draft

    assert (draft.number, f"{draft.signed_on}", draft.organization) == ("59- ОД", "2022-08-30", "МБOУ «СОШ № 977»")


def test_each_row_read_from_a_line_of_a_list_is_to_be_checked():
    assert [one.code for one in read("schedule-as-list").remarks if one.annex == "schedule"] == ["row_of_line"] * 2
