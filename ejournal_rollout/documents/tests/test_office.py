"""A .doc or .odt is read through LibreOffice where it is installed; else, or if it fails, a sentence tells the way."""

import os
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files import locks
from django.utils.translation import override
from docx import Document

from ejournal_rollout.documents import reading_apart
from ejournal_rollout.documents.reading import UnreadableFile, read_order
from ejournal_rollout.documents.reading_apart import HOUSE, read_order_apart

from .paper import PLAN_HEADER, Paper, repacked
from .test_hostile_files import MEASURE, packed

SOURCE = Path(__file__).parents[1] / "samples" / "order-337-01-18.docx"
ORDER = Paper().annex(1, "ПЛАН").table(PLAN_HEADER, ("1", "Первое", "Май 2021", "Директор")).bytes()
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600 + "WordDocument".encode("utf-16-le")
OPEN_DOCUMENT = packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<a/>"})
GIANT = packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b" " * 11 * 2**20})
BOTH = [("order.doc", OLD_WORD), ("order.odt", OPEN_DOCUMENT)]
REAL = shutil.which("soffice")

posix = pytest.mark.skipif(os.name != "posix", reason="the pretended LibreOffice is a script with #!")


@pytest.fixture
def pretended(tmp_path, monkeypatch):
    """A function that puts a `soffice` with these lines of Python on the PATH; the temporary folder is watched."""
    folder, temporary = tmp_path / "bin", tmp_path / "tmp"
    folder.mkdir()
    temporary.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))

    def install(text: str) -> Path:
        program = folder / "soffice"
        program.write_text(f"#!{sys.executable}\nimport os, pathlib, subprocess, sys, time\n{text}\n")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        return temporary

    return install


def converting(content: Path) -> str:
    return (
        "out = pathlib.Path(sys.argv[sys.argv.index('--outdir') + 1]); out.mkdir()\n"
        f"(out / 'order.docx').write_bytes(pathlib.Path({str(content)!r}).read_bytes())"
    )


def refused(content: bytes, name: str) -> str:
    with override("en"), pytest.raises(UnreadableFile) as refusal:
        read_order_apart(content, name)
    return str(refusal.value)


@pytest.mark.parametrize(("name", "content"), BOTH)
def test_without_libreoffice_a_sentence_tells_the_way(monkeypatch, tmp_path, name, content):
    monkeypatch.setenv("PATH", str(tmp_path))

    assert "save it as .docx and choose that file" in refused(content, name)


@posix
@pytest.mark.parametrize(("name", "content"), BOTH)
def test_what_libreoffice_made_of_it_is_read(pretended, tmp_path, name, content):
    (tmp_path / "order.docx").write_bytes(ORDER)
    temporary = pretended(converting(tmp_path / "order.docx"))

    assert read_order_apart(content, name) == read_order(ORDER, "order.docx")
    assert list(temporary.iterdir()) == []


@posix
def test_libreoffice_works_in_a_folder_of_its_own_without_macros_and_knows_no_secrets(pretended, tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "do not tell")
    told = tmp_path / "told"
    pretended(
        f"profile = pathlib.Path(sys.argv[1].removeprefix('-env:UserInstallation=file://'))\n"
        "settings = (profile / 'user' / 'registrymodifications.xcu').read_text()\n"
        f"pathlib.Path({str(told)!r}).write_text(' '.join([*os.environ, str(profile), settings]))"
    )

    refused(OLD_WORD, "order.doc")

    assert str(tmp_path / "tmp" / "ejournal-") in told.read_text()
    assert "DisableMacrosExecution" in told.read_text()
    assert "BlockUntrustedRefererLinks" in told.read_text()
    assert "SECRET_KEY" not in told.read_text()


@posix
@pytest.mark.parametrize(
    "text",
    [
        "sys.exit(1)",
        "os.kill(os.getpid(), 9)",
        "pass  # says that all went well",
        "out = pathlib.Path(sys.argv[-2]); out.mkdir(); (out / 'order.docx').mkdir()",
        "b'a' * 2**30",
    ],
)
def test_if_libreoffice_fails_the_sentence_tells_the_way(pretended, text):
    temporary = pretended(text)

    assert "save it as .docx and choose that file" in refused(OLD_WORD, "order.doc")
    assert list(temporary.iterdir()) == []


@posix
@pytest.mark.parametrize(
    ("made", "words"), [(b"", "is empty"), (b"\x00\x01" * 50, "damaged"), (OLD_WORD, "old Word")], ids=range(3)
)
def test_what_libreoffice_made_is_mistrusted_too(pretended, tmp_path, made, words):
    (tmp_path / "made").write_bytes(made)
    pretended(converting(tmp_path / "made"))

    assert words in refused(OPEN_DOCUMENT, "order.odt")


