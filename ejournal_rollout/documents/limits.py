"""What a process that opens a stranger's file may use. Knows nobody and needs nothing but Python itself.

Also a program: `python limits.py BYTES OF_THEM_OWN SECONDS COMMAND …` takes the limits upon itself and becomes the
command. A limit is never set between fork and exec of our own process: its other threads could hold locks then.
Without the module `resource` (Windows) there are no such limits; the time that a caller waits is limited everywhere.
"""

import os
import sys

try:
    import resource
except ImportError:  # Windows
    resource = None

MEGABYTE = 1024 * 1024


def limit(*, address_space: int, own_memory: int, cpu_seconds: int, file_bytes: int) -> None:
    """From here on this process and its children get no more; borders inclusive, sizes in bytes.

    `address_space` counts everything that is mapped, libraries too; `own_memory` what is not shared with others.
    A limit that is already lower stays. No core files.
    """
    if resource is None:
        return
    wanted = {
        "RLIMIT_AS": address_space,
        "RLIMIT_DATA": own_memory,
        "RLIMIT_CPU": cpu_seconds,
        "RLIMIT_FSIZE": file_bytes,
        "RLIMIT_CORE": 0,
    }
    for name, most in wanted.items():
        kind = getattr(resource, name, None)
        if kind is None:
            continue
        _soft, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            most = min(most, hard)
        try:
            resource.setrlimit(kind, (most, most))
        except (OSError, ValueError):  # macOS refuses some of them; the caller's time limit holds there
            continue


if __name__ == "__main__":
    space, own, seconds, *command = sys.argv[1:]
    limit(address_space=int(space), own_memory=int(own), cpu_seconds=int(seconds), file_bytes=20 * MEGABYTE)
    os.execvp(command[0], command)  # noqa: S606  the command comes from our own code, never from a file
