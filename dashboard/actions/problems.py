"""Problems of an action: why one was not sent, or cannot be decided about, and what stops a list."""

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from dashboard.actions.models import REPEATED, Act, State
from dashboard.web.coded_text import coded
from dashboard.web.error_messages import Problem, problem

NOTHING_SENT = _("Nothing was sent")
TEXTS: dict[str, str | Promise] = {
    "flowtly-said": "%(words)s",
    REPEATED: _("The same request was made again later."),
    "another-attempt.title": _("Another attempt"),
    "another-attempt": _("It begins with what was typed before. Nothing is sent until you have confirmed it."),
    "hour.title": _("Nothing was sent: that is enough for one hour"),
    "hour": _("%(n)d of them may be sent by one person in an hour. Nothing is lost: send this one later."),
    "two-people.title": _("Nothing was sent: this takes two people"),
    "two-people": _("Another person has to agree first: ask for that."),
    "twin.title": _("Nothing was sent: the same request already exists"),
    "twin.waiting": _("%(person)s requested the same on %(when)s. That request is waiting for approval."),
    "twin.sending": _("%(person)s sent the same on %(when)s, and Flowtly has not answered yet."),
    "twin.unknown": _("%(person)s sent the same on %(when)s, and the outcome is not known."),
    "decided.title": _("Somebody has decided before you"),
    "decided": _("It is %(state)s by now. What you typed is still here."),
    **{f"state.{state.value}": state.label for state in State},
    "own.title": NOTHING_SENT,
    "own": _("You asked for it yourself, so somebody else has to agree to it."),
    "in-hand.title": _("Nothing was sent: you cannot approve this request"),
    "in-hand": _(
        "The person who asked may have changed your account, for example your password or your roles. Another "
        "person has to approve this request. You can decline it."
    ),
    "void.title": _("Nothing was sent: the record has changed"),
    "void": _("It is not what it was when this was asked for, so nobody can agree to it any more. Ask anew."),
    # Of a list of coupons.
    "list.hour": _("%(n)d of these may be sent by one person in an hour. The rest stays as it is: go on later."),
    "list.mistake": _("The fault is in the dashboard, and it has been logged."),
    "list.changed": _("It is not any more what the rehearsal showed. Look at it again."),
    "list.slug": _(
        "Nothing that Flowtly gives names this organization, so its slug has to be typed. Apply it by itself."
    ),
    "list.died": _("It was begun and ended before anything was sent."),
}  # fmt: skip


def another_attempt() -> Problem:
    return problem("another-attempt", 200)


def too_many() -> Problem:
    return problem("hour", 429, "not-sent", n=settings.MONEY_ACTS_PER_HOUR)


def needs_second() -> Problem:
    return problem("two-people", 403, "not-sent")


def not_waiting(act: Act) -> Problem:
    return problem("decided", 409, "conflict", state=coded(f"state.{act.state}"))


def not_ones_own() -> Problem:
    return problem("own", 403, "not-sent")


def in_hand_of_asker() -> Problem:
    return problem("in-hand", 403, "not-sent")


def void() -> Problem:
    return problem("void", 409, "conflict")