@posix
def test_a_libreoffice_that_hangs_is_ended_with_all_it_started(pretended, tmp_path, monkeypatch):
    monkeypatch.setattr(reading_apart, "CONVERSION_SECONDS", 2)
    started = tmp_path / "started"
    temporary = pretended(
        f"child = subprocess.Popen([{sys.executable!r}, '-c', 'import time; time.sleep(300)'])\n"
        f"pathlib.Path({str(started)!r}).write_text(str(child.pid))\n"
        "time.sleep(300)"
    )

    assert "save it as .docx and choose that file" in refused(OLD_WORD, "order.doc")

    assert list(temporary.iterdir()) == []
    assert is_gone(int(started.read_text()))


def is_gone(process: int) -> bool:
    """Within some seconds; whoever inherits an ended process may be slow to bury it."""
    for _attempt in range(100):
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        status = Path(f"/proc/{process}/stat")
        if status.exists() and status.read_text().rsplit(")", 1)[1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


@posix
def test_two_conversions_never_run_at_once(pretended, tmp_path, monkeypatch):
    monkeypatch.setattr(reading_apart, "CONVERSION_SECONDS", 2)
    (tmp_path / "order.docx").write_bytes(ORDER)
    pretended(converting(tmp_path / "order.docx"))

    with (settings.DATA_DIR / "office.lock").open("w") as other:
        assert locks.lock(other, locks.LOCK_EX)
        assert "save it as .docx and choose that file" in refused(OLD_WORD, "order.doc")

    assert read_order_apart(OLD_WORD, "order.doc").draft.tasks


@posix
@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        (
            "order.odt",
            packed({"mimetype": b"application/vnd.oasis.opendocument.text", "a": b" " * 11 * 2**20}),
            "10 MB",
        ),
        (
            "order.odt",
            packed({"mimetype": b"application/vnd.oasis.opendocument.text", "content.xml": b"<!DOCTYPE a><a/>"}),
            "declarations",
        ),
        ("order.doc", OLD_WORD + "EncryptedPackage".encode("utf-16-le"), "password"),
        ("order.ods", packed({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), "LibreOffice file"),
        ("order.xls", OLD_WORD.replace(b"W\0o\0r\0d", b"B\0o\0o\0k"), "old Excel"),
    ],
    ids=["giant", "DOCTYPE", "password", "spreadsheet", "no text"],
)
def test_a_suspicious_file_never_reaches_libreoffice(pretended, tmp_path, name, content, words):
    pretended(f"pathlib.Path({str(tmp_path / 'called')!r}).touch()")

    assert words in refused(content, name)

    assert not (tmp_path / "called").exists()


# The real one


@pytest.fixture
def converted(tmp_path):
    """A function that gives the source order as LibreOffice stores it with this ending."""

    def convert(ending: str) -> Path:
        document = Document(str(SOURCE))
        document.add_paragraph()  # LibreOffice writes no table at the very end of a .doc, nor does Word
        document.save(str(tmp_path / "order.docx"))
        command = [REAL, f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless"]
        command += ["--convert-to", ending, "--outdir", str(tmp_path), str(tmp_path / "order.docx")]
        subprocess.run(command, capture_output=True, timeout=120, check=True)
        return tmp_path / f"order.{ending}"

    return convert


@pytest.mark.skipif(REAL is None, reason="LibreOffice is not installed")
@pytest.mark.parametrize("ending", ["odt", "doc"])
def test_the_source_order_says_the_same_as_odt_and_doc(converted, ending):
    path = converted(ending)
    here = read_order(SOURCE.read_bytes(), SOURCE.name)

    through = read_order_apart(path.read_bytes(), path.name)

    assert through.draft == here.draft
    assert through.remarks == here.remarks


@pytest.mark.skipif(REAL is None, reason="LibreOffice is not installed")
def test_libreoffice_fetches_nothing_from_outside(converted):
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0.2)
        address = f"http://127.0.0.1:{server.getsockname()[1]}/picture.png"
        picture = (
            '<text:p><draw:frame text:anchor-type="paragraph" svg:width="2cm" svg:height="2cm">'
            f'<draw:image xlink:href="{address}" xlink:type="simple" xlink:show="embed" xlink:actuate="onLoad"/>'
            "</draw:frame></text:p></office:text>"
        )

        def link(parts):
            parts["content.xml"] = parts["content.xml"].replace(b"</office:text>", picture.encode(), 1)

        content = repacked(converted("odt").read_bytes(), link)
        assert read_order_apart(content, "order.odt").draft.tasks

        with pytest.raises(TimeoutError):
            server.accept()


@pytest.mark.skipif(REAL is None, reason="LibreOffice is not installed")
@pytest.mark.skipif(sys.platform != "linux", reason="memory is limited and measured on Linux only")
def test_with_libreoffice_reading_takes_less_than_400_megabytes_and_20_seconds(converted, tmp_path):
    command = [sys.executable, "-c", MEASURE, "manage.py", "read_order", str(converted("odt"))]
    environment = os.environ | {"DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "ejournal_rollout.settings"}

    measured = subprocess.run(command, cwd=HOUSE, env=environment, capture_output=True, timeout=20, check=True)

    kilobytes, code = map(int, measured.stdout.split())
    assert code == 0
    assert 100 * 1024 < kilobytes < 400 * 1024  # LibreOffice was counted
