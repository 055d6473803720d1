"""The text of a file with its tables, as printed: .docx and .txt."""

from .blocks import Block, Cell, ForeignFormat, Paragraph, Row, Table, UnreadableFile
from .opening import open_paper

__all__ = ["Block", "Cell", "ForeignFormat", "Paragraph", "Row", "Table", "UnreadableFile", "open_paper"]
