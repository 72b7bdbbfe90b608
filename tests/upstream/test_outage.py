"""While Flowtly is away: what was last read is shown to who read it, nothing can be sent, and it ends by itself."""

import contextlib
import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
import time_machine
from django.core.cache import caches
from django.db import connection as database
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from dashboard.flowtly import errors
from dashboard.flowtly.calls import Answer
from dashboard.upstream import connection, list_cache
from tests.support.markup import CheckedClient, form_of
from tests.support.relay import Relay, relay
from tests.support.sandbox import Sandbox

LIST, EDIT, ADD = "/o/org_1001/locations/", "/o/org_1001/locations/1/", "/o/org_1001/locations/new/"
OVERVIEW, CONFIGS = "/o/org_1001/", "/o/org_1001/configs/"
SINCE, READ, BACK = (
    "<b>Flowtly has not answered since",
    "This page shows what you last read",
    "Flowtly answers again",
)
TABLE = "dashboard_cache_last_read"


@pytest.fixture
def wire(sandbox: Sandbox, settings: object) -> Iterator[Relay]:
    address = urlsplit(sandbox.base_url)
    with relay(to=address.port or 0) as running:
        settings.FLOWTLY_BASE_URL = address._replace(netloc=f"127.0.0.1:{running.port}").geturl()  # type: ignore[attr-defined]
        connection.forget()
        yield running


@pytest.fixture
def person(wire: Relay, signed_in: Callable[[str], CheckedClient]) -> CheckedClient:
    return signed_in("backoffice")


def text(client: CheckedClient, path: str, status: int = 200, headers: dict[str, str] | None = None) -> str:
    answer = client.get(path, headers=headers)
    assert answer.status_code == status, path
    return unescape(answer.content.decode())


def button(page: str) -> str:
    return str(re.findall(r'<div class="actions"><button[^>]*>', page)[0])


def test_pages_show_what_their_reader_last_read_and_say_so(person: CheckedClient, wire: Relay) -> None:
    paths = [LIST, EDIT, OVERVIEW, CONFIGS, "/", "/o/org_1001/meetings/", "/o/org_1001/clients/?name=de"]
    before = {path: text(person, path) for path in paths}
    assert not any(SINCE in page for page in before.values())
    connection.forget()  # another process, which knows nothing
    wire.cut()
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        for path in paths:
            page = text(person, path)
            assert SINCE in page, path
            assert f"{READ}" in page, path
            assert "(5 minutes ago)" in page, path
            assert 'class="problem"' not in page, path
            told = re.sub(r"<[^>]+>|[0-9]+", " ", page.partition("<h1")[2])
            was = re.sub(r"<[^>]+>|[0-9]+", " ", before[path].partition("<h1")[2])
            assert told.split()[:60] == was.split()[:60], path


def test_nobody_is_shown_what_somebody_else_has_read(
    person: CheckedClient, wire: Relay, signed_in: Callable[[str], CheckedClient]
) -> None:
    assert "Kwelgeest" in text(person, LIST)
    connection.forget()
    wire.cut()
    other = signed_in("accounts")
    assert "Kwelgeest" not in text(other, LIST, 503)
    assert READ in text(person, LIST)


def test_what_was_never_read_is_said_to_be_out_of_reach(person: CheckedClient, wire: Relay) -> None:
    text(person, LIST)
    wire.cut()
    page = text(person, f"{LIST}?page=2", 503)
    assert SINCE in page
    assert READ not in page
    assert "Flowtly cannot be reached" in page


@pytest.mark.parametrize(
    "fault", [{"status": 503}, {"status": 502, "body": "<h1>Bad gateway</h1>"}, {"drop": "before"}]
)
def test_a_proxy_that_finds_nobody_counts_as_away(
    person: CheckedClient, sandbox: Sandbox, fault: dict[str, object]
) -> None:
    text(person, LIST)
    sandbox.faults(".*", fault)
    assert READ in text(person, LIST)


@pytest.mark.parametrize("status", [401, 403, 404, 500])
def test_an_answer_of_flowtlys_own_is_shown_as_it_is(
    person: CheckedClient, sandbox: Sandbox, status: int
) -> None:
    text(person, EDIT)
    sandbox.faults("GET /locations/1", {"status": status})
    page = text(person, EDIT, 404 if status == 404 else 502)
    assert READ not in page
    assert SINCE not in page


@pytest.mark.parametrize("fault", [{"status": 503}, {"drop": "before"}])
def test_one_thing_that_fails_is_not_all_of_flowtly(
    person: CheckedClient, sandbox: Sandbox, fault: dict[str, object]
) -> None:
    text(person, OVERVIEW)
    sandbox.faults("GET /subscriptions", fault)
    page = text(person, OVERVIEW)
    assert page.count('class="problem"') == 1
    assert SINCE not in page
    assert READ not in page


