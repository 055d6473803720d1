"""A RoundNote -> .docx: the note on a check («Справка по итогам проверки») on one or more sheets of A4."""

from collections.abc import Iterable

from ejournal_rollout.orders.drafts import Column
from plans.round_note import NotePart, NoteTable, RoundNote

from .rows import PrintedTable
from .sheet import Look, Sheet

RULE = "_" * 16  # room for a signature; too long a rule would break the line


def write_note(note: RoundNote, *, look: Look | None = None) -> bytes:
    """The file; every word of it stands in the note."""
    sheet = Sheet(look or Look(), title=" ".join(note.title))
    sheet.page()
    sheet.centred(note.school)
    sheet.title(note.title)
    for words, value in note.facts:
        sheet.plain(f"{words}: {value}", space=2)
    write_parts(sheet, note.parts)
    sheet.plain(note.day, space=14)
    post, name = note.signature
    sheet.plain("   ".join(filter(None, [post, RULE, name])), space=8)
    if note.acquainted:
        sheet.heading(note.acquainted_heading)
        for name in note.acquainted:
            sheet.plain(f"{name}   {RULE}   {note.date_words} {RULE}", space=8)
    return sheet.bytes()


def write_parts(sheet: Sheet, parts: Iterable[NotePart]) -> None:
    """Each with its heading, its text and its table."""
    for part in parts:
        sheet.heading(part.heading)
        for line in part.text.split("\n") if part.text else ():
            sheet.indented(line)
        if part.table:
            sheet.table(_printed(part.table))


def _printed(table: NoteTable) -> PrintedTable:
    """A first column of bare numbers is kept narrow."""
    first = "number" if all(row[0].isdigit() for row in table.rows) else "other"
    others = [Column("other", header) for header in table.headers[1:]]
    return PrintedTable((Column(first, table.headers[0]), *others), table.rows)
