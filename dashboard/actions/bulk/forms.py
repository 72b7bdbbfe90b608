"""Forms of a batch: what is pasted, the preview that is confirmed, and a button."""

import uuid
from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.actions.bulk import parse
from dashboard.actions.bulk.models import Batch, Row, RowState, Skipped
from dashboard.actions.bulk.preview import PreviewLine
from dashboard.actions.coupon_code import AsksCode
from dashboard.actions.forms import PLAIN, ReasonForm
from dashboard.audit import operations
from dashboard.forms.once import OnceForm
from dashboard.web.converters import is_identifier
from dashboard.web.request import StaffRequest

PREVIEWED = "base"
CONFIRM = "confirm"
ROWS = "rows"
CHOSEN = "organization."


class BatchForm(AsksCode, OnceForm):
    """It sends nothing: what it is given becomes a batch that is previewed first."""

    organizations = forms.CharField(
        label=gettext_lazy("Organizations"),
        help_text=gettext_lazy(
            "One organization per line: its ID, slug, address or whole name. A pasted sheet may have more columns, for "
            "example org_1001 beside the plan."
        ),
        widget=forms.Textarea(attrs={"rows": 8, **PLAIN}),
    )
    code = ReasonForm.base_fields["code"]
    reason = ReasonForm.base_fields["reason"]
    note = ReasonForm.base_fields["note"]

    def clean_organizations(self) -> list[str]:
        texts = parse.split(self.cleaned_data["organizations"])
        most = settings.COUPONS_AT_ONCE
        if not texts:
            raise ValidationError(_("Nothing in it names an organization."))
        if len(texts) > most:
            text = ngettext(
                "%(n)d is too many: at most %(most)d at once. Take the rest in another list.",
                "These are %(n)d: at most %(most)d at once. Take the rest in another list.",
                len(texts),
            )
            raise ValidationError(text % {"n": len(texts), "most": most})
        return texts

    def batch(self) -> Batch:
        """What a valid form asks for: the same form again is the same batch, with other words another."""
        words = dict(self.cleaned_data)
        texts: list[str] = words.pop("organizations")
        identifier = uuid.uuid5(uuid.NAMESPACE_OID, f"{self.operation} {texts} {words}").hex
        fields = {"person": self.request.user, **words}
        with transaction.atomic():
            batch, first = Batch.objects.get_or_create(pk=identifier, defaults=fields)
            if first:
                rows = [Row(batch=batch, place=at, typed=text) for at, text in enumerate(texts, 1)]
                Row.objects.bulk_create(rows)
        return batch


class PreviewForm(OnceForm):
    """The table as it was shown, signed, and the ticks in it. It is confirmed by its button alone, and only with the
    ticks that the button counts; with others it is drawn again."""

    def fit(self) -> None:
        self.previewed: list[list[Any]] = []
        self.drawn: set[int] = set()
        try:
            path, previewed, drawn = signing.loads(self.posted.get(PREVIEWED, ""), salt=PREVIEWED)
        except (signing.BadSignature, ValueError, TypeError):
            return
        if path == self.request.path:
            self.previewed, self.drawn = previewed, set(drawn)

    @property
    def ticked(self) -> set[int]:
        """Of the rows that something could be sent for, as they were shown."""
        can = {place for place, _organization, _name, _seen, skipped in self.previewed if not skipped}
        given = self.request.POST.getlist(ROWS)
        return {int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 5} & can

    @property
    def chosen(self) -> dict[int, str]:
        """Which organization was chosen for a row that several fit."""
        rows = [row[0] for row in self.previewed if row[4] == Skipped.AMBIGUOUS]
        found = {place: self.request.POST.get(f"{CHOSEN}{place}", "") for place in rows}
        return {place: one for place, one in found.items() if is_identifier(one)}

    def choose(self, batch: Batch) -> None:
        """Keeps that with the row, as long as the list is not confirmed: the preview takes it if it still fits."""
        with transaction.atomic():
            if Batch.objects.select_for_update().filter(pk=batch.pk, confirmed_at=None).first():
                for place, organization in self.chosen.items():
                    batch.rows.filter(place=place).update(organization=organization[:128])

    @property
    def confirmed(self) -> bool:
        """Whether the button was pressed, and it counted what is ticked."""
        pressed = CONFIRM in self.request.POST and not self.chosen and self.ready()
        return pressed and bool(self.ticked) and self.ticked == self.drawn

    def confirm(self, batch: Batch) -> None:
        """From now on it stands as it was shown. Once."""
        with transaction.atomic():
            if not Batch.objects.filter(pk=batch.pk, confirmed_at=None).update(confirmed_at=timezone.now()):
                return
            rows = {row.place: row for row in batch.rows.all()}
            for place, organization, name, seen, skipped in self.previewed:
                row = rows[place]
                row.organization, row.name, row.seen = organization, name, seen
                row.skipped = skipped or ("" if place in self.drawn else Skipped.UNTICKED)
                row.state = RowState.SKIPPED if row.skipped else RowState.READY
            Row.objects.bulk_update(rows.values(), ["organization", "name", "seen", "skipped", "state"])

    def draw(self, lines: Iterable[PreviewLine]) -> None:
        """Stands on these from now on."""
        shown = list(lines)
        self.previewed = [[one.place, one.organization, one.name, one.seen, one.skipped] for one in shown]
        self.drawn = {one.place for one in shown if one.ticked}

    def recount(self) -> None:
        self.drawn = self.ticked

    @property
    def hidden(self) -> list[tuple[str, str]]:
        told = [self.request.path, self.previewed, sorted(self.drawn)]
        return [*super().hidden, (PREVIEWED, signing.dumps(told, salt=PREVIEWED, compress=True))]


class ButtonForm(OnceForm):
    """Nothing but a button, which acts once. It stands on another page than it is sent to."""

    def __init__(self, request: StaffRequest, to: str = "") -> None:
        super().__init__(request)
        self.to = to

    @property
    def hidden(self) -> list[tuple[str, str]]:
        return [("operation", operations.new(self.request.user.pk, self.to))]
