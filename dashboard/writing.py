"""How a write is made: once, on the record as it is now, on record before it leaves, and with its outcome known or
honestly unknown.

    form posted → operation claimed → lock → re-read → three-way merge → intent → call → outcome → proof

Every form goes through `update`, `create`, `delete` or `act`; what they need from each other is in here.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.conf import settings
from django.db import DatabaseError
from django.utils.translation import gettext as _

from dashboard import problems
from dashboard.audit import doubts, operations
from dashboard.audit.models import Outcome
from dashboard.audit.saving import Taken, saving
from dashboard.audit.trail import About
from dashboard.flowtly import errors
from dashboard.flowtly.client import page_reserve
from dashboard.flowtly.records import Record
from dashboard.merge import merge, same

if TYPE_CHECKING:
    from dashboard.forms import FlowtlyForm

R = TypeVar("R", bound=Record)

log = logging.getLogger(__name__)

# What changes by itself with every save, and so proves nothing.
TIMESTAMPS = {"updatedAt"}


@dataclass(frozen=True)
class Saved(Generic[R]):
    """A write that went well. `visible` is False where the record looks as it did before."""

    record: R
    outcome: str  # "applied", or "unchanged" where nothing had to be sent
    visible: bool = True


class Stopped(Exception):  # noqa: N818 - what happened, not a mistake
    """It goes no further; the problem says why and what is known."""

    def __init__(self, problem: problems.Problem) -> None:
        super().__init__(problem.title)
        self.problem = problem


def update(form: "FlowtlyForm", resource: Any) -> Saved[Any] | None:
    """Sends what this person changed, and nothing that others changed meanwhile."""
    record = form.record
    about = _about(form, "update", record.id, form.name_of(record))

    def act() -> Saved[Any] | None:
        with _alone(form, about):
            theirs = _reread(lambda: resource.get(record.id))
            merged = merge(form.base, theirs.raw, form.mine(), form.resolved(), form.clashed)
            if merged.clashes:
                form.show_clashes(theirs, merged.clashes)
                return None
            if not merged.changes:
                return Saved(theirs, "unchanged")
            about.before = theirs.raw

            def shows() -> Any:
                now = resource.get(record.id)
                return now if all(same(now.raw.get(k), v) for k, v in merged.changes.items()) else None

            saved = _sent(form, about, lambda: resource.update(theirs, merged.changes), shows)
            if not saved.raw:
                saved = _proof(lambda: resource.get(record.id), saved)
            return Saved(saved, "applied", visible=_differs(theirs, saved))

    return _once(form, act, resource.record)


def create(form: "FlowtlyForm", resource: Any) -> Saved[Any] | None:
    """Adds a record. What already looked the same before is noted, so that a lost answer can be told apart."""
    fields = form.fields_to_create()
    about = _about(form, "create", "", form.name_of_fields(fields))

    def act() -> Saved[Any] | None:
        if doubts.same_creation(about.entity, form.organization_id, fields):
            raise Stopped(_blocked())
        about.twins = [twin.id for twin in _reread(lambda: doubts.twins(resource, fields))]

        def shows() -> Any:
            new = [twin for twin in doubts.twins(resource, fields) if twin.id not in about.twins]
            return new[0] if len(new) == 1 else None

        return Saved(_sent(form, about, lambda: resource.create(fields), shows), "applied")

    return _once(form, act, resource.record)


def delete(form: "FlowtlyForm", resource: Any) -> Saved[Any] | None:
    """Takes a record away, if it still is what the person was shown."""
    record = form.record
    about = _about(form, "delete", record.id, form.name_of(record))

    def act() -> Saved[Any] | None:
        with _alone(form, about):
            theirs = _reread(lambda: resource.get(record.id))
            if not same(_comparable(theirs.raw), _comparable(form.base)):
                form.show_changed(theirs)
                return None
            about.before = theirs.raw

            def call() -> Any:
                resource.delete(theirs)
                return theirs

            def shows() -> Any:
                try:
                    resource.get(record.id)
                except errors.NotFound:
                    return theirs
                return None

            return Saved(_sent(form, about, call, shows), "applied")

    return _once(form, act, resource.record)


# --- the parts ---


def _about(form: "FlowtlyForm", kind: str, record: str, name: str) -> About:
    return About(
        entity=form.entity,
        kind=kind,
        record=record,
        record_name=name,
        reason=form.reason(),
        operation=form.operation,
        secret=form.secret,
    )


def _once(
    form: "FlowtlyForm", act: Callable[[], Saved[Any] | None], record: type[Record]
) -> Saved[Any] | None:
    """Runs `act` if this is the first to submit the form's operation; else shows what the first one got."""
    try:
        first = operations.claim(form.operation, form.request.user.pk)
    except DatabaseError:
        log.exception("The operation could not be claimed.")
        form.stop(_our_database())
        return None
    if not first:
        return _result_of_the_first(form, record)
    saved = None
    try:
        saved = act()
    except Stopped as stopped:
        form.stop(stopped.problem)
    finally:
        _conclude(form, saved)
    return saved


