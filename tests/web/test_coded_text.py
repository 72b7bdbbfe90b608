"""What is kept of a message is its code with its values, and it is read in the language of whoever reads it."""

import json
import re
from collections.abc import Callable, Iterator
from functools import partial

import pytest

from dashboard.actions import problems
from dashboard.actions.models import Act, State
from dashboard.flowtly import errors
from dashboard.storage.database import Trouble
from dashboard.web import coded_text, error_messages, error_words
from dashboard.web.coded_text import TEXTS, coded, drawn, kept
from dashboard.web.error_messages import Problem
from tests.support.catalog import MARK, in_dutch

THEIRS = "No such coupon"
ANSWERED = errors.Unexpected(status=418, detail=THEIRS)
TENANT = errors.AnotherTenant(wanted="org_1", found="org_2")
SENT: list[errors.FlowtlyError] = [
    errors.Invalid(status=422, violations=(errors.Violation("code", THEIRS),)),
    errors.Invalid(status=422, violations=(errors.Violation("a", THEIRS), errors.Violation("b", THEIRS))),
    errors.Unauthorized(status=401),
    errors.Forbidden(status=403, detail=THEIRS),
    errors.NotFound(status=404),
    errors.TooManyRequests(status=429, retry_after=7200.0),
    errors.TooManyRequests(status=429),
    errors.TooLarge(status=413),
    errors.BadRequest(status=400),
    ANSWERED,
    errors.Conflict(status=409, detail=THEIRS),
    errors.Timeout(outcome_unknown=True),
]
UNSENT: list[errors.FlowtlyError] = [
    errors.Busy(), errors.KindGivenUp(), errors.NotSignedIn(), errors.TenantUnknown(), errors.BadIdentifier(),
    errors.OutOfTime(), errors.CannotConnect(), TENANT, errors.TenantUnproved(reason=errors.Timeout()),
]  # fmt: skip
READ: list[errors.FlowtlyError] = [
    *UNSENT, errors.GivenUp(), errors.SignInFailed(status=404), errors.NothingThere(), errors.Forbidden(detail=THEIRS),
    errors.NotFound(status=404), errors.TooManyRequests(), errors.AnotherRecord(wanted="1", found="2"),
    errors.Unreadable(), ANSWERED, errors.Timeout(),
]  # fmt: skip
WHEN = "2026-11-27T12:30:00+00:00"


def _found(code: str) -> Problem:
    return error_messages.unknown(errors.Timeout(), coded(code, values=THEIRS))


def _twin(state: str) -> Problem:
    text = coded(f"twin.{state}", person="Filipa Conceição", when=WHEN, zone="Europe/Lisbon")
    return Problem(coded("twin.title"), text, 409, "not-sent")


def _decided(state: State) -> Problem:
    return problems.not_waiting(Act(state=state))


PROBLEMS: dict[str, Callable[[], Problem]] = {
    **{f"writing {n}": partial(error_messages.writing, error) for n, error in enumerate([*SENT, *UNSENT])},
    **{f"reading {n}": partial(error_messages.reading, error) for n, error in enumerate(READ)},
    "unknown": lambda: error_messages.unknown(errors.Timeout()),
    **{
        name: partial(_found, name)
        for name in ("found.now", "found.not-yet", "found.no-answer")
    },
    "not applied": lambda: error_messages.not_applied(ANSWERED),
    "before writing": lambda: error_messages.before_writing(ANSWERED),
    "before writing, elsewhere": lambda: error_messages.before_writing(ANSWERED, "/o/org_1/"),
    "clash": lambda: error_messages.clash(1),
    "clashes": lambda: error_messages.clash(3),
    "changed": error_messages.changed_meanwhile,
    "blocked": error_messages.blocked,
    "taken": error_messages.taken,
    "our database": error_messages.our_database,
    "mistake": lambda: error_messages.server_error(None),
    **{each.value: partial(error_messages.server_error, each) for each in Trouble},
    "too many": error_messages.too_many,
    "failed here": lambda: error_messages.failed_here("r", sent=False),
    "failed here, sent": lambda: error_messages.failed_here("r", sent=True),
    "under way": lambda: error_messages.under_way("r"),
    "sent before": error_messages.sent_before,
    "form too old": error_messages.form_too_old,
    "kept": lambda: error_messages.kept_for_you(sent_before=False, incomplete=False),
    "kept, sent": lambda: error_messages.kept_for_you(sent_before=True, incomplete=False),
    "kept in part": lambda: error_messages.kept_for_you(sent_before=False, incomplete=True),
    "another attempt": problems.another_attempt,
    "hour": problems.too_many,
    "two people": problems.needs_second,
    **{
        f"twin {state}": partial(_twin, state)
        for state in ("waiting", "sending", "unknown")
    },
    **{f"decided: {state.value}": partial(_decided, state) for state in State},
    "own": problems.not_ones_own,
    "in hand": problems.in_hand_of_asker,
    "void": problems.void,
}  # fmt: skip
# What is kept by itself, without a title: why a list paused, and how an outcome came to be known.
ALONE = (
    "list.",
    "seen-",
    "not-seen-",
    "said-by-person",
    "never-left",
    "flowtly-said",
    "not-taken",
    "same-request",
)


