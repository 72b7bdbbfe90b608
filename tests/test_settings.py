"""Settings, read for real: behind TLS, with every list and choice, and what is refused."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from dashboard.actions.kinds import KINDS

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
    "DEMO_PASSWORD": "",
    "RISKS_ACCEPTED": "",
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
    code = (ROOT / "dashboard" / "settings" / "__init__.py").read_text() + (
        ROOT / "dashboard" / "run.py"
    ).read_text()
    read = set(re.findall(r'(?:env\.\w+|required|_setting|environ\.get)\(\s*"([A-Z_]+)"', code))
    explained = set(re.findall(r"^#? ?([A-Z_]+)=", (ROOT / ".env.example").read_text(), flags=re.M))
    # Set by `make run` for what it starts, never by a person.
    assert read - explained == {"SANDBOX"}
    assert explained <= read, explained - read


# What is set, what is read, and what it is then.
READ = [
    ("SECOND_PERSON_FOR", " apply-coupon, cancel ,", ["apply-coupon", "cancel"]),
    ("SECOND_PERSON_FOR", " ", []),
    ("ALLOWED_HOSTS", "a.example , b.example", ["a.example", "b.example"]),
    ("CSRF_TRUSTED_ORIGINS", "https://a.example, https://*.b.example", ["https://a.example", "https://*.b.example"]),
    ("FLOWTLY_ENROLL_FIELDS", "tenant, client", ["tenant", "client"]),
    ("FLOWTLY_FOOTER_FIELDS", "text , html", ["text", "html"]),
    ("FLOWTLY_CONFIG_KEYS", "a.b, c d", ["a.b", "c d"]),
    ("FLOWTLY_PASSWORD", " $ecret ", " $ecret "),
    ("FLOWTLY_TENANT_HEADER", "", ""),
    ("FLOWTLY_TENANT_HEADER", " X-Tenant ", "X-Tenant"),
    ("FLOWTLY_BREAKER", "", True),
    ("FLOWTLY_BREAKER", "Off", False),
    ("TLS", " on ", True),
    ("SESSION_ABSOLUTE_HOURS", "", 12),
    ("FLOWTLY_READ_TIMEOUT", "0.5", 0.5),
    ("TIME_ZONE", "UTC ", "UTC"),
    ("TRUSTED_PROXIES", "", []),
    ("TRUSTED_PROXIES", "127.0.0.1, 10.0.0.0/8,unix", ["127.0.0.1/32", "10.0.0.0/8", "unix"]),
    ("LOG_LEVEL", "", "WARNING"),
]  # fmt: skip
READ_BY: dict[str, str] = {
    "TRUSTED_PROXIES": "[str(each) for each in TRUSTED_PROXIES]",
    "SESSION_ABSOLUTE_HOURS": "SESSION_ABSOLUTE_SECONDS // 3600",
    "LOG_LEVEL": "LOGGING['root']['level']",
}
ALONE = {"FLOWTLY_PASSWORD": {"FLOWTLY_TOKEN": "", "FLOWTLY_USERNAME": "dashboard"}}

REFUSED = [
    ("SECOND_PERSON_FOR", "apply_coupon", "SECOND_PERSON_FOR does not know 'apply_coupon'"),
    ("SECOND_PERSON_FOR", "apply-coupon, Cancel", "does not know 'Cancel'. It takes: apply-coupon, clear-coupon"),
    ("SECOND_PERSON_FOR", "apply-coupon cancel", "does not know 'apply-coupon cancel'"),
    ("ALLOWED_HOSTS", " , ", "ALLOWED_HOSTS is not set"),
    ("CSRF_TRUSTED_ORIGINS", "back-office.example", "CSRF_TRUSTED_ORIGINS takes origins"),
    ("CSRF_TRUSTED_ORIGINS", "https://*", "CSRF_TRUSTED_ORIGINS takes origins"),
    ("FLOWTLY_ENROLL_FIELDS", "tenantId;clientId", "cannot be the name of a field"),
    ("FLOWTLY_FOOTER_FIELDS", "text html", "FLOWTLY_FOOTER_FIELDS names 'text html'"),
    ("TLS", "onn", "TLS is 'onn'. Say on or off."),
    ("ALLOW_ORGANIZATION_CLEAR", "sure", "ALLOW_ORGANIZATION_CLEAR is 'sure'"),
    ("FLOWTLY_BREAKER", "never", "FLOWTLY_BREAKER is 'never'"),
    ("MONEY_ACTS_PER_HOUR", "-1", "MONEY_ACTS_PER_HOUR is '-1'. It takes a whole number, at least 0."),
    ("MONEY_ACTS_PER_HOUR", "twenty", "It takes a whole number"),
    ("COUPONS_AT_ONCE", "401", "1 to 400"),
    ("SECOND_PERSON_HOURS", "0", "at least 1"),
    ("SESSION_IDLE_MINUTES", "1,5", "SESSION_IDLE_MINUTES is '1,5'"),
    ("FLOWTLY_READ_TIMEOUT", "8s", "a number of seconds"),
    ("FLOWTLY_WRITE_TIMEOUT", "nan", "a number of seconds"),
    ("PAGE_READ_TIMEOUT", "inf", "a number of seconds"),
    ("TIME_ZONE", "Europe/Amsterdm", "TIME_ZONE does not know 'Europe/Amsterdm'"),
    ("TRUSTED_PROXIES", "all", "TRUSTED_PROXIES does not know 'all'. It takes addresses"),
    ("TRUSTED_PROXIES", "0.0.0.0/0", "TRUSTED_PROXIES does not know '0.0.0.0/0'"),
    ("TRUSTED_PROXIES", "10.0.0.1/8", "TRUSTED_PROXIES does not know '10.0.0.1/8'"),
    ("LOG_LEVEL", "LOUD", "LOG_LEVEL does not know 'LOUD'. It takes: CRITICAL"),
]  # fmt: skip

# Asks for each value in one process: a process each would take minutes.
PROBE = """
import importlib, json, os, sys
from django.core.exceptions import ImproperlyConfigured
from dashboard import settings
found = []
for changed, name in json.loads(sys.argv[1]):
    before = {each: os.environ.get(each) for each in changed}
    os.environ.update(changed)
    try:
        importlib.reload(settings)
        found.append(eval(name, vars(settings)))
    except ImproperlyConfigured as refused:
        found.append(f"refused: {refused}")
    os.environ.update({each: value or "" for each, value in before.items()})
