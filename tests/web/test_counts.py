"""Counts of each page: questions to the database, calls to the API and their rounds, bytes, choices. What takes time is
printed by `make bench`; what can be counted is held here.

Pages are found by following links, each view once. Each bound has a table of the views that are still above it: its
numbers only ever go down, and a view whose number is within the bound leaves the table.
"""

import gzip
import hashlib
import http.client
import re
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import Resolver404, resolve, reverse

from dashboard.accounts.models import Person
from dashboard.upstream import connection
from dashboard.web.navigation import items
from tests.support.markup import DRAWN_ANEW
from tests.support.raw_server import Asked, Wire, answer, raw_server
from tests.support.sandbox import Sandbox

ORGANIZATION = "org_1001"
OVERVIEW = f"/o/{ORGANIZATION}/"
LIST, FORM = f"{OVERVIEW}clients/", f"{OVERVIEW}clients/1/"
LINK = re.compile(r'<a [^>]*href="(/[^"]*)"')
# Beside the ways out, files: they are no pages.
NO_PAGES = re.compile("account_log.*|exports:.*|home")

QUERIES = 6
MORE_QUERIES = {
    "acts:apply-coupon": 14, "acts:clear-coupon": 15, "addresses:delete": 10, "addresses:edit": 13,
    "addresses:index": 10, "addresses:new": 9, "approvals:index": 15, "audit:index": 11,
    "batches:index": 10, "batches:new": 12, "clients:contact": 14, "clients:delete-contact": 10,
    "clients:edit": 15, "clients:index": 10, "clients:new": 9, "clients:new-contact": 9, "configs:edit": 14,
    "configs:index": 10, "find:index": 10, "followups:index": 11, "help": 9, "home": 9,
    "integrations:google-workspace": 14, "integrations:index": 11, "integrations:kontomatik": 12,
    "integrations:microsoft-teams": 14, "integrations:setup": 10, "locations:edit": 14,
    "locations:index": 10, "locations:new": 9, "me:index": 12, "me:password": 9, "meetings:edit": 14,
    "meetings:index": 10, "meetings:new": 9, "notes:about": 13, "organizations:new": 8,
    "organizations:overview": 13, "people:edit": 11, "people:index": 9, "people:new": 7,
    "profile:index": 14, "profile:mail-footer": 16, "profile:picture": 11, "reference:countries": 10,
    "reference:country": 10, "reference:language": 11, "reference:languages": 11,
    "reference:new-language": 7, "status:index": 27, "subscriptions:catalog": 10, "subscriptions:index": 10,
    "subscriptions:new": 12, "subscriptions:show": 14,
}  # fmt: skip
CALLS = 4
MORE_CALLS = {"organizations:overview": 8, "clients:edit": 5}
MORE_ROUNDS = {"clients:edit"}
PATIENCE = 60  # seconds for which a call waits at a gate that does not open
OPTIONS = 300
MORE_OPTIONS = {
    "addresses:edit": 503, "addresses:new": 503, "clients:edit": 789, "clients:new": 789, "me:index": 491,
}  # fmt: skip
BYTES = 6 * 1024  # of HTML, gzipped
MORE_BYTES = {
    "addresses:edit": 8000, "addresses:new": 7400, "clients:edit": 10300, "clients:index": 6500,
    "clients:new": 8700, "me:index": 9500, "meetings:index": 6900,
}  # fmt: skip


@dataclass(frozen=True)
class Counted:
    queries: int
    calls: int
    options: int
    bytes: int


def counted(client: Client, sandbox: Sandbox, path: str) -> tuple[Counted, str] | None:
    """A page once it is warm. The least of three: every few seconds a process keeps its figures at the end of whatever
    page it draws, or reads a list anew."""
    found = []
    for _ in range(3):
        sandbox.clear_requests()
        with CaptureQueriesContext(database) as asked:
            page = client.get(path)
        if page.status_code != 200 or page.streaming or not page["Content-Type"].startswith("text/html"):
            return None
        found.append((len(asked), len(sandbox.requests())))
    text = page.content.decode()
    size = len(gzip.compress(always_the_same(text).encode(), mtime=0))
    queries, calls = (min(each) for each in zip(*found, strict=True))
    return Counted(queries, calls, text.count("<option"), size), text


