"""An order is written as a Word file: read again it is the same order, letter for letter."""

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import segno
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from ejournal_rollout.documents.drafting import draft_of, with_annexes
from ejournal_rollout.documents.importing import import_order
from ejournal_rollout.documents.reading import read_order
from ejournal_rollout.documents.writing import Look, paper_name, write_order
from ejournal_rollout.orders.drafts import (
    ClauseDraft,
    Column,
    DirectionDraft,
    OrderDraft,
    PlanDraft,
    RegulationDraft,
    ScheduleDraft,
    StageDraft,
    TaskDraft,
    compare,
)
from ejournal_rollout.orders.models import Order
from ejournal_rollout.orders.school_year import SchoolYear
from ejournal_rollout.tests.factories import SchoolFactory

from . import awkward
from .paper import Paper

SAMPLES = Path(__file__).parents[1] / "samples"
PAPERS = [*sorted(SAMPLES.glob("order-*.*")), *sorted((Path(__file__).parent / "data").glob("*.txt"))]


def read(content: bytes, name: str = "order.docx", year: SchoolYear | None = None):
    return read_order(content, name, year)


def source() -> OrderDraft:
    path = SAMPLES / "order-337-01-18.docx"
    return read(path.read_bytes(), path.name).draft


def written(draft: OrderDraft, **options):
    return Document(io.BytesIO(write_order(draft, **{"draft_mark": False, **options})))


def mm(length) -> int:
    return round(length.mm)


# --- Written and read again


EXAMPLES = {path.name: path.read_bytes for path in PAPERS} | {
    f"{name}.docx": lambda make=make: make().bytes() for name, make in awkward.PAPERS.items()
}


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.django_db
def test_an_order_read_imported_written_and_read_again_is_the_same_order(name):
    year = SchoolYear(2022)  # for the papers that name none
    draft = read(EXAMPLES[name](), name, year).draft
    order = import_order(draft, school=SchoolFactory(), by=None).order
    stored = draft_of(with_annexes(Order.objects.all()).get(pk=order.pk))

    again = read(write_order(stored, draft_mark=True), year=year).draft

    assert compare(draft, again) == []
    assert again == stored == draft


def test_hours_that_fit_no_day_any_more_stand_in_one_column():
    schedule = read(awkward.a_column_for_each_day().bytes()).draft.schedule
    direction = replace(schedule.directions[0], hours="По мере необходимости")
    draft = OrderDraft(schedule=replace(schedule, directions=(direction,)))

    assert read(write_order(draft, draft_mark=False)).draft.schedule.directions == (direction,)


@pytest.mark.parametrize("annex", ["plan", "regulation", "schedule"])
def test_one_annex_alone_is_read_as_that_annex(annex):
    draft = source()

    again = read(write_order(draft, annexes=[annex], draft_mark=False), year=draft.school_year).draft

    absent = {name: None for name in ("plan", "regulation", "schedule") if name != annex}
    assert again == replace(draft, **absent)


@pytest.mark.parametrize(
    "columns",
    [
        ("Этап", "Мероприятия", "Начало", "Срок окончания", "Ответственные", "Отметка о выполнении"),
        ("Сроки", "Мероприятия", "Документ", "Результат", "Ответственный"),
    ],
)
def test_columns_that_a_school_invented_come_back_in_their_places(columns):
    rows = [[f"{word.lower()} {number}" for word in columns] for number in (1, 2)]
    paper = Paper().annex(1, "План мероприятий").table(columns, *rows)
    draft = read(paper.bytes()).draft

    assert read(write_order(draft, draft_mark=False)).draft == draft


def test_a_stage_written_in_a_column_stays_in_its_column():
    draft = OrderDraft(
        plan=PlanDraft(
            "Приложение 1",
            "ПЛАН",
            tuple(Column(*one) for one in (("stage", "Этап"), ("question", "Мероприятия"), ("term", "Сроки"))),
            (
                StageDraft("Подготовка", (TaskDraft(question="Анализ", term="май"), TaskDraft(question="Закупка"))),
                StageDraft("Работа", (TaskDraft(question="Обучение", term="июнь"),)),
            ),
        )
    )
    assert read(write_order(draft, draft_mark=False)).draft == draft


