"""How a write is made: once, on the record as it is now, on record before it leaves, and with its outcome known or
honestly unknown.

    form posted → operation claimed → lock → re-read → three-way merge → intent → call → outcome → proof

Every form goes through `update`, `create` or `delete`; what they need from each other is in here.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from django.conf import settings
from django.db import Error as DatabaseError
from django.utils.translation import gettext as _

from dashboard.audit import operations, unresolved
from dashboard.audit.locks import Taken, saving
from dashboard.audit.models import Outcome
from dashboard.audit.trail import About
from dashboard.flowtly import deadline, errors
from dashboard.flowtly.client import page_reserve
from dashboard.flowtly.resources.records import Record
from dashboard.upstream.merge import merge, same
from dashboard.web import drafts, error_messages

if TYPE_CHECKING:
    from dashboard.forms.record import FlowtlyForm

R = TypeVar("R", bound=Record)
T = TypeVar("T")
U = TypeVar("U")

log = logging.getLogger(__name__)

# What changes by itself with every save, and so proves nothing.
TIMESTAMPS = {"updatedAt"}
LONGEST_WAIT = 10.0  # seconds for a colleague who is saving the same record


@dataclass(frozen=True)
class Saved(Generic[R]):
    """A write that went well. `visible` is False where the record looks as it did before; `left` names the
    fields, as the form calls them, that stayed as they were though the rest was taken."""

    record: R
    outcome: str  # "applied", or "unchanged" where nothing had to be sent
    visible: bool = True
    left: tuple[str, ...] = ()
    before: Mapping[str, Any] | None = None  # the record right before an act, and after it, where it was read
    after: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class Seen:
    """What a second look tells of a write, and what it saw."""

    outcome: Outcome
    record: Any = None
    now: Mapping[str, Any] = field(default_factory=dict)


class Stopped(Exception):  # noqa: N818 - what happened, not a mistake
    """It goes no further; the problem says why and what is known."""

    def __init__(self, problem: error_messages.Problem) -> None:
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
            plain = {name: value for name, value in merged.changes.items() if name not in form.secret}

            def look() -> Seen:
                now = resource.get(record.id)
                shown = {name: now.raw.get(name) for name in plain}
                return Seen(unresolved.change(now.raw, theirs.raw, plain), now, shown)

            saved = _sent(form, about, lambda: resource.update(theirs, merged.changes), look)
            if unresolved.change(saved.raw, theirs.raw, plain) != Outcome.APPLIED:
                saved = _proof(lambda: resource.get(record.id), saved)
            return _taken_in(form, theirs, saved, plain)

    return _once(form, act, resource.record)


def create(form: "FlowtlyForm", resource: Any) -> Saved[Any] | None:
    """Adds a record. What could be taken for it before is noted, so that a lost answer can be told apart."""
    fields = form.fields_to_create()
    plain = {name: value for name, value in fields.items() if name not in form.secret}
    about = _about(form, "create", "", form.name_of_fields(fields))

    def act() -> Saved[Any] | None:
        with _database():
            open_ = unresolved.same_creation(about.entity, form.organization_id, fields, form.secret)
        if open_:
            raise Stopped(error_messages.blocked())
        about.twins = [record.id for record in _reread(lambda: unresolved.alike(resource, plain)[0])]

        def look() -> Seen:
            found = unresolved.creation(resource, plain, about.twins)
            if found.record is not None:
                return Seen(Outcome.APPLIED, found.record)
            return Seen(Outcome.NOT_APPLIED if found.nothing else Outcome.UNKNOWN)

        created = _sent(form, about, lambda: resource.create(fields), look)
        if created.id:
            return Saved(created, "applied")
        seen = _proof(look, Seen(Outcome.APPLIED))
        return Saved(seen.record or created, "applied", visible=seen.outcome != Outcome.NOT_APPLIED)

    return _once(form, act, resource.record)


def delete(form: "FlowtlyForm", resource: Any) -> Saved[Any] | None:
    """Takes a record away, if it still is what the person was shown."""
    record = form.record
    about = _about(form, "delete", record.id, form.name_of(record))

    def act() -> Saved[Any] | None:
        with _alone(form, about):
            theirs = _reread(lambda: resource.get(record.id))
            if has_changed(form, theirs):
                form.show_changed(theirs)
                return None
            about.before = theirs.raw

            def call() -> Any:
                resource.delete(theirs)
                return theirs

            def look() -> Seen:
                try:
                    resource.get(record.id)
                except errors.NotFound:
                    return Seen(Outcome.APPLIED, theirs)
                return Seen(Outcome.NOT_APPLIED)

            _sent(form, about, call, look)
            gone = _proof(look, Seen(Outcome.APPLIED)).outcome == Outcome.APPLIED
            return Saved(theirs, "applied", visible=gone)

    return _once(form, act, resource.record)


def act(
    form: "FlowtlyForm",
    kind: str,
    call: Callable[[], Any],
    look: Callable[[], Seen] | None = None,
    read: Callable[[], Any] | None = None,
    watched: Callable[[Mapping[str, Any]], Mapping[str, Any]] = dict,
) -> Saved[Any] | None:
    """Something that is neither a change, a creation nor a deletion of a record: an enrolment, an upload, a pull.

    `kind` is its name in the trail. `look` tells, where anything can, whether it was done; without it a lost
    answer stays in doubt until a person says what became of it. With `read` the record has to be what the person
    was shown, and is read again afterwards whatever the answer; `watched` is what of it could tell later.
    """
    record = form.record
    # Without a record the act stands for itself: it waits for its like and for nothing else.
    identifier, name = (record.id, form.name_of(record)) if record is not None else (kind, "")
    about = _about(form, kind, identifier, name)

    def done() -> Saved[Any] | None:
        with _alone(form, about):
            before = _reread(read) if read else None
            if before is not None:
                if has_changed(form, before):
                    form.show_changed(before)
                    return None
                about.before, about.watched = before.raw, watched(before.raw)
            answer = _sent(form, about, call, look or (lambda: Seen(Outcome.UNKNOWN)))
            after = _proof(read, None) if read else None
        saved = answer if isinstance(answer, Record) else Record.read(answer)
        return _shown(Saved(saved, "applied"), before, after)

    return _once(form, done, Record)


def has_changed(form: "FlowtlyForm", now: Any) -> bool:
    """Whether a record is another by now than the one that the form was drawn from."""
    return not same(_comparable(now.raw), _comparable(form.base))


# --- once ---


def _once(
    form: "FlowtlyForm", act: Callable[[], Saved[Any] | None], record: type[Record]
) -> Saved[Any] | None:
    """Runs `act` if this is the first to submit the form's operation; else shows what the first one got."""
    try:
        first = operations.claim(form.operation, form.request.user.pk)
    except DatabaseError:
        log.exception("The operation could not be claimed.")
        form.stop(error_messages.our_database())
        return None
    if not first:
        return _result_of_the_first(form, record)
    written, saved, ended = form.request.trail.last, None, False
    try:
        saved, ended = act(), True
    except Stopped as stopped:
        form.stop(stopped.problem)
        ended = True
    except Exception:
        log.exception("A write ended in a mistake of our own.")
    finally:
        # Whoever waits for the result is told something true, even if this process is being ended.
        if not ended:
            form.stop(error_messages.failed_here(form.request.id, sent=form.request.trail.last != written))
        _conclude(form, saved)
    return saved


