from contextlib import suppress

from django.apps import AppConfig
from django.core.signals import request_finished
from django.utils.translation import gettext_lazy as _

from dashboard.entity import MenuItem


class StatusConfig(AppConfig):
    name = "dashboard.status"
    label = "status"
    menu = (MenuItem(_("Status"), "status:index", "activity", key="u", order=7),)

    def ready(self) -> None:
        from dashboard.audit import reconciling
        from dashboard.status import keepers, snapshots
        from dashboard.status.figures import Figures
        from dashboard.upstream import connection

        connection.listen(lambda _names: Figures())
        with suppress(ImportError):  # what the client believes of the API may be taken out whole
            from dashboard.flowtly.contract.drift import Drift

            connection.listen(Drift)
        reconciling.KEEPERS.append(keepers.purge)
        request_finished.connect(snapshots.keep_sometimes, dispatch_uid="status")