def test_name_and_post_and_day_and_hour_go_back_to_their_own_columns():
    path = Path(__file__).parent / "data" / "annexes-in-other-order.txt"
    table = written(read(path.read_bytes(), path.name).draft).tables[1]

    assert [[cell.text for cell in row.cells] for row in table.rows[1:]] == [
        ["1", "Тестова А.А.", "учитель информатики", "Понедельник", "14.00-15.00", "5"],
        ["2", "Примеров Б.Б.", "системный администратор", "Пятница", "13.00-14.00", "6"],
    ]


def test_a_clause_keeps_blank_lines_dashes_and_lines_that_look_like_clauses():
    words = "Запись:\n- дома;\n\nв среду\n14.30 – 16.00 в кабинете 5;\n• лично;\n• почтой.\nПриложение 7\n  с отступом"
    clauses = (ClauseDraft("1.", words), ClauseDraft("2.1.", "Ответ"), ClauseDraft("2.2", "Срок\n3. не пункт"))
    draft = OrderDraft(regulation=RegulationDraft("Приложение 2", "РЕГЛАМЕНТ\nпомощи", clauses))

    assert read(write_order(draft, draft_mark=False)).draft == draft


def test_words_typed_beside_the_printed_columns_are_not_lost():
    task = TaskDraft("1.", "Анализ", "май", "Цель", "Директор", "Справка", (("Бюджет", "нет"),))
    columns = (Column("number", "№"), Column("question", "Мероприятия"), Column("term", "Сроки"))
    plan = PlanDraft("Приложение 1", "ПЛАН", columns, (StageDraft("", (task,)),))

    again = read(write_order(OrderDraft(plan=plan), draft_mark=False)).draft.plan

    assert again.stages == plan.stages
    assert again.columns[:3] == columns


def test_a_plan_and_a_schedule_made_by_hand_get_the_usual_columns():
    draft = OrderDraft(
        plan=PlanDraft("", "ПЛАН", (), (StageDraft("", (TaskDraft("1.", "Анализ", "май"),)),)),
        schedule=ScheduleDraft("Приложение 3", "ГРАФИК", (), (DirectionDraft("Техника", "Завуч", "5", "Вторник"),)),
    )
    plan, schedule = written(draft).tables
    assert [cell.text for cell in plan.rows[0].cells] == [
        "№ п/п",
        "Рассматриваемые вопросы",
        "Сроки",
        "Цель",
        "Исполнители",
    ]
    assert [cell.text for cell in schedule.rows[1].cells] == ["Техника", "Завуч", "5", "Вторник"]


def test_characters_that_a_word_file_cannot_hold_are_dropped():
    clauses = (ClauseDraft("1.", "Помощь\x00 да\x0bют\ud800\uffff.\r\nВсегда."),)
    draft = OrderDraft(regulation=RegulationDraft("Приложение 2", "РЕГ\x07ЛАМЕНТ", clauses))

    again = read(write_order(draft, draft_mark=False)).draft.regulation

    assert (again.title, again.clauses[0].text) == ("РЕГЛАМЕНТ", "Помощь дают.\nВсегда.")


# --- How the paper looks


def test_the_pages_have_the_margins_of_the_standard_and_the_plan_lies_on_its_side():
    sections = written(source()).sections

    assert [(mm(one.page_width), mm(one.page_height)) for one in sections] == [(297, 210), (210, 297), (210, 297)]
    for one in sections:
        edges = (one.left_margin, one.right_margin, one.top_margin, one.bottom_margin)
        assert tuple(map(mm, edges)) == (20, 10, 20, 20)
    assert mm(written(source(), look=Look(left=30)).sections[0].left_margin) == 30


def test_a_header_row_is_repeated_rows_are_not_cut_and_every_cell_has_its_width():
    plan = written(source()).tables[0]

    assert [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in plan.rows] == [True] + [False] * 10
    assert all(row._tr.find(f".//{qn('w:cantSplit')}") is not None for row in plan.rows)
    widths = [[mm(cell.width) for cell in row.cells] for row in plan.rows]
    assert widths[0] == widths[2]
    assert sum(widths[0]) == pytest.approx(267, abs=3)
    stage = plan.rows[1]._tr.tc_lst
    assert (len(stage), stage[0].grid_span, mm(stage[0].width)) == (1, 5, 267)


@pytest.mark.parametrize(("size", "in_tables"), [(12, 11), (13, 12), (14, 12)])
def test_tables_and_annex_headings_have_smaller_type_than_the_text(size, in_tables):
    document = written(source(), look=Look(size=size))

    cell = document.tables[0].rows[2].cells[1].paragraphs[0].runs[0]
    assert document.styles["Normal"].element.rPr.sz_val.pt == size
    assert (cell.font.size.pt, document.paragraphs[0].runs[0].font.size.pt) == (in_tables, in_tables)