def test_a_form_can_be_read_and_not_sent(person: CheckedClient, wire: Relay, sandbox: Sandbox) -> None:
    drawn = text(person, EDIT)
    assert "disabled" not in button(drawn)
    wire.cut()
    page = text(person, EDIT)
    assert 'value="Kwelgeest' in page or 'name="name"' in page
    assert " disabled" in button(page)
    assert "Saving is off until it answers; what you type stays here." in page
    typed = {**form_of(page), "name": "Depot Zuid"}
    sent = person.post(EDIT, typed)
    assert sent.status_code == 503
    assert 'data-outcome="not-sent"' in sent.content.decode()
    assert 'value="Depot Zuid"' in sent.content.decode()
    assert not [r for r in sandbox.requests() if r["method"] == "PATCH"]


def test_a_new_record_is_not_sent_either_and_what_was_typed_stays(person: CheckedClient, wire: Relay) -> None:
    text(person, LIST)
    wire.cut()
    text(person, LIST)
    page = text(person, ADD)
    assert " disabled" in button(page)
    sent = person.post(ADD, {**form_of(page), "name": "Depot Zuid"})
    assert sent.status_code == 503
    assert 'data-outcome="not-sent"' in sent.content.decode()
    assert 'value="Depot Zuid"' in sent.content.decode()


def test_a_form_of_then_acts_only_after_a_look_at_the_record_as_it_is(
    person: CheckedClient, wire: Relay, sandbox: Sandbox
) -> None:
    text(person, EDIT)
    wire.cut()
    page = text(person, EDIT)
    wire.join()
    connection.forget()
    drawn = person.post(EDIT, {**form_of(page), "name": "Depot Zuid"})
    assert drawn.status_code == 422
    again = drawn.content.decode()
    assert 'value="Depot Zuid"' in again
    assert not [r for r in sandbox.requests() if r["method"] == "PATCH"]
    assert person.post(EDIT, {**form_of(again), "name": "Depot Zuid"}).status_code == 302
    assert [r["body"] for r in sandbox.requests() if r["method"] == "PATCH"] == [{"name": "Depot Zuid"}]


def test_a_form_drawn_before_is_not_sent_and_works_once_flowtly_is_back(
    person: CheckedClient, wire: Relay
) -> None:
    typed = {**form_of(text(person, EDIT)), "name": "Depot Zuid"}
    wire.cut()
    refused = person.post(EDIT, typed)
    assert refused.status_code == 503
    wire.join()
    connection.connection().breaker.try_again()
    again = {**form_of(refused.content.decode()), "name": "Depot Zuid"}
    assert person.post(EDIT, again).status_code == 302
    assert SINCE not in text(person, EDIT)


def test_the_banner_is_on_every_page_and_goes_by_itself(person: CheckedClient, wire: Relay) -> None:
    text(person, LIST)
    wire.cut()
    text(person, LIST)
    for path in ("/help/", "/accounts/me/", "/followups/"):
        assert SINCE in text(person, path), path
    wire.join()
    connection.connection().breaker.try_again()
    assert text(person, "/away/").strip() == ""
    for path in (LIST, "/help/"):
        assert SINCE not in text(person, path), path


def test_an_open_page_is_told_that_it_may_be_read_anew(person: CheckedClient, wire: Relay) -> None:
    text(person, LIST)
    wire.cut()
    page = text(person, LIST)
    look = re.findall(r'data-look="([^"]+)"', page)[0]
    assert SINCE in text(person, look)
    wire.join()
    connection.connection().breaker.try_again()
    told = text(person, look)
    assert BACK in told
    assert '<a href="">Read it anew</a>' in told
    for nonsense in ("read=x", "read=2026-13-99T00:00:00Z", "read=2026-01-01"):
        assert text(person, f"/away/?{nonsense}").strip() == ""


def test_an_open_page_finds_out_though_nobody_else_asks(person: CheckedClient, wire: Relay) -> None:
    text(person, LIST)
    wire.cut()
    assert SINCE not in text(person, "/away/")  # it answered a moment ago
    connection.connection().reach._heard -= 60
    assert SINCE in text(person, "/away/")


def test_a_part_of_a_page_brings_the_banner_along(person: CheckedClient, wire: Relay) -> None:
    asked = {"HX-Request": "true", "HX-Target": "locations-list"}
    assert 'id="away"' not in text(person, LIST, headers=asked)
    wire.cut()
    part = text(person, LIST, headers=asked)
    assert '<div id="away" hx-swap-oob="innerHTML">' in part
    assert SINCE in part


