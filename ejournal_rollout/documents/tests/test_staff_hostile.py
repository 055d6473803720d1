"""Whatever is thrown at the page of the staff list: one sentence, soon, in little memory, and nothing is kept of it."""

import json
import subprocess
import sys

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from ejournal_rollout.documents.models import StaffUpload
from ejournal_rollout.documents.reading_apart import HOUSE
from ejournal_rollout.documents.staff import reading_apart
from ejournal_rollout.documents.staff.reading_apart import CHILD, read_staff_apart
from ejournal_rollout.documents.tables import UnreadableFile
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory

from . import books
from .paper import Paper
from .test_hostile_files import MEASURE
from .test_staff_reading import ANNA, HEADER, book

MEGABYTE = 1024 * 1024
DAMAGED, NO_TABLE = "holds what Excel never writes", "This is not a table"


def staff() -> bytes:
    return book(HEADER, ANNA)


def changed(old: bytes, new: bytes) -> bytes:
    return books.changed(old, new, of=staff())


def with_part(name: str, part: bytes) -> bytes:
    return books.with_part(name, part, of=staff())


def rows(count: int) -> bytes:
    row = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>а</t></is></c></row>'
    return changed(b"<sheetData>", b"<sheetData>" + "".join(map(row.format, range(9, count))).encode())


HOSTILE = {
    "nothing at all": (lambda: b"", "a.xlsx", "is empty"),
    "larger than allowed": (lambda: b"\x01" * (5 * MEGABYTE + 1), "a.csv", "larger than 5 MB"),
    "five hundred parts": (
        lambda: books.packed({"xl/workbook.xml": b"<a/>"} | {f"{n}.xml": b"<a/>" for n in range(500)}),
        "a.xlsx", DAMAGED),
    "unpacks to a giant": (lambda: with_part("xl/a.xml", b" " * 30 * MEGABYTE), "a.xlsx", DAMAGED),
    "one thousand to one": (lambda: with_part("xl/a.xml", b" " * 9 * MEGABYTE), "a.xlsx", DAMAGED),
    "DOCTYPE": (lambda: changed(b"<worksheet", b"<!DOCTYPE w><worksheet"), "a.xlsx", DAMAGED),
    "a billion laughs": (lambda: books.laughing(of=staff()), "a.xlsx", DAMAGED),
    "a path out of the folder": (lambda: with_part("xl/../../evil.xml", b"<w/>"), "a.xlsx", DAMAGED),
    "half a million cells": (lambda: changed(b"<sheetData>", b"<sheetData>" + b"<row/>" * 600_000), "a.xlsx",
                             DAMAGED),
    "a damaged sheet": (lambda: changed(b"</sheetData>", b""), "a.xlsx", DAMAGED),
    "a protected entry": (lambda: books.locked(staff()), "a.xlsx", "password"),
    "cut off": (lambda: staff()[:-300], "a.xlsx", DAMAGED),
    "too many rows": (lambda: rows(3020), "a.xlsx", "more than 3000 rows"),
    "a Word file": (lambda: Paper().annex(1, "ПЛАН").bytes(), "a.xlsx", NO_TABLE),
    "a picture": (lambda: b"\x89PNG" + b"\x00" * 99, "a.xlsx", NO_TABLE),
    "an old Excel": (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 1000, "a.xls", "old Excel"),
    "no packed file": (lambda: b"FIO;post", "a.xlsx", DAMAGED),
    "a web page": (lambda: b"<html><table>", "a.xls", "web page"),
    "bytes of no text": (lambda: bytes(range(256)) * 100, "a.csv", NO_TABLE),
    "a cell without end": (lambda: b'FIO;"' + b"a" * 4 * MEGABYTE, "a.csv", DAMAGED),
    "five megabytes of separators": (lambda: b";" * 5 * MEGABYTE, "a.csv", "No row with the names"),
    "lines without end": (lambda: ("ФИО;Должность\n" + "а;б\n" * 500_000).encode(), "a.csv", "more than 3000 rows"),
}  # fmt: skip

# Odd, but harmless: read as a person would read it.
ODD = {
    "a sheet that calls itself a million columns wide": lambda: changed(
        b'<dimension ref="A1:G2"', b'<dimension ref="A1:XFD1048576"'
    ),
    "a cell in the last place of a sheet": lambda: changed(
        b"</sheetData>",
        b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>a</t></is></c></row></sheetData>',
    ),
    "all cells of a column merged": lambda: changed(
        b"</sheetData>", b'</sheetData><mergeCells count="1"><mergeCell ref="G2:G1048576"/></mergeCells>'
    ),
    "a formula that calls out": lambda: book(
        HEADER, (*ANNA[:3], '=WEBSERVICE("http://127.0.0.1:1/")', *ANNA[4:]), ("2", '=cmd|"/c calc"!A1')
    ),
    "macros": lambda: with_part("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0"),
}


@pytest.mark.django_db
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_gets_one_sentence_and_leaves_nothing(case):
    make, name, words = HOSTILE[case]
    client = Client()
    client.force_login(MembershipFactory(roles=[Role.ADMINISTRATION]).user)

    with override("en"):
        answer = client.post(reverse("documents:staff:upload-new"), {"file": SimpleUploadedFile(name, make())})
        sentences = [str(one) for one in answer.context["form"].errors["file"]]

    assert answer.status_code == 422
    assert len(sentences) == 1
    assert words in sentences[0]
    assert StaffUpload.objects.count() == 0


@pytest.mark.parametrize("case", ODD)
def test_what_is_odd_but_harmless_is_read(case):
    paper = read_staff_apart(ODD[case](), "a.xlsx")

    assert paper.rows[0].cells["name"] == "Иванова Анна Петровна"


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited and measured on Linux only")
@pytest.mark.parametrize("case", [*HOSTILE, *ODD])
def test_a_hostile_file_takes_less_than_400_megabytes_and_20_seconds(case):
    make = HOSTILE[case][0] if case in HOSTILE else ODD[case]
    head = json.dumps({"name": "a.csv", "language": "ru"}).encode()

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


@pytest.mark.parametrize("program", ["1 / 0", "print('[]')", "print('{}')", 'print(\'{"paper": {"rows": [1]}}\')'])
def test_whatever_happens_to_the_reading_process_is_one_sentence(monkeypatch, program):
    monkeypatch.setattr(reading_apart, "CHILD", ("-c", program))

    with override("en"), pytest.raises(UnreadableFile, match="too tangled") as refusal:
        read_staff_apart(staff(), "a.xlsx")

    assert refusal.value.__cause__