def test_no_words_on_the_paper_have_another_font_than_the_chosen_one():
    document = written(source(), look=Look(font="PT Astra Serif"), address="https://school.example/", qr=True)

    parts = [document.element, document.sections[0].header._element, document.sections[0].first_page_footer._element]
    assert [fonts for part in parts for fonts in part.iter(qn("w:rFonts"))] == []  # all is left to the style


def test_one_font_serves_every_script_of_a_style():
    document = written(source(), look=Look(font="PT Astra Serif", size=14))

    for properties in (
        document.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}"),
        document.styles["Normal"].element.rPr,
    ):
        fonts = properties.find(qn("w:rFonts"))
        assert dict(fonts.attrib) == {
            qn(f"w:{script}"): "PT Astra Serif" for script in ("ascii", "hAnsi", "cs", "eastAsia")
        }
        assert {properties.find(qn(name)).get(qn("w:val")) for name in ("w:sz", "w:szCs")} == {"28"}


def test_bullets_are_real_bullets_and_numbers_of_clauses_are_printed_text():
    paragraphs = [one for one in written(source(), annexes=["regulation"]).paragraphs if one.text]

    bullets = [one.text for one in paragraphs if one._p.find(f".//{qn('w:numPr')}") is not None]
    assert len(bullets) == 7
    assert bullets[0] == "технический специалист;"
    assert [one.text[:2] for one in paragraphs if one.text[:1].isdigit()] == ["1.", "2.", "3.", "4.", "5.", "6."]


@pytest.mark.parametrize("is_draft", [True, False])
def test_a_draft_is_marked_above_every_page_and_the_mark_is_no_remark(is_draft):
    content = write_order(source(), draft_mark=is_draft, address="https://school.example/orders/1/")
    section = Document(io.BytesIO(content)).sections[0]

    for header in (section.first_page_header, section.header):
        assert ("ПРОЕКТ" in [one.text for one in header.paragraphs]) is is_draft
    for footer in (section.first_page_footer, section.footer):
        assert footer.paragraphs[0].text == "https://school.example/orders/1/"
    assert "note_not_taken" not in {one.code for one in read(content).remarks}


def test_a_code_with_the_address_stands_below_the_first_page_only_large_enough_for_a_telephone():
    address = "https://electronic-journal.school-no-1.example/orders/17/"
    document = written(source(), address=address, qr=True)

    pictures = document.sections[0].first_page_footer._element.xpath(".//wp:inline")
    assert [one.docPr.get("descr") for one in pictures] == [address]
    squares = segno.make(address, error="m", micro=False).symbol_size(border=0)[0]
    assert pictures[0].extent.cx == pictures[0].extent.cy
    assert pictures[0].extent.cx.mm * squares / (squares + 4) >= 20  # two white squares on each side
    others = [document.element.body, document.sections[0].footer._element]
    assert [one for part in others for one in part.iter(qn("w:drawing"))] == []


def test_the_code_holds_the_address():
    section = written(source(), address="https://school.example/orders/1/", qr=True).sections[0]

    (picture,) = section.first_page_footer.part.package.image_parts
    expected = io.BytesIO()
    segno.make("https://school.example/orders/1/", error="m", micro=False).save(expected, kind="png", scale=8, border=2)
    assert picture.blob == expected.getvalue()


def test_without_an_address_there_is_no_code():
    with zipfile.ZipFile(io.BytesIO(write_order(source(), draft_mark=False, qr=True))) as package:
        assert [name for name in package.namelist() if "media" in name] == []


def test_the_address_and_its_code_change_nothing_in_what_is_read():
    plain = read(write_order(source(), draft_mark=False))

    marked = read(write_order(source(), draft_mark=True, address="https://школа.рф/orders/1/", qr=True))

    assert marked.draft == source()
    assert marked.remarks == plain.remarks


def test_pages_are_numbered_from_the_second():
    document = written(source())
    first = document.sections[0]

    assert [one.different_first_page_header_footer for one in document.sections] == [True, False, False]
    assert " PAGE " in first.header._element.xpath("string(.//w:instrText)")
    assert first.first_page_header._element.xpath("count(.//w:instrText)") == 0
    assert first.header.is_linked_to_previous is False
    assert all(one.header.is_linked_to_previous for one in document.sections[1:])


