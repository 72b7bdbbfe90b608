"""Three forms: what is pasted, the rehearsal that is confirmed, and a button."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.actions.bulk import parse
from dashboard.actions.bulk.rehearsal import Line
from dashboard.actions.forms import ReasonForm
from dashboard.audit import operations
from dashboard.forms.once import OnceForm
from dashboard.web.request import StaffRequest

REHEARSED = "base"
CONFIRM = "confirm"
ROWS = "rows"


class BatchForm(OnceForm):
    """It sends nothing: what it is given becomes a batch that is rehearsed first."""

    organizations = forms.CharField(
        label=gettext_lazy("Organizations"),
        help_text=gettext_lazy(
            "Ids or slugs, or addresses of them here or at Flowtly; one a line, or with spaces, commas or semicolons "
            "between them."
        ),
        widget=forms.Textarea(
            attrs={"rows": 8, "autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
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


class RehearsalForm(OnceForm):
    """The table as it was shown, signed, and the ticks in it. It is confirmed by its button alone, and only with the
    ticks that the button counts; with others it is drawn again."""

    def __init__(self, request: StaffRequest, shown: Any = None, **asked: Any) -> None:
        super().__init__(request, shown, **asked)
        self.rehearsed: list[list[Any]] = []
        self.drawn: set[int] = set()
        if request.method == "POST":
            self._recognize(request.POST.get(REHEARSED, ""))

    def _recognize(self, signed: str) -> None:
        try:
            path, self.rehearsed, drawn = signing.loads(signed, salt=REHEARSED)
        except (signing.BadSignature, ValueError, TypeError):
            return
        if path == self.request.path:
            self.drawn = set(drawn)
        else:
            self.rehearsed = []

    @property
    def can(self) -> set[int]:
        """The places of the rows that something could be sent for, as they were shown."""
        return {place for place, _organization, _name, _seen, skipped in self.rehearsed if not skipped}

    @property
    def ticked(self) -> set[int]:
        given = self.request.POST.getlist(ROWS)
        return {int(one) for one in given if one.isascii() and one.isdigit() and len(one) < 5} & self.can

    @property
    def confirmed(self) -> bool:
        """Whether the button was pressed, and it counted what is ticked."""
        pressed = CONFIRM in self.request.POST and self.ready()
        return pressed and bool(self.ticked) and self.ticked == self.drawn

    def draw(self, lines: Iterable[Line]) -> None:
        """Stands on these from now on."""
        shown = list(lines)
        self.rehearsed = [[one.place, one.organization, one.name, one.seen, one.skipped] for one in shown]
        self.drawn = {one.place for one in shown if one.ticked}

    def recount(self) -> None:
        self.drawn = self.ticked

    @property
    def hidden(self) -> list[tuple[str, str]]:
        told = [self.request.path, self.rehearsed, sorted(self.drawn)]
        return [*super().hidden, (REHEARSED, signing.dumps(told, salt=REHEARSED, compress=True))]


class ButtonForm(OnceForm):
    """Nothing but a button, which acts once. It stands on another page than it is sent to."""

    def __init__(self, request: StaffRequest, to: str = "") -> None:
        super().__init__(request)
        self.to = to

    @property
    def hidden(self) -> list[tuple[str, str]]:
        return [("operation", operations.new(self.request.user.pk, self.to))]
