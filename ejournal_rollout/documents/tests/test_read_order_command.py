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

    assert [set(one) for one in remarks] == [{"text", "place"}] * 8
    assert "Приложение 1" in remarks[1]["place"]


def test_the_school_year_may_be_given():
    assert json.loads(run(str(SOURCE), "--json", "--school-year", "2030/2031"))["school_year"] == "2030/2031"


def test_without_json_a_person_reads_a_summary():
    lines = run(str(SOURCE)).splitlines()

    assert "337/01-18" in lines[0]
    assert "8" in lines[1]
    assert len([line for line in lines if line.startswith("- ")]) == 8


@pytest.mark.parametrize("arguments", [["no-such-file.docx"], ["."], ["a\0b"], [str(SOURCE), "--school-year", "2021"]])
def test_a_file_that_cannot_be_read_gives_one_line_and_code_1(arguments, capsys):
    with pytest.raises(SystemExit) as ended:
        call_command("read_order", *arguments)

    printed = capsys.readouterr()
    assert ended.value.code == 1
    assert printed.out == ""
    assert len(printed.err.strip().splitlines()) == 1
    assert "Traceback" not in printed.err
