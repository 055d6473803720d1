"""Which row of one wording is which row of another. Pure."""

from collections.abc import Callable, Hashable, Sequence
from typing import Any

Key = Callable[[Any], Hashable | None]


def paired(old: Sequence[Any], new: Sequence[Any], *keys: Key) -> dict[int, int]:
    """For the place of a row in `new` the place of the same row in `old`; rows without a partner are left out.

    Each key in turn pairs what the keys before it left, the first rows first; it gives None for what it cannot tell.
    """
    found: dict[int, int] = {}
    left = list(range(len(old)))
    for key in keys:
        places: dict[Hashable, list[int]] = {}
        for place in left:
            places.setdefault(key(old[place]), []).append(place)
        for at, row in enumerate(new):
            wanted = None if at in found else key(row)
            if wanted is not None and places.get(wanted):
                found[at] = places[wanted].pop(0)
        taken = set(found.values())
        left = [place for place in left if place not in taken]
    return found
