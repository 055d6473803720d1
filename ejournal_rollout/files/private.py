"""Files that people attach: kept under random names in the private folder, checked, served after the member check.

What people call a file is kept beside it as words and never becomes a path. Who may read it is the room's own matter.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.db.models.signals import post_delete
from django.http import FileResponse, Http404
from django.utils.deconstruct import deconstructible
from django.utils.translation import gettext as _

MEGABYTE = 1024 * 1024
PAPERS = ("docx", "doc", "odt", "rtf", "txt", "pdf")
TABLES = ("xlsx", "xls", "ods", "csv")
PICTURES = ("jpg", "jpeg", "png", "webp", "heic", "tif", "tiff")
# How a file of a kind begins; kinds that may begin anyhow are not named.
_ZIP, _OLE = (b"PK\x03\x04",), (b"\xd0\xcf\x11\xe0",)
_BEGINNINGS: dict[str, tuple[bytes, ...]] = {
    **dict.fromkeys(("docx", "odt", "xlsx", "ods"), _ZIP),
    **dict.fromkeys(("doc", "xls"), _OLE),
    "rtf": (b"{\\rtf",),
    "pdf": (b"%PDF",),
    **dict.fromkeys(("jpg", "jpeg"), (b"\xff\xd8\xff",)),
    "png": (b"\x89PNG\r\n",),
    "webp": (b"RIFF",),
    **dict.fromkeys(("tif", "tiff"), (b"II*\x00", b"MM\x00*")),
}


@deconstructible
class RandomName:
    """`upload_to` of a file field: a random name in `folder`, the extension kept."""

    def __init__(self, folder: str) -> None:
        self.folder = folder

    def __call__(self, row: models.Model, name: str) -> str:
        return f"{self.folder}/{uuid4().hex}{Path(name).suffix.lower()}"


@deconstructible
class FileLimits:
    """Validator of a file field: one of `kinds` (extensions), at most `megabytes`, not empty, and really of its kind.

    ValidationError "file_kind", "file_too_large", "file_empty", "file_not_of_its_kind"; each names the file.
    """

    def __init__(self, kinds: Iterable[str], megabytes: int) -> None:
        self.kinds, self.megabytes = tuple(kinds), megabytes

    def __call__(self, file: FieldFile) -> None:
        name = Path(file.name).name
        kind = Path(name).suffix.lower().removeprefix(".")
        known = {"name": name, "kinds": ", ".join(self.kinds), "limit": self.megabytes}
        if kind not in self.kinds:
            words = _("“%(name)s” cannot be attached. Files of these kinds can: %(kinds)s.")
            raise ValidationError(words, "file_kind", known)
        if file.size > self.megabytes * MEGABYTE:
            words = _("“%(name)s” is larger than %(limit)d MB. Make it smaller or divide it.")
            raise ValidationError(words, "file_too_large", known)
        if not file.size:
            raise ValidationError(_("“%(name)s” is empty. Choose another file."), "file_empty", known)
        beginnings = _BEGINNINGS.get(kind)
        if beginnings and not _first_bytes(file).startswith(beginnings):
            words = _("“%(name)s” is not what its name says. Save it anew in the program that made it.")
            raise ValidationError(words, "file_not_of_its_kind", known)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, FileLimits) and (self.kinds, self.megabytes) == (other.kinds, other.megabytes)

    def __hash__(self) -> int:
        return hash((self.kinds, self.megabytes))


def send_file(file: FieldFile, *, name: str) -> FileResponse:
    """The file as a download under the name that people gave it, never shown in the browser. Http404 if it is gone."""
    try:
        content = file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(content, as_attachment=True, filename=name, content_type="application/octet-stream")


def forget_with_row(model: type[models.Model], field: str = "file") -> None:
    """When a row of `model` is deleted and the transaction is through, its file leaves the disk too."""

    def forget(instance: models.Model, **_signal: Any) -> None:
        file = getattr(instance, field)
        if file:
            storage, name = file.storage, file.name
            transaction.on_commit(lambda: storage.delete(name))

    post_delete.connect(forget, sender=model, weak=False, dispatch_uid=f"{model._meta.label}.{field} is forgotten")


def _first_bytes(file: FieldFile) -> bytes:
    file.open("rb")  # opens, or rewinds
    beginning = file.read(16)
    file.seek(0)
    return beginning
