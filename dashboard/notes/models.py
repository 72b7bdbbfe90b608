"""Notes about a record, and follow-ups: days to look at it again. Kept here alone; Flowtly knows neither."""

from datetime import date

from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils import timezone


class Note(models.Model):
    """About one record. Its writer may change or withdraw it; a withdrawn one stays, and says so."""

    organization = models.CharField(max_length=128)
    organization_name = models.CharField(max_length=255)
    entity = models.CharField(max_length=40)
    record = models.CharField(max_length=200)
    record_name = models.CharField(max_length=255, blank=True)

    text = models.TextField()
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="notes")
    at = models.DateTimeField(default=timezone.now)
    changed_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["organization", "entity", "record", "-at"], name="note_record")]

    def __str__(self) -> str:
        return f"{self.entity} {self.record} {self.at}"

    @property
    def url(self) -> str:
        """Where it stands among the notes about its record."""
        kwargs = {"org": self.organization, "entity": self.entity, "record": self.record}
        return f"{reverse('notes:about', kwargs=kwargs)}#note-{self.pk}"


class FollowUp(models.Model):
    """Something to look at again on a day. Open until somebody, whoever, says that it is done."""

    organization = models.CharField(max_length=128)
    organization_name = models.CharField(max_length=255)
    entity = models.CharField(max_length=40)
    record = models.CharField(max_length=200)
    record_name = models.CharField(max_length=255, blank=True)

    text = models.TextField()
    due = models.DateField()
    note = models.ForeignKey(Note, on_delete=models.SET_NULL, null=True, related_name="follow_ups")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="promises")
    at = models.DateTimeField(default=timezone.now)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="kept_promises"
    )

    class Meta:
        ordering = ["due", "pk"]
        indexes = [
            models.Index(fields=["person", "done_at", "due"], name="follow_up_person"),
            models.Index(fields=["done_at", "due"], name="follow_up_due"),
            models.Index(fields=["organization", "entity", "record"], name="follow_up_record"),
        ]

    def __str__(self) -> str:
        return f"{self.due} {self.entity} {self.record}"

    @property
    def url(self) -> str:
        """The page of its record; "" where that has none."""
        return _page_of(self)

    def overdue(self, today: date) -> bool:
        return self.done_at is None and self.due < today


def _page_of(about: Note | FollowUp) -> str:
    from dashboard.audit.history import record_url  # which is there once all models are

    return record_url(about.entity, about.organization, about.record)
