"""Saving: once, on the record as it is now, on the audit log before it leaves, and with its outcome known or honestly
unknown.

    operation claimed, lock → read → three-way merge → intent → call → outcome → second look → result, lock gone
"""

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Protocol, TypeVar

from django.conf import settings
from django.db import Error as DatabaseError
from django.db import transaction

from dashboard.audit import locks, open_writes, operations
from dashboard.audit.models import Outcome
from dashboard.audit.trail import About
from dashboard.flowtly import deadline, errors
from dashboard.flowtly.resources.records import Record
from dashboard.forms.attempt import Stopped, database, look_again, prove, read_before, send
from dashboard.forms.results import (
    Changes,
    Clashed,
    Raw,
    Refused,
    Result,
    Rewritten,
    Saved,
    Seen,
    Unknown,
    Write,
    as_data,
    from_data,
)
from dashboard.upstream.merge import merge, same, same_meaning
from dashboard.web import error_messages

R = TypeVar("R", bound=Record)
C = TypeVar("C", bound=Record, covariant=True)
T = TypeVar("T")
U = TypeVar("U")

log = logging.getLogger(__name__)

# What changes by itself with every save, and so proves nothing.
TIMESTAMPS = {"updatedAt"}
LONGEST_WAIT = 10.0  # seconds for a colleague who is saving the same record
LONGEST_WORDS = 80  # characters of a value that a sentence can hold


class Resource(Protocol[C]):
    """What of a resource a form over a record needs."""

    @property
    def record(self) -> type[C]: ...
    def get(self, identifier: str, /) -> C: ...


class Updates(Resource[R], Protocol):
    def update(self, record: R, changes: dict[str, Any], /) -> R: ...


class Creates(open_writes.Searched[R], Protocol[R]):
    @property
    def record(self) -> type[R]: ...
    def create(self, fields: dict[str, Any], /) -> R: ...


class Deletes(Resource[R], Protocol):
    def delete(self, record: R, /) -> None: ...


def update(write: Write, resource: Updates[R], changed: Changes) -> Result[R]:
    """Sends what this person changed, and nothing that others changed meanwhile."""

    def act() -> Result[R]:
        theirs = read_before(lambda: resource.get(write.record))
        merged = merge(changed.base, theirs.raw, changed.mine, dict(changed.resolved), changed.clashed)
        if merged.clashes:
            return Clashed(theirs, tuple(merged.clashes))
        if not merged.changes:
            return Saved(theirs, "unchanged")
        plain = {name: value for name, value in merged.changes.items() if name not in write.secret}

        def look() -> Seen:
            now = resource.get(write.record)
            shown = {name: now.raw.get(name) for name in plain}
            return Seen(open_writes.change(now.raw, theirs.raw, plain), now, shown)

        about = _about(write, "update", before=theirs.raw)
        saved = send(write, about, lambda: resource.update(theirs, merged.changes), look, theirs)
        return _held_against(write, theirs.raw, saved, plain, lambda: resource.get(write.record))

    return _once(write, act, resource.record, alone=True)


def create(write: Write, resource: Creates[R], fields: Mapping[str, Any]) -> Result[R]:
    """Adds a record. What could be taken for it before is noted, so that a lost answer can be told apart."""
    plain = {name: value for name, value in fields.items() if name not in write.secret}

    def act() -> Result[R]:
        with database():
            open_ = open_writes.same_creation(write.entity, write.organization, fields, write.secret)
        if open_:
            raise Stopped(error_messages.blocked())
        about = _about(write, "create")
        about.twins = [record.id for record in read_before(lambda: open_writes.alike(resource, plain)[0])]

        def look() -> Seen:
            new = open_writes.creation(resource, plain, about.twins)
            if new.record is not None:
                return Seen(Outcome.APPLIED, new.record)
            return Seen(Outcome.NOT_APPLIED if new.nothing else Outcome.UNKNOWN)

        created = send(write, about, lambda: resource.create(dict(fields)), look)
        if created.id:
            return _held_against(write, {}, created, plain, lambda: resource.get(created.id))
        seen = look_again(look, Seen(Outcome.APPLIED))
        made = seen.record if isinstance(seen.record, resource.record) else created
        return Saved(made, "applied", visible=seen.outcome != Outcome.NOT_APPLIED)

    return _once(write, act, resource.record)


