"""Row about drawing: thirty rows of a list from their records, over the same words put together by hand.

What a list costs without rows is taken off. As a program, in a process set up like the product's, it prints the
seconds of each.
"""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from html import escape
from types import SimpleNamespace
from typing import Any

from tests.bench.figures import Figure, at_most
from tests.bench.measuring import medians
from tests.bench.stage import CLIENTS, Stage
from tests.support.sandbox import ROOT

ROWS = 30


def thirty_rows(stage: Stage) -> Iterator[Figure]:
    stage.sandbox()
    site = stage.product()
    command = [
        sys.executable,
        "-m",
        "tests.bench.rendering",
        site.sessions["accounts"],
        str(stage.times(100)),
    ]
    said = subprocess.check_output(command, cwd=ROOT, env=site.settings, text=True)
    took: dict[str, float] = json.loads(said)
    ours = took["drawn"] - took["empty"]
    how = f"{ours * 1000:.2f} of {took['by hand'] * 1000:.2f} ms CPU"
    yield at_most(f"{ROWS} rows drawn, over the same with f-strings", 4, ours / took["by hand"], " ×", how)


class Source:
    """These records as the API's answer to any question."""

    def __init__(self, records: Sequence[Any]) -> None:
        self._page = SimpleNamespace(
            items=records, total=ROWS, page=1, next_page=None, has_more=False, filters=frozenset()
        )

    def filters(self) -> frozenset[str]:
        return frozenset()

    def list(self, *, page: int, items: int, filters: Mapping[str, Any]) -> Any:
        return self._page


def main(session: str, times: int) -> dict[str, float]:
    from django.template.loader import render_to_string

    from dashboard.entities.clients import searching
    from dashboard.tables import table
    from dashboard.web.request import link

    request = _request(session)
    records = request.flowtly.clients.list(page=1, items=ROWS).items
    assert len(records) == ROWS
    plan = searching.plan_of(request, link(request, "clients:edit", client_id="ID"))

    def drawn(rows: Sequence[Any]) -> None:
        listing = table.read(request, Source(rows), plan)
        render_to_string(f"clients/index.html#{plan.part}", {"listing": listing}, request)

    return medians(
        {
            "drawn": _processor(lambda: drawn(records)),
            "empty": _processor(lambda: drawn([])),
            "by hand": _processor(lambda: by_hand(records)),
        },
        times,
    )


def by_hand(records: Sequence[Any]) -> str:
    from dashboard.entities.clients.fields import currency
    from dashboard.standards import countries
    from dashboard.web.formatting import label, pill, record_name

    return "".join(
        f'<tr data-record="{escape(one.id)}"><th scope="row"><a href="{CLIENTS}{escape(one.id)}/">'
        f"{escape(record_name(one.name, one.id))}</a></th>"
        f'<td data-label="Country">{escape(countries.name(one.raw.get("country")))}</td>'
        f'<td data-label="Tax number"><code>{escape(label(one.raw.get("tin")))}</code></td>'
        f'<td data-label="Currency">{escape(currency(one.raw.get("currency")))}</td>'
        f'<td data-label="Days to pay" class="number">{escape(label(one.raw.get("dueDays")))}</td>'
        f'<td data-label="Status"><span class="pill pill-{pill(one.raw.get("status"))}">'
        f"{escape(label(one.raw.get('status')))}</span></td></tr>"
        for one in records
    )


def _request(session: str) -> Any:
    """A request for the list as the view has it, with all that stands around views."""
    from django.test import Client

    from dashboard.web import responses

    seen: list[Any] = []
    page = responses.page

    def watched(request: Any, *arguments: Any, **named: Any) -> Any:
        seen.append(request)
        return page(request, *arguments, **named)

    responses.page = watched
    client = Client(headers={"host": "localhost"})
    client.cookies["sessionid"] = session
    assert client.get(CLIENTS).status_code == 200
    return seen[0]


def _processor(act: Callable[[], object]) -> Callable[[], float]:
    def run() -> float:
        begun = time.process_time()
        act()
        return time.process_time() - begun

    return run


if __name__ == "__main__":
    import django

    django.setup()
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]))))
