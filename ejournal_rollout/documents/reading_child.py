"""The process that opens a stranger's file: `python -m ejournal_rollout.documents.reading_child`.

Reads a line of JSON (`name`, `school_year`, `language`) and then the file from its input, writes one JSON object to its
output: `draft` and `remarks`, or `refused` with a sentence and `convertible` ("", "doc" or "odt"). It loads no
application, opens no database and writes no file; it dies by its limits, and `reading_apart` finds words for that.
"""

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

from ejournal_rollout.documents.limits import MEGABYTE, limit

MOST_MEMORY = 384 * MEGABYTE  # issue: under 400 MB
MOST_CPU_SECONDS = 15
MOST_ANSWER_BYTES = 20 * MEGABYTE

if __name__ == "__main__":  # before the library that opens the file is even loaded
    limit(address_space=MOST_MEMORY, own_memory=MOST_MEMORY, cpu_seconds=MOST_CPU_SECONDS, file_bytes=0)

from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.utils.translation import override  # noqa: E402

from ejournal_rollout.documents.reading import UnreadableFile, read_order  # noqa: E402
from ejournal_rollout.documents.tables import ForeignFormat  # noqa: E402
from ejournal_rollout.orders.school_year import SchoolYear  # noqa: E402

LOCALE = Path(__file__).resolve().parents[1] / "locale"


def answer(content: bytes, name: str, school_year: str | None) -> dict[str, Any]:
    try:
        reading = read_order(content, name, SchoolYear.parse(school_year) if school_year else None)
    except ForeignFormat as error:
        return {"refused": str(error), "convertible": error.ending}
    except UnreadableFile as error:
        return {"refused": str(error), "convertible": ""}
    return {"draft": reading.draft.to_json(), "remarks": [asdict(one) for one in reading.remarks]}


def main(source: BinaryIO, target: BinaryIO, answer: Callable[..., dict[str, Any]] = answer) -> int:
    """Writes what `answer` says. 0 with an answer, 3 where memory or the length of the answer did not suffice."""
    settings.configure(INSTALLED_APPS=[], USE_I18N=True, LOCALE_PATHS=[LOCALE], LANGUAGE_CODE="ru")
    apps.populate([])  # translations ask for it; there are no applications, so nothing is loaded
    try:
        head = json.loads(source.readline())
        content = source.read()
        with override(head.pop("language")):
            written = json.dumps(answer(content, **head), ensure_ascii=True).encode()
    except MemoryError:
        return 3
    if len(written) > MOST_ANSWER_BYTES:
        return 3
    target.write(written)
    target.flush()
    return 0


if __name__ == "__main__":
    code = main(sys.stdin.buffer, sys.stdout.buffer)
    sys.stdout.flush()
    os._exit(code)  # nothing to tidy up; taking apart a huge tree would only cost time