def test_only_one_tiny_paragraph_follows_a_table_so_that_a_full_page_is_not_followed_by_an_empty_one():
    body = written(source()).element.body

    after = [table.getnext() for table in body.iter(qn("w:tbl"))]
    assert [one.find(f"{qn('w:pPr')}/{qn('w:spacing')}").get(qn("w:line")) for one in after] == ["20", "20"]
    assert [one.getnext().tag for one in after] == [qn("w:p"), qn("w:sectPr")]
    assert after[0].getnext().xpath("string(.)") == "Приложение 2"


def test_the_body_stands_before_the_annexes_only_in_the_whole_order():
    draft = replace(source(), body="ПРИКАЗ\nО журнале\nПРИКАЗЫВАЮ:\n1. Утвердить план.")

    assert written(draft).paragraphs[0].text == "ПРИКАЗ"
    assert written(draft, annexes=["plan"]).paragraphs[0].text == "Приложение 1"


def test_annexes_stand_in_the_order_of_their_numbers():
    draft = source()
    swapped = replace(
        draft,
        regulation=replace(draft.regulation, heading="Приложение № 3"),
        schedule=replace(draft.schedule, heading="Приложение № 2"),
    )
    text = [one.text for one in written(swapped).paragraphs]

    assert text.index("Приложение № 2") < text.index("ГРАФИК") < text.index("Приложение № 3") < text.index("РЕГЛАМЕНТ")


def test_the_package_names_no_part_twice_and_no_author():
    content = write_order(source(), draft_mark=True)

    with zipfile.ZipFile(io.BytesIO(content)) as package:
        names = package.namelist()
    assert len(names) == len(set(names))
    assert written(source()).core_properties.author == ""


@pytest.mark.parametrize(
    ("number", "signed_on", "annex", "wording", "name"),
    [
        ("412/01-18", date(2026, 8, 31), "", "now", "Приказ 412-01-18 от 31.08.2026.docx"),
        ("59- ОД", date(2026, 8, 31), "plan", "", "Приказ 59- ОД от 31.08.2026, план.docx"),
        (
            "6а",
            date(2026, 8, 31),
            "schedule",
            "signed",
            "Приказ 6а от 31.08.2026, график консультаций, как подписан.docx",
        ),
        ("", None, "", "", "Приказ (проект) 2026-2027.docx"),
        ('../..\\x:"\r\n', date(2026, 8, 31), "", "amended", "Приказ x от 31.08.2026, с изменениями.docx"),
    ],
)
def test_a_paper_is_called_as_people_call_the_order(number, signed_on, annex, wording, name):
    draft = OrderDraft(number=number, signed_on=signed_on, school_year=SchoolYear(2026))
    assert paper_name(draft, annex, wording=wording) == name


# --- Generated orders

NOUNS = ["анализ", "журнал", "учитель", "класс", "отметка", "план", "справка", "кабинет", "помощь", "пароль", "график"]
ROLES = ["Директор", "Администрация, члены рабочей группы", "Технический специалист", "Зам. директора по УВР"]
TERMS = ["Май-июнь 2024", "до 15.09.2024", "Весь период работы", "Сентябрь 2024 – май 2025", "ежемесячно"]
HOURS = ["Понедельник 14.00-15.00", "Ежедневно\nс 8.00 до 14.00", "По мере необходимости", "вт. и чт. 13.15-14.00"]

words = st.lists(st.sampled_from(NOUNS), min_size=1, max_size=6).map(" ".join)
sentences = words.map(lambda text: f"{text.capitalize()}.")
texts = st.lists(sentences, min_size=1, max_size=3).map("\n".join)
items = words.map(lambda text: f"• {text};")
PLAN_FIELDS = [
    Column("purpose", "Цель"),
    Column("executors", "Ответственные"),
    Column("result", "Ожидаемый результат"),
    Column("other", "Бюджет"),
    Column("other", "Уровень"),
]
SCHEDULE_FIELDS = [
    Column("direction", "Направление"),
    Column("specialists", "Ф.И.О., должность"),
    Column("room", "Кабинет"),
    Column("hours", "Часы консультаций"),
    Column("other", "Телефон"),
]


