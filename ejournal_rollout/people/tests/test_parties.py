"""Who is meant in a cell of executors or specialists."""

import csv
from pathlib import Path

import pytest

from ejournal_rollout.people.parties import Party, ends_with_comma, is_named, read_parties
from ejournal_rollout.people.roles import Role

ADMINISTRATION, GROUP, DEPUTY = Role.ADMINISTRATION, Role.WORKING_GROUP, Role.DEPUTY_HEAD
TECHNICAL, EXPERIENCED, TEACHER = Role.TECHNICAL_SPECIALIST, Role.EXPERIENCED_COLLEAGUE, Role.TEACHER


with (Path(__file__).parent / "parties.tsv").open(encoding="utf-8", newline="") as rows:
    WRITTEN = list(csv.DictReader(rows, delimiter="\t", quoting=csv.QUOTE_NONE))


@pytest.mark.parametrize("row", WRITTEN, ids=[row["cell"] for row in WRITTEN])
def test_parties_as_schools_write_them_are_known_or_asked_about(row):
    """`parties.tsv`: the cell (a literal \\n is a line break); for each party its role or "asked", and its person."""
    cell = row["cell"].replace("\\n", "\n")

    parties = read_parties(cell)

    told = [" ".join(filter(None, (party.role or "asked", party.person))) for party in parties]
    assert ("; ".join(told) or "nobody") == row["parties"]
    assert all(party.words in cell for party in parties)


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Администрация ", [("Администрация", ADMINISTRATION)]),
        ("Администрация, члены рабочей группы", [("Администрация", ADMINISTRATION), ("члены рабочей группы", GROUP)]),
        ("Администрация, ", [("Администрация", ADMINISTRATION)]),
        (
            "Зам. директора по УР Члены рабочей группы",
            [("Зам. директора по УР", DEPUTY), ("Члены рабочей группы", GROUP)],
        ),
        ("Директор; специалист по кадрам", [("Директор", ADMINISTRATION), ("специалист по кадрам", None)]),
        ("Директор и рабочая группа", [("Директор", ADMINISTRATION), ("рабочая группа", GROUP)]),
        ("Учителя математики и информатики", [("Учителя математики и информатики", None)]),
        ("Заместитель директора\nпо УВР", [("Заместитель директора\nпо УВР", DEPUTY)]),
        ("Заместители директора по УВР, ВР, завуч", [("Заместители директора по УВР, ВР", DEPUTY), ("завуч", DEPUTY)]),
        (
            "зам.директора по учебно-воспитательной работе, техник",
            [("зам.директора по учебно-воспитательной работе", DEPUTY), ("техник", None)],
        ),
        (
            "Директор школы\nКлассные руководители",
            [("Директор школы", ADMINISTRATION), ("Классные руководители", TEACHER)],
        ),
        ("Директор МБОУ «СШ № 3»", [("Директор МБОУ «СШ № 3»", ADMINISTRATION)]),
        ("Руководители методических объединений", [("Руководители методических объединений", None)]),
        (
            "учителя-предметники, учителя начальных классов",
            [("учителя-предметники", TEACHER), ("учителя начальных классов", None)],
        ),
        ("педагоги-наставники", [("педагоги-наставники", EXPERIENCED)]),
        ("Администратор ЭЖ", [("Администратор ЭЖ", None)]),
        ("инженер-программист", [("инженер-программист", TECHNICAL)]),
        ("Директор департамента", [("Директор департамента", None)]),
        (
            "технический специалист;\nзаместителем директора по УР;\nработниками школы, имеющими опыт работы с ЭЖ",
            [
                ("технический специалист", TECHNICAL),
                ("заместителем директора по УР", DEPUTY),
                ("работниками школы, имеющими опыт работы с ЭЖ", EXPERIENCED),
            ],
        ),
        ("", []),
        (" — ", []),
    ],
)
def test_posts_and_bodies_give_their_roles_and_keep_their_words(cell, expected):
    assert [(party.words, party.role) for party in read_parties(cell)] == expected


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("Тестова А.А., учитель информатики", [("Тестова А.А., учитель информатики", None, "Тестова А.А.")]),
        ("А.А. Тестова, Б.Б. Иванов", [("А.А. Тестова", None, "А.А. Тестова"), ("Б.Б. Иванов", None, "Б.Б. Иванов")]),
        (
            "Примерова О.О., зам. директора по УВР; Образцова Н.Н., руководитель МО",
            [
                ("Примерова О.О., зам. директора по УВР", DEPUTY, "Примерова О.О."),
                ("Образцова Н.Н., руководитель МО", None, "Образцова Н.Н."),
            ],
        ),
        (
            "Директор Иванов И.И., зам. директора Петрова П.П.",
            [
                ("Директор Иванов И.И.", ADMINISTRATION, "Иванов И.И."),
                ("зам. директора Петрова П.П.", DEPUTY, "Петрова П.П."),
            ],
        ),
        (
            "Тестова А.А., Иванов И.И., члены рабочей группы",
            [
                ("Тестова А.А.", None, "Тестова А.А."),
                ("Иванов И.И.", None, "Иванов И.И."),
                ("члены рабочей группы", GROUP, ""),
            ],
        ),
        (
            "Иванова Мария Петровна, системный администратор",
            [("Иванова Мария Петровна, системный администратор", TECHNICAL, "Иванова Мария Петровна")],
        ),
    ],
)
def test_a_person_stays_one_party_with_the_post(cell, expected):
    assert [(party.words, party.role, party.person) for party in read_parties(cell)] == expected


