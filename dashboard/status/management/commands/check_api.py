import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from dashboard.status import comparison


class Command(BaseCommand):
    help = (
        "Holds Flowtly's own OpenAPI document, where it is served, against what this dashboard expects: endpoints, "
        "fields, and the names that settings can change. Exit status 0: all agrees, 1: something differs, 2: it could "
        "not be compared. /status/ shows the same."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="the whole result as JSON")

    def handle(self, *args: object, **options: object) -> None:
        result = comparison.compare()
        comparison.keep(result, "check_api")
        if options["json"]:
            self.stdout.write(json.dumps(result, indent=2, ensure_ascii=False))
        else:
            self._say(result)
        if result["status"] != comparison.AGREES:
            sys.exit(result["status"])

    def _say(self, result: dict[str, Any]) -> None:
        self.stdout.write(f"{comparison.heading(result)[1]}. {comparison.summary(result)}")
        for title, lines in (
            ("", comparison.lines(result)),
            ("Names", comparison.settled(result)),
            ("For the record", comparison.notes(result)),
        ):
            if lines:
                self.stdout.write(f"\n{title}" if title else "")
            for line in lines:
                self.stdout.write(f"  {line.verdict:<12}{line.code}: {line.text}")