print(json.dumps(found))
"""


def settings_with(asked_for: list[tuple[dict[str, str], str]]) -> list[object]:
    done = asked("-c", PROBE, json.dumps(asked_for))
    assert done.returncode == 0, done.stderr
    return list(json.loads(done.stdout))


def test_a_list_is_stripped_and_every_setting_is_what_was_meant() -> None:
    found = settings_with(
        [({name: text, **ALONE.get(name, {})}, READ_BY.get(name, name)) for name, text, _ in READ]
    )
    for (name, text, value), read in zip(READ, found, strict=True):
        assert read == value, (name, text)


def test_what_a_setting_does_not_know_is_refused_in_words() -> None:
    found = settings_with([({name: text}, name) for name, text, _ in REFUSED])
    for (name, text, words), read in zip(REFUSED, found, strict=True):
        assert str(read).startswith("refused: ") and words in str(read), (name, text, read)


LONG = "k" * 20 + "0123456789" * 3
LOCAL = {"ALLOWED_HOSTS": "localhost, 127.0.0.1,[::1]", "TLS": "off"}
# What is set beside a sound start, and the words it is refused with; "" where it starts.
WEAK: list[tuple[dict[str, str], str]] = [
    ({}, ""),
    ({"SECRET_KEY": LONG[:49]}, "SECRET_KEY has 49 characters and needs at least 50"),
    ({"SECRET_KEY": LONG}, ""),
    ({"SECRET_KEY": "short", "RISKS_ACCEPTED": "debug,any-host,plain-http"}, "SECRET_KEY has 5 characters"),
    ({"AUDIT_KEY": LONG[:49]}, "AUDIT_KEY has 49 characters"),
    ({"AUDIT_KEY": LONG}, ""),
    ({"ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS=* answers to any name"),
    ({"ALLOWED_HOSTS": "back-office.example, *"}, "ALLOWED_HOSTS=* answers to any name"),
    ({"ALLOWED_HOSTS": "*", "RISKS_ACCEPTED": "any-host"}, ""),
    ({"ALLOWED_HOSTS": ".back-office.example"}, ""),
    ({"DEBUG": "on"}, "DEBUG=on shows code and settings"),
    ({"DEBUG": "on", **LOCAL}, "To insist, name it: RISKS_ACCEPTED=debug."),
    ({"DEBUG": "on", "RISKS_ACCEPTED": "debug"}, ""),
    ({"TLS": "off"}, "TLS=off is for this machine alone, not for back-office.example"),
    ({"TLS": "off", "RISKS_ACCEPTED": "debug"}, "RISKS_ACCEPTED=plain-http"),
    ({"TLS": "off", "RISKS_ACCEPTED": "debug, plain-http"}, ""),
    (LOCAL, ""),
    ({**LOCAL, "ALLOWED_HOSTS": "localhost,localhost.example"}, "not for localhost.example"),
    ({**LOCAL, "ALLOWED_HOSTS": "*"}, "ALLOWED_HOSTS=* answers to any name"),
    ({**LOCAL, "ALLOWED_HOSTS": "*", "RISKS_ACCEPTED": "any-host"}, "RISKS_ACCEPTED=plain-http"),
    ({"CACHE_URL": "locmemcache://"}, "CACHE_URL must name a cache that all processes share"),
    ({"CACHE_URL": "filecache:///tmp/cache"}, "CACHE_URL must name a cache that all processes share"),
    ({"CACHE_URL": "dummycache://"}, "CACHE_URL must name a cache that all processes share"),
    ({"CACHE_URL": "redis://127.0.0.1:6379/1"}, ""),
    ({"CACHE_URL": "rediss://:secret@cache.example:6380/1"}, ""),
    ({"RISKS_ACCEPTED": "all"}, "RISKS_ACCEPTED does not know 'all'. It takes: debug, any-host, plain-http"),
]


def test_what_weakens_the_site_is_refused_in_words_unless_somebody_insists() -> None:
    found = settings_with([(changed, "'it starts'") for changed, _ in WEAK])
    for (changed, words), read in zip(WEAK, found, strict=True):
        assert read == "it starts" if not words else words in str(read), (changed, read)


def test_every_kind_of_action_that_can_need_approval_is_known_to_the_setting() -> None:
    """Clearing needs approval in any case."""
    (known,) = settings_with([({"SECOND_PERSON_FOR": ",".join(set(KINDS) - {"clear"})}, "SECOND_PERSON_FOR")])
    assert isinstance(known, list)
    assert {*known, "clear"} == set(KINDS)


@pytest.mark.parametrize("command", ["check_api", "reconcile", "verify_audit"])
def test_what_answers_no_browser_needs_no_names_of_a_site(command: str) -> None:
    done = asked("manage.py", command, FLOWTLY_BASE_URL="http://127.0.0.1:9", ALLOWED_HOSTS="")
    assert "ALLOWED_HOSTS" not in done.stderr
    assert command != "check_api" or "Flowtly did not answer" in done.stdout