def _conclude(form: "FlowtlyForm", saved: Saved[Any] | None) -> None:
    result: dict[str, Any] = {"posted": form.digest}
    if saved is not None:
        kept = {key: saved.record.raw[key] for key in ("@id", "id", "name") if key in saved.record.raw}
        result |= {
            "outcome": saved.outcome,
            "visible": saved.visible,
            "left": list(saved.left),
            "record": kept,
        }
    else:
        result |= form.told()
    try:
        operations.conclude(form.operation, result)
        if saved is not None:
            drafts.done(form.request, form.operation)
    except DatabaseError:
        log.exception("The result of an operation could not be kept.")


def _result_of_the_first(form: "FlowtlyForm", record: type[Record]) -> Saved[Any] | None:
    try:
        result = operations.await_result(form.operation, settings.PAGE_WRITE_TIMEOUT)
    except DatabaseError:
        log.exception("The result of an operation could not be had.")
        result = None
    if result is None:
        form.stop(error_messages.under_way(form.request.id))
    elif result["posted"] != form.digest:
        form.stop(error_messages.sent_before())
    elif "outcome" in result:
        return Saved(
            record.read(result["record"]), result["outcome"], result["visible"], tuple(result["left"])
        )
    else:
        form.tell_again(result)
    return None


# --- before it is sent ---


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


@contextmanager
def _alone(form: "FlowtlyForm", about: About) -> Iterator[None]:
    """Holds the record for this person, if nothing about it is in doubt."""
    with ExitStack() as held:
        with _database():
            wait = deadline.at_most(LONGEST_WAIT)
            try:
                held.enter_context(saving(f"{form.organization_id}/{about.entity}/{about.record}", wait))
            except Taken:
                raise Stopped(error_messages.taken()) from None
            doubtful = unresolved.of(form.organization_id, about.entity, about.record).exists()
        if doubtful:
            raise Stopped(error_messages.blocked())
        yield


