"""Files of the private folder: what may be attached, under which name, and what becomes of it."""

from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import Http404

from ejournal_rollout.files.private import FileLimits, RandomName, send_file
from ejournal_rollout.orders.models import Attachment
from ejournal_rollout.tests.factories import OrderFactory

LIMITS = FileLimits(("pdf", "png", "docx", "txt"), megabytes=1)
PDF = b"%PDF-1.7 the rest"


def refusal(name: str, content: bytes) -> str | None:
    try:
        LIMITS(SimpleUploadedFile(name, content))
    except ValidationError as error:
        assert name in error.messages[0]
        return error.code
    return None


@pytest.mark.parametrize(
    "name, content, code",
    [
        ("act.pdf", PDF, None),
        ("ACT.PDF", PDF, None),
        ("note.txt", "что угодно".encode(), None),
        ("virus.exe", b"MZ", "file_kind"),
        ("act.pdf.html", PDF, "file_kind"),
        ("act", PDF, "file_kind"),
        ("act.pdf", b"", "file_empty"),
        ("act.pdf", PDF + b"x" * 1024 * 1024, "file_too_large"),
        ("act.pdf", b"<html>", "file_not_of_its_kind"),
        ("photo.png", PDF, "file_not_of_its_kind"),
        ("memo.docx", b"\xd0\xcf\x11\xe0old Word", "file_not_of_its_kind"),
    ],
)
def test_a_file_is_taken_only_if_it_is_what_it_may_be(name, content, code):
    assert refusal(name, content) == code


def test_a_check_leaves_the_file_at_its_beginning():
    file = SimpleUploadedFile("act.pdf", PDF)
    LIMITS(file)
    assert file.read() == PDF


def test_the_name_that_people_gave_never_becomes_a_path():
    path = RandomName("orders")(None, "../../Приказ «337».PDF")
    assert path.startswith("orders/") and path.endswith(".pdf")
    assert len(path) == len("orders/") + 32 + len(".pdf")
    assert path != RandomName("orders")(None, "../../Приказ «337».PDF")


@pytest.fixture
def attachment(db):
    return Attachment.objects.create(order=OrderFactory(), file=ContentFile(PDF, "act.pdf"), name="Приказ.pdf")


def test_a_file_goes_out_as_a_download_and_a_lost_one_is_not_found(attachment):
    answer = send_file(attachment.file, name=attachment.name)
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["Content-Type"] == "application/octet-stream"
    assert b"".join(answer.streaming_content) == PDF
    attachment.file.storage.delete(attachment.file.name)
    with pytest.raises(Http404):
        send_file(type(attachment).objects.get(pk=attachment.pk).file, name="Приказ.pdf")


def test_the_file_of_a_deleted_row_leaves_the_disk_when_the_transaction_is_through(
    attachment, django_capture_on_commit_callbacks
):
    stored = Path(attachment.file.path)
    with django_capture_on_commit_callbacks(execute=True):
        attachment.delete()
        assert stored.exists()  # until the end: the transaction may still fail
    assert not stored.exists()
