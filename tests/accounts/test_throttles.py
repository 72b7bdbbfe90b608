"""Who tries too often, from where, and what is on record of coming in and leaving."""

import logging
from collections.abc import Iterator
from ipaddress import ip_network
from typing import Any

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client, RequestFactory

from dashboard.accounts.models import Person
from dashboard.audit.models import Entry, Phase
from dashboard.web.client_address import client_address

LOGIN = "/accounts/login/"
HERE, THERE = "192.0.2.10", "198.51.100.7"


@pytest.fixture(autouse=True)
def clock(people: dict[str, Person]) -> Iterator[time_machine.Traveller]:
    cache.clear()
    with time_machine.travel("2026-03-02 09:00Z", tick=False) as traveller:
        yield traveller


def tries(
    client: Client, name: str, password: str = "wrong", address: str = HERE, **more: Any
) -> HttpResponse:
    return client.post(LOGIN, {"login": name, "password": password}, REMOTE_ADDR=address, **more)  # type: ignore[return-value]


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def lock(name: str, address: str = HERE) -> None:
    for _ in range(5):
        assert tries(Client(), name, address=address).status_code == 200


def test_five_failures_lock_an_account_for_that_address_and_the_page_says_how_long() -> None:
    lock("viewer")
    client = Client()
    answer = tries(client, "viewer", "demo")
    assert (answer.status_code, answer["Retry-After"], is_in(client)) == (429, "300", False)
    page = answer.content.decode()
    assert 'value="viewer"' in page
    assert "Too many" in page
    tries(client, "finance", "demo")
    assert is_in(client)


def test_the_lock_ends(clock: time_machine.Traveller) -> None:
    lock("viewer")
    clock.shift(301)
    client = Client()
    tries(client, "viewer", "demo")
    assert is_in(client)


@pytest.mark.parametrize("spelling", ["VIEWER", "ｖｉｅｗｅｒ", " viewer "])
def test_another_spelling_of_a_name_is_the_same_account(spelling: str) -> None:
    lock("viewer")
    assert tries(Client(), spelling, "demo").status_code == 429


def test_a_stranger_elsewhere_locks_nobody_out() -> None:
    lock("viewer", THERE)
    client = Client()
    tries(client, "viewer", "demo", HERE)
    assert is_in(client)


def test_nor_from_everywhere_whoever_has_signed_in_on_this_device_before() -> None:
    known, new = Client(), Client()
    tries(known, "viewer", "demo")
    known.post("/accounts/logout/")
    for n in range(60):
        tries(Client(), "viewer", address=f"203.0.113.{n}")
    assert tries(new, "viewer", "demo", "203.0.113.200").status_code == 429
    tries(known, "viewer", "demo", "203.0.113.0")
    assert is_in(known)


def test_nor_from_the_same_address() -> None:
    known = Client()
    tries(known, "viewer", "demo")
    known.post("/accounts/logout/")
    for name in ("viewer", "finance", "accounts", "admin"):
        lock(name)
    tries(known, "viewer", "demo")
    assert is_in(known)


@pytest.mark.parametrize("whose", ["another", "forged"])
def test_a_device_is_of_one_person(whose: str) -> None:
    client = Client()
    if whose == "another":
        tries(client, "finance", "demo")
        client.post("/accounts/logout/")
    else:
        client.cookies["device"] = "WzEsImEiXQ:1:forged"
    lock("viewer")
    assert tries(client, "viewer", "demo").status_code == 429


def test_a_known_device_is_locked_for_itself() -> None:
    client = Client()
    tries(client, "viewer", "demo")
    client.post("/accounts/logout/")
    for _ in range(5):
        assert tries(client, "viewer").status_code == 200
    assert tries(client, "viewer", "demo").status_code == 429


def test_an_address_may_fail_twenty_times_a_minute_over_all_accounts() -> None:
    for n in range(20):
        assert tries(Client(), f"nobody{n}").status_code == 200
    assert tries(Client(), "viewer", "demo").status_code == 429
    client = Client()
    tries(client, "viewer", "demo", THERE)
    assert is_in(client)


def test_many_people_of_one_office_sign_in_within_a_minute() -> None:
    for _ in range(40):
        client = Client()
        assert tries(client, "viewer", "demo").status_code == 302


