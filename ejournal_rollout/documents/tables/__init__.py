"""The text of a file with its tables, as printed: .docx and .txt."""

from .blocks import Block, Cell, Paragraph, Row, Table, UnreadableFile
from .opening import blocks_of

__all__ = ["Block", "Cell", "Paragraph", "Row", "Table", "UnreadableFile", "blocks_of"]
