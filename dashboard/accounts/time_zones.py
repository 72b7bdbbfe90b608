"""The time zones somebody may choose from, by region."""

from functools import cache

from django.conf import settings
from django.utils.translation import gettext as _

from dashboard.web.formatting import zones

REGIONS = (
    "Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific",
)  # fmt: skip

Choice = tuple[str, str]


def choices() -> list[Choice | tuple[str, list[Choice]]]:
    usual = _("As usual here (%(zone)s)") % {"zone": settings.TIME_ZONE.replace("_", " ")}
    return [("", usual), *_regions(), ("UTC", "UTC")]


@cache
def _regions() -> list[tuple[str, list[Choice]]]:
    known = sorted(zones())
    return [
        (region, [_choice(zone) for zone in known if zone.startswith(f"{region}/")]) for region in REGIONS
    ]


def _choice(zone: str) -> Choice:
    return zone, zone.partition("/")[2].replace("_", " ").replace("/", ", ")
