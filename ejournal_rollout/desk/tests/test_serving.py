"""The demo as one starts it from a terminal: the site answers, and nothing is left running afterwards."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

import pytest
from django.conf import settings


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def children_of(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as children:
        return [int(one) for one in children.read().split()]


@pytest.mark.skipif(not os.path.exists("/proc/self/task"), reason="left out: counting processes needs Linux")
def test_the_demo_serves_the_site_with_its_worker_and_ends_all_of_it_together(tmp_path):
    # given the demo started in an empty folder
    port = free_port()
    own = {
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/school.sqlite3",
        "DJANGO_SETTINGS_MODULE": "ejournal_rollout.settings",
    }
    demo = subprocess.Popen(
        [sys.executable, "manage.py", "demo", "--port", str(port)],
        cwd=settings.BASE_DIR,
        env={**os.environ, **own},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        # when somebody opens it
        page = opened(f"http://127.0.0.1:{port}/", demo)
        companions = children_of(demo.pid)
    finally:
        demo.send_signal(signal.SIGTERM)
        demo.wait(timeout=60)

    # then the door answers, the worker and the clock ran beside it, and they are gone with it
    assert "id_login" in page
    assert len(companions) == 2
    assert [pid for pid in companions if os.path.exists(f"/proc/{pid}")] == []


def opened(address: str, demo: subprocess.Popen) -> str:
    """The page, as soon as the site answers; the set-up takes some seconds."""
    for _attempt in range(600):
        assert demo.poll() is None, "the demo ended by itself"
        try:
            with urllib.request.urlopen(address, timeout=20) as answer:  # noqa: S310  our own address
                return answer.read().decode()
        except (urllib.error.URLError, ConnectionError):
            time.sleep(0.2)
    raise AssertionError("the demo did not answer")
