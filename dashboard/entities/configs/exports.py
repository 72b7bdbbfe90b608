"""Export of configs: without secrets, and the value in one column, whatever this API calls it."""

from functools import partial

from django.conf import settings
from django.utils.translation import gettext as _

from dashboard.flowtly import Names
from dashboard.flowtly.resources.configs import Config
from dashboard.tables.exports.rows import Mapped
from dashboard.tables.query import Plan
from dashboard.upstream import redaction
from dashboard.web.request import StaffRequest


def plan(_request: StaffRequest) -> Plan:
    return Plan("", (), dict, search="id")


def rows(request: StaffRequest) -> Mapped[Config]:
    keys = list(settings.FLOWTLY_CONFIG_KEYS)
    always = {settings.FLOWTLY_CONFIG_KEYS_PARAMETER: keys} if keys else {}
    return Mapped(request.flowtly.configs, partial(_without_secrets, request.flowtly.names), always)


def _without_secrets(names: Names, config: Config) -> Config:
    """What stands in the place of a secret tells nothing."""
    shown = redaction.guard(config)
    raw = {
        name: _("(secret, not exported)") if redaction.is_hidden(value) else value
        for name, value in {**shown.raw, "value": shown.raw.get(names.config_value_field)}.items()
    }
    return Config.read(raw)
