"""Started for real, behind TLS."""

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
REAL = {
    "FLOWTLY_BASE_URL": "https://api.flowtly.example",
    "FLOWTLY_TOKEN": "a-long-lived-token",
    "FLOWTLY_USERNAME": "",
    "FLOWTLY_PASSWORD": "",
    "SECRET_KEY": "k" * 20 + "0123456789abcdefghijklmnopqrstuvwxyz" + "Z" * 20,
    "ALLOWED_HOSTS": "back-office.example",
    "DATABASE_URL": "sqlite:///:memory:",
    "TLS": "on",
    "DEBUG": "off",
    "SANDBOX": "off",
}


def asked(*arguments: str, **changed: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **REAL, **changed, "DJANGO_SETTINGS_MODULE": "dashboard.settings"}
    command = [sys.executable, "-W", "ignore", *arguments]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_the_deployment_check_finds_nothing() -> None:
    done = asked("manage.py", "check", "--deploy", "--fail-level", "WARNING")
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


def test_behind_tls_cookies_belong_to_this_host_and_travel_over_https_alone() -> None:
    names = ("SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
             "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "DEBUG")  # fmt: skip
    code = f"from django.conf import settings; print([getattr(settings, n) for n in {names}])"
    said = asked("-c", code).stdout
    assert said.strip() == "['__Host-sessionid', '__Host-csrftoken', True, True, True, 31536000, False]"


def test_a_list_that_should_hold_two_names_is_refused_in_words() -> None:
    done = asked("manage.py", "check", FLOWTLY_ENROLL_FIELDS="tenantId")
    assert done.returncode != 0
    assert "FLOWTLY_ENROLL_FIELDS takes two names" in done.stderr


def test_the_example_explains_every_setting_that_is_read() -> None:
    code = (ROOT / "dashboard" / "settings.py").read_text() + (ROOT / "dashboard" / "run.py").read_text()
    read = set(re.findall(r'(?:env\.\w+|required|_setting|environ\.get)\(\s*"([A-Z_]+)"', code))
    explained = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.M))
    # Set by `make run` for what it starts, never by a person.
    assert read - explained == {"SANDBOX"}
    assert explained <= read, explained - read
