"""A process that loads the site once and bears a mail worker for each line that it reads.

It answers with the number of the worker's process and, when that has ended, with its exit code (-9: killed). Run it
with `python -m`; it exists for `test_killed_worker`, where thirty workers are born and each start would cost seconds.
"""

import os
import sys

import django
from django.core.management import call_command


def main() -> None:
    django.setup()
    for _line in sys.stdin:
        worker = os.fork()  # no connection is open here that two could share
        if not worker:
            call_command("db_worker", interval=0.02, startup_delay=False, reload=False, verbosity=0)
            os._exit(0)
        print(worker, flush=True)
        _pid, status = os.waitpid(worker, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
