from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.forms.once import OnceForm
from dashboard.notes.followups import today

LONGEST = 4000


class Text(forms.CharField):
    """A browser sends two signs for a line's end. None is cut off while somebody types or pastes: it is refused."""

    widget = forms.Textarea(attrs={"rows": 4})
    default_validators = [MaxLengthValidator(LONGEST)]

    def to_python(self, value: object) -> str | None:
        return super().to_python(value.replace("\r\n", "\n") if isinstance(value, str) else value)


class Day(forms.DateField):
    widget = forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})
    input_formats = ["%Y-%m-%d"]


class FromToday(OnceForm):
    due = Day(label=gettext_lazy("Follow up on"))

    def clean_due(self) -> date | None:
        due: date | None = self.cleaned_data["due"]
        if due and due < today(self.request.user):
            raise ValidationError(_("That day is over. Choose today or a later one."))
        return due


class NoteForm(FromToday):
    """Drawn in the panel on a record's page, and sent to a page of its own."""

    text = Text(
        label=gettext_lazy("Note"),
        help_text=gettext_lazy("Colleagues read it here; Flowtly does not get it."),
    )
    due = Day(
        label=gettext_lazy("Follow up on"),
        required=False,
        help_text=gettext_lazy("It then stands among the follow-ups, under your name."),
    )
    field_order = ("text", "due")


class ChangeNoteForm(OnceForm):
    text = Text(label=gettext_lazy("Note"))


class MoveForm(FromToday):
    due = Day(
        label=gettext_lazy("Follow up on"),
        help_text=gettext_lazy("Everybody sees the new day, and the trail keeps the old one."),
    )
