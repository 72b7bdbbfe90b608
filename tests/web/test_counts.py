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
# One more than was counted: now and then a process looks at what others have learnt.
MORE_QUERIES = {
    "acts:apply-coupon": 11, "acts:clear-coupon": 12, "addresses:delete": 9, "addresses:edit": 10,
    "addresses:index": 7, "addresses:new": 8, "approvals:index": 13, "audit:index": 12, "batches:index": 8,
    "batches:new": 10, "clients:contact": 11, "clients:delete-contact": 9, "clients:edit": 12,
    "clients:index": 7, "clients:new": 8, "clients:new-contact": 8, "configs:edit": 11, "configs:index": 7,
    "find:index": 7, "followups:index": 9, "help": 7, "home": 7, "integrations:google-workspace": 11,
    "integrations:index": 8, "integrations:kontomatik": 9, "integrations:microsoft-teams": 11,
    "integrations:setup": 9, "locations:edit": 11, "locations:index": 7, "locations:new": 8, "me:index": 10,
    "me:password": 7, "meetings:edit": 11, "meetings:index": 7, "meetings:new": 8, "notes:about": 10,
    "organizations:new": 8, "organizations:overview": 15, "people:edit": 11, "people:index": 9,
    "people:new": 7, "profile:index": 11, "profile:mail-footer": 13, "profile:picture": 10,
    "reference:countries": 7, "reference:country": 7, "reference:language": 8, "reference:languages": 8,
    "status:index": 25, "subscriptions:catalog": 7, "subscriptions:index": 7, "subscriptions:new": 9,
    "subscriptions:show": 11,
}  # fmt: skip
CALLS = 4
MORE_CALLS = {"organizations:overview": 8, "clients:edit": 5}
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
@pytest.mark.parametrize("path", [OVERVIEW, LIST, FORM])
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
