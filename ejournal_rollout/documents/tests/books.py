"""Builds a workbook the way a school secretary would, for tests of the reader."""

import io
import zipfile
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

PLAN_HEADER = ("№", "Рассматриваемые вопросы", "Сроки", "Цель", "Исполнители")
FIRST = ("1.1", "Анализ работы", "Май-июнь 2026 года", "Готовность", "Директор")
SHEET = "xl/worksheets/sheet1.xml"


def book(
    *rows: Sequence[object],
    title: str = "Лист1",
    merged: Sequence[str] = (),
    formats: Mapping[str, str] | None = None,
    more: Mapping[str, Sequence[Sequence[object]]] | None = None,
    hidden: Sequence[str] = (),
) -> bytes:
    """`formats` are number formats by the cells of the first sheet, `more` the rows of further sheets."""
    made = Workbook()
    made.active.title = title
    for name, lines in {title: rows, **(more or {})}.items():
        sheet = made[name] if name in made.sheetnames else made.create_sheet(name)
        for line in lines:
            sheet.append(list(line))
    for ref in merged:
        made[title].merge_cells(ref)
    for ref, form in (formats or {}).items():
        made[title][ref].number_format = form
    for name in hidden:
        made[name].sheet_state = "hidden"
    stream = io.BytesIO()
    made.save(stream)
    return stream.getvalue()


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        return {name: package.read(name) for name in package.namelist()}


def packed(parts: Mapping[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    return stream.getvalue()


def with_part(name: str, part: bytes, *, of: bytes | None = None) -> bytes:
    """A small plan, or a book, with a part more, or with another one in its place."""
    return packed(parts_of(of or book(PLAN_HEADER, FIRST)) | {name: part})


def changed(old: bytes, new: bytes, *, of: bytes | None = None) -> bytes:
    """A small plan, or a book, with its sheet changed in one place."""
    part = parts_of(of or book(PLAN_HEADER, FIRST))[SHEET]
    assert old in part
    return with_part(SHEET, part.replace(old, new, 1), of=of)


def laughing(*, of: bytes | None = None) -> bytes:
    """A billion laughs: ten entities, each ten times the one before."""
    entities = "".join(f'<!ENTITY a{one} "{f"&a{one - 1};" * 10}">' for one in range(1, 10))
    return changed(b"<worksheet", f'<!DOCTYPE w [<!ENTITY a0 "x">{entities}]><worksheet'.encode(), of=of)


def locked(content: bytes) -> bytes:
    """The same package, whose last entry asks for a password."""
    place = content.rindex(b"PK\x01\x02")
    return content[: place + 8] + b"\x01\x00" + content[place + 10 :]
