from django.apps import AppConfig


class ActsConfig(AppConfig):
    name = "dashboard.actions"
    label = "acts"

    def ready(self) -> None:
        """Tells `reconcile` how a lost answer of each kind is settled, and what else ends by the clock."""
        from dashboard.actions.approvals.requests import expire_due
        from dashboard.actions.kinds import KINDS
        from dashboard.audit import reconciling

        for kind in KINDS.values():
            reconciling.ACTS[kind.entity, kind.id] = reconciling.Act(kind.can_settle, kind.look_for)
        reconciling.CHORES.append(expire_due)
