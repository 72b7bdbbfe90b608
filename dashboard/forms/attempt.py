"""Attempt at a write: what is read before it, the call, a second look where its answer leaves a doubt, and why it
stopped."""

import logging
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import TypeVar

from django.conf import settings
from django.db import Error as DatabaseError

from dashboard.audit import open_writes
from dashboard.audit.models import Outcome
from dashboard.audit.trail import MASK, About
from dashboard.flowtly import deadline, errors
from dashboard.flowtly.client import page_reserve
from dashboard.flowtly.resources.records import Record
from dashboard.forms.results import Refused, Seen, Unknown, Write
from dashboard.web import error_messages
from dashboard.web.coded_text import CodedText, coded
from dashboard.web.error_messages import Problem

T = TypeVar("T")
U = TypeVar("U")

log = logging.getLogger(__name__)

Complaints = tuple[tuple[str, str], ...]
# API Platform names the field it could not read only in its sentence.
_FIELD_IN_WORDS = re.compile(r'"([A-Za-z_][\w.]*)" attribute')


class Stopped(Exception):  # noqa: N818 - what happened, not a mistake
    """It goes no further; the problem says why and what is known."""

    def __init__(
        self,
        problem: Problem,
        error: errors.FlowtlyError | None = None,
        complaints: Complaints = (),
        record: Record | None = None,
    ) -> None:
        super().__init__(problem.title)
        self.problem, self.error, self.complaints, self.record = problem, error, complaints, record

    def result(self, write: Write) -> Refused | Unknown:
        problem = masked(write, self.problem)
        if problem.outcome == Outcome.UNKNOWN:
            return Unknown(problem, self.record)
        said = tuple((path, _without(write, words)) for path, words in self.complaints)
        return Refused(problem, said, self.error, self.record)


# --- before it is sent ---


@contextmanager
def database() -> Iterator[None]:
    """Our own database, before anything is sent: if it fails, nothing will be."""
    try:
        yield
    except DatabaseError as error:
        log.exception("The database failed before anything was sent.")
        raise Stopped(error_messages.our_database()) from error


def read_before(read: Callable[[], T]) -> T:
    """A read before the write. If it fails, nothing has been sent."""
    try:
        return read()
    except errors.FlowtlyError as error:
        raise Stopped(error_messages.before_writing(error), error) from error


def prove(write: Write) -> None:
    """That the records of this page are the organization's, before one of them is read as what "theirs" is."""
    try:
        write.prove()
    except errors.FlowtlyError as error:
        raise Stopped(error_messages.writing(error), error) from error


# --- sending it, and a second look ---


def send(
    write: Write, about: About, call: Callable[[], T], look: Callable[[], Seen], record: Record | None = None
) -> T:
    """Makes the call; where its answer leaves a doubt, looks once whether it was done."""
    trail = write.trail
    # With hardly any time left the answer would be lost for sure: better not to ask at all.
    if deadline.at_most(settings.FLOWTLY_WRITE_TIMEOUT) < settings.FLOWTLY_WRITE_TIMEOUT / 4:
        raise Stopped(error_messages.writing(errors.OutOfTime(request_id=write.request_id)), record=record)
    trail.about = about
    try:
        return call()
    except errors.FlowtlyError as error:
        if error.sent and (error.outcome_unknown or isinstance(error, errors.ServerError)):
            return _looked(write, trail.last, error, look)  # type: ignore[return-value]  # the record it shows on
        raise Stopped(error_messages.writing(error), error, complaints(error), record) from error
    except DatabaseError as error:
        log.exception("The intent could not be kept, so nothing was sent.")
        raise Stopped(error_messages.our_database()) from error
    finally:
        trail.about = None


def _looked(write: Write, line: str, error: errors.FlowtlyError, look: Callable[[], Seen]) -> Record | None:
    """The answer was lost: does the record show the change? Only a complete failure of the API's own makes
    "no" an answer at once; otherwise a late server may still act."""
    seen = look_again(look, None)
    if seen is None:
        raise Stopped(error_messages.unknown(error)) from error
    if seen.outcome == Outcome.APPLIED:
        _settle(line, Outcome.APPLIED, "seen-on-re-read", getattr(seen.record, "id", ""))
        return seen.record
    if seen.outcome == Outcome.NOT_APPLIED and not error.outcome_unknown:
        _settle(line, Outcome.NOT_APPLIED, "not-seen-on-re-read")
        raise Stopped(error_messages.not_applied(error), error, record=seen.record) from error
    raise Stopped(error_messages.unknown(error, found(write, seen)), record=seen.record) from error


def _settle(line: str, outcome: Outcome, words: str, record: str = "") -> None:
    """What was seen is true whether or not it can be kept; if not, the write stays open and is looked at later."""
    try:
        open_writes.settle(line, outcome, words, record=record)
    except DatabaseError:
        log.exception("The outcome of write %s could not be kept.", line)


def look_again(read: Callable[[], T], otherwise: U) -> T | U:
    """Reads with the time that is kept for it."""
    try:
        with page_reserve():
            return read()
    except errors.FlowtlyError:
        return otherwise


# --- in words ---


def complaints(error: errors.FlowtlyError) -> Complaints:
    """What Flowtly said, each with the path of its field, "" for the whole record."""
    if error.violations:
        return tuple((violation.path, violation.message) for violation in error.violations)
    if isinstance(error, errors.BadRequest) and (named := _FIELD_IN_WORDS.search(error.detail)):
        return ((named[1], coded("not-taken", words=error.detail)),)
    return ()


def found(write: Write, seen: Seen) -> str:
    """What the second look saw, in the form's words."""
    if seen.now:
        values = "; ".join(
            f"{write.labels.get(n, n)}: {write.words(n, value)}" for n, value in seen.now.items()
        )
        return coded("found.now", values=values)
    return coded("found.not-yet" if seen.outcome == Outcome.NOT_APPLIED else "found.no-answer")


def masked(write: Write, problem: Problem) -> Problem:
    """An API may repeat in its complaint what it was sent."""
    return replace(problem, text=_without(write, problem.text))


def _without(write: Write, words: str) -> str:
    if isinstance(words, CodedText):
        values = {k: _without(write, v) if isinstance(v, str) else v for k, v in words.values.items()}
        return coded(words.code, **values)
    for each in write.unsaid - {""}:
        words = words.replace(each, MASK)
    return words
