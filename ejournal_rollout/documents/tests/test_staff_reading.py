"""A staff list as schools keep it: .xlsx and .csv of every make, read by the words of its header."""

import io

import pytest
from django.utils.translation import override
from openpyxl import Workbook

from ejournal_rollout.documents.staff.cells import read_person
from ejournal_rollout.documents.staff.paper import read_staff
from ejournal_rollout.documents.staff.sample import sample_list
from ejournal_rollout.documents.tables import UnreadableFile
from ejournal_rollout.people.roles import Role

HEADER = ("№ п/п", "ФИО", "Должность", "Телефон", "E-mail", "Роли", "Непосредственный руководитель")
ANNA = ("1", "Иванова Анна Петровна", "учитель", "+7 900", "anna@school.example", "Технический специалист", "")


@pytest.fixture(autouse=True)
def english():
    with override("en"):
        yield


def book(*rows, title="Сотрудники", merged=(), more=()) -> bytes:
    made = Workbook()
    made.active.title = title
    for row in rows:
        made.active.append(list(row))
    for ref in merged:
        made.active.merge_cells(ref)
    for name, other_rows in more:
        sheet = made.create_sheet(name)
        for row in other_rows:
            sheet.append(list(row))
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def names(paper) -> list[str]:
    return [read_person(row.cells)[0].name for row in paper.rows]


def texts(paper) -> str:
    return "\n".join(f"{one.place}: {one.text} {one.printed}" for one in paper.remarks)


# --- The file


def test_the_sample_is_read_without_a_remark():
    paper = read_staff(sample_list(), "sample.csv")

    people = [read_person(row.cells) for row in paper.rows]
    assert [row.number for row in paper.rows] == [2, 3, 4, 5]
    assert [remarks for _person, remarks in people] == [[], [], [], []]
    assert paper.remarks == []
    assert people[1][0].roles == (Role.DEPUTY_HEAD, Role.WORKING_GROUP)


TEXT = "ФИО{0}Должность{0}E-mail\nИванова Анна Петровна{0}учитель{0}anna@school.example\n"


@pytest.mark.parametrize("separator", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1251"])
@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_a_text_is_read_in_every_encoding_with_every_separator(separator, encoding, ending):
    content = TEXT.format(separator).replace("\n", ending).encode(encoding)

    paper = read_staff(content, "list.csv")

    assert [row.cells for row in paper.rows] == [
        {"name": "Иванова Анна Петровна", "post": "учитель", "email": "anna@school.example"}
    ]
    assert paper.rows[0].number == 2


def test_cells_in_quotation_marks_keep_separators_and_lines_and_rows_keep_their_numbers():
    content = (
        'sep=;\nФИО;Должность;Роли\n"Иванова Анна Петровна";"учитель; ""старший""\nклассный руководитель";"Завуч"\n'
        "\nПетров Пётр Ильич;учитель;\n"
    )

    rows = read_staff(content.encode(), "list.csv").rows

    assert [row.number for row in rows] == [3, 6]
    assert rows[0].cells["post"] == 'учитель; "старший"\nклассный руководитель'


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        (("Фамилия Имя Отчество", "Должность"), ("Иванова Анна Петровна", "учитель")),
        (("ДОЛЖНОСТЬ", "Ф.И.О. работника (полностью)"), ("учитель", "Иванова Анна Петровна")),
        (("Занимаемая должность", "Ф. И. О."), ("учитель", "Иванова Анна Петровна")),
        (("Фамилия", "Имя", "Отчество (при наличии)", "Должность"), ("Иванова", "Анна", "Петровна", "учитель")),
        (("Имя", "Отчество", "Фамилия", "Должность"), ("Анна", "Петровна", "Иванова", "учитель")),
        (("Фамилия", "Имя, отчество", "Должность"), ("Иванова", "Анна Петровна", "учитель")),
        (("ФИО\nсотрудника", "Должность\xa0по штату"), ("Иванова\xa0Анна  Петровна", " учитель ")),
        (("ФИO", "Дoлжность"), ("Ивaнова Анна Петровна", "учитель")),  # Latin O, o and a
    ],
)
def test_columns_are_found_by_the_meaning_of_their_headers(header, cells):
    paper = read_staff(book(header, cells), "list.xlsx")

    person, _remarks = read_person(paper.rows[0].cells)
    assert (person.last_name, person.first_name, person.patronymic) == ("Иванова", "Анна", "Петровна")
    assert person.post == "учитель"


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ("E-mail", "email"),
        ("Email", "email"),
        ("Адрес эл. почты", "email"),
        ("Электронная почта", "email"),
        ("эл.почта", "email"),
        ("Почта", "email"),
        ("Роль", "roles"),
        ("Роль(и) в приказе", "roles"),
        ("Роли по приказу", "roles"),
        ("Руководитель", "supervisor"),
        ("Непосредственный руководитель (ФИО)", "supervisor"),
        ("Кому подчиняется", "supervisor"),
        ("Классный руководитель", None),
        ("Почтовый адрес", None),
        ("E-mail руководителя", None),
        ("Дата рождения", None),
        ("Телефон", None),
    ],
)
def test_the_other_columns_are_known_by_many_names_or_named_as_unread(words, field):
    paper = read_staff(book(("ФИО", "Должность", words), ("Иванова Анна Петровна", "учитель", "нечто")), "a.xlsx")

    assert [name for name, cell in paper.rows[0].cells.items() if cell == "нечто"] == ([field] if field else [])
    assert (f"«{words}»" in texts(paper)) is (field is None)


