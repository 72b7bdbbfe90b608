"""Advice on an address: what is worth a second look. It never stands in the way of saving."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from dashboard.flowtly.resources.addresses import Address
from dashboard.standards import countries, tax_numbers

POST_CODES = {
    "BE": gettext_lazy("a Belgian post code"),
    "DE": gettext_lazy("a German post code"),
    "DK": gettext_lazy("a Danish post code"),
    "FR": gettext_lazy("a French post code"),
    "NL": gettext_lazy("a Dutch post code"),
    "PL": gettext_lazy("a Polish post code"),
    "PT": gettext_lazy("a Portuguese post code"),
}
# Outcome of a check → its colour and its name.
OUTCOMES = {
    "fits": ("good", gettext_lazy("looks right")),
    "doubtful": ("attention", gettext_lazy("worth checking")),
    "not-checked": ("neutral", gettext_lazy("not checked")),
}


def checks(address: Address) -> list[dict[str, str]]:
    number = tax_number(address)
    return [
        _check(_("Tax number"), number.outcome, number.text),
        _check(_("Post code"), *_post_code(address)),
    ]


def doubts(address: Address) -> list[str]:
    """Checks that do not look right, for the message after saving."""
    return [f"{one['label']}: {one['text']}" for one in checks(address) if one["outcome"] == "doubtful"]


def tax_number(address: Address) -> tax_numbers.Finding:
    return tax_numbers.look(address.tin, address.tin_country, address.country)


def _post_code(address: Address) -> tuple[str, str]:
    country = countries.code(address.country)
    fits = countries.post_code_fits(address.post_code, country)
    if not address.post_code:
        return "not-checked", _("Not checked: there is no post code.")
    if fits is None:
        text = _("Not checked: the shape of post codes is not known for this country (%(country)s).")
        return "not-checked", text % {"country": countries.name(address.country)}
    what = {"post_code": POST_CODES[country], "example": countries.POST_CODES[country][1]}
    if fits:
        return "fits", _("Looks like %(post_code)s.") % what
    return "doubtful", _("Does not look like %(post_code)s, such as %(example)s.") % what


def _check(label: str, outcome: str, text: str) -> dict[str, str]:
    pill, word = OUTCOMES[outcome]
    return {"label": label, "outcome": outcome, "text": text, "word": str(word), "pill": pill}
