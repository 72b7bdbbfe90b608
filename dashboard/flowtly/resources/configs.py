"""Configuration values of an organization (published reference: list, read, patch; no schema)."""

from dataclasses import dataclass
from typing import Any, ClassVar

from dashboard.flowtly.names import Names
from dashboard.flowtly.resources.base import Gets, Lists, Updates
from dashboard.flowtly.resources.records import Record, anything


@dataclass(frozen=True)
class Config(Record):
    """`id` may be a key with dots and colons, `value` any JSON, perhaps within a string (all assumed)."""

    open_ended: ClassVar[bool] = True

    value: Any = anything()

    @property
    def key(self) -> str:
        """What people call it, where its id is but a number."""
        named = (self.raw.get(name) for name in ("key", "name", "code"))
        return next((each for each in named if isinstance(each, str) and each), self.id)

    def held(self, names: Names) -> Any:
        """The configured value, under the name it goes by at this API (`Names.config_value_field`)."""
        return self.raw.get(names.config_value_field)


class Configs(Lists[Config], Gets[Config], Updates[Config]):
    path = "/configs"
    record = Config
