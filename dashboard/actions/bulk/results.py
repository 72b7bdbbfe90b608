"""Results of a batch so far: what became of each row, how many of each, and all of it as text."""

from collections import Counter
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.actions import draft, evidence, outcome, receipt
from dashboard.actions.bulk import parse
from dashboard.actions.bulk.models import Batch, Row, RowState, Skipped
from dashboard.actions.models import Act, State
from dashboard.audit.models import Outcome
from dashboard.web.formatting import when
from dashboard.web.request import OpenOrganization, StaffRequest

WORDS = {
    "applied": (gettext_lazy("Applied"), "good"),
    "nothing-shows": (gettext_lazy("Accepted, nothing shows"), "good"),
    "elsewhere": (gettext_lazy("Another subscription"), "danger"),
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
TO_TRY_AGAIN = {"refused", "conflict", "not-applied", "not-sent", "ended"}


class Results:
    def __init__(self, request: StaffRequest, batch: Batch) -> None:
        self.request, self.batch = request, batch
        of = list(batch.rows.select_related("act", "act__person", "act__decided_by"))
        self.rows = [self._row(row) for row in of]
        self.tried = sum(row.over for row in of)
        self.wanted = sum(row.state != RowState.SKIPPED for row in of)
        self.unsent = sum(row.state == RowState.READY for row in of)
        self.under_way = any(row.under_way for row in of)

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
            f"{who}, {batch.get_reason_display()}: {batch.note}",
            ", ".join(f"{one['label']}: {one['n']}" for one in self.totals),
        ]
        return "\n".join([*head, "", *map(_as_text, self.rows)])

    def _row(self, row: Row) -> dict[str, Any]:
        act = row.act
        word, text = self._said(row, act)
        label, tone = WORDS[word]
        sent = act is not None and act.state != State.DRAFT
        return {
            "place": row.place,
            "name": row.name or row.organization or row.typed,
            "id": row.organization,
            "typed": row.typed,
            "called": parse.called(row.typed, row.organization),
            "url": OpenOrganization(row.organization, "", "", "", "").url if row.organization else "",
            "word": word,
            "label": label,
            "tone": tone,
            "text": text,
            "proof_url": draft.url(act, "proof") if act and sent else "",
            "again_url": _again_url(row, word),
            "write": act.write if act else "",
        }

    def _said(self, row: Row, act: Act | None) -> tuple[str, str]:
        if row.state == RowState.SKIPPED:
            return "skipped", row.words or str(Skipped(row.skipped).label)
        if row.state == RowState.READY:
            return "not-sent", row.words
        if act is not None and act.state != State.DRAFT:
            return self._of_act(outcome.read(act))
        if row.under_way:
            return "sending", ""
        return "not-sent", row.words or _("It was begun and ended before anything was sent.")

    def _of_act(self, act: Act) -> tuple[str, str]:
        if act.state == State.WAITING:
            return "waiting", ""
        if act.state != State.SENT:
            return "ended", act.get_state_display()
        if outcome.under_way(act):
            return "sending", ""
        if act.outcome == Outcome.APPLIED:
            return self._of_applied(act)
        return act.outcome or "unknown", receipt.said(self.request, act).text

    def _of_applied(self, act: Act) -> tuple[str, str]:
        found = evidence.read(act)
        if found.elsewhere:
            return "elsewhere", receipt.said(self.request, act).title
        return ("applied", "") if found.shown else ("nothing-shows", "")


def _again_url(row: Row, word: str) -> str:
    """The ordinary way, for one that this way will not be sent again."""
    if not (row.over or row.under_way) or word not in TO_TRY_AGAIN:
        return ""
    if row.act is not None:
        return draft.again_url(row.act)
    return reverse("acts:apply-coupon", kwargs={"org": row.organization})


def _as_text(row: dict[str, Any]) -> str:
    said = " ".join(row["text"].split())
    return "\t".join(filter(None, [row["name"], row["id"], str(row["label"]), said, row["write"]]))
