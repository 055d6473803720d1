"""The process that opens a stranger's staff list: as `documents.reading_child`, with another library."""

import os
import sys
from typing import Any

from ejournal_rollout.documents.limits import MEGABYTE, limit

if __name__ == "__main__":  # before the libraries that open the file are even loaded
    limit(address_space=384 * MEGABYTE, own_memory=384 * MEGABYTE, cpu_seconds=15, file_bytes=0)

from ejournal_rollout.documents.reading_child import main  # noqa: E402
from ejournal_rollout.documents.staff.paper import read_staff  # noqa: E402
from ejournal_rollout.documents.tables import UnreadableFile  # noqa: E402


def answer(content: bytes, name: str) -> dict[str, Any]:
    try:
        return {"paper": read_staff(content, name).to_json()}
    except UnreadableFile as error:
        return {"refused": str(error)}


if __name__ == "__main__":
    code = main(sys.stdin.buffer, sys.stdout.buffer, answer)
    sys.stdout.flush()
    os._exit(code)
