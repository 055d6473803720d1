"""Annex 2: the regulation on help, and the requests that are answered by it."""

from .regulation import BULLETS, Clause, Regulation
from .requests import ENDED, NOT_SOLVED, OPEN, HelpRequest, HelpRequestQuerySet, directions_served_by
from .thread import InternalNote, Reply

__all__ = [
    "BULLETS",
    "ENDED",
    "NOT_SOLVED",
    "OPEN",
    "Clause",
    "HelpRequest",
    "HelpRequestQuerySet",
    "InternalNote",
    "Regulation",
    "Reply",
    "directions_served_by",
]
