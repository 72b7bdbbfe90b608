"""Form fields that a client has and a browser does not: a currency by name, and lines of text."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.flowtly.resources.references import CODE, Spelling
from dashboard.flowtly.strict_json import listed
from dashboard.forms.long_select import LongSelect
from dashboard.standards.countries import identifier
from dashboard.web.formatting import NOTHING, as_it_is, babel_locale, locale


def currency(value: object) -> str:
    """Code of a currency, whether it comes as a code, an IRI or an object; "" where there is none."""
    return identifier(value).upper()


def currency_name(value: object) -> str:
    """Name in the reader's language, with its code; one that nobody knows as it came, none as a dash."""
    name = babel_locale().currencies.get(currency(value))
    return f"{name} ({currency(value)})" if name else identifier(value) or NOTHING


def language_name(value: object) -> str:
    """Name in the reader's language, with its code; a code that nobody knows as it came, none as a dash."""
    if not isinstance(value, str) or not value:
        return NOTHING
    name = _language(value, locale())
    return f"{name} ({value})" if name else value


class CurrencyField(forms.CharField):
    """Currency: chosen by name from those Flowtly lists, or typed as a code where it has no such list."""

    widget: forms.Widget = forms.TextInput(attrs={"size": 8})
    offered: tuple[str, ...] = ()
    spelling = CODE

    def offer(self, offered: Sequence[str], spelling: Spelling = CODE, holds: object = None) -> None:
        """What a record `holds` stays choosable whatever it is."""
        self.offered, self.spelling = tuple(offered), spelling
        if not self.offered:
            self.help_text = _("Flowtly lists no currencies. Type the code, such as EUR.")
            return
        if currency(holds) and currency(holds) not in map(str.upper, self.offered):
            self.offered += (identifier(holds),)
        self.widget = LongSelect(choices=_choices(self.offered))
        self.widget.is_required = self.required

    def prepare_value(self, value: object) -> str:
        """The code in the list that means the same, else the value's own."""
        wanted = currency(value)
        return next((one for one in self.offered if one.upper() == wanted), identifier(value))

    def clean(self, value: object) -> str:
        chosen = self.prepare_value(super().clean(value))
        if chosen and self.offered and chosen not in self.offered:
            raise forms.ValidationError(_("Choose a currency from the list."))
        if not self.offered and len(chosen) == 3:
            chosen = chosen.upper()
        return self.spelling.of(chosen) if chosen else ""


class LinesField(forms.CharField):
    """List of texts, one per line. None where it is empty. What lines cannot hold is shown as it came."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: object) -> str:
        if value is None or isinstance(value, str):
            return value or ""
        return "\n".join(listed(value) or ()) if fits_lines(value) else as_it_is(value)

    def clean(self, value: object) -> list[str] | None:
        lines = [line.strip() for line in super().clean(value).splitlines() if line.strip()]
        if any(line[0] in "[{" for line in lines):
            raise forms.ValidationError(_("Enter one text per line, without brackets."))
        return lines or None


def fits_lines(value: object) -> bool:
    """Whether a list comes back from its lines as it was."""
    found = listed(value)
    return found is not None and all(
        isinstance(one, str) and [one.strip()] == one.splitlines() for one in found
    )


def _choices(codes: Iterable[str]) -> list[tuple[str, str | Promise]]:
    named = sorted((babel_locale().currencies.get(code.upper(), code), code) for code in codes)
    return [("", gettext_lazy("—")), *((code, currency_name(code)) for _name, code in named)]


@lru_cache(maxsize=256)
def _language(code: str, spoken: str) -> str:
    try:
        return str(Locale.parse(code.replace("-", "_")).get_display_name(spoken) or "")
    except (ValueError, UnknownLocaleError):
        return ""
