"""An OrderDraft becomes paper again: a .docx that a director signs without retyping.

`rows` lays the words of an annex out in columns, `lines` divides texts into paragraphs so that reading the file
gives the same draft, `sheet` is the page by ГОСТ Р 7.0.97-2025, `order` puts them together.
`amending` is the text of an amending order, `amendment` its sheet; `note` is the note on a check, `minutes` those of a
meeting, `report` the final report, `sign_in` the sheet of a seminar. No database.
"""

from .amending import Point, amending_points, order_words
from .amendment import (
    CONTROL,
    SIGNING_POST,
    amendment_letterhead,
    amendment_name,
    as_amended,
    preamble,
    write_amendment,
)
from .name import paper_name
from .note import write_note
from .order import ANNEXES, write_order
from .sheet import Look
from .sign_in import write_sign_in

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

__all__ = [
    "ANNEXES",
    "CONTROL",
    "DOCX",
    "Look",
    "SIGNING_POST",
    "Point",
    "amending_points",
    "amendment_letterhead",
    "amendment_name",
    "as_amended",
    "order_words",
    "paper_name",
    "preamble",
    "write_amendment",
    "write_note",
    "write_order",
    "write_sign_in",
]