def delete(write: Write, resource: Deletes[R], base: Raw) -> Result[R]:
    """Takes a record away, if it still is what the person was shown."""

    def act() -> Result[R]:
        theirs = read_before(lambda: resource.get(write.record))
        if has_changed(base, theirs):
            return Clashed(theirs)

        def call() -> R:
            resource.delete(theirs)
            return theirs

        def look() -> Seen:
            try:
                resource.get(write.record)
            except errors.NotFound:
                return Seen(Outcome.APPLIED, theirs)
            return Seen(Outcome.NOT_APPLIED)

        send(write, _about(write, "delete", before=theirs.raw), call, look, theirs)
        gone = look_again(look, Seen(Outcome.APPLIED)).outcome == Outcome.APPLIED
        return Saved(theirs, "applied", visible=gone)

    return _once(write, act, resource.record, alone=True)


def act(
    write: Write,
    kind: str,
    call: Callable[[], object],
    look: Callable[[], Seen] | None = None,
    *,
    base: Raw | None = None,
    read: Callable[[], Record] | None = None,
    watched: Callable[[Raw], Raw] = dict,
    sent: Raw | None = None,
) -> Result[Record]:
    """Something that is neither a change, a creation nor a deletion of a record: an enrolment, an upload, a coupon.

    `kind` is its name on the audit log. `look` tells, where anything can, whether it was done; without it a lost
    answer stays unknown until a person says. With `read` the record has to be what the person was shown (`base`), and
    is read again afterwards whatever the answer; `watched` is what of it could tell later. `sent` are the fields that
    the answer may repeat.
    """
    # Without a record it stands for itself: it waits for its like and for nothing else.
    write = write if write.record else replace(write, record=kind)

    def done() -> Result[Record]:
        about, before = _about(write, kind), read_before(read) if read else None
        if before is not None:
            if has_changed(base or {}, before):
                return Clashed(before)
            about.before, about.watched = before.raw, watched(before.raw)
        answer = send(write, about, call, look or (lambda: Seen(Outcome.UNKNOWN)), before)
        if read:
            look_again(read, None)
        record = answer if isinstance(answer, Record) else Record.read(answer)
        repeated = {name: value for name, value in (sent or {}).items() if name in record.raw}
        return _told(write, Saved(record, "applied"), {}, repeated)

    return _once(write, done, Record, alone=True)


def has_changed(base: Raw, now: Record) -> bool:
    """Whether a record is another by now than the one that was shown."""
    return not same(_comparable(now.raw), _comparable(base))


# --- once ---


def _once(write: Write, act: Callable[[], Result[R]], record: type[R], *, alone: bool = False) -> Result[R]:
    """The result of `act` if this is the first to submit the operation; else the result of the first. `alone` holds the
    record for this person: claimed with the operation in one step, and let go with its result in another."""
    holder = locks.new_holder() if alone else ""
    try:
        with transaction.atomic():
            first = operations.claim(write.operation, write.person)
            held = first and alone and locks.taken_by(holder, _key(write))
    except DatabaseError:
        log.exception("The operation could not be claimed.")
        return Refused(error_messages.our_database())
    if not first:
        return _result_of_the_first(write, record)
    left_before, result = write.trail.last, None
    try:
        if alone:
            _have_it_alone(write, holder, held)
        prove(write)
        result = act()
    except Stopped as stopped:
        result = stopped.result(write)
    except Exception:
        log.exception("A write ended in a mistake of our own.")
    finally:
        # Whoever waits for the result is told something true, even if this process is being ended.
        if result is None:
            problem = error_messages.failed_here(write.request_id, sent=write.trail.last != left_before)
            result = Unknown(problem) if problem.outcome == Outcome.UNKNOWN else Refused(problem)
        try:
            with transaction.atomic():
                operations.conclude(write.operation, as_data(write, result))
                if holder:
                    locks.release(holder, _key(write))
        except DatabaseError:
            log.exception("The result of an operation could not be kept.")
            if holder:
                locks.let_go(holder, _key(write))
    return result


