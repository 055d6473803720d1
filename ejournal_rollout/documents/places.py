"""A few places for work that costs memory, shared by all processes of the site on this machine."""

import contextlib
import time
from collections.abc import Iterator

from django.conf import settings
from django.core.files import locks


@contextlib.contextmanager
def held_place(name: str, *, count: int = 1, until: float) -> Iterator[bool]:
    """Holds one of `count` places of this name till the end; False if none came free by `until` (`time.monotonic`).

    A place is a locked file: the system frees it, however its holder ends.
    """
    with contextlib.ExitStack() as stack:
        own = "" if count == 1 else "-{}"
        files = [
            stack.enter_context((settings.DATA_DIR / f"{name}{own.format(one)}.lock").open("w")) for one in range(count)
        ]
        while not (held := next(filter(_locked, files), None)) and time.monotonic() < until:
            time.sleep(0.1)
        try:
            yield held is not None
        finally:
            if held:
                locks.unlock(held)


def _locked(file: object) -> bool:
    return locks.lock(file, locks.LOCK_EX | locks.LOCK_NB)
