"""Action (stored as `Act`): a row from its reason to its receipt."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class KindName(models.TextChoices):
    """As the trail has it."""

    APPLY_COUPON = "apply-coupon", _("apply a coupon")
    CLEAR_COUPON = "clear-coupon", _("clear the coupon")
    CANCEL = "cancel", _("cancel the subscription")
    CLEAR = "clear", _("clear the organization")


class Reason(models.TextChoices):
    CAMPAIGN = "campaign", _("Campaign")
    GOODWILL = "goodwill", _("Goodwill")
    CORRECTION = "correction", _("Correction")
    CONTRACT = "contract", _("Contract")
    OTHER = "other", _("Other")


class State(models.TextChoices):
    DRAFT = "draft", _("not confirmed yet")
    WAITING = "waiting", _("waits for a second person")
    DECLINED = "declined", _("declined")
    WITHDRAWN = "withdrawn", _("withdrawn")
    EXPIRED = "expired", _("expired")
    VOID = "void", _("void: the record has changed")
    SENT = "sent", _("sent")  # or tried: `outcome` tells what came of it


REPEATED = "same-request"  # why an older twin is void
UNDER_WAY = models.Q(state=State.WAITING) | models.Q(state=State.SENT, outcome="")


class Act(models.Model):
    """`id` is of the form for its reason and what was typed there: one form makes one of it, and it is sent once. The
    code and the reason are kept here and stand in no URL."""

    id = models.CharField(max_length=40, primary_key=True)
    kind = models.CharField(max_length=20, choices=KindName.choices)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFT)

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="acts")
    made_at = models.DateTimeField(default=timezone.now)
    organization = models.CharField(max_length=128)
    organization_name = models.CharField(max_length=255)
    record = models.CharField(max_length=200, blank=True)  # the subscription it is about, where one is known
    record_name = models.CharField(max_length=255, blank=True)

    code = models.CharField(max_length=255, blank=True)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    note = models.TextField()
    seen = models.JSONField(default=dict)  # the record as it was when the act was asked for

    # A second person's part.
    asked_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="decided_acts"
    )
    decided_at = models.DateTimeField(null=True)
    decision = models.TextField(blank=True)

    # What came of it.
    write = models.CharField(max_length=40, blank=True)  # its lines in the trail
    outcome = models.CharField(max_length=12, blank=True)
    visible = models.BooleanField(null=True)
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    answer = models.JSONField(null=True)  # the server's own, as it came
    words = models.TextField(blank=True)  # what the server, or we, said of it: a coded text
    sent_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        indexes = [
            models.Index(fields=["organization", "kind", "-made_at"], name="act_organization"),
            models.Index(fields=["state", "expires_at"], name="act_state"),
            models.Index(fields=["person", "sent_at"], name="act_person"),
        ]
        # Of requests for the same action one may wait or be under way. A code is compared as it is sent.
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "code"],
                condition=UNDER_WAY & models.Q(kind=KindName.APPLY_COUPON),
                name="act_coupon_once",
            ),
            models.UniqueConstraint(
                fields=["kind", "organization", "record"],
                condition=UNDER_WAY & ~models.Q(kind=KindName.APPLY_COUPON),
                name="act_record_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.organization} {self.state}"
