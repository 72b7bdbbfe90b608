"""Export of configs: without secrets, with the key that people call them by, and the value in one column, whatever
this API calls it."""
# ruff: noqa: RUF009 - the calls return dataclass fields

from dataclasses import dataclass
from functools import partial
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from dashboard.entities.configs.config_values import by_key
from dashboard.flowtly import Names
from dashboard.flowtly.resources.base import Lists
from dashboard.flowtly.resources.configs import Config, Configs
from dashboard.flowtly.resources.records import Record, anything, text
from dashboard.tables.exports.rows import Mapped
from dashboard.tables.query import Plan
from dashboard.upstream import redaction
from dashboard.web.request import StaffRequest


@dataclass(frozen=True)
class Line(Record):
    key: str | None = text()
    value: Any = anything()


class Lines(Lists[Line]):
    path = Configs.path
    record = Line


def plan(_request: StaffRequest) -> Plan:
    return Plan("", (), dict, search="id", holds=by_key)


def rows(request: StaffRequest) -> Mapped[Line]:
    keys = list(settings.FLOWTLY_CONFIG_KEYS)
    always = {settings.FLOWTLY_CONFIG_KEYS_PARAMETER: keys} if keys else {}
    return Mapped(Lines(request.flowtly), partial(_without_secrets, request.flowtly.names), always)


def _without_secrets(names: Names, line: Line) -> Line:
    """What stands in the place of a secret tells nothing."""
    shown = redaction.guard(Config.read(line.raw))
    values = {**shown.raw, "key": shown.key, "value": shown.raw.get(names.config_value_field)}
    raw = {
        name: _("(secret, not exported)") if redaction.is_hidden(value) else value
        for name, value in values.items()
    }
    return Line.read(raw)
