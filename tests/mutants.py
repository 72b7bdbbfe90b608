"""Mutation testing of the modules that guard writes: `make mutants`.

cosmic-ray changes one thing at a time in a copy of this tree, and the tests that belong to the room run over it. A
change that no test notices is a survivor: it is printed, and wants a test or a reason. A whole run takes a night, so it
draws a sample of each room, the same one every time; `EACH=400 make mutants` draws more, `ROOMS="audit"` names rooms.
"""

import os
import random
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from cosmic_ray.work_db import WorkDB, use_db
from cosmic_ray.work_item import TestOutcome, WorkerOutcome, WorkResult

ROOT = Path(__file__).parent.parent
EACH = int(os.environ.get("EACH", "60"))
# What is changed, and the tests that have to notice; the quick ones first, for the first failure ends it.
ROOMS = {
    "tenant_check": (
        ["dashboard/upstream/tenant_check.py", "dashboard/forms/tenant_check.py"],
        "tests/upstream/test_tenant_check.py",
    ),
    "audit": (
        ["dashboard/audit"],
        "tests/audit/test_field_authors.py tests/audit/test_chain.py tests/audit/test_trail.py "
        "tests/audit/test_reconciling.py tests/forms/test_saving.py",
    ),
    "forms": (
        ["dashboard/forms"],
        "tests/forms/test_calls.py tests/forms/test_conflicts.py tests/forms/test_reverting.py "
        "tests/forms/test_country_field.py tests/forms/test_saving.py tests/upstream/test_tenant_check.py",
    ),
    "actions": (
        ["dashboard/actions"],
        "tests/actions/test_flow.py tests/actions/test_clearing.py tests/actions/test_approvals.py "
        "tests/actions/test_bulk.py tests/actions/test_faults.py",
    ),
}
# Only the types that a `|` joins would change.
OF_TYPES = re.compile("core/ReplaceBinaryOperator_BitOr_")
CONFIG = """
[cosmic-ray]
module-path = {modules}
timeout = 300.0
excluded-modules = ["dashboard/**/migrations/*"]
test-command = "{python} -m pytest -x -q -p no:cacheprovider -m 'not postgres' {tests}"

[cosmic-ray.distributor]
name = "local"
"""


@dataclass
class Found:
    room: str
    tried: int
    survivors: list[str]

    def __str__(self) -> str:
        noticed = self.tried - len(self.survivors)
        share = 100 * noticed // (self.tried or 1)
        return "\n".join([f"{self.room}: {noticed} of {self.tried} noticed ({share} %)", *self.survivors])


def main() -> None:
    rooms = os.environ.get("ROOMS", " ".join(ROOMS)).split()
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(survivors, rooms):
            sys.stdout.write(f"{found}\n")


def survivors(room: str) -> Found:
    modules, tests = ROOMS[room]
    with TemporaryDirectory(prefix=f"mutants-{room}-") as name:
        tree = Path(name)
        _copy(tree)
        config = CONFIG.format(modules=modules, python=ROOT / ".venv/bin/python", tests=tests)
        (tree / "mutants.toml").write_text(config)
        _cosmic_ray(tree, "baseline", "mutants.toml")
        _cosmic_ray(tree, "init", "mutants.toml", "session.sqlite")
        with use_db(str(tree / "session.sqlite"), WorkDB.Mode.open) as session:
            _draw(session)
        _cosmic_ray(tree, "exec", "mutants.toml", "session.sqlite")
        with use_db(str(tree / "session.sqlite"), WorkDB.Mode.open) as session:
            outcomes = [result.test_outcome for _job, result in session.results]
            tried = sum(outcome in {TestOutcome.SURVIVED, TestOutcome.KILLED} for outcome in outcomes)
            return Found(room, tried, list(_survivors(session)))


def _copy(tree: Path) -> None:
    for file in subprocess.check_output(["git", "ls-files"], cwd=ROOT, text=True).splitlines():
        (tree / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / file, tree / file)


def _cosmic_ray(tree: Path, *arguments: str) -> None:
    subprocess.run([Path(sys.executable).with_name("cosmic-ray"), *arguments], cwd=tree, check=True)


def _draw(session: WorkDB) -> None:
    """Leaves out all but the sample."""
    every = sorted(session.pending_work_items, key=lambda item: str(item.mutations))
    usable = [item for item in every if not OF_TYPES.match(item.mutations[0].operator_name)]
    drawn = {item.job_id for item in random.Random(1).sample(usable, min(EACH, len(usable)))}
    out = [item.job_id for item in every if item.job_id not in drawn]
    session.set_multiple_results(out, WorkResult(worker_outcome=WorkerOutcome.SKIPPED))


def _survivors(session: WorkDB) -> Iterator[str]:
    for _item, result in session.completed_work_items:
        if result.test_outcome == TestOutcome.SURVIVED:
            yield result.diff or ""


if __name__ == "__main__":
    main()
