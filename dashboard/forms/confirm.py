"""Forms that ask before something is done to a whole record."""

from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from dashboard.forms.record import FlowtlyForm
from dashboard.web import error_messages


class ConfirmForm(FlowtlyForm):
    """A form without fields, over the whole record: it is asked for what was shown, or not at all."""

    def base_of(self, record: Any) -> dict[str, Any]:
        return {key: value for key, value in record.raw.items() if not key.startswith("@")}


class DeleteForm(ConfirmForm):
    """Says of what was not done that it was not deleted."""

    def stop(self, problem: error_messages.Problem) -> None:
        titles = {
            "refused": _("Not deleted"),
            "conflict": _("Not deleted: Flowtly does not allow it"),
            "unknown": _("We do not know whether this was deleted"),
            "not-applied": _("Not deleted: Flowtly failed"),
        }
        super().stop(replace(problem, title=titles.get(problem.outcome, problem.title)))
