from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from dashboard.entity import MenuItem


class ActsConfig(AppConfig):
    name = "dashboard.actions"
    label = "acts"
    menu = (
        MenuItem(
            _("Approvals"),
            "approvals:index",
            "check",
            permission="act_money clear_organization",
            key="w",
            order=3,
            waiting="dashboard.actions.approvals.queue.waiting_for",
            counted=_("waiting for you"),
        ),
    )

    def ready(self) -> None:
        """Tells `reconcile` how a lost answer of each kind is settled, and every page the texts of actions."""
        from dashboard.actions import problems, sentence
        from dashboard.actions.kinds import KINDS
        from dashboard.actions.models import Reason
        from dashboard.actions.transitions import expire_due, record_repeated
        from dashboard.audit import reconciling, sentences
        from dashboard.web.coded_text import TEXTS

        for kind in KINDS.values():
            reconciling.PROBES[kind.entity, kind.id] = reconciling.Probe(kind.can_settle, kind.look_for)
        reconciling.CHORES += [expire_due, record_repeated]
        sentences.KNOWN_BY.append(sentence.of_entries)
        sentences.REASONS.update(Reason.choices)
        TEXTS.update(problems.TEXTS)
