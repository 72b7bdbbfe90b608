import uuid

from django.core.management.base import BaseCommand

from dashboard.audit import open_writes, reconciling
from dashboard.audit.models import Open, Outcome
from dashboard.flowtly import Flowtly, errors
from dashboard.upstream import connection


class Command(BaseCommand):
    help = (
        "Settles what a lost answer or a killed process left open, by looking at the records again, and clears "
        "away what has had its time. Safe to run at any moment and as often as you like."
    )

    def handle(self, *args: object, **options: object) -> None:
        api = connection.flowtly(f"reconcile-{uuid.uuid4().hex[:8]}")
        for open_ in Open.objects.order_by("at"):
            try:
                self.stdout.write(f"{_named(open_)}: {_settled(api, open_)}")
            except (errors.NotSent, errors.Unavailable) as error:
                if not isinstance(error, errors.BadIdentifier | errors.AnotherTenant):
                    self.stdout.write(f"Flowtly cannot be asked, so what is open stays open. {error}")
                    break
                self.stdout.write(f"{_named(open_)}: still open. {error}")
            except errors.FlowtlyError as error:
                self.stdout.write(f"{_named(open_)}: still open, it could not be read. {error}")
        ended = sum(chore() for chore in reconciling.CHORES)
        cleared = sum(keeper() for keeper in reconciling.KEEPERS)
        self.stdout.write(f"Requests that have ended: {ended}.")
        self.stdout.write(f"Open: {Open.objects.count()}. Cleared away: {cleared}.")


def _named(open_: Open) -> str:
    whose = f" of {open_.organization}" if open_.organization else ""
    record = " ".join(word for word in (open_.record, open_.record_name) if word)
    return f"{open_.write} {open_.kind} {open_.entity} {record}{whose}"


def _settled(api: Flowtly, open_: Open) -> str:
    if open_writes.under_way(open_):
        return "being saved just now"
    if not reconciling.can_look(open_):
        return "still open, its record cannot tell: somebody has to say what became of it"
    outcome = reconciling.look(api, open_)
    return "still open, it may yet show" if outcome == Outcome.UNKNOWN else outcome.value
