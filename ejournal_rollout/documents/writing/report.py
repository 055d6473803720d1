"""A Report -> .docx: the final report of the working group, and the same as JSON, which is kept for ever."""

from dataclasses import asdict, dataclass
from typing import Any, Self

from plans.round_note import NotePart, NoteTable

from .note import write_parts
from .sheet import Look, Sheet


@dataclass(frozen=True)
class Report:
    """Every word of the paper. `number` is "" while it is a draft; `signature` is (post, name as it is signed)."""

    organization: str
    title: tuple[str, ...]
    number: str
    day: str
    ground: str
    parts: tuple[NotePart, ...]
    signature: tuple[str, str]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        parts = tuple(_part(one) for one in kept["parts"])
        post, name = kept["signature"]
        return cls(**{**kept, "title": tuple(kept["title"]), "parts": parts, "signature": (post, name)})


def write_report(report: Report, *, look: Look | None = None) -> bytes:
    """The file; «ПРОЕКТ» stands above it until it has its number."""
    sheet = Sheet(look or Look(), title=" ".join(report.title), mark="" if report.number else "ПРОЕКТ")
    sheet.page()
    sheet.centred(report.organization)
    sheet.title(report.title)
    sheet.plain(f"{report.day}\t\t\t\t\t№ {report.number or '______'}")
    sheet.plain(report.ground, space=6)
    write_parts(sheet, report.parts)
    sheet.signature(*report.signature)
    return sheet.bytes()


def _part(kept: dict[str, Any]) -> NotePart:
    table = kept["table"]
    lines = table and NoteTable(tuple(table["headers"]), tuple(tuple(row) for row in table["rows"]))
    return NotePart(kept["heading"], kept["text"], lines)
