"""The dashboard's own settings, with the environment a test run needs. `tests/conftest.py` points
`FLOWTLY_BASE_URL` at the sandbox it has started; nothing listens at the address given here."""

import os
import tempfile
from pathlib import Path

os.environ.update(
    FLOWTLY_BASE_URL="http://127.0.0.1:9",
    FLOWTLY_USERNAME="sandbox",
    FLOWTLY_PASSWORD="sandbox",
    SECRET_KEY="a-key-for-tests-only-" + "x" * 40,
    ALLOWED_HOSTS="testserver,localhost,127.0.0.1",
    DATABASE_URL="sqlite:///:memory:",
    SANDBOX="on",
    DEBUG="off",
    TLS="off",
    RISKS_ACCEPTED="plain-http",
    # Said outright, so that a developer's own .env does not reach the tests.
    FLOWTLY_TOKEN="",
    CACHE_URL="dbcache://dashboard_cache",
    DEMO_PASSWORD="demo",
    TIME_ZONE="Europe/Amsterdam",
)

from dashboard.settings import *  # noqa: F403

# There is nothing to serve from it: the browser tests use `make run`.
STATIC_ROOT = Path(tempfile.mkdtemp(prefix="static-"))
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# A sign-in per test would cost the suite minutes with the real hasher; one test uses that one.
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.MD5PasswordHasher",
    "dashboard.accounts.hashers.ModestArgon2",
]