def test_parties_with_nothing_between_them_are_told_apart_and_marked():
    assert read_parties("Зам. директора по УР Члены рабочей группы") == (
        Party("Зам. директора по УР", DEPUTY),
        Party("Члены рабочей группы", GROUP, unseparated=True),
    )
    assert not any(party.unseparated for party in read_parties("Зам. директора по УР, члены рабочей группы"))


def test_two_names_with_nothing_between_them_are_two_persons():
    assert read_parties("Условнова Е.Е. Примеров П.П.") == (
        Party("Условнова Е.Е.", person="Условнова Е.Е."),
        Party("Примеров П.П.", person="Примеров П.П.", unseparated=True),
    )


def test_a_post_before_a_comma_and_a_name_is_taken_for_one_person_and_asked_about():
    assert read_parties("заместитель директора, Условнова Е.Е.\nинженер, Примеров П.П.") == (
        Party("заместитель директора, Условнова Е.Е.", DEPUTY, "Условнова Е.Е.", assumed=True),
        Party("инженер, Примеров П.П.", TECHNICAL, "Примеров П.П.", assumed=True),
    )


def test_a_name_left_over_takes_nobodys_post():
    parties = read_parties("Условнова Е.Е.\nинженер\nПримеров П.П.")

    assert [(party.person, party.role) for party in parties] == [
        ("Условнова Е.Е.", None),
        ("", TECHNICAL),
        ("Примеров П.П.", None),
    ]


def test_latin_letters_in_a_role_do_not_hide_it_and_are_kept():
    assert read_parties("Aдминистpaция, Tестова A.A.") == (
        Party("Aдминистpaция", ADMINISTRATION),
        Party("Tестова A.A.", person="Tестова A.A."),
    )


@pytest.mark.parametrize(
    "form", ["Администрация", "администрацией", "Администрации школы", "Директору", "директором школы"]
)
def test_a_role_is_known_in_every_case(form):
    assert [party.role for party in read_parties(form)] == [ADMINISTRATION]


def test_only_a_comma_at_the_very_end_means_that_somebody_may_be_missing():
    assert ends_with_comma("Администрация, ")
    assert not ends_with_comma("Администрация, члены рабочей группы")


@pytest.mark.parametrize(
    "cell",
    [
        "Условнова Е.Е., заместитель директора",
        "УСЛОВНОВА Е. Е., заместитель директора",
        "Условнова Е.Е.\nзаместитель директора",
        "Заместитель директора\nУсловнова Е.Е.",
        "Заместитель директора Е.Е. Условнова",
        "Елена Егоровна Условнова, заместитель директора",
        "Условнова Елена Егоровна, заместитель директора",
    ],
)
def test_a_named_person_and_the_post_of_that_person_are_one_party(cell):
    [party] = read_parties(cell)

    assert is_named(party.person, "Условнова", "Елена", "Егоровна")


@pytest.mark.parametrize("cell", ["Администрация\nУсловнова Е.Е.", "Условнова Е.Е.\nчлены рабочей группы"])
def test_a_body_above_or_below_a_name_is_a_party_of_its_own(cell):
    assert len(read_parties(cell)) == 2


@pytest.mark.parametrize(
    ("printed", "person", "expected"),
    [
        ("Тестова А.А.", ("Тестова", "Анна", "Андреевна"), True),
        ("А. А. Тестова", ("Тестова", "Анна", "Андреевна"), True),
        ("Тестова А.", ("Тестова", "Анна", "Андреевна"), True),
        ("Тестова А.А.", ("Тестова", "Анна", ""), True),
        ("ТЕСТОВА А.А.", (" тестова ", "анна", "андреевна"), True),
        ("Семёнов П.А.", ("Семенов", "Пётр", "Андреевич"), True),
        ("Петрова-Водкина А.А.", ("Петрова - Водкина", "Анна", "Андреевна"), True),
        ("Тестова Анна Андреевна", ("Тестова", "А.", "А."), True),
        ("Тестова Алла Андреевна", ("Тестова", "Анна", "Андреевна"), False),
        ("Тестова А.Б.", ("Тестова", "Анна", "Андреевна"), False),
        ("Тестова Б.А.", ("Тестова", "Анна", "Андреевна"), False),
        ("Тестовой А.А.", ("Тестова", "Анна", "Андреевна"), False),
        ("Тестова А.А.", ("Тест", "Анна", "Андреевна"), False),
        ("Тестова А.А.", ("", "", ""), False),
        ("Тестова А.А.", ("Тестова", "", ""), False),
    ],
)
def test_a_printed_name_is_compared_with_the_names_of_the_staff_list(printed, person, expected):
    assert is_named(printed, *person) is expected
