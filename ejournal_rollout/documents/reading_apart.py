"""Reading a stranger's file in a process of its own: whatever the file does there, here it is a sentence.

A new Python is started (no fork: threads of the server may hold locks), gets the file by its input and answers in JSON.
It has no database, and of our environment only what Python needs to start.
"""

import json
import os
import subprocess  # noqa: S404
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from ejournal_rollout.orders.drafts import OrderDraft
from ejournal_rollout.orders.school_year import SchoolYear

from .office import as_docx
from .places import held_place
from .reading import Reading, Remark, UnreadableFile
from .tables.opening import MOST_BYTES, refuse_size, too_tangled

MOST_SECONDS = 18  # issue: an answer within 20 s, whatever is thrown at it
WAITING_SECONDS = 6  # of these, for the files of others
CONVERSION_SECONDS = 11  # of these, for LibreOffice and for waiting for it
MOST_AT_ONCE = 2  # processes that read, of all schools together: each may take 384 MB
HOUSE = Path(__file__).resolve().parents[2]
CHILD = ("-B", "-m", "ejournal_rollout.documents.reading_child")
_KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV")


def read_order_apart(content: bytes, name: str, school_year: SchoolYear | None = None) -> Reading:
    """As `read_order`, and also .doc and .odt where LibreOffice is installed.

    Takes at most 18 s, and the process that reads at most 384 MB; two files are read at once, others wait for a
    place, and after 6 s are told to come again. UnreadableFile, whatever happens there; a `__cause__` is for the one
    who runs the site. Never call it inside a transaction.
    """
    refuse_size(content)
    began = time.monotonic()
    with place_to_read(began):
        answer = _answered(content, name, school_year, began)
    if "refused" in answer:
        raise UnreadableFile(answer["refused"])
    try:
        draft = OrderDraft.from_json(answer["draft"])
        return Reading(draft, tuple(Remark(**one) for one in answer["remarks"]))
    except (AttributeError, LookupError, TypeError, ValueError) as error:
        raise UnreadableFile(too_tangled()) from error


@contextmanager
def place_to_read(began: float) -> Iterator[None]:
    """One of the places of this machine for processes that read; UnreadableFile if none came free in time."""
    with held_place("reading", count=MOST_AT_ONCE, until=began + WAITING_SECONDS) as has_place:
        if not has_place:
            raise UnreadableFile(_("Other files are being read just now. Try again in a minute."))
        yield


def _answered(content: bytes, name: str, school_year: SchoolYear | None, began: float) -> dict[str, Any]:
    """What the process answers, about a foreign format after its conversion."""
    until = began + MOST_SECONDS
    answer = _asked(content, name, school_year, until)
    if answer.get("convertible"):
        conversion_until = began + CONVERSION_SECONDS
        converted = as_docx(content, answer["convertible"], until=conversion_until, most_bytes=MOST_BYTES)
        if converted is not None:
            answer = _asked(converted, f"{Path(name).stem}.docx", school_year, until)
    return answer


def _asked(content: bytes, name: str, school_year: SchoolYear | None, until: float) -> dict[str, Any]:
    head = {"name": name, "school_year": str(school_year) if school_year else None}
    try:
        return asked_apart(CHILD, head, content, until=until)
    except ChildProcessError as error:
        raise UnreadableFile(too_tangled()) from error


def asked_apart(child: Sequence[str], head: dict[str, Any], content: bytes, *, until: float) -> dict[str, Any]:
    """What the process `child` (arguments of Python) answers about the file; `until` as `time.monotonic` counts.

    ChildProcessError if it was ended, broke or answered no JSON object.
    """
    head = {**head, "language": get_language() or "ru"}
    environment = {one: os.environ[one] for one in _KEPT if one in os.environ}
    environment |= {"LC_ALL": "C.UTF-8", "PYTHONUTF8": "1", "PYTHONWARNINGS": "ignore"}
    try:
        ended = subprocess.run(  # noqa: S603  our own module
            [sys.executable, *child],
            input=json.dumps(head).encode() + b"\n" + content,
            capture_output=True,
            cwd=HOUSE,
            env=environment,
            timeout=max(until - time.monotonic(), 0),
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        raise ChildProcessError(str(error)) from error
    try:
        if ended.returncode == 0 and isinstance(answer := json.loads(ended.stdout), dict):
            return answer
    except ValueError:
        pass
    told = ended.stderr[-500:].decode(errors="replace")
    raise ChildProcessError(f"exit code {ended.returncode}; {told}")