@st.composite
def tasks(draw, columns, number):
    fields = {column.field for column in columns}
    filled = {"purpose": texts, "executors": st.sampled_from(ROLES), "result": st.just("") | texts}
    return TaskDraft(
        number=number if "number" in fields else "",
        question=draw(texts),
        term=draw(st.sampled_from(TERMS)),
        other=tuple((column.header, draw(st.just("") | words)) for column in columns if column.field == "other"),
        **{name: draw(cell) for name, cell in filled.items() if name in fields},
    )


@st.composite
def plans(draw, heading):
    chosen = draw(st.lists(st.sampled_from(PLAN_FIELDS), unique=True))
    numbered = draw(st.booleans())
    columns = [Column("question", "Мероприятия"), Column("term", "Сроки"), *chosen]
    columns = draw(st.permutations([Column("number", "№ п/п"), *columns] if numbered else columns))
    has_stages = draw(st.booleans())
    stages = []
    for place in range(1, draw(st.integers(1, 3)) + 1 if has_stages else 2):
        count = draw(st.integers(1, 3))
        own = tuple(draw(tasks(columns, f"{place}.{line}.")) for line in range(1, count + 1))
        form = draw(st.sampled_from(["{}. {} этап", "Раздел {}. {}", "Этап {}. {}"]))
        stages.append(StageDraft(form.format(place, draw(words).capitalize()) if has_stages else "", own))
    title = f"ПЛАН-ГРАФИК\n{draw(words)}"
    return PlanDraft(heading, title, tuple(columns), tuple(stages))


@st.composite
def regulations(draw, heading):
    clauses = []
    for place in range(1, draw(st.integers(1, 5)) + 1):
        lines = draw(st.lists(sentences | items, max_size=4))
        clauses.append(ClauseDraft(f"{place}.", "\n".join([draw(sentences), *lines])))
        for part in range(1, draw(st.integers(0, 2)) + 1):
            form = draw(st.sampled_from(["{}.{}.", "{}.{}"]))
            clauses.append(ClauseDraft(form.format(place, part), draw(texts)))
    return RegulationDraft(heading, f"РЕГЛАМЕНТ\n{draw(words)}", tuple(clauses))


@st.composite
def schedules(draw, heading):
    columns = draw(st.permutations(SCHEDULE_FIELDS))
    if draw(st.booleans()):
        columns = [column for column in columns if column.field != "other"]
    directions = [
        DirectionDraft(
            name=f"{draw(words).capitalize()} {place}",
            specialists=draw(st.sampled_from(ROLES)),
            room=draw(st.sampled_from(["5", "18", "каб. 12а", ""])),
            hours=draw(st.sampled_from(HOURS)),
            other=tuple((column.header, draw(st.just("") | words)) for column in columns if column.field == "other"),
        )
        for place in range(1, draw(st.integers(1, 4)) + 1)
    ]
    return ScheduleDraft(heading, f"ГРАФИК\n{draw(words)}", tuple(columns), tuple(directions))


@st.composite
def orders(draw):
    number = draw(st.sampled_from(["337/01-18", "15-од", "6а", "01-07/312"]))
    signed_on = draw(st.dates(date(2022, 7, 1), date(2026, 12, 31)))
    school = draw(st.sampled_from(["МБОУ «Школа № 5»", "МАОУ «Гимназия № 1»"]))
    heading = f"Приложение {{}}\nк приказу {school}\nот {signed_on:%d.%m.%Y} № {number}"
    body = [
        school,
        "ПРИКАЗ",
        f"{signed_on:%d.%m.%Y} № {number}",
        draw(words).capitalize(),
        "ПРИКАЗЫВАЮ:",
        *(f"{place}. {text}" for place, text in enumerate(draw(st.lists(sentences, max_size=3)), start=1)),
        "Директор\tА.А. Тестова",
    ]
    absent = draw(st.sets(st.sampled_from(["plan", "regulation", "schedule"]), max_size=2))
    kinds = {"plan": plans, "regulation": regulations, "schedule": schedules}
    names = [name for name in draw(st.permutations(list(kinds))) if name not in absent]
    return OrderDraft(
        number=number,
        signed_on=signed_on,
        organization=school,
        school_year=SchoolYear.of_order(signed_on),
        body="\n".join(body) if draw(st.booleans()) else "",
        **{name: draw(kinds[name](heading.format(place))) for place, name in enumerate(names, start=1)},
    )


@settings(max_examples=60)
@given(orders(), st.booleans())
def test_whatever_order_is_written_reading_gives_it_back(draft, is_draft):
    again = read(write_order(draft, draft_mark=is_draft)).draft

    assert compare(draft, again) == []
    assert again == draft
