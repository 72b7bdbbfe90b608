"""What watches over the tenant header: whether the records it selects are the right organization's."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol

from dashboard.flowtly.resources.records import Record

if TYPE_CHECKING:
    from dashboard.flowtly.client import Flowtly


class TenantCheck(Protocol):
    """Sees each record that is read of the tenant, and is asked before each write to it."""

    def saw(self, records: Sequence[Record]) -> None: ...

    def before_write(self, api: "Flowtly") -> None:
        """AnotherTenant or TenantUnproved where nothing may be sent."""
