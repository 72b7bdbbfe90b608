"""The process itself: sizes, many callers at once, what stays between runs, how it ends."""

import http.client
import signal
import subprocess
import sys
import time
import urllib.parse
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tests.support.api_caller import Caller
from tests.support.sandbox import ROOT, running_sandbox


def test_twenty_thousand_clients_and_the_last_page_costs_what_the_first_does() -> None:
    began = time.monotonic()
    with running_sandbox("--clients", "1"):
        small = time.monotonic() - began
    began = time.monotonic()
    with running_sandbox("--clients", "20000") as sandbox:
        assert time.monotonic() - began < small * 20  # about four times as long
        caller = Caller(sandbox).signed_in()
        first, last = caller.get("/clients"), caller.get("/clients?page=667")
        assert (first.total, len(first.members), len(last.members)) == (20_000, 30, 20)
        assert last.members[-1]["id"] == 20_000
        work: dict[str, list[float]] = {"/clients?page=1": [], "/clients?page=666": []}
        for _ in range(30):
            for path, times in work.items():
                times.append(_timed(caller, path))
        near, far = (min(times) for times in work.values())
        assert far < near * 3  # a scan of all before it would cost ten times as much


def _timed(caller: Caller, path: str) -> float:
    began = time.perf_counter()
    assert caller.get(path).status == 200
    return time.perf_counter() - began


def test_sixty_four_callers_at_once_lose_nothing(caller: Caller) -> None:
    with ThreadPoolExecutor(64) as pool:
        made = list(
            pool.map(lambda number: caller.post("/locations", {"name": f"Zaal {number}"}), range(128))
        )
        read = list(
            pool.map(lambda number: caller.get(f"/clients?page={number % 14 + 1}").status, range(128))
        )
    assert {reply.status for reply in made} == {201}
    assert sorted(reply.json["id"] for reply in made) == list(range(65, 193))
    assert caller.get("/locations").total == 192
    assert set(read) == {200}


def test_a_reset_in_the_middle_of_reading_hurts_nobody(caller: Caller) -> None:
    with ThreadPoolExecutor(8) as pool:
        read = [pool.submit(caller.get, "/clients?itemsPerPage=100") for _ in range(60)]
        for _ in range(5):
            caller.sandbox.reset()
    assert {reply.result().status for reply in read} == {200}


def test_a_reset_takes_back_each_change_after_resets_that_had_nothing_to_do(caller: Caller) -> None:
    before = caller.get("/locations/1").json
    for name in ("Eerst", "Daarna"):
        caller.sandbox.reset()  # nothing to take back
        assert caller.patch("/locations/1", {"name": name}).status == 200
        caller.sandbox.reset()
        assert caller.get("/locations/1").json == before


def test_a_reset_takes_no_time_to_speak_of() -> None:
    began = time.perf_counter()
    with running_sandbox() as sandbox:
        start = time.perf_counter() - began
        caller, times = Caller(sandbox).signed_in(), []
        for _ in range(9):
            assert caller.patch("/locations/1", {"name": "Even"}).status == 200  # for it to take back
            began = time.perf_counter()
            sandbox.reset()
            times.append(time.perf_counter() - began)
    assert min(times) < start / 5  # a fiftieth of a start, which has to make what is restored


def test_what_was_changed_is_there_after_a_restart(tmp_path: Path) -> None:
    database = str(tmp_path / "kept.sqlite3")
    with running_sandbox("--database", database, "--clients", "5") as sandbox:
        assert Caller(sandbox).signed_in().patch("/locations/1", {"name": "Blijft"}).status == 200
    with running_sandbox("--database", database, "--clients", "5") as sandbox:
        caller = Caller(sandbox).signed_in()
        assert caller.get("/locations/1").json["name"] == "Blijft"
        sandbox.reset()
        assert caller.get("/locations/1").json["name"] != "Blijft"


def test_a_database_filled_under_other_names_is_not_misread(tmp_path: Path) -> None:
    database = str(tmp_path / "kept.sqlite3")
    with running_sandbox("--database", database, "--clients", "5"):
        pass
    command = [sys.executable, "-m", "dashboard.sandbox", "--port", "0", "--database", database, "--flipped"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ended.returncode == 1
    assert "other names" in ended.stderr


def test_the_seed_is_the_same_every_time() -> None:
    found = []
    for _ in range(2):
        with running_sandbox("--clients", "30") as sandbox:
            found.append(Caller(sandbox).signed_in().get("/clients").members)
    assert found[0] == found[1]


def test_without_control_there_is_none() -> None:
    with running_sandbox("--clients", "1", control=False) as sandbox:
        for word in ("requests", "faults", "reset"):
            assert Caller(sandbox).call("GET", f"/_control/{word}").status == 404


def test_a_signal_ends_it_cleanly_even_while_somebody_waits() -> None:
    command = [sys.executable, "-m", "dashboard.sandbox", "--port", "0", "--clients", "1"]
    for number in (signal.SIGTERM, signal.SIGINT):
        with subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            line = process.stdout.readline()
            assert line.startswith("Flowtly sandbox on http://127.0.0.1:")
            waiting = http.client.HTTPConnection(urllib.parse.urlsplit(line.split()[-1]).netloc, timeout=60)
            waiting.connect()
            process.send_signal(number)
            assert process.wait(60) == 0  # half as long as a connection that says nothing is kept
            assert process.stderr.read() == ""
            waiting.close()
