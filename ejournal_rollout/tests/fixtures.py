"""Fixtures of the whole house; loaded by pytest.ini."""

import pytest


@pytest.fixture(autouse=True)
def files_in_a_temporary_folder(settings, tmp_path):
    """Uploads of a test never reach the data folder."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "files"},
        },
    }


@pytest.fixture(autouse=True)
def quick_password_hashes(settings):
    """A test signs in; it does not have to withstand an attack."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
