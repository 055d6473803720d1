"""Whatever is thrown at the upload page under the name of a table: one sentence, soon, in little memory."""

import json
import subprocess
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from ejournal_rollout.documents.models import Upload
from ejournal_rollout.documents.reading_apart import CHILD, HOUSE, read_order_apart
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory

from .books import FIRST, PLAN_HEADER, SHEET, book, changed, laughing, locked, packed, parts_of, with_part
from .test_hostile_files import MEASURE

MEGABYTE = 1024 * 1024
DAMAGED = "holds what Excel never writes"
END = b"</sheetData>"
LINE = "№;Рассматриваемые вопросы;Сроки\n"


def inline(place: str, words: str = "а") -> bytes:
    return f'<c r="{place}" t="inlineStr"><is><t>{words}</t></is></c>'.encode()


def rows(count: int) -> bytes:
    lines = b"".join(b'<row r="%d">' % n + inline(f"A{n}", "слово") + b"</row>" for n in range(3, count))
    return changed(END, lines + END)


def merged(ref: str, count: int) -> bytes:
    merges = f'<mergeCell ref="{ref}"/>' * count
    return changed(END, END + f'<mergeCells count="{count}">{merges}</mergeCells>'.encode())


def full_of_merges() -> bytes:
    lines = [(str(number), "Вопрос", "май") for number in range(4000)]
    content = book(("№", "Вопрос", "Сроки"), *lines, merged=["A2:A3"])
    parts = parts_of(content)
    merge = b'<mergeCell ref="A2:A3"/>'
    assert merge in parts[SHEET]
    parts[SHEET] = parts[SHEET].replace(merge, b'<mergeCell ref="A2:C4000" />' * 4000)
    return packed(parts)


HOSTILE = {
    "a giant": (lambda: b"\x01" * (5 * MEGABYTE + 1), "a.xlsx", "larger than 5 MB"),
    "six hundred parts": (lambda: packed({"xl/workbook.xml": b"<a/>"} | {f"{n}.xml": b"<a/>" for n in range(600)}),
                          "a.xlsx", DAMAGED),
    "unpacks to a giant": (lambda: with_part("xl/a.xml", b" " * 30 * MEGABYTE), "a.xlsx", DAMAGED),
    "one thousand to one": (lambda: with_part("xl/a.xml", b" " * 9 * MEGABYTE), "a.xlsx", DAMAGED),
    "DOCTYPE": (lambda: changed(b"<worksheet", b"<!DOCTYPE w><worksheet"), "a.xlsx", DAMAGED),
    "a billion laughs": (laughing, "a.xlsx", DAMAGED),
    "a path out of the folder": (lambda: with_part("xl/../../evil.xml", b"<w/>"), "a.xlsx", DAMAGED),
    "half a million cells": (lambda: changed(END, b"<row/>" * 600_000 + END), "a.xlsx", DAMAGED),
    "a damaged sheet": (lambda: changed(END, b""), "a.xlsx", DAMAGED),
    "no sheets": (lambda: with_part("xl/workbook.xml", b"<a/>"), "a.xlsx", "no words"),
    "cut off": (lambda: book(PLAN_HEADER, FIRST)[:-300], "a.xlsx", "damaged"),
    "a protected entry": (lambda: locked(book(PLAN_HEADER, FIRST)), "a.xlsx", "password"),
    "macros": (lambda: with_part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"), "a.xlsm", "macros"),
    "too many rows": (lambda: rows(5100), "a.xlsx", "below row 5000"),
    "words in the last place of a sheet": (
        lambda: changed(END, b'<row r="1048576">' + inline("A1048576") + b"</row>" + END), "a.xlsx", "below row 5000"),
    "words far to the right": (lambda: changed(END, b'<row r="9">' + inline("BL9") + b"</row>" + END), "a.xlsx",
                               "right of column 63"),
    "ten thousand merges": (lambda: merged("A1:A2", 10_000), "a.xlsx", "are merged"),
    "merges over each other": (full_of_merges, "a.xlsx", "are merged"),
    "no words": (lambda: book([1, 2]), "a.xlsx", "no words"),
    "no plan": (lambda: book(["Фамилия", "Класс"], ["Примеров", "5 А"]), "a.xlsx", "No plan"),
    "nothing but a header": (lambda: book(PLAN_HEADER), "a.xlsx", "No plan"),
    "an empty text": (lambda: b" \t\r\n", "a.csv", "empty"),
    "bytes of no text": (lambda: bytes(range(256)) * 100, "a.csv", "not a text"),
    "a line of separators": (lambda: (LINE + ";" * 4 * MEGABYTE + "а").encode(), "a.csv", "longer than 150 pages"),
    "a thousand columns": (lambda: (LINE + ";" * 1000 + "а").encode(), "a.csv", "right of column 63"),
    "lines without end": (lambda: (LINE + "1;Анализ;май\n" * 200_000).encode(), "a.csv", "longer than 150 pages"),
    "six thousand lines": (lambda: (LINE + "1;Анализ;май\n" * 6000).encode(), "a.csv", "below row 5000"),
    "letters of another tongue": (lambda: (LINE + "1;" + "word " * 500 + ";May\n").encode(), "a.csv", "Russian words"),
}  # fmt: skip

# Odd, but harmless: read as a person would read it.
ODD = {
    "a sheet that calls itself a million columns wide": lambda: changed(
        b'<dimension ref="A1:E2"', b'<dimension ref="A1:XFD1048576"'
    ),
    "an empty cell in the last place of a sheet": lambda: changed(
        END, b'<row r="1048576"><c r="XFD1048576"/></row>' + END
    ),
    "all cells under the table merged": lambda: merged("A3:XFD1048576", 1),
    "a formula that calls out": lambda: book(
        PLAN_HEADER, (*FIRST[:4], '=WEBSERVICE("http://127.0.0.1:1/")'), ("2", '=cmd|"/c calc"!A1')
    ),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_table_gets_one_sentence_and_leaves_nothing(case):
    make, name, words = HOSTILE[case]
    client = Client()
    client.force_login(MembershipFactory(roles=[Role.ADMINISTRATION]).user)

    with override("en"):
        answer = client.post(reverse("documents:upload-new"), {"file": SimpleUploadedFile(name, make())})
        sentences = [str(one) for one in answer.context["form"].errors["file"]]

    assert answer.status_code == 422
    assert len(sentences) == 1
    assert words in sentences[0]
    assert Upload.objects.count() == 0


@pytest.mark.parametrize("case", ODD)
def test_what_is_odd_but_harmless_is_read(case):
    draft = read_order_apart(ODD[case](), "a.xlsx").draft

    assert (draft.tasks[0].number, draft.tasks[0].question) == ("1.1", "Анализ работы")


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited and measured on Linux only")
@pytest.mark.parametrize("case", [*HOSTILE, *ODD])
def test_a_hostile_table_takes_less_than_400_megabytes_and_20_seconds(case):
    make, name, _words = HOSTILE[case] if case in HOSTILE else (ODD[case], "a.xlsx", "")
    head = json.dumps({"name": name, "school_year": None, "language": "ru"}).encode()

    measured = subprocess.run(
        [sys.executable, "-c", MEASURE, *CHILD],
        input=head + b"\n" + make(),
        cwd=HOUSE,
        capture_output=True,
        timeout=20,
        check=True,
    )

    kilobytes, _code = map(int, measured.stdout.split())
    assert kilobytes < 400 * 1024
