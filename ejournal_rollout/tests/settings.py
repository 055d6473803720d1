"""The site's own settings, but for what a test must not touch or wait for."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck
from hypothesis import settings as properties

from ejournal_rollout.settings import *  # noqa: F403
from ejournal_rollout.settings import DATABASES, STORAGES

# Uploads of tests never reach the data folder; the folder goes with the process.
FILES = tempfile.TemporaryDirectory(prefix="ejournal-tests-")
STORAGES = {**STORAGES, "default": {**STORAGES["default"], "OPTIONS": {"location": FILES.name}}}
# A test signs in; it does not have to withstand an attack.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A file, not memory: tests of races open it from many threads. One for each run, so that two runs do not meet.
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["TEST"] = {"NAME": str(Path(FILES.name) / "test.sqlite3")}
# No property fails because a machine is busy.
properties.register_profile("patient", deadline=None, suppress_health_check=[HealthCheck.too_slow])
properties.load_profile("patient")
