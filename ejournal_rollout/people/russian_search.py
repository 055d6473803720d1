"""A search finds «Иванова» by «иванова» on SQLite too: its own LIKE knows the case of Latin letters only."""

import re
from functools import lru_cache
from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created


def use_russian_like() -> None:
    connection_created.connect(_teach, dispatch_uid="russian_search")


def _teach(connection: BaseDatabaseWrapper, **_kwargs: Any) -> None:
    if connection.vendor == "sqlite":
        # SQLite turns «value LIKE pattern ESCAPE escape» into like(pattern, value, escape)
        connection.connection.create_function("like", 2, _like, deterministic=True)
        connection.connection.create_function("like", 3, _like, deterministic=True)


def _like(pattern: object, value: object, escape: str = "") -> bool | None:
    if pattern is None or value is None:
        return None
    return bool(_expression(str(pattern), escape).fullmatch(str(value)))


@lru_cache(maxsize=100)
def _expression(pattern: str, escape: str) -> re.Pattern[str]:
    """% is anything, _ is one letter, what follows `escape` is itself."""
    parts, letters = [], iter(pattern)
    for letter in letters:
        if escape and letter == escape:
            parts.append(re.escape(next(letters, "")))
        else:
            parts.append({"%": ".*", "_": "."}.get(letter) or re.escape(letter))
    return re.compile("".join(parts), re.IGNORECASE | re.DOTALL)
