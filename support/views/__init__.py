"""Pages of help: the regulation, the lists of requests, a request and what is done with it."""

from .asking import request_new
from .booking import request_book
from .lists import requests
from .regulation import regulation
from .thread import (
    request_close,
    request_hand_over,
    request_note,
    request_page,
    request_reopen,
    request_reply,
    request_solve,
    request_take,
    request_wait,
)

__all__ = [
    "regulation",
    "request_book",
    "request_close",
    "request_hand_over",
    "request_new",
    "request_note",
    "request_page",
    "request_reopen",
    "request_reply",
    "request_solve",
    "request_take",
    "request_wait",
    "requests",
]
