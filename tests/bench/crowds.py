"""Rows about many people at once."""

import contextlib
import threading
import time
from collections.abc import Iterator

from tests.bench.figures import Figure, at_least, at_most
from tests.bench.measuring import Caller, crowd, median, megabytes, milliseconds
from tests.bench.stage import CLIENTS, ORGANIZATION, Site, Stage, product

HANGS = 10  # seconds
PAUSE = 0.2  # seconds between two looks of somebody who reads


def fifty_people(stage: Stage) -> Iterator[Figure]:
    """Against Django as it comes, which draws the same list with one shared client."""
    stage.sandbox(20)
    ours, theirs = stage.product(), stage.plain()
    ratios, spreads, rates = [], [], []
    for _ in range(3):
        mine = crowd(people(ours, 50, CLIENTS), stage.seconds(4))
        plain = crowd(people(theirs, 50, "/clients/"), stage.seconds(4))
        ratios.append(mine.rate / plain.rate)
        spreads.append(mine.spread)
        rates.append((mine.rate, plain.rate))
    how = ", ".join(f"{mine:.0f} of {plain:.0f}" for mine, plain in rates) + " pages a second"
    yield at_least("50 people, API 20 ms: pages a second over plain Django's", 1.0, median(ratios), " ×", how)
    yield at_most("50 people, API 20 ms: p95 over p50", 2.2, median(spreads), " ×")


def two_hundred_people(stage: Stage) -> Iterator[Figure]:
    stage.sandbox(20)
    seen = crowd(people(stage.product(), 200, CLIENTS), stage.seconds(8))
    how = (
        f"{len(seen.statuses)} answers, {seen.rate:.0f} pages a second, p50 {milliseconds(seen.within(0.5))}"
    )
    yield at_most("200 people, API 20 ms: answers that are not 200", 0, seen.refused, "", how)
    yield at_most("200 people, API 20 ms: p95 over p50", 1.5, seen.spread, " ×")


def one_endpoint_hangs(stage: Stage) -> Iterator[Figure]:
    """Five people look at locations, without haste, while 150 wait for clients. A product of its own: what it learns of
    the API here would strike the other rows."""
    ratios, failed = [], 0
    with product(stage.sandbox()) as site:
        others = people(site, 5, f"/o/{ORGANIZATION}/locations/")
        waiting = people(site, 155, CLIENTS)[5:]
        for _ in range(2):
            stage.sandbox(20)
            recovered(site)
            before = crowd(others, stage.seconds(6), pause=PAUSE)
            stage.sandbox(20).faults("GET /clients", {"hang": HANGS})
            asked = [threading.Thread(target=ask_once, args=person) for person in waiting]
            for thread in asked:
                thread.start()
            during = crowd(others, stage.seconds(6), warm=False, pause=PAUSE)
            stage.sandbox(20)
            for thread in asked:
                thread.join()
            ratios.append((during.within(0.95), before.within(0.95)))
            failed += during.refused
    how = "p95 " + ", ".join(f"{milliseconds(d)} of {milliseconds(b)}" for d, b in ratios)
    yield at_most("150 calls hung on one endpoint: others that fail", 0, failed)
    ratio = median([during / before for during, before in ratios])
    yield at_most("150 calls hung on one endpoint: p95 of the others", 1.15, ratio, " ×", how)


def memory(stage: Stage) -> Iterator[Figure]:
    """After what the rows before have asked; alone, it asks by itself."""
    stage.sandbox(20)
    ours, theirs = stage.product(), stage.plain()
    crowd(people(ours, 50, CLIENTS), stage.seconds(2))
    crowd(people(theirs, 50, "/clients/"), stage.seconds(2))
    how = f"PSS of the server's processes; plain Django {megabytes(theirs.pids):.0f} MB"
    yield at_most("memory, two processes after load", 180, megabytes(ours.pids), " MB", how)


def recovered(site: Site) -> None:
    """Waits until the site asks the API for clients again, which it had learnt not to."""
    person = site.caller()
    for _ in range(60):
        if person.get(CLIENTS).status == 200:
            return
        time.sleep(1)
    raise RuntimeError("The site does not ask for clients any more.")


def ask_once(caller: Caller, path: str) -> None:
    with contextlib.suppress(OSError):
        caller.get(path)
    caller.close()


def people(site: Site, how_many: int, path: str) -> list[tuple[Caller, str]]:
    return [(site.caller(name), path) for name in site.everybody[:how_many]]
