"""One coupon for several organizations: a batch, and a row for each line of what was pasted. What is sent for a row is
an act like any other, with its own reason, lines in the trail and receipt."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.actions.models import Act, Reason


class RowState(models.TextChoices):
    READY = "ready", _("not sent")
    SKIPPED = "skipped", _("left out")
    SENDING = "sending", _("being sent")
    DONE = "done", _("done")  # its act tells what came of it
    STOPPED = "stopped", _("not sent")  # something about it was not as it should be; `words` say what


class Skipped(models.TextChoices):
    """Why nothing is sent for a row."""

    NOT_FOUND = "not-found", _("Flowtly has no organization with this id or slug")
    AMBIGUOUS = "ambiguous", _("more than one organization goes by this")
    TWICE = "twice", _("it stands in the list already")
    ELSEWHERE = "elsewhere", _("an address of neither this dashboard nor its Flowtly")
    NO_SUBSCRIPTION = "no-subscription", _("Flowtly names no current subscription")
    UNREADABLE = "unreadable", _("it could not be read")
    UNSETTLED = "unsettled", _("it is not known what became of an earlier attempt: settle that first")
    UNTICKED = "unticked", _("you left it out")


class Batch(models.Model):
    id = models.CharField(max_length=40, primary_key=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="batches")
    made_at = models.DateTimeField(default=timezone.now)
    code = models.CharField(max_length=255)
    reason = models.CharField(max_length=12, choices=Reason.choices)
    note = models.TextField()
    confirmed_at = models.DateTimeField(null=True)
    resumed_at = models.DateTimeField(null=True)
    paused = models.BooleanField(default=False)
    words = models.TextField(blank=True)  # why it has paused by itself

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["person", "-made_at"], name="batch_person")]

    def __str__(self) -> str:
        return f"{self.id} {self.made_at}"


class Row(models.Model):
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    place = models.PositiveSmallIntegerField()
    typed = models.CharField(max_length=300)
    organization = models.CharField(max_length=128, blank=True)
    name = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=8, choices=RowState.choices, default=RowState.READY)
    skipped = models.CharField(max_length=16, choices=Skipped.choices, blank=True)
    words = models.TextField(blank=True)
    seen = models.CharField(max_length=64, blank=True)  # what the rehearsal showed, as a digest
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)  # that are known never to have left
    act = models.ForeignKey(Act, on_delete=models.PROTECT, null=True, related_name="rows")

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["batch", "place"], name="row_place")]

    def __str__(self) -> str:
        return f"{self.place} {self.organization or self.typed} {self.state}"