def test_titles_blank_rows_numbers_repeated_headers_headings_and_footers_are_no_people():
    content = book(
        ("Список сотрудников МБОУ «Школа № 5» (ФИО, должность)",),
        (),
        ("на 01.09.2026",),
        HEADER,
        ("1", "2", "3", "4", "5", "6", "7"),
        ("", "Учителя начальных классов"),
        ANNA,
        (),
        HEADER,
        ("2", "Петров Пётр Ильич", "учитель"),
        ("3",),
        ("Итого: 2",),
        ("", "Директор ____________ Образцова А. П."),
        ("", "Вакансия", "учитель физики"),
    )

    paper = read_staff(content, "list.xlsx")

    assert names(paper) == ["Иванова Анна Петровна", "Петров Пётр Ильич"]
    assert [row.number for row in paper.rows] == [7, 10]
    assert [(one.row, one.sheet) for one in paper.remarks if one.row] == [
        (number, "Сотрудники") for number in (6, 12, 13, 14)
    ]


def test_a_second_header_in_another_order_rules_the_rows_under_it():
    content = book(
        ("ФИО", "Должность"),
        ("Иванова Анна Петровна", "учитель"),
        ("Должность", "ФИО"),
        ("лаборант", "Петров Пётр Ильич"),
    )

    assert [row.cells["post"] for row in read_staff(content, "a.xlsx").rows] == ["учитель", "лаборант"]


def test_a_cell_merged_downwards_speaks_for_each_of_its_rows():
    content = book(
        ("ФИО", "Должность", "Руководитель"),
        ("Иванова Анна Петровна", "учитель", "Образцова А. П."),
        (None, "библиотекарь", None),
        ("Петров Пётр Ильич", "учитель", None),
        merged=["A2:A3", "C2:C4"],
    )

    rows = read_staff(content, "a.xlsx").rows

    assert [row.cells["name"] for row in rows] == ["Иванова Анна Петровна"] * 2 + ["Петров Пётр Ильич"]
    assert {row.cells["supervisor"] for row in rows} == {"Образцова А. П."}


def test_a_header_of_two_lines_is_read_as_one():
    content = book(
        ("ФИО", "Должность", "Связь", None),
        (None, None, "Телефон", "E-mail"),
        ("Иванова Анна Петровна", "учитель", "1", "anna@school.example"),
        merged=["A1:A2", "B1:B2", "C1:D1"],
    )

    paper = read_staff(content, "a.xlsx")

    assert [row.cells["email"] for row in paper.rows] == ["anna@school.example"]


def test_the_first_sheet_with_a_header_is_read_and_the_others_are_named():
    content = book(
        ("Пояснение",),
        title="Титул",
        more=[("Список", [HEADER, ANNA]), ("Уволенные", [HEADER, ("1", "Старый Пётр Ильич", "сторож")])],
    )

    paper = read_staff(content, "a.xlsx")

    assert (paper.sheet, names(paper)) == ("Список", ["Иванова Анна Петровна"])
    assert [one.sheet for one in paper.remarks if not one.row and "sheet" in one.text] == ["Титул", "Уволенные"]


def test_a_formula_without_a_value_is_a_remark_at_its_cell():
    paper = read_staff(book(("ФИО", "Должность"), ("Иванова Анна Петровна", '="учи"&"тель"')), "a.xlsx")

    assert paper.rows[0].remarks == [("post", "The cell B2 holds a formula without a value.")]
    assert "post" not in paper.rows[0].cells