def _result_of_the_first(write: Write, record: type[R]) -> Result[R]:
    try:
        kept = operations.await_result(write.operation, settings.PAGE_WRITE_TIMEOUT)
    except DatabaseError:
        log.exception("The result of an operation could not be had.")
        kept = None
    if kept is None:
        return Unknown(error_messages.under_way(write.request_id))
    if kept["posted"] != write.posted:
        return Refused(error_messages.sent_before())
    return from_data(kept, record)


# --- before it is sent ---


def _about(write: Write, kind: str, before: Raw | None = None) -> About:
    about = About(
        entity=write.entity,
        kind=kind,
        record=write.record,
        record_name=write.name,
        reason=write.reason,
        operation=write.operation,
        secret=write.secret,
    )
    if before is not None:
        about.before = before
    return about


def _key(write: Write) -> str:
    return f"{write.organization}/{write.entity}/{write.record}"


def _have_it_alone(write: Write, holder: str, held: bool) -> None:
    """Waits for the record, and goes no further if something about it is open."""
    with database():
        try:
            if not held:
                locks.wait_for(holder, _key(write), deadline.at_most(LONGEST_WAIT))
        except locks.Taken:
            raise Stopped(error_messages.taken()) from None
        blocked = open_writes.of(write.organization, write.entity, write.record).exists()
    if blocked:
        raise Stopped(error_messages.blocked())


def _held_against(write: Write, before: Raw, answer: R, sent: Raw, read: Callable[[], R]) -> Saved[R]:
    """An accepted write, held field by field against what the record now shows. An API may take a body and leave a
    field as it was, or make something else of it. An answer that does not show it all is no record: it is read."""
    after: R | None = answer
    if not all(same_meaning(answer.raw.get(name), value) for name, value in sent.items()):
        after = look_again(read, None)
    if after is None:
        after, sent = answer, {name: value for name, value in sent.items() if name in answer.raw}
    if not after.raw:
        return Saved(after, "applied")
    visible = not same(_comparable(before), _comparable(after.raw))
    return _told(write, Saved(after, "applied", visible), before, sent if visible else {})


def _told(write: Write, saved: Saved[R], before: Raw, sent: Raw) -> Saved[R]:
    """The result with the fields that hold something else than was sent."""
    left, rewritten = [], []
    for name, value in sent.items():
        now, name_of = saved.record.raw.get(name), write.labels.get(name, name)
        if same_meaning(now, value):
            continue
        if same_meaning(now, before.get(name)):
            left.append(name_of)
        else:
            rewritten.append(Rewritten(name_of, *_in_words(write, name, now, value)))
    name = write.name if rewritten else ""
    return replace(saved, left=tuple(left), rewritten=tuple(rewritten), name=name)


def _in_words(write: Write, name: str, *values: object) -> tuple[str, ...]:
    """Two values in words that tell them apart; none where they are too long for that."""
    words = tuple(write.words(name, value) for value in values)
    if len(set(words)) == 1:
        words = tuple(json.dumps(value, ensure_ascii=False) for value in values)
    return words if max(map(len, words)) <= LONGEST_WORDS else ()


def _comparable(raw: Raw) -> dict[str, Any]:
    """Without what says nothing: JSON-LD's own, times of saving, and nulls, which may as well be absent."""
    return {k: v for k, v in raw.items() if v is not None and not k.startswith("@") and k not in TIMESTAMPS}
