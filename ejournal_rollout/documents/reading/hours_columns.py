"""Hours of a schedule that stand in several columns: joined as the words of one cell, and parted again. Pure."""

import re
from collections.abc import Collection, Sequence

from ejournal_rollout.documents.tables.headers import is_beginning, is_end, weekday

_NOTHING = re.compile(r"[-–—\s]*")


def joined(headers: Sequence[str], cells: Sequence[str], wide: Collection[int] = ()) -> str:
    """«Вторник» and «14.00-15.00» as «Вторник 14.00-15.00», «14.00» and «15.00» of a beginning and an end as
    «14.00 – 15.00», a cell under the header «Среда» as a line «Среда …».

    `wide` are the places whose cell covers several columns: its words are those of no single day.
    """
    beginning, end = _pair(headers)
    plain: list[str] = []
    days: list[str] = []
    for place, (header, cell) in enumerate(zip(headers, cells, strict=True)):
        if _NOTHING.fullmatch(cell):
            continue
        if weekday(header) and place not in wide:
            days.append(f"{weekday(header)} {cell}")
        elif place == end and plain and not _NOTHING.fullmatch(cells[beginning]):
            plain[-1] = f"{plain[-1]} – {cell}"
        else:
            plain.append(cell)
    return "\n".join(filter(None, (" ".join(plain), *days)))


def parted(headers: Sequence[str], words: str) -> list[str] | None:
    """The cells that `joined` would make these words of; None where there are none."""
    if not words or len(headers) == 1:
        return [words, *[""] * (len(headers) - 1)]
    cells = [""] * len(headers)
    plain, place = "", None
    for line in words.split("\n"):
        day = next((at for at, one in enumerate(headers) if weekday(one) and line.startswith(f"{weekday(one)} ")), None)
        place = place if day is None else day
        if place is None:
            plain = f"{plain}\n{line}".strip("\n")
        else:
            cells[place] = f"{cells[place]}\n{line}" if day is None else line.removeprefix(f"{weekday(headers[day])} ")
    for at, cell in zip(
        [at for at, one in enumerate(headers) if not weekday(one)], _plain_cells(headers, plain), strict=False
    ):
        cells[at] = cell
    return cells if joined(headers, cells) == words else None


def _plain_cells(headers: Sequence[str], words: str) -> list[str]:
    beginning, end = _pair(headers)
    others = [at for at, header in enumerate(headers) if not weekday(header)]
    if beginning is not None:
        head, _dash, last = words.rpartition(" – ")
        day, _blank, first = head.rpartition(" ")
        known = {beginning: first, end: last} | {at: day for at in others if at not in (beginning, end)}
        return [known[at] for at in others] if last and first else [words]
    found = re.fullmatch(r"(?P<day>\D+?) (?P<time>(?:с )?\d.*)", words, re.DOTALL)
    if len(others) == 2 and found and "\n" not in found["day"] and found["day"].strip() == found["day"]:
        return [found["day"], found["time"]]
    return [words]


def _pair(headers: Sequence[str]) -> tuple[int | None, int | None]:
    """The places of a beginning and an end right after it."""
    for place in range(len(headers) - 1):
        if is_beginning(headers[place]) and is_end(headers[place + 1]):
            return place, place + 1
    return None, None
