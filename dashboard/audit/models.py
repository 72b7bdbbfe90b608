"""Audit tables: what was asked of Flowtly, by whom, and what is known of its outcome.

`Entry` is the trail: rows are added and never changed. The others are working tables, small and short-lived:
operations that must not run twice, writes whose outcome is open, records somebody is saving just now, drafts.
"""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Phase(models.TextChoices):
    INTENT = "intent", _("asked")
    OUTCOME = "outcome", _("answered")
    SETTLED = "settled", _("settled later")


class Outcome(models.TextChoices):
    """What is known of a write."""

    APPLIED = "applied", _("applied")
    REFUSED = "refused", _("refused")
    CONFLICT = "conflict", _("conflict")
    NOT_SENT = "not-sent", _("not sent")
    NOT_APPLIED = "not-applied", _("not applied")
    UNKNOWN = "unknown", _("unknown")


class Entry(models.Model):
    """A line of the trail. An intent is followed by an outcome with the same `write`, and that, where it is
    unknown, by what was found out later."""

    number = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField()
    phase = models.CharField(max_length=8, choices=Phase.choices)
    write = models.CharField(max_length=40)
    operation = models.CharField(max_length=40, blank=True)

    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="entries"
    )
    username = models.CharField(max_length=150)
    roles = models.CharField(max_length=200, blank=True)

    organization = models.CharField(max_length=128, blank=True)
    organization_name = models.CharField(max_length=255, blank=True)
    entity = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    record = models.CharField(max_length=200, blank=True)
    record_name = models.CharField(max_length=255, blank=True)
    changes = models.JSONField(default=dict)  # field → [before, after], in the API's spelling
    reason = models.TextField(blank=True)

    method = models.CharField(max_length=8)
    path = models.CharField(max_length=300)
    request_id = models.CharField(max_length=64)
    outcome = models.CharField(max_length=12, blank=True, choices=Outcome.choices)
    status = models.PositiveSmallIntegerField(null=True)
    milliseconds = models.PositiveIntegerField(null=True)
    words = models.TextField(blank=True)  # what the server said, or how a doubt was settled

    before = models.CharField(max_length=64)  # the MAC of the line before
    mac = models.CharField(max_length=64)

    class Meta:
        ordering = ["-number"]
        indexes = [
            models.Index(fields=["write", "number"], name="entry_write"),
            models.Index(fields=["organization", "entity", "record", "-number"], name="entry_record"),
            models.Index(fields=["person", "-number"], name="entry_person"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.phase} {self.method} {self.path}"


class Head(models.Model):
    """The end of the chain: one row, which writers of the trail queue at."""

    number = models.PositiveBigIntegerField(default=0)
    mac = models.CharField(max_length=64, blank=True)

    def __str__(self) -> str:
        return f"{self.number} {self.mac}"


class Operation(models.Model):
    """Something a form asked for, once. The row is the claim: whoever makes it acts, everybody else waits
    for `result`."""

    id = models.CharField(max_length=40, primary_key=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    claimed_at = models.DateTimeField(default=timezone.now)
    result = models.JSONField(null=True)

    def __str__(self) -> str:
        return self.id


class Open(models.Model):
    """A write whose outcome is not known, from the moment before it is sent. The row goes when it is known."""

    write = models.CharField(max_length=40, primary_key=True)
    at = models.DateTimeField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT)
    organization = models.CharField(max_length=128, blank=True)
    organization_name = models.CharField(max_length=255, blank=True)
    tenant = models.CharField(max_length=256, blank=True)
    entity = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    record = models.CharField(max_length=200, blank=True)
    record_name = models.CharField(max_length=255, blank=True)
    sent = models.JSONField(default=dict)  # the fields as they went out
    twins = models.JSONField(default=list)  # ids that looked the same before a creation
    before = models.JSONField(default=dict)  # what was to be seen before an act, of all that could tell of it
    answered = models.BooleanField(default=False)  # whoever asked is not waiting any more

    class Meta:
        indexes = [models.Index(fields=["organization", "entity", "record"], name="open_record")]

    def __str__(self) -> str:
        return f"{self.kind} {self.entity} {self.record}"


class Saving(models.Model):
    """A record that somebody is saving just now, in whichever process. Held from the re-read to the answer; a
    holder that died loses it by the clock."""

    key = models.CharField(max_length=400, primary_key=True)
    holder = models.CharField(max_length=40)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return self.key


class Draft(models.Model):
    """What somebody had typed when their session or their form's token had ended. Theirs alone, for a day."""

    operation = models.CharField(max_length=40, primary_key=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    path = models.CharField(max_length=500)
    data = models.TextField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.path