def codes(stored: str) -> Iterator[str]:
    """Every code in what is kept."""
    if not stored.startswith("{"):
        yield stored
        return
    waiting = [json.loads(stored)]
    while waiting:
        data = waiting.pop()
        yield data["code"]
        waiting += [value for value in data.values() if isinstance(value, dict)]


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_problem_is_kept_as_codes_with_values_and_read_in_each_language(name: str) -> None:
    problem = PROBLEMS[name]()
    data = json.loads(json.dumps(problem.as_data()))
    assert Problem.of_data(data) == problem
    for part in ("title", "text"):
        used = list(codes(data[part]))
        assert used and all(re.fullmatch(r"[a-z.-]+", code) and code in TEXTS for code in used)
        ours = data[part].replace(THEIRS, "").replace("Filipa Conceição", "")
        assert not re.search(r"[a-z] [a-z]", ours, re.IGNORECASE), "a sentence"
        with in_dutch():
            dutch = getattr(Problem.of_data(data), part)
        assert dutch.count(MARK) == len(used)
        english = re.sub("12:30 WET|27 (Nov|nov) 2026|2 (hours|uur)", "", getattr(problem, part))
        assert re.sub(f"{MARK}|12:30 WET|27 (Nov|nov) 2026|2 (hours|uur)", "", dutch) == english


def test_there_is_a_problem_for_every_code() -> None:
    used = {
        code
        for make in PROBLEMS.values()
        for text in (make().title, make().text)
        for code in codes(kept(text))
    }
    assert {code for code in TEXTS if code not in used and not code.startswith(ALONE)} == set()


def test_a_moment_is_told_in_the_language_and_zone_of_its_reader() -> None:
    text = kept(coded("twin.waiting", person="Filipa", when=WHEN, zone="Asia/Tokyo"))
    assert "27 Nov 2026 21:30 JST" in drawn(text)
    with in_dutch():
        assert "27 nov 2026 21:30 JST" in drawn(text)


@pytest.mark.parametrize(
    "written",
    ["", "No such coupon", "Not this one: 5 %(n)d", "{", "{}", "[1]", '{"code": "gone"}', '{"code": "unknown"}',
     '{"code": 3}', '{"code": "hour", "n": "many"}', '{"code": "twin.waiting", "person": "x", "when": "no"}'],
)  # fmt: skip
def test_what_was_written_as_a_sentence_is_shown_as_it_was_written(written: str) -> None:
    assert drawn(written) == written
    assert drawn(kept(written)) == written


def test_text_of_others_is_isolated_in_each_language() -> None:
    stored = kept(error_words.refused(errors.Forbidden(detail="שלום")))
    for read in (drawn(stored), *_in_dutch(stored)):
        assert "\u2068שלום\u2069" in read


def _in_dutch(stored: str) -> Iterator[str]:
    with in_dutch():
        yield coded_text.drawn(stored)
