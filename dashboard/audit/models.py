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


class Known(models.Model):
    """What is known now of each write: its intent, and the latest outcome. It follows from the trail, is kept beside it
    to be asked for, and can be made anew by `index_audit`. Lines of the trail are never changed; these are."""

    number = models.PositiveBigIntegerField(primary_key=True)  # of the intent's line
    at = models.DateTimeField()
    write = models.CharField(max_length=40)
    operation = models.CharField(max_length=40)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.DO_NOTHING,  # the line itself protects whoever it names
        null=True,
        related_name="+",
        db_index=False,
        db_constraint=False,
    )
    username = models.CharField(max_length=150)
    organization = models.CharField(max_length=128)
    organization_name = models.CharField(max_length=255)
    entity = models.CharField(max_length=40)
    kind = models.CharField(max_length=20)
    record = models.CharField(max_length=200)
    record_name = models.CharField(max_length=255)
    found = models.CharField(max_length=200)  # the record that the answer was about, where it is another
    outcome = models.CharField(max_length=12)
    money = models.BooleanField()  # an act on money, which others may see

    class Meta:
        indexes = [
            models.Index(fields=["write"], name="known_write"),
            models.Index(fields=["operation"], name="known_operation"),
            models.Index(fields=["at", "number"], name="known_at"),
            models.Index(fields=["person", "at", "number"], name="known_person"),
            models.Index(fields=["username", "at", "number"], name="known_username"),
            models.Index(fields=["organization", "at", "number"], name="known_organization"),
            models.Index(fields=["record", "at", "number"], name="known_record"),
            models.Index(fields=["found", "at", "number"], name="known_found"),
            models.Index(fields=["kind", "at", "number"], name="known_kind"),
            models.Index(fields=["outcome", "at", "number"], name="known_outcome"),
            models.Index(fields=["at", "number"], name="known_money", condition=models.Q(money=True)),
            models.Index(fields=["person"], name="known_money_person", condition=models.Q(money=True)),
        ]

    def __str__(self) -> str:
        return f"{self.write} {self.outcome}"


class Head(models.Model):
    """The end of the chain: one row, which writers of the trail queue at."""

    number = models.PositiveBigIntegerField(default=0)
    mac = models.CharField(max_length=64, blank=True)
    # How far `verify_audit` has held the trail to its seals, and when it last began at the first line. Sealed itself.
    checked = models.PositiveBigIntegerField(default=0)
    checked_mac = models.CharField(max_length=64, blank=True)
    whole_at = models.DateTimeField(null=True)

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
