from django.core.management.base import BaseCommand, CommandError, CommandParser

from dashboard.audit import chain
from dashboard.audit.models import Entry


class Command(BaseCommand):
    help = (
        "Holds the audit trail to its seals: exit status 1 where a line was altered, removed or slipped in."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--head",
            default="",
            help="an audit_mac from the log: says whether the trail still holds that line, which finds a cut-off end. "
            "Its number would not do: a trail that was made anew has the same numbers",
        )

    def handle(self, *args: object, head: str, **options: object) -> None:
        faults = 0
        for fault in chain.faults():
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
        self.stdout.write(f"The audit trail is whole: {Entry.objects.count()} lines.")
