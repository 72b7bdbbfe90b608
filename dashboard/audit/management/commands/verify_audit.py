from datetime import timedelta

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from dashboard.audit import chain, known
from dashboard.audit.models import Entry, Head

# So often it begins at the first line: what is altered before the last checked one is found no later.
WHOLE_EVERY = timedelta(days=7)


class Command(BaseCommand):
    help = (
        "Holds the audit trail to its seals: exit status 1 where a line was altered, removed or slipped in. It goes on "
        "where the last check ended, and begins at the first line once a week: what was altered in lines that were "
        "checked before is found then, or with --whole."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--whole", action="store_true", help="begin at the first line")
        parser.add_argument(
            "--head",
            default="",
            help="an audit_mac from the log: says whether the trail still holds that line, which finds a cut-off end. "
            "Its number would not do: a trail that was made anew has the same numbers",
        )

    def handle(self, *args: object, head: str, whole: bool, **options: object) -> None:
        now = timezone.now()
        kept = Head.objects.filter(pk=1).first() or Head()
        whole_at = None if whole or not kept.checked else kept.whole_at
        after: Entry | None = None
        faults = 0
        if kept.checked and (after := chain.checked_to(kept)) is None:
            faults += 1
            self.stdout.write(f"line {kept.checked}, to which the last check came, is not as it was")
        if whole_at is None or now - whole_at > WHOLE_EVERY:
            after, whole_at = None, now
        for fault in chain.faults(after):
            faults += 1
            self.stdout.write(fault)
        if not faults:  # of a trail that is not whole nothing follows
            for fault in known.faults(after.number if after else 0):
                faults += 1
                self.stdout.write(fault)
        if head and not chain.holds(head):
            faults += 1
            self.stdout.write(
                f"the head {head} is not on the chain: its end was cut off, or it is another one"
            )
        elif head:
            self.stdout.write(f"the head {head} is on the chain")
        if faults:
            raise CommandError(f"The audit trail is not whole: {faults} faults.")
        chain.note_check(kept, whole_at)
        self.stdout.write(f"The audit trail is whole: {kept.number} lines.")
        if after:
            self.stdout.write(f"Checked after line {after.number}; from the first one with --whole.")