@contextmanager
def _database() -> Iterator[None]:
    """Our own database, before anything is sent: if it fails, nothing will be."""
    try:
        yield
    except DatabaseError as error:
        log.exception("The database failed before anything was sent.")
        raise Stopped(error_messages.our_database()) from error


def _reread(read: Callable[[], Any]) -> Any:
    """A read before the write. If it fails, nothing has been sent."""
    try:
        return read()
    except errors.FlowtlyError as error:
        raise Stopped(error_messages.before_writing(error)) from error


# --- sending it, and what came of it ---


def _sent(form: "FlowtlyForm", about: About, call: Callable[[], Any], look: Callable[[], Seen]) -> Any:
    """Makes the call; where its answer leaves a doubt, looks once whether it was done."""
    trail = form.request.trail
    # With hardly any time left the answer would be lost for sure: better not to ask at all.
    if deadline.at_most(settings.FLOWTLY_WRITE_TIMEOUT) < settings.FLOWTLY_WRITE_TIMEOUT / 4:
        raise Stopped(error_messages.writing(errors.OutOfTime(request_id=form.request.id)))
    trail.about = about
    try:
        return call()
    except errors.FlowtlyError as error:
        if error.sent and (error.outcome_unknown or isinstance(error, errors.ServerError)):
            return _looked(form, trail.last, error, look)
        form.complain(error)
        raise Stopped(error_messages.writing(error)) from error
    except DatabaseError as error:
        log.exception("The intent could not be kept, so nothing was sent.")
        raise Stopped(error_messages.our_database()) from error
    finally:
        trail.about = None


def _looked(form: "FlowtlyForm", write: str, error: errors.FlowtlyError, look: Callable[[], Seen]) -> Any:
    """The answer was lost: does the record show the change? Only a complete failure of the API's own makes
    "no" an answer at once; otherwise a late server may still act."""
    seen = _proof(look, None)
    if seen is None:
        raise Stopped(error_messages.unknown(error)) from error
    if seen.outcome == Outcome.APPLIED:
        _settle(write, Outcome.APPLIED, _("seen on a re-read"), getattr(seen.record, "id", ""))
        return seen.record
    if seen.outcome == Outcome.NOT_APPLIED and not error.outcome_unknown:
        _settle(write, Outcome.NOT_APPLIED, _("a complete failure, and nothing seen on a re-read"))
        raise Stopped(error_messages.not_applied(error)) from error
    raise Stopped(error_messages.unknown(error, _found(form, seen))) from error


def _settle(write: str, outcome: Outcome, words: str, record: str = "") -> None:
    """What was seen is true whether or not it can be kept; if not, the write stays open and is looked at later."""
    try:
        unresolved.settle(write, outcome, words, record=record)
    except DatabaseError:
        log.exception("What became of write %s could not be kept.", write)


def _found(form: "FlowtlyForm", seen: Seen) -> str:
    """What the second look saw, in the form's words."""
    if seen.now:
        values = "; ".join(f"{form.label_of(name)}: {form.words(name, v)}" for name, v in seen.now.items())
        return _("We looked again. It now shows: %(values)s. Flowtly may still be at work.") % {
            "values": values
        }
    if seen.outcome == Outcome.NOT_APPLIED:
        return _("We looked again and nothing of it shows, but Flowtly may still be at work.")
    return _("We looked again, and what is there now does not tell.")


def _proof(read: Callable[[], T], otherwise: U) -> T | U:
    """Reads with the time that is kept for it."""
    try:
        with page_reserve():
            return read()
    except errors.FlowtlyError:
        return otherwise


def _taken_in(form: "FlowtlyForm", before: Any, after: Any, sent: Mapping[str, Any]) -> Saved[Any]:
    """An accepted change, held against what the record now shows. An API may take a body and leave a field."""
    if not after.raw:
        return Saved(after, "applied")
    unmoved = tuple(
        form.label_of(name)
        for name, value in sent.items()
        if same(after.raw.get(name), before.raw.get(name)) and not same(after.raw.get(name), value)
    )
    visible = not same(_comparable(before.raw), _comparable(after.raw))
    return Saved(after, "applied", visible, unmoved if visible else ())


def _shown(saved: Saved[Any], before: Any, after: Any) -> Saved[Any]:
    """An act, with the record it was about before and after it."""
    if before is None or after is None:
        return replace(saved, before=before.raw if before else None, after=after.raw if after else None)
    visible = not same(_comparable(before.raw), _comparable(after.raw))
    return replace(saved, visible=visible, before=before.raw, after=after.raw)


def _comparable(raw: Mapping[str, Any]) -> dict[str, Any]:
    """Without what says nothing: JSON-LD's own, times of saving, and nulls, which may as well be absent."""
    return {k: v for k, v in raw.items() if v is not None and not k.startswith("@") and k not in TIMESTAMPS}