def test_a_process_asks_again_at_once_when_another_has_had_an_answer(
    person: CheckedClient, wire: Relay
) -> None:
    text(person, LIST)
    wire.cut()
    for _ in range(3):
        text(person, LIST)
    here = connection.connection()
    assert here.breaker.open
    wire.join()
    assert READ in text(person, LIST)
    caches["default"].set("flowtly-answered", timezone.now().timestamp() + 1)
    assert SINCE not in text(person, LIST)
    assert not here.breaker.open


def test_what_is_kept_is_of_the_latest_read_and_written_seldom(person: CheckedClient, wire: Relay) -> None:
    text(person, EDIT)
    page = text(person, EDIT)
    with CaptureQueriesContext(database) as asked:
        text(person, EDIT)
    assert not [q for q in asked.captured_queries if TABLE in q["sql"]]
    person.post(EDIT, {**form_of(page), "name": "Depot Zuid"})
    text(person, EDIT)
    wire.cut()
    assert 'value="Depot Zuid"' in text(person, EDIT)


def test_what_is_kept_lasts_half_a_day(
    person: CheckedClient, wire: Relay, signed_in: Callable[[str], CheckedClient]
) -> None:
    text(person, LIST)
    wire.cut()
    for hours, status in ((11.9, 200), (12.1, 503)):
        with time_machine.travel(timezone.now() + timedelta(hours=hours)):
            page = text(signed_in("backoffice"), LIST, status)
            assert (READ in page) is (status == 200)


def test_neither_secrets_nor_what_is_large_is_kept(person: CheckedClient, wire: Relay) -> None:
    from dashboard.flowtly.calls import Answer, Call
    from dashboard.upstream.offline import LARGEST, Reads

    text(person, CONFIGS)
    with database.cursor() as cursor:
        cursor.execute(f"SELECT value FROM {TABLE}")
        assert cursor.fetchall()
    reads, call = Reads("sandbox", "1", lambda: True), Call("GET", "/clients/1")
    for data, kept in (
        ({"id": 1, "name": "Acme"}, True),
        ({"id": 1, "clientSecret": "hunter2"}, False),
        ({"id": 1, "nested": [{"webhook": "https://me:hunter2@example.com/"}]}, False),
        ({"id": 1, "note": "x" * LARGEST}, False),
    ):
        reads.read(call, "kwelgeest", lambda data=data: Answer(200, data, None, ""))  # type: ignore[misc]
        reads.keep()
        found = None
        with contextlib.suppress(errors.CannotConnect):
            found = Reads("sandbox", "1", lambda: False).read(call, "kwelgeest", _fails)
        assert (found is not None) is kept, data


def _fails() -> Answer:
    raise errors.CannotConnect


def test_a_config_that_looks_secret_is_kept_without_its_value(person: CheckedClient, wire: Relay) -> None:
    from dashboard.flowtly.calls import Call
    from dashboard.upstream.offline import without_secrets

    secret = {"id": "smtp.password", "value": "hunter2"}
    plain = {"id": "mail.from", "value": "info@example.com"}
    for body in ([secret, plain], {"hydra:member": [secret, plain]}, {"member": [secret, plain]}):
        kept = without_secrets(Call("GET", "/configs"), body)
        assert "hunter2" not in str(kept)
        assert "info@example.com" in str(kept)
    assert "hunter2" not in str(without_secrets(Call("GET", "/configs/smtp.password"), {"value": "hunter2"}))


def test_exports_are_of_now_or_not_at_all(person: CheckedClient, wire: Relay) -> None:
    wanted = "/o/org_1001/export/locations.csv"
    text(person, LIST)
    assert person.get(wanted).status_code == 200
    wire.cut()
    assert READ in text(person, LIST)
    assert person.get(wanted).status_code == 503


def test_looking_on_by_itself_keeps_nobody_signed_in(person: CheckedClient, wire: Relay) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False) as clock:
        text(person, LIST)
        for _ in range(4):
            clock.shift(600)
            answer = person.get("/away/", headers={"X-Poll": "1"})
        assert answer.status_code == 204
        assert person.get(LIST).status_code == 302


def test_rows_that_were_sifted_here_are_as_old_as_they_are(person: CheckedClient, wire: Relay) -> None:
    path = f"{LIST}?q=depot"
    text(person, path)
    list_cache.forget_all()
    wire.cut()
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        page = text(person, path)
    assert READ in page
    assert "were read 0 s ago" not in page
