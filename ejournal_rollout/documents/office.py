"""LibreOffice turns a .doc or .odt into a .docx, if it is installed: alone, in a folder of its own, under limits."""

import contextlib
import os
import shutil
import subprocess  # noqa: S404
import sys
import tempfile
import time
from pathlib import Path

from . import limits
from .limits import MEGABYTE
from .places import held_place

# LibreOffice itself maps some 500 MB, most of it libraries, and owns 100 MB; with 240 MB it stays under 400 MB in all.
_ADDRESS_SPACE = 1024 * MEGABYTE
_OWN_MEMORY = 240 * MEGABYTE
_CPU_SECONDS = 15
# No macros, no pictures from elsewhere, no network even for what slips through (a proxy where nobody answers).
_SETTINGS = (
    ("org.openoffice.Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("org.openoffice.Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("org.openoffice.Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("org.openoffice.Inet/Settings", "ooInetProxyType", "1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("org.openoffice.Inet/Settings", "ooInetHTTPSProxyPort", "9"),
    ("org.openoffice.Inet/Settings", "ooInetNoProxy", ""),
)


def as_docx(content: bytes, ending: str, *, until: float, most_bytes: int) -> bytes | None:
    """The file as .docx; None without LibreOffice, or if it does not manage by `until` (as `time.monotonic` counts).

    `ending` is "doc" or "odt". Takes seconds: never call it inside a transaction.
    """
    program = shutil.which("soffice") or shutil.which("libreoffice")
    if program is None:
        return None
    with (
        held_place("office", until=until) as is_alone,
        tempfile.TemporaryDirectory(prefix="ejournal-", ignore_cleanup_errors=True) as folder,
    ):
        if not is_alone:
            return None
        place = Path(folder)
        source = place / f"order.{ending}"
        source.write_bytes(content)
        _write_profile(place / "profile")
        command = [program, f"-env:UserInstallation={(place / 'profile').as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", "docx:MS Word 2007 XML", "--outdir", str(place / "out"), str(source)]
        if limits.resource is not None:
            most = (str(_ADDRESS_SPACE), str(_OWN_MEMORY), str(_CPU_SECONDS))
            command = [sys.executable, "-I", limits.__file__, *most, *command]
        if not _ran(command, place, until):
            return None
        try:
            with (place / "out" / "order.docx").open("rb") as file:
                return file.read(most_bytes + 1)
        except OSError:
            return None


def _write_profile(folder: Path) -> None:
    items = "".join(
        f'<item oor:path="/{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
        for path, name, value in _SETTINGS
    )
    (folder / "user").mkdir(parents=True)
    (folder / "user" / "registrymodifications.xcu").write_text(
        f'<?xml version="1.0" encoding="UTF-8"?>'
        f'<oor:items xmlns:oor="http://openoffice.org/2001/registry">{items}</oor:items>',
        encoding="utf-8",
    )


def _ran(command: list[str], folder: Path, until: float) -> bool:
    """Whether the command ended well by `until`; it and what it started are gone afterwards."""
    kept = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "SYSTEMDRIVE", "PROGRAMFILES", "LD_LIBRARY_PATH")
    environment = {name: os.environ[name] for name in kept if name in os.environ}
    environment |= dict.fromkeys(("HOME", "USERPROFILE", "TMPDIR", "TEMP", "TMP"), str(folder))
    quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    try:
        running = subprocess.Popen(command, cwd=folder, env=environment, start_new_session=True, **quiet)  # noqa: S603
    except OSError:
        return False
    try:
        return running.wait(max(until - time.monotonic(), 0)) == 0
    except subprocess.TimeoutExpired:
        return False
    finally:
        _end(running)


def _end(running: subprocess.Popen[bytes]) -> None:
    """Ends the process and all that it started; `soffice` only starts another program."""
    if hasattr(os, "killpg"):
        with contextlib.suppress(OSError):  # nobody left
            os.killpg(running.pid, 9)
    elif running.poll() is None:
        command = ["taskkill", "/F", "/T", "/PID", str(running.pid)]
        with contextlib.suppress(OSError, subprocess.TimeoutExpired):
            subprocess.run(command, capture_output=True, timeout=2, check=False)  # noqa: S603
    running.kill()
    running.wait()
