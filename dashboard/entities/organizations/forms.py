from django import forms
from django.utils.translation import gettext_lazy as _

from dashboard.flowtly import Flowtly, errors
from dashboard.forms.fields import ExactField
from dashboard.forms.record import FlowtlyForm

TYPES = ("production", "demo")
TYPES_LIST = "organization-types"  # the id of the <datalist> that the page draws


class OrganizationForm(FlowtlyForm):
    name = forms.CharField(label=_("Name"), max_length=255)
    slug = ExactField(
        label=_("Slug"),
        required=False,
        help_text=_(
            "A short name for addresses, such as kwelgeest-groep. Leave it empty and Flowtly makes one."
        ),
        widget=forms.TextInput(attrs={"size": 32, "autocapitalize": "none", "spellcheck": "false"}),
    )
    type = forms.CharField(
        label=_("Type"),
        required=False,
        help_text=_("Choose one or type another. Leave it empty and Flowtly decides."),
        widget=forms.TextInput(attrs={"list": TYPES_LIST, "size": 20}),
    )


def types_in_use(api: Flowtly) -> list[str]:
    """Types worth suggesting: those known, and those that organizations have."""
    try:
        seen = {record.type for record in api.organizations.list(items=100).items if record.type}
    except errors.FlowtlyError:
        seen = set()
    return [*TYPES, *sorted(seen - set(TYPES))]