def test_a_second_column_of_the_same_meaning_is_not_read_in_silence():
    paper = read_staff(
        book(("ФИО", "E-mail", "E-mail личный"), ("Иванова Анна Петровна", "a@a.example", "b@b.example")), "a.xlsx"
    )

    assert paper.rows[0].cells["email"] == "a@a.example"
    assert "«E-mail личный»" in texts(paper)


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([("Иванова Анна Петровна", "учитель")], "No row with the names of columns"),
        ([*[(f"строка {one}",) for one in range(20)], HEADER, ANNA], "No row with the names of columns"),
        ([HEADER], "no people under"),
        ([HEADER, ("Итого", "", "0")], "no people under"),
        ([HEADER, *[("1", f"Иванов{chr(1072 + one % 30)} Анна Петровна") for one in range(1001)]], "more than 1000"),
    ],
)
def test_a_list_that_cannot_be_read_is_refused_with_a_sentence(rows, words):
    with pytest.raises(UnreadableFile, match=words):
        read_staff(book(*rows), "a.xlsx")


# --- The cells


@pytest.mark.parametrize(
    ("printed", "name", "remark"),
    [
        ("Иванова Анна Петровна", ("Иванова", "Анна", "Петровна"), ""),
        ("Иванова Анна", ("Иванова", "Анна", ""), ""),
        ("Мамедов Али Гасан оглы", ("Мамедов", "Али", "Гасан оглы"), ""),
        ("Петрова - Водкина Мария Ивановна", ("Петрова-Водкина", "Мария", "Ивановна"), ""),
        ("ИВАНОВА АННА ПЕТРОВНА", ("Иванова", "Анна", "Петровна"), "capital letters"),
        ("ИВАНОВА-ПЕТРОВА Анна Петровна", ("Иванова-Петрова", "Анна", "Петровна"), "capital letters"),
        ("Ивaнова Aнна Петровна", ("Иванова", "Анна", "Петровна"), "Latin letters"),
        ("Smith John", ("Smith", "John", ""), "Latin letters"),
        ("Иванова А.П.", ("Иванова", "А.", "П."), "initials"),
        ("А. П. Иванова", ("Иванова", "А.", "П."), "initials"),
        ("Иванова", ("Иванова", "", ""), "Only the surname"),
        ("Анна Петровна Иванова", ("Иванова", "Анна", "Петровна"), "surname stood last"),
        ("Анна Иванова", ("Анна", "Иванова", ""), "not clear which word"),
        ("Иванова Анна Петровна (декрет)", ("Иванова", "Анна", "Петровна"), "brackets"),
        ("Салтыков Щедрин Михаил Евграфович", ("Салтыков", "Щедрин", "Михаил Евграфович"), "not clear which word"),
        ("Иванова Анна Петровна 2", ("Иванова", "Анна", "Петровна 2"), "signs in the name"),
    ],
)
def test_a_name_is_read_and_what_is_doubtful_about_it_is_said(printed, name, remark):
    person, remarks = read_person({"name": printed})

    assert (person.last_name, person.first_name, person.patronymic) == name
    assert [text for _field, text in remarks if remark in text] if remark else remarks == []


@pytest.mark.parametrize(
    ("printed", "email"),
    [
        ("Anna@School.Example", "anna@school.example"),
        ("Анна <anna@school.example>", "anna@school.example"),
        ("mailto:anna@school.example", "anna@school.example"),
        ("anna@school.example;", "anna@school.example"),
        ("anna@@school.example", ""),
        ("anna school.example", ""),
        ("anna@school.example, inna@school.example", ""),
        ("анна@школа.рф", ""),
    ],
)
def test_an_email_is_one_address_or_is_left_out_with_a_remark(printed, email):
    person, remarks = read_person({"name": "Иванова Анна", "email": printed})

    assert person.email == email
    assert [field for field, _text in remarks] == ([] if email else ["email"])


@pytest.mark.parametrize(
    ("printed", "roles", "unknown"),
    [
        ("Технический специалист, учитель", [Role.TECHNICAL_SPECIALIST], ""),
        ("Член рабочей группы; администрация", [Role.WORKING_GROUP, Role.ADMINISTRATION], ""),
        ("Заместитель директора\nУчитель", [Role.DEPUTY_HEAD], ""),
        ("Работник с опытом работы с ЭЖ", [Role.EXPERIENCED_COLLEAGUE], ""),
        ("завуч, завуч", [Role.DEPUTY_HEAD], ""),
        ("технический специалист, повар", [Role.TECHNICAL_SPECIALIST], "«повар»"),
        ("учитель-логопед", [], "«учитель-логопед»"),
        ("—", [], ""),
    ],
)
def test_roles_are_the_words_of_the_order_and_others_are_left_out_with_a_remark(printed, roles, unknown):
    person, remarks = read_person({"name": "Иванова Анна", "roles": printed})

    assert list(person.roles) == roles
    assert [field for field, text in remarks if unknown in text] == (["roles"] if unknown else [])
