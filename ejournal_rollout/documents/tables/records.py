"""A table written as records, in a .txt: each line a cell with the name of its column before it. Pure.

    1. Техническое сопровождение
    Специалист: Тестов Т.Т., инженер
    График: вторник 14.00-15.00

A title above the lines is the number and the direction of a schedule; a plan under numbered titles is a list, which
is read as paragraphs.
"""

import re

from .blocks import Table
from .headers import (
    SCHEDULE_COLUMNS,
    is_annex,
    is_column,
    is_plan_header,
    is_schedule_header,
    is_stage,
    schedule_fields,
)
from .rows import full_row

_LABELLED = re.compile(r"\W*(?P<label>[А-ЯЁа-яё][^:]{1,40}?)\s*:\s+(?P<words>\S.*)")
_NUMBER = re.compile(r"(?P<number>\d{1,2}[.)])\s*(?=\S)")
_TITLE, _NO = SCHEDULE_COLUMNS[0].header, "№"


def table_of_records(lines: list[str], at: int) -> tuple[Table | None, int]:
    """The table that begins on line `at`, if one does, and the line before which it is not worth looking again."""
    if not _starts(lines, at):
        return None, at
    headers: list[str] = []
    records: list[dict[str, str]] = []
    record: dict[str, str] = {}
    label, end = "", at
    for place in range(at, len(lines)):
        line = lines[place].strip()
        if not line:
            continue
        if found := _label(line):
            label = found["label"]
            if label in record:
                records.append(record)
                record = {}
            record[label] = found["words"]
            headers += [] if label in headers else [label]
        elif _starts(lines, place) and _label(lines[_next(lines, place + 1)]):
            records += [record] if record else []
            record = _titled(line)
        elif label and not is_annex(line) and line[0].islower():
            record[label] += f"\n{line}"
        else:
            break
        end = place + 1
    records.append(record)
    titles = [name for name in (_NO, _TITLE) if any(name in one for one in records)]
    fields = schedule_fields(headers)
    are_directions = "hours" in fields and "direction" not in fields and all(_TITLE in one for one in records)
    if titles and not (are_directions and is_schedule_header(headers) and (_NO in titles or len(records) > 1)):
        return None, at if _TITLE in records[0] else end
    if not titles and not (is_plan_header(headers) or ("hours" in fields and is_schedule_header(headers))):
        return None, at if _TITLE in records[0] else end
    headers = [*titles, *headers]
    rows = [headers, *([one[""]] if "" in one else [one.get(name, "") for name in headers] for one in records)]
    return Table(tuple(full_row(row, len(headers)) for row in rows)), end


def _label(line: str) -> re.Match[str] | None:
    found = _LABELLED.fullmatch(line.strip())
    return found if found and is_column(found["label"]) else None


def _next(lines: list[str], place: int) -> int:
    while place < len(lines) - 1 and not lines[place].strip():
        place += 1
    return min(place, len(lines) - 1)


def _starts(lines: list[str], at: int) -> bool:
    """A labelled line, or a title right above one."""
    line = lines[at].strip()
    if _label(line):
        return True
    return (
        bool(line)
        and len(line) < 200
        and not line.endswith((".", ":", ";"))
        and bool(_label(lines[_next(lines, at + 1)]))
    )


def _titled(line: str) -> dict[str, str]:
    if is_stage(line) and not _NUMBER.match(line):
        return {"": line}
    number = _NUMBER.match(line)
    return {_NO: number["number"], _TITLE: line[number.end() :]} if number else {_TITLE: line}
