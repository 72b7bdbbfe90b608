"""What is known now of each write, kept beside the trail in the transaction of each line, so that a filter reads an
index and no trail. All of it follows from the trail: `rebuild` makes it anew, `faults` holds the one against the other.
"""

from collections.abc import Iterator

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.models import Case, F, Value, When

from dashboard.audit.models import Entry, Known, Outcome, Phase

# The acts on money, which whoever may do them may also see done by others.
MONEY_ENTITY = "subscriptions"
MONEY_KINDS = (
    "apply-coupon", "clear-coupon", "cancel",
    "request", "approve", "decline", "withdraw", "request-expired", "request-void",
)  # fmt: skip

# As the intent's line has them.
SAME = ("number", "at", "write", "operation", "person_id", "username", "organization", "organization_name",
        "entity", "kind", "record", "record_name")  # fmt: skip
# The rows as the trail has them, and as they are kept. All names are our own.
_LATER = (
    "SELECT {column} FROM audit_entry later WHERE later.write = line.write AND later.phase <> 'intent' {which} "
    "ORDER BY later.number DESC LIMIT 1"
)
_FOUND = _LATER.format(column="later.record", which="AND later.record <> '' AND later.record <> line.record")
_OUTCOME = _LATER.format(column="later.outcome", which="")
_MONEY = " OR ".join(f"line.kind = '{kind}'" for kind in MONEY_KINDS)
_LINE = ", ".join(f"line.{column}" for column in SAME)
_FROM_TRAIL = (
    f"SELECT {_LINE}, COALESCE(({_FOUND}), ''), COALESCE(({_OUTCOME}), 'unknown'), "  # noqa: S608
    f"line.entity = '{MONEY_ENTITY}' AND ({_MONEY}) FROM audit_entry line WHERE line.phase = 'intent'"
)
_KEPT = f"SELECT {_LINE}, line.found, line.outcome, line.money FROM audit_known line WHERE 0 = 0"  # noqa: S608
_FILL = f"INSERT INTO audit_known ({', '.join((*SAME, 'found', 'outcome', 'money'))}) {_FROM_TRAIL}"
_SINCE = " AND line.write IN (SELECT write FROM audit_entry WHERE number > %s)"


def keep(line: Entry) -> None:
    """Takes over a line that has just been added."""
    if line.phase == Phase.INTENT:
        same = {name: getattr(line, name) for name in SAME}
        money = line.entity == MONEY_ENTITY and line.kind in MONEY_KINDS
        Known(**same, found="", outcome=Outcome.UNKNOWN, money=money).save(force_insert=True)
        return
    learnt: dict[str, object] = {"outcome": line.outcome}
    if line.record:
        learnt["found"] = Case(When(record=line.record, then=F("found")), default=Value(line.record))
    Known.objects.filter(write=line.write).update(**learnt)


def rebuild(using: str = DEFAULT_DB_ALIAS) -> int:
    """Makes all of it anew from the trail, whose writers wait meanwhile: see `chain.queue`."""
    with connections[using].cursor() as cursor:
        cursor.execute("DELETE FROM audit_known")
        cursor.execute(_FILL)
        return int(cursor.rowcount)


def faults(after: int = 0) -> Iterator[str]:
    """What is kept and does not follow from the trail, of the writes with lines after this number."""
    since, number = (_SINCE, [after]) if after else ("", [])
    trail, kept = _FROM_TRAIL + since, _KEPT + since
    with connections[DEFAULT_DB_ALIAS].cursor() as cursor:
        for one, other in ((trail, kept), (kept, trail)):
            cursor.execute(f"SELECT write FROM ({one} EXCEPT {other}) wrong", [*number, *number])  # noqa: S608
            for (write,) in cursor.fetchall():
                yield f"what is known of write {write} is not what the trail says: index_audit makes it anew"
