"""The pins: what is named in pyproject.toml, to the file."""

import re
import tomllib

import pytest

from tests.support.sandbox import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
NAMED = PROJECT["dependencies"]
TESTS = PROJECT["optional-dependencies"]["tests"]


def pins(path: str) -> dict[str, str]:
    text = (ROOT / path).read_text()
    return {name.lower(): version for name, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.M)}


def wanted(lines: list[str]) -> dict[str, str]:
    return {
        re.sub(r"\[.*?\]", "", name).lower(): version
        for name, version in (line.split("==") for line in lines)
    }


@pytest.mark.parametrize(
    ("path", "named"), [("requirements.txt", NAMED), ("tests/requirements.txt", NAMED + TESTS)]
)
def test_each_is_as_the_project_names_it_with_hashes(path: str, named: list[str]) -> None:
    pinned = pins(path)
    assert wanted(named).items() <= pinned.items()
    entries = re.split(r"\n(?=\w)", (ROOT / path).read_text())[1:]
    assert len(entries) == len(pinned)
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_tests_run_on_what_the_dashboard_runs_on() -> None:
    assert pins("requirements.txt").items() <= pins("tests/requirements.txt").items()


@pytest.mark.parametrize("path", ["requirements.txt", "tests/requirements.txt"])
def test_neither_says_where_it_was_made(path: str) -> None:
    assert not re.search(r"://|^--(?!hash)|\s/\w", (ROOT / path).read_text(), re.M)
