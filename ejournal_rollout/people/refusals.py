"""What an operation refuses, said on the page to which one returns."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest


@contextmanager
def refusal_said(request: HttpRequest) -> Iterator[None]:
    """A ValidationError inside becomes a message; what comes after it inside is left out, e.g. the word of success."""
    try:
        yield
    except ValidationError as refusal:
        messages.error(request, " ".join(refusal.messages))