def _conclude(form: "FlowtlyForm", saved: Saved[Any] | None) -> None:
    if saved is not None:
        kept = {key: saved.record.raw[key] for key in ("@id", "id", "name") if key in saved.record.raw}
        result: dict[str, Any] = {"outcome": saved.outcome, "visible": saved.visible, "record": kept}
    else:
        result = form.told()
    try:
        operations.conclude(form.operation, result)
    except DatabaseError:
        log.exception("The result of an operation could not be kept.")


def _result_of_the_first(form: "FlowtlyForm", record: type[Record]) -> Saved[Any] | None:
    result = operations.await_result(form.operation, settings.PAGE_WRITE_TIMEOUT)
    if result is None:
        form.stop(
            problems.Problem(
                _("This form is already being sent"),
                _(
                    "Its first submit is still under way. Look at the record in a moment; do not send it again."
                ),
                502,
                Outcome.UNKNOWN,
                form.request.id,
            )
        )
        return None
    if "outcome" in result:
        return Saved(record.read(result["record"]), result["outcome"], result["visible"])
    form.tell_again(result)
    return None


@contextmanager
def _alone(form: "FlowtlyForm", about: About) -> Iterator[None]:
    """Holds the record for this person, if nothing about it is in doubt."""
    with ExitStack() as held:
        try:
            held.enter_context(saving(f"{form.organization_id}/{about.entity}/{about.record}"))
            doubtful = doubts.of(form.organization_id, about.entity, about.record).exists()
        except Taken:
            raise Stopped(_taken()) from None
        except DatabaseError:
            log.exception("The record could not be held.")
            raise Stopped(_our_database()) from None
        if doubtful:
            raise Stopped(_blocked())
        yield


def _reread(read: Callable[[], Any]) -> Any:
    """A read before the write. If it fails, nothing has been sent."""
    try:
        return read()
    except errors.FlowtlyError as error:
        raise Stopped(problems.before_writing(error)) from error


def _proof(read: Callable[[], R], otherwise: R) -> R:
    try:
        with page_reserve():
            return read()
    except errors.FlowtlyError:
        return otherwise


def _sent(form: "FlowtlyForm", about: About, call: Callable[[], Any], shows: Callable[[], Any | None]) -> Any:
    """Makes the call; where its answer leaves a doubt, looks once whether it was done."""
    trail = form.request.trail
    trail.about = about
    try:
        return call()
    except errors.FlowtlyError as error:
        if error.sent and (error.outcome_unknown or isinstance(error, errors.ServerError)):
            return _looked(form, trail.last, error, shows)
        form.complain(error)
        raise Stopped(problems.writing(error)) from error
    except DatabaseError as error:
        log.exception("The intent could not be kept, so nothing was sent.")
        raise Stopped(_our_database()) from error
    finally:
        trail.about = None


def _looked(
    form: "FlowtlyForm", write: str, error: errors.FlowtlyError, shows: Callable[[], Any | None]
) -> Any:
    """The answer was lost: does the record show the change? Only a complete failure of the API's own makes
    "no" an answer at once; otherwise a late server may still act."""
    try:
        with page_reserve():
            seen, looked = shows(), True
    except errors.FlowtlyError:
        seen, looked = None, False
    if seen is not None:
        doubts.settle(write, Outcome.APPLIED, _("seen on a re-read"))
        return seen
    if looked and not error.outcome_unknown:
        doubts.settle(write, Outcome.NOT_APPLIED, _("a complete failure, and nothing seen on a re-read"))
        raise Stopped(problems.not_applied(error)) from error
    raise Stopped(problems.unknown(error, looked=looked)) from error


def _comparable(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in raw.items() if not key.startswith("@") and key not in TIMESTAMPS}


def _differs(before: Record, after: Record) -> bool:
    return not same(_comparable(before.raw), _comparable(after.raw))


def _blocked() -> problems.Problem:
    return problems.Problem(
        _("Nothing was sent: an earlier attempt is not settled"),
        _("It is not known yet what became of it. Settle that first, so that nothing happens twice."),
        503,
        Outcome.NOT_SENT,
    )


def _taken() -> problems.Problem:
    return problems.Problem(
        _("Nothing was sent: somebody else is saving this record"),
        _("A colleague's save is still under way. Try again in a moment; what you typed is still here."),
        503,
        Outcome.NOT_SENT,
    )


def _our_database() -> problems.Problem:
    return problems.Problem(
        _("Nothing was sent: the dashboard could not put it on record"),
        _("Its own database does not answer. Nothing was changed; what you typed is still here."),
        503,
        Outcome.NOT_SENT,
    )
