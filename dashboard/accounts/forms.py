"""Forms over what this dashboard keeps itself: people, and what each may choose for themselves."""

from collections.abc import Mapping
from typing import Any, Self

from allauth.account.forms import LoginForm
from allauth.core import ratelimit
from django import forms
from django.contrib.auth.password_validation import get_default_password_validators, validate_password
from django.core import signing
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.accounts import changes, time_zones
from dashboard.accounts.models import Person, folded
from dashboard.accounts.roles import ROLES
from dashboard.forms.fields import EmailField, ExactField
from dashboard.forms.long_select import LongSelect
from dashboard.forms.once import BASE, OnceForm
from dashboard.web.formatting import label
from dashboard.web.request import StaffRequest


class SignInForm(LoginForm):  # type: ignore[misc]  # allauth is untyped
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["login"].widget.attrs |= {
            "autocapitalize": "none",
            "autocorrect": "off",
            "spellcheck": "false",
        }


class PersonForm(OnceForm):
    """What a superuser decides about somebody."""

    first_name = forms.CharField(label=gettext_lazy("First name"), max_length=150)
    last_name = forms.CharField(label=gettext_lazy("Last name"), max_length=150, required=False)
    email = EmailField(
        label=gettext_lazy("E-mail"),
        max_length=254,
        required=False,
        help_text=gettext_lazy("So that colleagues can reach them. Nothing is ever sent there."),
    )
    roles = forms.MultipleChoiceField(
        label=gettext_lazy("Roles"),
        choices=tuple(ROLES.items()),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=gettext_lazy("Without any they can sign in, and see the help and their own page."),
    )
    is_superuser = forms.BooleanField(
        label=gettext_lazy("Superuser"),
        required=False,
        help_text=gettext_lazy("May do everything, and decides who else may do what."),
    )

    def __init__(self, request: StaffRequest, shown: Mapping[str, Any] | None = None, **kwargs: Any) -> None:
        super().__init__(request, shown, **kwargs)
        # What the form was drawn from when somebody began to type.
        self.base = {**dict.fromkeys(self.fields), **self.initial}
        try:
            path, base = signing.loads(self.data.get(BASE, ""), salt=BASE)
        except (signing.BadSignature, ValueError, TypeError):
            return
        if path == request.path:
            self.base = base

    def refuse(self, refused: changes.Refused) -> None:
        """Whoever was told of a clash goes on from what is there now, in the fields that clashed."""
        for name, words in refused.words.items():
            self.add_error(name if name in self.fields else None, words)
        self.base |= refused.now

    @property
    def hidden(self) -> list[tuple[str, str]]:
        return [*super().hidden, (BASE, signing.dumps([self.request.path, self.base], salt=BASE))]

    def clean_roles(self) -> list[str]:
        return [role for role in ROLES if role in self.cleaned_data["roles"]]

    def words(self, name: str, value: object) -> str:
        """A value as the history tells it."""
        if isinstance(value, list):
            return ", ".join(str(ROLES.get(role, role)) for role in value) or label(None)
        return label(value)

    def mine(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in self.base}


class OwnRecordForm(PersonForm):
    """A superuser's own record: whether they are one is for another to decide."""

    def fit(self) -> None:
        self.fields["is_superuser"].disabled = True
        self.fields["is_superuser"].help_text = _("Only another superuser can change this for you.")


class NewPersonForm(PersonForm):
    username = ExactField(
        label=gettext_lazy("User name"),
        max_length=150,
        validators=[Person.username_validator],
        help_text=gettext_lazy("What they sign in with. It stays: the trail knows them by it."),
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )
    field_order = ("username", "first_name", "last_name", "email", "roles", "is_superuser")

    def clean_username(self) -> str:
        username = folded(self.cleaned_data["username"])
        if Person.objects.named(username):
            raise ValidationError(changes.taken())
        return username


class TimeZoneForm(OnceForm):
    time_zone = forms.ChoiceField(
        label=gettext_lazy("Time zone"),
        choices=time_zones.choices,
        widget=LongSelect,
        required=False,
        help_text=gettext_lazy("Every time you are shown is in this zone, with its name beside it."),
    )


class PasswordForm(OnceForm):
    current_password = forms.CharField(
        label=gettext_lazy("Current password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new_password = forms.CharField(
        label=gettext_lazy("New password"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    new_password_again = forms.CharField(
        label=gettext_lazy("New password, once more"),
        strip=False,
        max_length=4096,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    @classmethod
    def of(cls, request: StaffRequest, *_args: object, **_kwargs: object) -> Self:
        return cls(request)  # there is never a draft of it

    def fit(self) -> None:
        least = next(
            (rule.min_length for rule in get_default_password_validators() if hasattr(rule, "min_length")), 1
        )
        self.fields["new_password"].help_text = _(
            "At least %(n)d characters; a sentence is easier to keep than a riddle. Nothing common, and nothing like "
            "your name."
        ) % {"n": least}
        if self.request.user.must_change_password:
            self.fields["current_password"].label = _("One-time password")

    def clean_current_password(self) -> str:
        given: str = self.cleaned_data["current_password"]
        if not ratelimit.consume(self.request, action="change_password", user=self.request.user):
            raise ValidationError(_("Too many attempts. Wait a minute, then try again."))
        if not self.request.user.check_password(given):
            raise ValidationError(_("This is not your current password."))
        return given

    def clean_new_password(self) -> str:
        wanted: str = self.cleaned_data["new_password"]
        if wanted == self.cleaned_data.get("current_password"):
            raise ValidationError(_("This is the password you have. Choose another."))
        validate_password(wanted, self.request.user)
        return wanted

    def clean(self) -> dict[str, Any]:
        wanted, again = (self.cleaned_data.get(name) for name in ("new_password", "new_password_again"))
        if wanted and again and wanted != again:
            self.add_error("new_password_again", _("The two are not the same."))
        return self.cleaned_data
