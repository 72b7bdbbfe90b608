"""Rows about many people at once."""

from collections.abc import Iterator

from tests.bench.figures import Figure, at_least, at_most
from tests.bench.measuring import Caller, crowd, median
from tests.bench.stage import CLIENTS, Site, Stage


def fifty_people(stage: Stage) -> Iterator[Figure]:
    """Against Django as it comes, which draws the same list with one shared client."""
    stage.sandbox(20)
    ours, theirs = stage.product(), stage.plain()
    ratios, spreads, rates = [], [], []
    for _ in range(3):
        mine = crowd(people(ours, 50, CLIENTS), stage.seconds(5))
        plain = crowd(people(theirs, 50, "/clients/"), stage.seconds(5))
        ratios.append(mine.rate / plain.rate)
        spreads.append(mine.spread)
        rates.append((mine.rate, plain.rate))
    how = ", ".join(f"{mine:.0f} of {plain:.0f}" for mine, plain in rates) + " pages a second"
    yield at_least("50 people, API 20 ms: pages a second over plain Django's", 1.0, median(ratios), " ×", how)
    yield at_most("50 people, API 20 ms: p95 over p50", 2.2, median(spreads), " ×")


def people(site: Site, how_many: int, path: str) -> list[tuple[Caller, str]]:
    return [(site.caller(name), path) for name in site.everybody[:how_many]]
