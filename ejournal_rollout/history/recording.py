"""The only writer of the journal."""

from collections.abc import Iterable
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models

from .models import VERBS, Entry


def record(
    verb: str,
    subject: models.Model,
    *,
    by: Any,
    changes: Iterable[tuple[str, object, object]] = (),
    school_id: int | None = None,
) -> Entry:
    """Write that `by` did `verb` to `subject`; `changes` are (field, old, new).

    Call it inside the transaction of the act. `by` is a Membership, a User (the admin's operator)
    or None (the program itself). KeyError if the verb has no words in VERBS.
    """
    VERBS[verb]  # a verb without words is a fault of the caller, found by the first test
    user_id = getattr(by, "user_id", None) or (by.pk if by is not None else None)
    return Entry.objects.create(
        school_id=school_id or getattr(by, "school_id", None),
        by_id=user_id,
        author=str(by)[:250] if by is not None else "",
        verb=verb,
        content_type=ContentType.objects.get_for_model(subject),
        object_id=subject.pk,
        subject=str(subject)[:300],
        changes=[{"field": name, "old": _words(old), "new": _words(new)} for name, old, new in changes],
    )


def _words(value: object) -> str:
    return "" if value is None else str(value)
