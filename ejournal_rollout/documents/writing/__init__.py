"""An OrderDraft becomes paper again: a .docx that a director signs without retyping.

`rows` lays the words of an annex out in columns, `lines` divides texts into paragraphs so that reading the file
gives the same draft, `sheet` is the page by ГОСТ Р 7.0.97-2025, `order` puts them together; `note` writes the note
on a check. No database.
"""

from .name import paper_name
from .note import write_note
from .order import ANNEXES, write_order
from .sheet import Look

__all__ = ["ANNEXES", "Look", "paper_name", "write_note", "write_order"]
