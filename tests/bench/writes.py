"""Rows about saving: a PATCH with its lines of the audit log, over the calls that it makes one after another."""

import json
import re
from collections.abc import Iterator
from html import unescape
from urllib.parse import urlencode

from tests.bench.figures import Figure, at_most, not_measured
from tests.bench.measuring import Caller, medians, milliseconds
from tests.bench.stage import ORGANIZATION, Site, Stage, on_postgres
from tests.support.processes import CLUSTERS

RECORD = "/locations/7"
PAGE = f"/o/{ORGANIZATION}{RECORD}/"
HIDDEN = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)"')
MERGE_PATCH = {"Content-Type": "application/merge-patch+json"}


def patch_on_sqlite(stage: Stage) -> Iterator[Figure]:
    yield from _over_its_calls(stage, stage.product(), "SQLite")


def patch_on_postgres(stage: Stage) -> Iterator[Figure]:
    if not list(CLUSTERS.glob("*/bin/initdb")):
        yield not_measured(
            "PATCH with audit over its calls, PostgreSQL", "≤ 1.2 ×", "PostgreSQL is not installed"
        )
        return
    with on_postgres(stage.sandbox()) as site:
        yield from _over_its_calls(stage, site, "PostgreSQL")


def _over_its_calls(stage: Stage, site: Site, database: str) -> Iterator[Figure]:
    sandbox, api, person = stage.sandbox(20), stage.api(), Saver(site.caller())
    stage.sandbox(20)
    runs = {
        "save": person.save,
        "read": lambda: api.get(RECORD).seconds,
        "change": lambda: api.send("PATCH", RECORD, _other_name(), MERGE_PATCH).seconds,
    }
    took = medians(runs, stage.times(25))
    sandbox.clear_requests()
    person.save()
    calls = [f"{each['method']} {each['path']}" for each in sandbox.requests()][
        1:
    ]  # the first draws the form
    both = took["read"] + took["change"]
    how = (
        f"save {milliseconds(took['save'])}, GET and PATCH {milliseconds(both)}; it asked {', '.join(calls)}"
    )
    yield at_most(f"PATCH with audit over its calls, {database}", 1.2, took["save"] / both, " ×", how)


class Saver:
    """Somebody who opens a form and saves it, over and over; only the saving is timed."""

    def __init__(self, caller: Caller) -> None:
        self._caller = caller
        self._cookie = caller.headers["Cookie"]

    def save(self) -> float:
        form = self._caller.get(PAGE, Accept_Encoding="identity")
        assert form.status == 200, form.status
        hidden = {name: unescape(value) for name, value in HIDDEN.findall(form.body.decode())}
        token = form.headers.get("set-cookie", "").partition(";")[0]
        if token:
            self._caller.headers["Cookie"] = f"{self._cookie}; {token}"
        sent = urlencode({**hidden, "name": json.loads(_other_name())["name"]}).encode()
        reply = self._caller.send("POST", PAGE, sent, {"Content-Type": "application/x-www-form-urlencoded"})
        assert reply.status == 302, (reply.status, reply.body[:500])
        return reply.seconds


_turns = iter(range(10**9))


def _other_name() -> bytes:
    return json.dumps({"name": f"Depot {next(_turns)}"}).encode()
