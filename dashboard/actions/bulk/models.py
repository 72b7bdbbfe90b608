"""Batch: one coupon for several organizations, with a row for each line of what was pasted. What is sent for a row is
an action like any other, with its own reason, lines in the trail and receipt."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from dashboard.actions.models import Act, Reason
from dashboard.web.coded_text import drawn, kept

LATELY = timedelta(minutes=2)


class RowState(models.TextChoices):
    READY = "ready", _("not sent")
    SKIPPED = "skipped", _("left out")
    SENDING = "sending", _("being sent")
    DONE = "done", _("done")  # its action tells what came of it
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
    TWIN = "twin", _("The same request is waiting or being sent")
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
    words = models.TextField(blank=True)  # why it has paused by itself: a coded text

    class Meta:
        ordering = ["-made_at"]
        indexes = [models.Index(fields=["person", "-made_at"], name="batch_person")]

    def __str__(self) -> str:
        return f"{self.id} {self.made_at}"

    def pause(self, words: str = "") -> None:
        Batch.objects.filter(pk=self.pk).update(paused=True, words=kept(words))

    @property
    def why(self) -> str:
        return drawn(self.words)

    def resume(self) -> None:
        Batch.objects.filter(pk=self.pk).update(paused=False, words="", resumed_at=timezone.now())

    @property
    def lately(self) -> bool:
        """Whether somebody still has its page open, as far as that can be told. Whoever opens it later says so first:
        nothing is sent because a page was looked at."""
        claimed = self.rows.aggregate(last=models.Max("claimed_at"))["last"]
        last = max(filter(None, [self.confirmed_at, claimed, self.resumed_at]), default=None)
        return last is not None and timezone.now() - last < LATELY


class Row(models.Model):
    batch = models.ForeignKey(Batch, on_delete=models.CASCADE, related_name="rows")
    place = models.PositiveSmallIntegerField()
    typed = models.CharField(max_length=300)
    organization = models.CharField(max_length=128, blank=True)
    name = models.CharField(max_length=255, blank=True)
    state = models.CharField(max_length=8, choices=RowState.choices, default=RowState.READY)
    skipped = models.CharField(max_length=16, choices=Skipped.choices, blank=True)
    words = models.TextField(blank=True)  # why it was not sent: a coded text
    seen = models.CharField(max_length=64, blank=True)  # what the preview showed, as a digest
    claimed_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)  # that are known never to have left
    act = models.ForeignKey(Act, on_delete=models.PROTECT, null=True, related_name="rows")

    class Meta:
        ordering = ["place"]
        constraints = [models.UniqueConstraint(fields=["batch", "place"], name="row_place")]

    def __str__(self) -> str:
        return f"{self.place} {self.organization or self.typed} {self.state}"

    @property
    def stale(self) -> bool:
        """Whether whoever claimed it cannot be at it any more."""
        if self.state != RowState.SENDING or self.claimed_at is None:
            return False
        return timezone.now() - self.claimed_at > timedelta(seconds=settings.PAGE_WRITE_TIMEOUT)

    @property
    def over(self) -> bool:
        return self.state in {RowState.DONE, RowState.STOPPED} or self.stale

    @property
    def under_way(self) -> bool:
        return self.state == RowState.SENDING and not self.stale

    @property
    def why(self) -> str:
        return drawn(self.words)

    def end(self, state: RowState, words: str = "", **fields: object) -> None:
        Row.objects.filter(pk=self.pk, state=RowState.SENDING).update(
            state=state, words=kept(words), **fields
        )
