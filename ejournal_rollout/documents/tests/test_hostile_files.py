"""Whatever is thrown at the upload page: one sentence, soon, in little memory, and nothing is kept of it."""

import io
import json
import os
import random
import socket
import struct
import subprocess
import sys
import warnings
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from ejournal_rollout.documents import reading_apart
from ejournal_rollout.documents.models import Upload
from ejournal_rollout.documents.reading import UnreadableFile, read_order
from ejournal_rollout.documents.reading_apart import CHILD, HOUSE, read_order_apart
from ejournal_rollout.people.roles import Role
from ejournal_rollout.tests.factories import MembershipFactory

from .paper import PLAN_HEADER, Paper

ROW = ("1", "Первое", "Май 2021", "Директор")
TYPES, RELATIONS, DOCUMENT = "[Content_Types].xml", "_rels/.rels", "word/document.xml"
MEGABYTE = 1024 * 1024


def order() -> bytes:
    return Paper().annex(1, "ПЛАН").table(PLAN_HEADER, ROW).bytes()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {entry.filename: package.read(entry) for entry in package.infolist()}


def packed(parts, packing=zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", packing) as package:
        for name, part in parts.items() if isinstance(parts, dict) else parts:
            package.writestr(name, part)
    return stream.getvalue()


def changed(name, change, packing=zipfile.ZIP_DEFLATED) -> bytes:
    parts = parts_of(order())
    return packed(parts | {name: change(parts[name])}, packing)


def with_more(name, part) -> bytes:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the packer warns of a name that stands there already
        return packed([*parts_of(order()).items(), (name, part)])


def in_body(xml: bytes, packing=zipfile.ZIP_STORED) -> bytes:
    return changed(DOCUMENT, lambda part: part.replace(b"<w:body>", b"<w:body>" + xml, 1), packing)


def in_document(old: bytes, new: bytes, packing=zipfile.ZIP_DEFLATED) -> bytes:
    return changed(DOCUMENT, lambda part: part.replace(old, new, 1), packing)


def in_another_encoding(encoding: str) -> bytes:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    return changed("word/styles.xml", lambda _part: text.encode(encoding))


def paragraph(words: str) -> bytes:
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>".encode()


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY a{one} "{f"&a{one - 1};" * 10}">' for one in range(1, 10))
    return in_document(b"<w:document", f'<!DOCTYPE w [<!ENTITY a0 "ха">{entities}]><w:document'.encode())


def encrypted() -> bytes:
    content = order()
    place = content.rindex(b"PK\x01\x02")
    return content[: place + 8] + b"\x01\x00" + content[place + 10 :]


def lying_about_its_size() -> bytes:
    """4 GB of blanks in 4 MB, which the list of entries calls 1000 bytes."""
    content = bytearray(packed({TYPES: b"<Types/>", DOCUMENT: b" " * (400 * MEGABYTE)}))
    for sign, offset in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        place = content.rindex(sign)
        content[place + offset : place + offset + 4] = struct.pack("<I", 1000)
    return bytes(content)


def numbered(level: str, *, paragraphs: int) -> bytes:
    parts = parts_of(order())
    numbering = f'<w:abstractNum w:abstractNumId="77"><w:lvl w:ilvl="0">{level}</w:lvl></w:abstractNum>'
    numbering += '<w:num w:numId="77"><w:abstractNumId w:val="77"/></w:num></w:numbering>'
    parts["word/numbering.xml"] = parts["word/numbering.xml"].replace(b"</w:numbering>", numbering.encode())
    item = b'<w:p><w:pPr><w:numPr><w:ilvl w:val="0"/><w:numId w:val="77"/></w:numPr></w:pPr></w:p>'
    parts[DOCUMENT] = parts[DOCUMENT].replace(b"<w:body>", b"<w:body>" + item * paragraphs, 1)
    return packed(parts, zipfile.ZIP_STORED)


def letters(count: int) -> str:
    """Russian words that hardly pack."""
    chance = random.Random(7)
    return "".join(chance.choices("абвгдежзиклмнопрстуфхцчшщэюя ", k=count))


def table_of(cells: int) -> bytes:
    return b"<w:tbl><w:tr>" + b"<w:tc><w:p/></w:tc>" * cells + b"</w:tr></w:tbl>"


def nested_tables(depth: int, words: str) -> bytes:
    opened = b"<w:tbl><w:tr><w:tc>" + paragraph(words)
    return in_body(opened * depth + b"</w:tc></w:tr></w:tbl>" * depth)


HEADING = "Приложение 1\nк приказу от 01.09.2022 № 1\nПЛАН\n"
TANGLED, NOT_WORD, PACKED = "too tangled inside", "not a Word file", "packed in a way that Word never uses"
DECLARATIONS, LONG, SPOILT = "declarations that Word never writes", "longer than 150 pages", "do not make Russian words"

HOSTILE = {
    "nothing at all": (lambda: b"", "order.docx", "is empty"),
    "larger than allowed": (lambda: b"\x01" * (5 * MEGABYTE + 1), "order.docx", "larger than 5 MB"),
    "five hundred parts and one": (
        lambda: packed({f"part{one}.xml": b"<a/>" for one in range(501)}),
        "order.docx",
        "more than 10 MB or 500 parts",
    ),
    "unpacks to a giant": (lambda: packed({DOCUMENT: b" " * 30 * MEGABYTE}), "order.docx", "more than 10 MB"),
    "a giant that calls itself small": (lying_about_its_size, "order.docx", "damaged"),
    "one thousand to one": (lambda: packed({TYPES: b"<T/>", DOCUMENT: b" " * 9 * MEGABYTE}), "order.docx", TANGLED),
    "packed by bzip2": (lambda: packed(parts_of(order()), zipfile.ZIP_BZIP2), "order.docx", PACKED),
    "packed by lzma": (lambda: packed(parts_of(order()), zipfile.ZIP_LZMA), "order.docx", PACKED),
    "one name twice": (lambda: with_more(DOCUMENT, b"<w/>"), "order.docx", PACKED),
    "one name in two spellings": (lambda: with_more("Word/Document.XML", b"<w/>"), "order.docx", PACKED),
    "a path out of the folder": (lambda: with_more("word/../../evil.xml", b"<w/>"), "order.docx", PACKED),
    "a path from the root": (lambda: with_more("/etc/cron.d/evil.xml", b"<w/>"), "order.docx", PACKED),
    "a path of Windows": (lambda: with_more("C:\\evil.xml", b"<w/>"), "order.docx", PACKED),
    "an order inside an archive": (lambda: packed({"order.docx": order()}), "order.docx", "archive"),
    "a protected entry": (encrypted, "order.docx", "password"),
    "macros": (lambda: with_more("word/vbaProject.bin", b"\xd0\xcf\x11\xe0"), "order.docm", "holds macros"),
    "macros only announced": (
        lambda: changed(TYPES, lambda part: part.replace(b"openxmlformats-officedocument", b"ms-word.macroEnabled")),
        "order.docx",
        "holds macros",
    ),
    "calls itself something else": (
        lambda: changed(TYPES, lambda part: part.replace(b"wordprocessingml", b"drawingml")),
        "order.docx",
        NOT_WORD,
    ),
    "its text lies elsewhere": (
        lambda: changed(
            RELATIONS, lambda part: part.replace(b'Target="word/document.xml"', b'Target="http://127.0.0.1:1/d.xml"')
        ),
        "order.docx",
        NOT_WORD,
    ),
    "cut off": (lambda: order()[:-300], "order.docx", "damaged"),
    "a damaged part": (
        lambda: packed(parts_of(order()), zipfile.ZIP_STORED).replace("Первое".encode(), "Второе".encode()),
        "order.docx",
        "damaged",
    ),
    "DOCTYPE": (lambda: in_document(b"<w:document", b"<!DOCTYPE w><w:document"), "order.docx", DECLARATIONS),
    "a billion laughs": (laughs, "order.docx", DECLARATIONS),
    "DOCTYPE in UTF-16": (lambda: in_another_encoding("utf-16"), "order.docx", DECLARATIONS),
    "DOCTYPE in UTF-32": (lambda: in_another_encoding("utf-32-be"), "order.docx", DECLARATIONS),
    "DOCTYPE in UTF-7": (
        lambda: changed(
            "word/styles.xml",
            lambda _part: b'<?xml version="1.0" encoding="UTF-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>',
        ),
        "order.docx",
        DECLARATIONS,
    ),
    "DOCTYPE in EBCDIC": (lambda: in_another_encoding("cp037"), "order.docx", DECLARATIONS),
    "a cell over a million columns": (
        lambda: in_document(b"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="1000000"/>'),
        "order.docx",
        "more columns than Word allows",
    ),
    "a row after a million columns": (
        lambda: in_document(b"<w:tr>", b'<w:tr><w:trPr><w:gridBefore w:val="1000000"/></w:trPr>'),
        "order.docx",
        "more columns than Word allows",
    ),
    "a span of five thousand figures": (
        lambda: in_document(b"<w:tcPr>", b'<w:tcPr><w:gridSpan w:val="' + b"9" * 5000 + b'"/>'),
        "order.docx",
        "more columns than Word allows",
    ),
    "a hundred thousand levels": (lambda: in_body(b"<w:sdt>" * 100_000), "order.docx", "damaged"),
    "tables in tables": (lambda: nested_tables(600, "Слова"), "order.docx", "damaged"),
    "tables in tables with many words": (lambda: nested_tables(80, letters(20_000)), "order.docx", LONG),
    "half a million paragraphs": (lambda: in_body(b"<w:p/>" * 490_000), "order.docx", TANGLED),
    "more than half a million": (lambda: in_body(b"<w:p/>" * 510_000), "order.docx", TANGLED),
    "a row of cells without end": (lambda: in_body(table_of(120_000)), "order.docx", TANGLED),
    "one word of two million letters": (lambda: in_body(paragraph("а" * 2_000_000)), "order.docx", LONG),
    "one text of two million letters": (lambda: in_body(paragraph(letters(2_000_000))), "order.docx", LONG),
    "numbers of a megabyte": (
        lambda: numbered(f'<w:lvlText w:val="{"%1" * 500_000}"/>', paragraphs=1000),
        "order.docx",
        TANGLED,
    ),
    "five megabytes of pipes": (lambda: b"|" * (5 * MEGABYTE), "order.txt", LONG),
    "five megabytes of pipe rows": (lambda: b"| | | |\n" * (5 * MEGABYTE // 8), "order.txt", LONG),
    "control signs": (lambda: (HEADING + "а\x1b\x08" * 5000).encode(), "order.txt", SPOILT),
    "writing from right to left": (lambda: (HEADING + "а\u202eб\u2066" * 5000).encode(), "order.txt", SPOILT),
    "UTF-16 with half signs": (lambda: b"\xff\xfe" + b"\x00\xd8" * 500_000, "order.txt", LONG),
    "nothing but slips": (
        lambda: in_document("Первое".encode(), ("й " * 140_000).encode()),
        "order.docx",
        "Too much of this file is not clear",
    ),
    "old Word that is none": (
        lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\xff" * 100_000,
        "order.doc",
        "old Word",
    ),
}

# Small enough to be looked at, made to be tedious: read with a remark, in time.
TEDIOUS = {
    "pipes as many as allowed": (lambda: HEADING.encode() + b"|||||||||||||||||||\n" * 14_900, "order.txt"),
    "blanks and pipes": (lambda: HEADING.encode() + (b"|" + b" " * 330 + b"\n") * 14_900, "order.txt"),
    "one line of tabs": (lambda: HEADING.encode() + b"\t" * 4_000_000, "order.txt"),
    "one line of quotation marks": (lambda: HEADING.encode() + b'\t"' * 140_000, "order.txt"),
    "a cell of names without commas": (
        lambda: in_document(b"<w:t>\xd0\x94\xd0\xb8", f"<w:t>{'Иванов И.И. ' * 20_000}Ди".encode()),
        "order.docx",
    ),
    "a cell of dates": (
        lambda: in_document("Май 2021".encode(), ("01.09.2021, с 8.00 до 9.00; " * 8_000).encode()),
        "order.docx",
    ),
    "a cell of numbers": (lambda: in_document("Май 2021".encode(), b"1" * 250_000), "order.docx"),
    "a cell of brackets": (lambda: in_document("Май 2021".encode(), ("(" * 250_000).encode()), "order.docx"),
    "an annex at every line": (lambda: "Приложение 1\n".encode() * 14_000, "order.txt"),
    "a header at every line": (lambda: (HEADING + "№|Мероприятие|Сроки\n" * 14_000).encode(), "order.txt"),
    "a line of blanks and words": (lambda: (HEADING + "а  " * 250_000).encode(), "order.txt"),
}

# A process of its own that measures its only child: what other tests started must not count.
MEASURE = """
import resource, subprocess, sys
ended = subprocess.run([sys.executable, *sys.argv[1:]], stdout=subprocess.PIPE)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, ended.returncode)
"""


def stored_files() -> set[Path]:
    return set(Path(settings.STORAGES["default"]["OPTIONS"]["location"]).rglob("*"))


@pytest.mark.django_db
@pytest.mark.parametrize("case", HOSTILE)
def test_a_hostile_file_gets_one_sentence_and_leaves_nothing(case):
    make, name, words = HOSTILE[case]
    director = MembershipFactory(roles=[Role.ADMINISTRATION])
    client = Client()
    client.force_login(director.user)
    before = stored_files()

    with override("en"):
        answer = client.post(reverse("documents:upload-new"), {"file": SimpleUploadedFile(name, make())})

    assert answer.status_code == 422
    with override("en"):
        sentence = " ".join(map(str, answer.context["form"].errors["file"]))
    assert words in sentence
    assert len(answer.context["form"].errors["file"]) == 1
    assert "\n" not in sentence
    assert Upload.objects.count() == 0
    assert stored_files() == before


@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited and measured on Linux only")
@pytest.mark.parametrize("case", [*HOSTILE, *TEDIOUS])
def test_a_hostile_file_takes_less_than_400_megabytes_and_20_seconds(case):
    make, name, *_words = (HOSTILE | TEDIOUS)[case]
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


@pytest.mark.parametrize("case", ["numbers of a megabyte", "a billion laughs", "five megabytes of pipes", "cut off"])
def test_the_command_says_one_line_and_ends_with_code_1(case, tmp_path):
    make, name, _words = HOSTILE[case]
    (tmp_path / name).write_bytes(make())
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "ejournal_rollout.tests.settings"}

    command = [sys.executable, "manage.py", "read_order", str(tmp_path / name)]
    ended = subprocess.run(command, cwd=HOUSE, env=environment, capture_output=True, timeout=20)

    assert ended.returncode == 1
    assert ended.stdout == b""
    assert len(ended.stderr.decode().strip().splitlines()) == 1
    assert [path.name for path in tmp_path.iterdir()] == [name]


# What happens to the process that reads


@pytest.mark.parametrize(
    "program",
    {
        "never ends": "while True: pass",
        "sleeps": "import time; time.sleep(60)",
        "is killed": "import os; os.kill(os.getpid(), 9)",
        "ends with a code": "raise SystemExit(7)",
        "breaks": "1 / 0",
        "says nothing": "",
        "says something else": "print('no JSON')",
        "says a list": "print('[]')",
        "says half of it": "print('{\"draft\": {}}')",
        "takes all memory": "from ejournal_rollout.documents.limits import limit;"
        "limit(address_space=2**28, own_memory=2**28, cpu_seconds=9, file_bytes=0); b'a' * 2**30",
        "is not there": None,
    }.items(),
    ids=lambda program: program[0],
)
def test_whatever_happens_to_the_reading_process_is_one_sentence(monkeypatch, program):
    _name, text = program
    monkeypatch.setattr(reading_apart, "MOST_SECONDS", 2)
    monkeypatch.setattr(reading_apart, "CHILD", ("-c", text) if text is not None else ("-m", "no_such_module"))

    with override("en"), pytest.raises(UnreadableFile) as refusal:
        read_order_apart(order(), "order.docx")

    assert TANGLED in str(refusal.value)
    assert refusal.value.__cause__


@pytest.mark.skipif(sys.platform != "linux", reason="limits on a process exist on Linux only")
@pytest.mark.parametrize(
    "program",
    ["b'a' * 2**30", "while True: pass", "open('big', 'wb', buffering=0).write(b'a' * 2**20)"],
)
def test_a_process_under_limits_gets_no_more(tmp_path, program):
    limits = f"limit(address_space={2**28}, own_memory={2**28}, cpu_seconds=1, file_bytes=1000)"
    before = f"from ejournal_rollout.documents.limits import limit; {limits}; import os; os.chdir({str(tmp_path)!r})\n"

    ended = subprocess.run([sys.executable, "-B", "-c", before + program], cwd=HOUSE, capture_output=True, timeout=20)

    written = [path.stat().st_size for path in tmp_path.iterdir()]
    assert ended.returncode != 0 or written == [1000]


def test_the_process_gets_no_secrets_of_ours(monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "do not tell")
    told = "import json, os; print(json.dumps({'refused': ' '.join(os.environ)}))"
    monkeypatch.setattr(reading_apart, "CHILD", ("-c", told))

    with pytest.raises(UnreadableFile) as names:
        read_order_apart(order(), "order.docx")

    assert "PATH" in str(names.value)
    assert "SECRET" not in str(names.value)


@pytest.mark.django_db(transaction=True)
def test_no_transaction_waits_while_a_file_is_read(monkeypatch):
    asked = []

    def read(*_file):
        asked.append(connection.in_atomic_block)
        raise UnreadableFile("no")

    monkeypatch.setattr("ejournal_rollout.documents.views.read_order_apart", read)
    client = Client()
    client.force_login(MembershipFactory(roles=[Role.ADMINISTRATION]).user)
    client.post(reverse("documents:upload-new"), {"file": SimpleUploadedFile("order.docx", order())})

    assert asked == [False]


# What is odd, but harmless


def test_nothing_is_fetched_from_outside():
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/"
        kinds = ("attachedTemplate", "image", "styles", "numbering", "subDocument")
        relations = "".join(
            f'<Relationship Id="x{kind}" TargetMode="External" Target="{address}"'
            f' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}"/>'
            for kind in kinds
        ).encode()
        content = changed(
            "word/_rels/document.xml.rels",
            lambda part: part.replace(b"</Relationships>", relations + b"</Relationships>"),
        )

        assert read_order_apart(content, "order.docx").draft.tasks

        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.parametrize(
    "content",
    {
        "an archive inside, which nobody opens": lambda: with_more(
            "word/embeddings/book.xlsx", packed({"bomb": b" " * 9 * MEGABYTE})
        ),
        "a sign that is half of one": lambda: in_body(b'<w:p><w:r><w:sym w:char="D800"/></w:r></w:p>'),
        "a control sign": lambda: in_body(b'<w:p><w:r><w:sym w:char="0000"/></w:r></w:p>'),
        "a list that begins at a milliard": lambda: numbered(
            '<w:start w:val="1000000000"/><w:numFmt w:val="upperRoman"/><w:lvlText w:val="%1."/>', paragraphs=3
        ),
        "merged down without a beginning": lambda: in_document(b"<w:tcPr>", b'<w:tcPr><w:vMerge w:val="continue"/>'),
        "figures of another script": lambda: in_document(b"<w:tcPr>", '<w:tcPr><w:gridSpan w:val="²"/>'.encode()),
    }.items(),
    ids=lambda content: content[0],
)
def test_what_is_odd_but_harmless_is_read(content):
    reading = read_order_apart(content[1](), "order.docx")

    assert len(reading.draft.tasks) == 1
    json.dumps([reading.draft.to_json(), [one.printed for one in reading.remarks]], ensure_ascii=False).encode()


def test_an_invisible_sign_is_asked_about():
    content = Paper().annex(1, "ПЛАН").table(PLAN_HEADER, ("1", "Дать \u202eдоступ", "Май 2021", "Директор")).bytes()

    codes = [one.code for one in read_order_apart(content, "order.docx").remarks]

    assert "unseen_sign" in codes


def test_a_file_is_read_apart_as_it_is_read_here():
    for path in (Path(__file__).parent / "data").glob("*.txt"):
        content = path.read_bytes()
        with override("ru"):
            assert read_order_apart(content, path.name) == read_order(content, path.name)