def always_the_same(page: str) -> str:
    """With other tokens in the place of those made at random: they compress as badly, and as badly each time."""
    for anew in DRAWN_ANEW:
        page = anew.sub(lambda found: hashlib.shake_256(b"any").hexdigest(len(found[0]) // 2), page)
    return page


def pages(client: Client, sandbox: Sandbox) -> Iterator[tuple[str, Counted]]:
    """Every page that the menu leads to, by the name of its view."""
    ahead = {
        item.url_name: reverse(item.url_name, kwargs={"org": ORGANIZATION} if item.inside else {})
        for item in items()
    }
    ahead["organizations:overview"] = OVERVIEW
    seen: set[str] = set()
    while ahead:
        view, path = ahead.popitem()
        seen.add(view)
        if (found := counted(client, sandbox, path)) is None:
            continue
        yield view, found[0]
        for href in map(unescape, LINK.findall(found[1])):
            leads_to = view_of(href)
            if leads_to and leads_to not in seen and not NO_PAGES.fullmatch(leads_to):
                ahead.setdefault(leads_to, href)


def view_of(path: str) -> str:
    try:
        return str(resolve(path.partition("?")[0]).view_name)
    except Resolver404:
        return ""


@pytest.mark.any_flavour
@pytest.mark.parametrize("who", ["admin", "finance"])
def test_no_page_costs_more_than_it_may(sandbox: Sandbox, people: dict[str, Person], who: str) -> None:
    client = Client()
    client.force_login(people[who])
    found = dict(pages(client, sandbox))
    assert len(found) > 35
    too_much = [
        f"{view}: {number} {what}"
        for view, counts in found.items()
        for what, number, bound, more in (
            ("queries", counts.queries, QUERIES, MORE_QUERIES),
            ("calls", counts.calls, CALLS, MORE_CALLS),
            ("options", counts.options, OPTIONS, MORE_OPTIONS),
            ("bytes", counts.bytes, BYTES, MORE_BYTES),
        )
        if number > more.get(view, bound)
    ]
    assert not too_much, "\n".join(sorted(too_much))


class Gate:
    """The API behind a gate that opens when so many calls wait at it: a page that makes them one after another waits
    for as long as anybody is patient."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._netloc = urlsplit(sandbox.origin).netloc
        self.opens_for: threading.Barrier | None = None

    def __call__(self, asked: Asked, wire: Wire) -> None:
        with suppress(threading.BrokenBarrierError):
            if self.opens_for:
                self.opens_for.wait(PATIENCE)
        with closing(http.client.HTTPConnection(self._netloc)) as there:
            there.request(asked.method, asked.target, asked.body or None, asked.headers)
            got = there.getresponse()
            wire.send(answer(got.status, got.read(), Content_Type=got.headers["Content-Type"]))


@pytest.mark.any_flavour
@pytest.mark.parametrize(
    "path", [path for path in (OVERVIEW, LIST, FORM) if view_of(path) not in MORE_ROUNDS]
)
def test_all_calls_of_a_page_are_under_way_at_once(
    sandbox: Sandbox, people: dict[str, Person], settings: Any, path: str
) -> None:
    client = Client()
    client.force_login(people["admin"])
    with raw_server(gate := Gate(sandbox)) as server:
        settings.FLOWTLY_BASE_URL = server.base_url
        settings.FLOWTLY_READ_TIMEOUT = settings.PAGE_READ_TIMEOUT = 4 * PATIENCE
        connection.forget()
        client.get(path)
        asked = len(server.asked)
        client.get(path)
        gate.opens_for = threading.Barrier(len(server.asked) - asked)
        page = client.get(path)
        assert not gate.opens_for.broken, "some call waits for the answer to another"
        assert page.status_code == 200
