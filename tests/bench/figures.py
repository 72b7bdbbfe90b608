"""A row of the table: a figure beside its bound, and whether it holds."""

import shutil
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    what: str
    bound: str
    measured: str
    holds: bool | None = None  # None: nothing was measured
    how: str = ""  # what it was made of

    @property
    def verdict(self) -> str:
        return {True: "holds", False: "MISSED", None: "–"}[self.holds]


def at_most(what: str, bound: float, value: float, unit: str = "", how: str = "") -> Figure:
    return Figure(what, f"≤ {_plain(bound)}{unit}", f"{_plain(value)}{unit}", value <= bound, how)


def at_least(what: str, bound: float, value: float, unit: str = "", how: str = "") -> Figure:
    return Figure(what, f"≥ {_plain(bound)}{unit}", f"{_plain(value)}{unit}", value >= bound, how)


def not_measured(what: str, bound: str, why: str) -> Figure:
    return Figure(what, bound, "not measured here", None, why)


def _plain(value: float) -> str:
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.3g}"


def as_text(figures: Sequence[Figure]) -> str:
    """For a terminal: what a figure was made of stands under it."""
    width = max([len(each.what) for each in figures] + [len("figure")])
    bounds = max([len(each.bound) for each in figures] + [len("bound")])
    measured = max([len(each.measured) for each in figures] + [len("measured")])

    def line(*cells: str) -> str:
        return f"{cells[0]:<{width}}  {cells[1]:<{bounds}}  {cells[2]:<{measured}}  {cells[3]}"

    lines = [line("figure", "bound", "measured", "")]
    columns = max(shutil.get_terminal_size((110, 24)).columns, 80)
    for each in figures:
        lines.append(line(each.what, each.bound, each.measured, each.verdict))
        lines += textwrap.wrap(each.how, columns, initial_indent="    ", subsequent_indent="    ")
    return "\n".join(lines)


def as_markdown(figures: Sequence[Figure]) -> str:
    lines = ["| figure | bound | measured | | made of |", "|---|---|---|---|---|"]
    for each in figures:
        lines.append(f"| {each.what} | {each.bound} | {each.measured} | {each.verdict} | {each.how} |")
    return "\n".join(lines)
