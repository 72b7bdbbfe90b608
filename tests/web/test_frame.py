"""What every page carries: headers, request id, theme, words for failures."""

import io
import json
import logging
import re
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from ipaddress import ip_network
from logging.config import DictConfigurator
from typing import Any

import pytest
from django.test import Client

from dashboard.audit.sentences import STATUSES
from dashboard.upstream import connection
from dashboard.web.logs import RequestIdFilter, request_id
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox, running_sandbox, settings_for

LIST = "/o/org_1001/locations/"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)


@pytest.mark.parametrize(
    "path", ["/", LIST, "/help/", "/o/nobody/", "/no/such/page/", "/accounts/login/", "/healthz"]
)
@pytest.mark.parametrize("known", [True, False])
def test_every_answer_carries_the_headers(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], client: Client, path: str, known: bool
) -> None:
    answer = (signed_in("backoffice") if known else client).get(path)
    assert answer["Content-Security-Policy"] == POLICY
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["X-Frame-Options"] == "DENY"
    assert "no-store" in answer["Cache-Control"]
    assert {"Cookie", "HX-Request", "HX-Target"} <= set(re.split(r",\s*", answer["Vary"]))
    assert re.fullmatch(r"[0-9a-f]{16}", answer["X-Request-Id"])


def test_the_request_id_goes_to_the_api_and_the_log(
    backoffice: CheckedClient, sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    answer = backoffice.get(f"{LIST}999999/")
    upstream = {r["headers"]["x-request-id"] for r in sandbox.requests() if "/locations" in r["path"]}
    assert upstream == {answer["X-Request-Id"]}
    assert answer["X-Request-Id"] in answer.content.decode()


def test_a_request_id_is_a_trusted_proxys_or_ours(client: Client, db: None, settings: Any) -> None:
    given = {"X-Request-Id": "abcd-1234"}
    assert client.get("/healthz", headers=given)["X-Request-Id"] != "abcd-1234"
    settings.TRUSTED_PROXIES = [ip_network("127.0.0.1")]
    assert client.get("/healthz", headers=given)["X-Request-Id"] == "abcd-1234"
    assert client.get("/healthz", headers=given, REMOTE_ADDR="192.0.2.1")["X-Request-Id"] != "abcd-1234"
    for hostile in ("a", "x" * 65, "a b c d e f", "é" * 10):
        assert client.get("/healthz", headers={"X-Request-Id": hostile})["X-Request-Id"] != hostile


def test_cookies_are_out_of_reach_of_scripts(client: Client, people: object) -> None:
    page = client.get("/accounts/login/").content.decode()
    token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token
    client.post("/accounts/login/", {"login": "viewer", "password": "demo", "csrfmiddlewaretoken": token[1]})
    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["httponly"], name
        assert client.cookies[name]["samesite"] == "Lax", name


class TestTheme:
    def test_is_kept_and_drawn_by_the_server(self, client: Client, db: None) -> None:
        answer = client.post("/theme/", {"theme": "dark", "next": "/accounts/login/?next=/help/"})
        assert answer["Location"] == "/accounts/login/?next=/help/"
        assert 'data-theme="dark"' in client.get("/accounts/login/").content.decode()

    @pytest.mark.parametrize(
        "next_url", ["https://evil.example/", "//evil.example", "javascript:alert(1)", ""]
    )
    def test_never_leads_to_another_host(self, client: Client, db: None, next_url: str) -> None:
        assert client.post("/theme/", {"theme": "dark", "next": next_url})["Location"] == "/"

    def test_an_unknown_one_changes_nothing(self, client: Client, db: None) -> None:
        client.post("/theme/", {"theme": "plaid"})
        assert "theme" not in client.cookies


class TestCsrf:
    def test_a_form_without_its_token_sends_nothing(
        self, sandbox: Sandbox, people: dict[str, object]
    ) -> None:
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(people["backoffice"])  # type: ignore[arg-type]
        answer = strict.post(f"{LIST}new/", {"name": "Noord"})
        assert answer.status_code == 403
        assert "Content-Security-Policy" in answer
        assert sandbox.requests() == []


@pytest.mark.parametrize(
    ("fault", "status", "words"),
    [
        ({"status": 401}, 502, "does not accept"),
        ({"status": 403}, 502, "does not let this dashboard"),
        ({"status": 404}, 404, "Not found"),
        ({"status": 429, "headers": {"Retry-After": "600"}}, 503, "pause"),
        ({"status": 500}, 502, "500"),
        ({"status": 503, "body": "<h1>Down</h1>", "content_type": "text/html"}, 503, "503"),
        ({"status": 302, "headers": {"Location": "https://evil.example/"}}, 502, "302"),
        ({"status": 200, "body": "<h1>Hello</h1>", "content_type": "text/html"}, 502, "could not be read"),
        ({"status": 200, "body": '{"id": NaN}'}, 502, "could not be read"),
        ({"drop": "before"}, 502, "did not answer"),
        ({"truncate": 20}, 502, "did not answer"),
    ],
)
class TestFailures:
    """A main record that cannot be had is a page of its own: styled, with the request id and what to do."""

    def test_of_a_record(
        self, backoffice: CheckedClient, sandbox: Sandbox, fault: dict[str, object], status: int, words: str
    ) -> None:
        sandbox.faults("GET /locations/1", fault)
        answer = backoffice.get(f"{LIST}1/")
        page = answer.content.decode()
        assert answer.status_code == status
        assert words in page
        assert answer["X-Request-Id"] in page
        assert "Kwelgeest Groep" in page
        if status != 404:
            assert f'href="{LIST}1/"' in page

    def test_of_the_organization(
        self, backoffice: CheckedClient, sandbox: Sandbox, fault: dict[str, object], status: int, words: str
    ) -> None:
        sandbox.faults("GET /organizations/org_1001", fault)
        answer = backoffice.get(LIST)
        page = answer.content.decode()
        assert answer.status_code == status
        assert words in page
        assert 'href="/"' in page

    def test_of_a_list(
        self, backoffice: CheckedClient, sandbox: Sandbox, fault: dict[str, object], status: int, words: str
    ) -> None:
        sandbox.faults("GET /locations", fault)
        answer = backoffice.get(LIST)
        page = answer.content.decode()
        assert answer.status_code == status
        assert words in page
        assert "<h1" in page


OUTCOMES = [
    ({"status": 400, "body": {"detail": "No."}}, 422, "refused"),
    ({"status": 401}, 422, "refused"),
    ({"status": 403}, 422, "refused"),
    ({"status": 404}, 422, "refused"),
    ({"status": 409, "body": {"detail": "Changed."}}, 409, "conflict"),
    ({"status": 413}, 422, "refused"),
    ({"status": 415}, 422, "refused"),
    (
        {"status": 422, "body": {"violations": [{"propertyPath": "name", "message": "Taken."}]}},
        422,
        "refused",
    ),
    ({"status": 429, "headers": {"Retry-After": "60"}}, 422, "refused"),
    ({"status": 500}, 502, "not-applied"),
    ({"status": 502, "body": "<h1>Bad</h1>", "content_type": "text/html", "act": True}, 302, "applied"),
    ({"status": 504, "act": False}, 502, "unknown"),
    ({"drop": "before"}, 502, "unknown"),
    ({"drop": "after"}, 302, "applied"),
    ({"truncate": 10}, 302, "applied"),
    ({"status": 200, "body": "<h1>OK</h1>", "content_type": "text/html", "act": True}, 302, "applied"),
]


@pytest.mark.parametrize(("fault", "status", "outcome"), OUTCOMES)
@pytest.mark.parametrize(("method", "path"), [("PATCH", f"{LIST}1/"), ("POST", f"{LIST}new/")])
def test_a_write_that_fails_keeps_what_was_typed_and_says_what_is_known(
    backoffice: CheckedClient,
    sandbox: Sandbox,
    fault: dict[str, object],
    status: int,
    outcome: str,
    method: str,
    path: str,
) -> None:
    sandbox.faults(f"{method} /locations.*", fault)
    answer = backoffice.send(path, {"name": "Typed with care", "officeOpenHour": "11"})
    assert answer.status_code == status
    if status == 302:
        assert f'data-outcome="{outcome}"' in backoffice.get(answer["Location"]).content.decode()
        return
    page = answer.content.decode()
    assert f'data-outcome="{outcome}"' in page
    assert 'value="Typed with care"' in page
    assert '<option value="11" selected>' in page
    assert answer["X-Request-Id"] in page
    sent = [r for r in sandbox.requests() if r["method"] == method and "/locations" in r["path"]]
    assert len(sent) <= 2  # once more only after a 401 or a 415, which are not acts


def test_a_write_that_never_left_says_that_nothing_was_sent(
    signed_in: Callable[[str], CheckedClient], settings: pytest.FixtureRequest
) -> None:
    client = signed_in("backoffice")
    with running_sandbox() as going:
        for name, value in settings_for(going).items():
            setattr(settings, name, value)
        connection.forget()
        assert client.get(f"{LIST}new/").status_code == 200
    answer = client.send(f"{LIST}new/", {"name": "Typed with care"})
    connection.forget()
    assert answer.status_code == 503
    assert 'data-outcome="not-sent"' in answer.content.decode()
    assert 'value="Typed with care"' in answer.content.decode()


def test_an_api_that_hangs_ends_in_words_within_the_deadline(
    backoffice: CheckedClient, sandbox: Sandbox, settings: pytest.FixtureRequest
) -> None:
    backoffice.get(LIST)
    settings.FLOWTLY_WRITE_TIMEOUT = 0.6  # type: ignore[attr-defined]
    connection.forget()
    sandbox.faults("PATCH /locations/1", {"hang": 60})
    begun = time.monotonic()
    answer = backoffice.send(f"{LIST}1/", {"name": "Typed with care"})
    assert time.monotonic() - begun < 60 / 4
    assert 'data-outcome="unknown"' in answer.content.decode()


def test_help_tells_what_each_outcome_means_and_who_may_do_what(backoffice: CheckedClient) -> None:
    page = backoffice.get("/help/").content.decode()
    told = ("applied", "nothing-shows", "refused", "conflict", "not-sent", "not-applied", "unknown")
    for word in (*(str(STATUSES[each].label) for each in told), "Unchanged", "Back office", "Finance"):
        assert f">{word}<" in page, word


def test_log_lines_are_json_in_utc_and_bear_the_request_id(settings: Any) -> None:
    stream = io.StringIO()
    configured = DictConfigurator(settings.LOGGING)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(configured.configure_formatter(dict(settings.LOGGING["formatters"]["json"])))
    handler.addFilter(RequestIdFilter())
    request_id.set("abcdef0123456789")
    handler.handle(logging.makeLogRecord({"msg": "hello", "levelname": "WARNING"}))
    line = json.loads(stream.getvalue())
    assert (line["message"], line["request_id"]) == ("hello", "abcdef0123456789")
    assert datetime.fromisoformat(line["timestamp"]).utcoffset() == timedelta(0)