TRUSTED = ["10.0.0.1", "10.1.0.0/16", "2001:db8::/64"]
# Who asks, what stands in X-Forwarded-For, who is trusted → whose request it is.
ADDRESSES: list[tuple[str, str, list[str], str]] = [
    (HERE, "", [], HERE),
    (HERE, THERE, [], HERE),  # off by default
    (HERE, THERE, TRUSTED, HERE),  # not one of ours
    ("10.0.0.1", THERE, TRUSTED, THERE),
    ("10.0.0.1", f"1.1.1.1, {THERE}", TRUSTED, THERE),  # the first was made up
    ("10.0.0.1", f"1.1.1.1, {THERE}, 10.1.2.3", TRUSTED, THERE),
    ("10.0.0.1", "", TRUSTED, "10.0.0.1"),
    ("10.0.0.1", "10.1.0.9", TRUSTED, "10.1.0.9"),
    ("10.0.0.1", f"{THERE}, unknown", TRUSTED, "10.0.0.1"),
    ("10.0.0.1", f"{THERE}:51234", TRUSTED, THERE),
    ("10.0.0.1", "[2001:db8:1::7]:443", TRUSTED, "2001:db8:1::7"),
    ("::ffff:10.0.0.1", f"::ffff:{THERE}", TRUSTED, THERE),
    ("2001:db8::1", THERE, TRUSTED, THERE),
    ("", THERE, [], "127.0.0.1"),  # a unix socket
    ("", THERE, TRUSTED, "127.0.0.1"),
    ("", THERE, ["unix"], THERE),
    ("", f"1.1.1.1, {THERE}", ["unix"], THERE),
    (HERE, THERE, ["unix"], HERE),
]


@pytest.mark.parametrize(("peer", "forwarded", "trusted", "address"), ADDRESSES)
def test_an_address_is_believed_of_trusted_proxies_alone(
    peer: str, forwarded: str, trusted: list[str], address: str, settings: Any
) -> None:
    settings.TRUSTED_PROXIES = [word if word == "unix" else ip_network(word) for word in trusted]
    asked = {"HTTP_X_FORWARDED_FOR": forwarded} if forwarded else {}
    assert client_address(RequestFactory().get("/", REMOTE_ADDR=peer, **asked)) == address  # type: ignore[arg-type]


def test_signing_in_over_a_unix_socket_works() -> None:
    client = Client()
    tries(client, "viewer", "demo", address="")
    assert is_in(client)
    assert UserSession.objects.get(user__username="viewer").ip == "127.0.0.1"


def test_behind_a_proxy_each_client_counts_by_itself(settings: Any) -> None:
    settings.TRUSTED_PROXIES = [ip_network("10.0.0.1")]
    for _ in range(5):
        tries(Client(), "viewer", address="10.0.0.1", HTTP_X_FORWARDED_FOR=THERE)
    assert tries(Client(), "viewer", "demo", "10.0.0.1", HTTP_X_FORWARDED_FOR=THERE).status_code == 429
    client = Client()
    tries(client, "viewer", "demo", "10.0.0.1", HTTP_X_FORWARDED_FOR=HERE)
    assert is_in(client)


def on_record() -> list[tuple[str, str, str, str, str]]:
    """Who, what, whose name, from where, what became of it."""
    outcomes = dict(Entry.objects.filter(phase=Phase.OUTCOME).values_list("write", "outcome"))
    return [
        (line.username, line.kind, line.record_name, line.changes["address"][1], outcomes[line.write])
        for line in Entry.objects.filter(phase=Phase.INTENT).order_by("number")
    ]


def test_coming_in_being_refused_locked_out_and_leaving_are_on_record_and_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO, "dashboard.security")
    client = Client()
    tries(client, "viewer", "demo", THERE)
    client.post("/accounts/logout/", REMOTE_ADDR=THERE)
    lock("viewer")
    for _ in range(3):
        tries(Client(), "viewer", "demo")
    assert on_record() == [
        ("viewer", "sign-in", "viewer", THERE, "applied"),
        ("viewer", "sign-out", "viewer", THERE, "applied"),
        *[("–", "sign-in-failed", "viewer", HERE, "refused")] * 5,
        ("–", "sign-in-locked", "viewer", HERE, "refused"),
    ]
    said = [(r.event, r.person, r.address) for r in caplog.records if r.name == "dashboard.security"]  # type: ignore[attr-defined]
    assert said == [(kind, name, address) for _, kind, name, address, _ in on_record()]


def test_a_name_that_nobody_has_is_written_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(0)
    tries(Client(), "my-secret-password")
    assert on_record() == []
    assert not [r for r in caplog.records if "my-secret-password" in str(r.__dict__)]
    assert [r.address for r in caplog.records if r.name == "dashboard.security"] == [HERE]  # type: ignore[attr-defined]


def test_a_superuser_reads_of_it_in_the_audit_log_and_others_of_their_own() -> None:
    viewer, finance, admin = Client(), Client(), Client()
    tries(viewer, "viewer", "demo", THERE)
    tries(finance, "finance", "demo")
    tries(Client(), "finance", "wrong", "203.0.113.9")
    tries(admin, "admin", "demo")
    refused = Entry.objects.get(kind="sign-in-failed", phase=Phase.INTENT).write
    came_in = Entry.objects.get(kind="sign-in", phase=Phase.INTENT, username="finance").write
    for client, sees in ((admin, True), (finance, False)):
        page = client.get("/audit/").content.decode()
        assert (refused in page, came_in in page) == (sees, True)
    assert "203.0.113.9" in admin.get(f"/audit/{refused}/").content.decode()
