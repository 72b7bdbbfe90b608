"""Results of a batch so far: what became of each row, how many of each, and all of it as text."""

from collections import Counter
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from dashboard.actions import draft, outcome, receipt, sentence
from dashboard.actions.bulk import parse
from dashboard.actions.bulk.models import Batch, Row, RowState, Skipped
from dashboard.actions.models import Act, State
from dashboard.audit.sentences import STATUSES
from dashboard.web.coded_text import drawn
from dashboard.web.formatting import when
from dashboard.web.request import OpenOrganization, StaffRequest


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
    def ending(self) -> str:
        """What all of them have come to: the best of it stands only where it is true of every one."""
        words = {row["word"] for row in self.rows} - {"skipped"}
        if not words:
            return "nothing"
        if "waiting" in words:
            return "waiting"
        if words <= {"applied", *sentence.UNSEEN - {"elsewhere"}}:
            return "applied" if words == {"applied"} else "accepted"
        return "mixed"

    @property
    def waiting(self) -> int:
        return sum(row["word"] == "waiting" for row in self.rows)

    @property
    def totals(self) -> list[dict[str, Any]]:
        count = Counter(row["word"] for row in self.rows)
        return [
            {"n": count[word], "word": word, "label": known.label}
            for word, known in STATUSES.items()
            if count[word]
        ]

    @property
    def text(self) -> str:
        batch = self.batch
        who = f"{batch.person}, {when(batch.confirmed_at, self.request.user.time_zone)}"
        head = [
            _("Coupon %(code)s for several organizations") % {"code": batch.code},
            f"{who}, {batch.get_reason_display()}: {batch.note}",
            ", ".join(f"{one['label']}: {one['n']}" for one in self.totals),
        ]
        return "\n".join([*head, "", *map(_as_text, self.rows)])

    def _row(self, row: Row) -> dict[str, Any]:
        act = row.act
        word, text = self._said(row, act)
        known = STATUSES[word]
        sent = act is not None and act.state != State.DRAFT
        return {
            "place": row.place,
            "name": row.name or row.organization or row.typed,
            "id": row.organization,
            "typed": row.typed,
            "called": parse.called(row.typed, row.organization),
            "url": OpenOrganization(row.organization, "", "", "", "").url if row.organization else "",
            "word": word,
            "label": known.label,
            "tone": known.tone,
            "text": text,
            "proof_url": draft.url(act, "proof") if act and sent else "",
            "again_url": _again_url(row, word),
            "write": act.write if act else "",
        }

    def _said(self, row: Row, act: Act | None) -> tuple[str, str]:
        if row.state == RowState.SKIPPED:
            return "skipped", row.why or str(Skipped(row.skipped).label)
        if row.state == RowState.READY:
            return "not-sent", row.why
        if act is not None and act.state != State.DRAFT:
            return self._of_act(outcome.read(act))
        if row.under_way:
            return "sending", ""
        return "not-sent", row.why or drawn("list.died")

    def _of_act(self, act: Act) -> tuple[str, str]:
        word = sentence.status(act)
        quiet = {"applied", "nothing-shows", "waiting", "sending", *sentence.ENDED}
        return word, "" if word in quiet else receipt.said(self.request, act).text


def _again_url(row: Row, word: str) -> str:
    """The ordinary way, for one that this way will not be sent again."""
    if not (row.over or row.under_way) or word not in sentence.NOTHING_DONE:
        return ""
    if row.act is not None:
        return draft.again_url(row.act)
    return reverse("acts:apply-coupon", kwargs={"org": row.organization})


def _as_text(row: dict[str, Any]) -> str:
    said = " ".join(row["text"].split())
    return "\t".join(filter(None, [row["name"], row["id"], str(row["label"]), said, row["write"]]))
