"""What has become of a batch so far: a result for each row, how many of each, and all of it as text."""

from collections import Counter
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.actions import draft, receipt, result
from dashboard.actions.bulk import run
from dashboard.actions.bulk.models import Batch, Row, RowState, Skipped
from dashboard.actions.models import Act, Reason, State
from dashboard.audit.models import Outcome
from dashboard.web.formatting import when
from dashboard.web.request import OpenOrganization, StaffRequest

WORDS = {
    "applied": (gettext_lazy("Applied"), "good"),
    "nothing-shows": (gettext_lazy("Accepted, nothing shows"), "good"),
    "waiting": (gettext_lazy("Waits for a second person"), "attention"),
    "sending": (gettext_lazy("Being sent"), "attention"),
    "unknown": (gettext_lazy("Unknown"), "attention"),
    "conflict": (gettext_lazy("Conflict"), "danger"),
    "refused": (gettext_lazy("Refused"), "danger"),
    "not-applied": (gettext_lazy("Not applied"), "danger"),
    "ended": (gettext_lazy("Not agreed to"), "neutral"),
    "not-sent": (gettext_lazy("Not sent"), "neutral"),
    "skipped": (gettext_lazy("Left out"), "neutral"),
}
OVER = {RowState.DONE, RowState.STOPPED}


class Results:
    def __init__(self, request: StaffRequest, batch: Batch) -> None:
        self.request, self.batch = request, batch
        self.of = list(batch.rows.select_related("act", "act__person", "act__decided_by"))
        self.rows = [self._row(row) for row in self.of]
        self.tried = sum(row.state in OVER or run.stale(row) for row in self.of)
        self.wanted = sum(row.state != RowState.SKIPPED for row in self.of)
        self.unsent = sum(row.state == RowState.READY for row in self.of)
        self.under_way = any(row.state == RowState.SENDING and not run.stale(row) for row in self.of)

    @property
    def finished(self) -> bool:
        return not self.unsent and not self.under_way

    @property
    def totals(self) -> list[dict[str, Any]]:
        count = Counter(row["word"] for row in self.rows)
        return [
            {"n": count[word], "word": word, "label": label}
            for word, (label, _tone) in WORDS.items()
            if count[word]
        ]

    @property
    def text(self) -> str:
        batch = self.batch
        who = f"{batch.person.username}, {when(batch.confirmed_at, self.request.user.time_zone)}"
        head = [
            _("Coupon %(code)s for several organizations") % {"code": batch.code},
            f"{who}, {Reason(batch.reason).label}: {batch.note}",
            ", ".join(f"{one['label']}: {one['n']}" for one in self.totals),
        ]
        lines = [
            "\t".join(
                filter(
                    None,
                    [row["name"], row["id"], str(row["label"]), " ".join(row["text"].split()), row["write"]],
                )
            )
            for row in self.rows
        ]
        return "\n".join([*head, "", *lines])

    def _row(self, row: Row) -> dict[str, Any]:
        act = row.act
        word, text = self._said(row, act)
        label, tone = WORDS[word]
        known_here = bool(row.organization)
        return {
            "place": row.place,
            "name": row.name or row.organization or row.typed,
            "id": row.organization,
            "typed": row.typed,
            "called": row.typed if row.typed != row.organization and "/" not in row.typed else "",
            "url": OpenOrganization(row.organization, "", "", "", "").url if known_here else "",
            "word": word,
            "label": label,
            "tone": tone,
            "text": text,
            "proof_url": draft.url(act, "proof") if act and act.state != State.DRAFT else "",
            "again_url": self._again(row, act, word),
            "write": act.write if act else "",
        }

    def _said(self, row: Row, act: Act | None) -> tuple[str, str]:
        if row.state == RowState.SKIPPED:
            return "skipped", row.words or str(Skipped(row.skipped).label)
        if row.state == RowState.READY:
            return "not-sent", row.words
        if act is not None and act.state != State.DRAFT:
            return self._of_act(result.read(act))
        if row.state == RowState.SENDING and not run.stale(row):
            return "sending", ""
        return "not-sent", row.words or _("It was begun and ended before anything was sent.")

    def _of_act(self, act: Act) -> tuple[str, str]:
        if act.state == State.WAITING:
            return "waiting", ""
        if act.state != State.SENT:
            return "ended", str(State(act.state).label)
        if result.under_way(act):
            return "sending", ""
        if act.outcome == Outcome.APPLIED:
            return ("applied", "") if act.visible else ("nothing-shows", "")
        return act.outcome or "unknown", str(receipt.said(self.request, act)["text"])

    def _again(self, row: Row, act: Act | None, word: str) -> str:
        """The ordinary way, for one that this way will not be sent again."""
        if row.state not in OVER | {RowState.SENDING} or word not in {
            "refused",
            "conflict",
            "not-applied",
            "not-sent",
            "ended",
        }:
            return ""
        if act is not None:
            return draft.again_url(act)
        return reverse("acts:apply-coupon", kwargs={"org": row.organization})
