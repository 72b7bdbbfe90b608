"""Rows about an organization with a hundred thousand clients, beside one that has sixty."""

import http.client
import json
import math
import time
import urllib.parse
import zlib
from collections.abc import Iterator

from tests.bench.figures import Figure, at_least, at_most
from tests.bench.measuring import Caller, median, megabytes, milliseconds
from tests.bench.pages import again, calls_of, page_and_calls
from tests.bench.stage import KEPT, ORGANIZATION, Site, Stage, product, signed_in
from tests.support.sandbox import Sandbox, running_sandbox

CLIENTS, ROWS = 99_990, 30  # so that the last page is full
LARGEST_PAGE = 100
FEW = "org_1002"


def a_hundred_thousand_clients(stage: Stage) -> Iterator[Figure]:
    KEPT.mkdir(parents=True, exist_ok=True)
    how = ("--database", str(KEPT / f"clients-{CLIENTS}.sqlite3"), "--clients", str(CLIENTS))
    with running_sandbox(*how) as sandbox, product(sandbox) as site:
        yield from _first_and_last_page(stage, sandbox, site)
        yield from _export(stage, sandbox, site)


def _first_and_last_page(stage: Stage, sandbox: Sandbox, site: Site) -> Iterator[Figure]:
    person, api = site.caller(), signed_in(sandbox)
    own = {}
    for organization in (ORGANIZATION, FEW):
        path = f"/o/{organization}/clients/"
        pages = math.ceil(_total(sandbox, person, api, path) / ROWS)
        for which, url in (("first", path), ("last", f"{path}?page={pages}")):
            calls = calls_of(sandbox, person, url)
            took = page_and_calls(person, url, api, calls, stage.times(20))
            own[organization, which] = took.pop("page") - sum(took.values())
    for which in ("first", "last"):
        many, few = own[ORGANIZATION, which], own[FEW, which]
        what = f"list of {CLIENTS:,} clients, {which} page less its calls, over that of 60"
        yield at_most(what, 1.2, many / few, " ×", f"{milliseconds(many)} of {milliseconds(few)}")


def _total(sandbox: Sandbox, person: Caller, api: Caller, path: str) -> int:
    (call, *_others) = [each for each in calls_of(sandbox, person, path) if each["path"] == "/clients"]
    return int(json.loads(again(api, call).body)["hydra:totalItems"])


def _export(stage: Stage, sandbox: Sandbox, site: Site) -> Iterator[Figure]:
    """Both read for as long, one after the other; an export that is not at its end by then is broken off."""
    rates, memory = [], []
    for _ in range(3):
        exported, grown = _exported(site, stage.seconds(4))
        sandbox.clear_requests()
        rates.append((exported, _walked(signed_in(sandbox), stage.seconds(4))))
        memory.append(grown)
    how = ", ".join(f"{ours:.0f} of {theirs:.0f}" for ours, theirs in rates) + " clients a second"
    ratio = median([ours / theirs for ours, theirs in rates])
    yield at_least(f"export of {CLIENTS:,} clients, rate over the API's own", 0.8, ratio, " ×", how)
    how = "growth of the server's memory between a third of the export read and the last of it"
    yield at_most(f"export of {CLIENTS:,} clients, memory", 10, max(memory), " MB", how)


def _exported(site: Site, seconds: float) -> tuple[float, float]:
    """Clients a second, and megabytes."""
    at = urllib.parse.urlsplit(site.address)
    connection = http.client.HTTPConnection(at.netloc, timeout=60)
    begun, lines, at_a_third = time.perf_counter(), 0, 0.0
    connection.request("GET", f"/o/{ORGANIZATION}/export/clients.csv", headers=site.caller().headers)
    answer = connection.getresponse()
    assert answer.status == 200, answer.status
    unpacked = zlib.decompressobj(wbits=31) if answer.headers.get("Content-Encoding") == "gzip" else None
    while (spent := time.perf_counter() - begun) < seconds and (piece := answer.read1(65_536)):
        lines += (unpacked.decompress(piece) if unpacked else piece).count(b"\r\n")
        if not at_a_third and spent > seconds / 3:
            at_a_third = megabytes(site.pids)
    spent = time.perf_counter() - begun
    grown = megabytes(site.pids) - at_a_third
    connection.close()
    return lines / spent, grown


def _walked(api: Caller, seconds: float) -> float:
    """Clients a second, asked for a page at a time in pages as large as the API gives."""
    begun, page, clients = time.perf_counter(), 0, 0
    while (spent := time.perf_counter() - begun) < seconds:
        page += 1
        reply = api.get(f"/clients?page={page}&itemsPerPage={LARGEST_PAGE}")
        found = len(json.loads(reply.body)["hydra:member"])
        clients += found
        if not found:
            break
    return clients / spent
