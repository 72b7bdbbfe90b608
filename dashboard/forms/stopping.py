"""Stopping a write: why it goes no further, what Flowtly complained of, and what a second look saw."""

import re
from dataclasses import replace

from django.utils.translation import gettext as _

from dashboard.audit.models import Outcome
from dashboard.audit.trail import MASK
from dashboard.flowtly import errors
from dashboard.flowtly.resources.records import Record
from dashboard.forms.results import Refused, Seen, Unknown, Write
from dashboard.web.error_messages import Problem

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


def complaints(error: errors.FlowtlyError) -> Complaints:
    """What Flowtly said, each with the path of its field, "" for the whole record."""
    if error.violations:
        return tuple((violation.path, violation.message) for violation in error.violations)
    if isinstance(error, errors.BadRequest) and (named := _FIELD_IN_WORDS.search(error.detail)):
        return ((named[1], _("Flowtly does not take this value: %(words)s") % {"words": error.detail}),)
    return ()


def found(write: Write, seen: Seen) -> str:
    """What the second look saw, in the form's words."""
    if seen.now:
        values = "; ".join(
            f"{write.labels.get(n, n)}: {write.words(n, value)}" for n, value in seen.now.items()
        )
        return _("We looked again. It now shows: %(values)s. Flowtly may still be at work.") % {
            "values": values
        }
    if seen.outcome == Outcome.NOT_APPLIED:
        return _("We looked again and nothing of it shows, but Flowtly may still be at work.")
    return _("We looked again, and what is there now does not tell.")


def masked(write: Write, problem: Problem) -> Problem:
    """An API may repeat in its complaint what it was sent."""
    return replace(problem, text=_without(write, problem.text))


def _without(write: Write, words: str) -> str:
    for each in write.unsaid - {""}:
        words = words.replace(each, MASK)
    return words
