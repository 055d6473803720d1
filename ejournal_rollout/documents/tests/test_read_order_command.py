"""`manage.py read_order FILE`: JSON for a program, a summary for a person, one line for a file that cannot be read."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command

DATA = Path(__file__).parent / "data"
SOURCE = Path(__file__).parents[1] / "samples" / "order-337-01-18.docx"


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("read_order", *arguments, stdout=out)
    return out.getvalue()


def shared(expected, actual):
    """`actual` reduced to the keys of `expected`."""
    if isinstance(expected, dict):
        return {key: shared(expected[key], actual[key]) for key in expected}
    if isinstance(expected, list):
        assert len(expected) == len(actual)
        return [shared(one, other) for one, other in zip(expected, actual, strict=True)]
    return actual


def test_the_answer_is_what_a_careful_person_extracts():
    expected = json.loads((DATA / "order-tab-rows.json").read_text())

    answer = json.loads(run(str(DATA / "order-tab-rows.txt"), "--json"))

    assert shared(expected, answer) == expected


def test_each_remark_has_a_sentence_and_a_place_in_russian():
    remarks = json.loads(run(str(SOURCE), "--json"))["remarks"]

    assert [set(one) for one in remarks] == [{"text", "place", "printed"}] * 8
    assert "Приложение 1" in remarks[1]["place"]


def test_the_school_year_may_be_given():
    assert json.loads(run(str(SOURCE), "--json", "--school-year", "2030/2031"))["school_year"] == "2030/2031"


def test_without_json_a_person_reads_a_summary():
    lines = run(str(SOURCE)).splitlines()

    assert "337/01-18" in lines[0]
    assert "8" in lines[1]
    assert len([line for line in lines if line.startswith("- ")]) == 8


def test_a_person_reads_each_task_clause_and_direction_with_its_meaning():
    lines = [line.strip() for line in run(str(DATA / "whole-order-in-pipes.txt")).splitlines()]

    task = lines.index("2 Обновление раздела сайта")
    assert lines[task + 1 : task + 3] == [
        "Срок: до 15 октября → не позднее 15.10.2024, точность — день",
        "Исполнители: Технический специалист; зам. директора по ВР",
    ]
    assert any(line.startswith("2.1. Пользователь имеет право:") for line in lines)
    direction = lines.index("Техническая помощь")
    assert lines[direction + 1 : direction + 4] == [
        "Специалисты: Тестов Т.Т.",
        "Кабинет: каб. 12",
        "Часы: вторник, четверг 14.00-15.00 → Вторник, четверг: 14:00–15:00",
    ]
    assert task < direction < next(place for place, line in enumerate(lines) if line.startswith("- "))


def test_a_task_without_a_term_or_executors_is_shown_with_a_dash(tmp_path):
    paper = tmp_path / "order.txt"
    paper.write_text("Приложение 1\nПЛАН\n| № | Мероприятие | Сроки | Исполнители |\n| 1 | Анализ | | |\n")

    lines = [line.strip() for line in run(str(paper)).splitlines()]

    assert lines[lines.index("1 Анализ") + 1 :][:2] == ["Срок: —", "Исполнители: —"]


@pytest.mark.parametrize("arguments", [["no-such-file.docx"], ["."], ["a\0b"], [str(SOURCE), "--school-year", "2021"]])
def test_a_file_that_cannot_be_read_gives_one_line_and_code_1(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("read_order", *arguments)

    printed = capsys.readouterr()
    assert ended.value.code == 1
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1
    assert "Traceback" not in printed.err
