"""How the web processes fare with Flowtly, what Flowtly turned out to be, and how it describes itself."""

from django.db import models
from django.utils import timezone


class Process(models.Model):
    """Web process, as it last spoke of itself."""

    key = models.CharField(max_length=120, primary_key=True)
    at = models.DateTimeField(default=timezone.now)
    figures = models.JSONField()  # see `keeping`

    def __str__(self) -> str:
        return self.key


class Met(models.Model):
    """Drift: something of the API that the client does not know, or expects and does not find: see `contract.drift`."""

    kind = models.CharField(max_length=10)
    entity = models.CharField(max_length=40, blank=True)
    name = models.CharField(max_length=200)
    detail = models.CharField(max_length=200, blank=True)
    type = models.CharField(max_length=20, blank=True)
    sample = models.CharField(max_length=120, blank=True)
    count = models.PositiveBigIntegerField(default=0)
    first = models.DateTimeField()
    last = models.DateTimeField()

    class Meta:
        ordering = ["-last"]
        constraints = [
            models.UniqueConstraint(fields=["kind", "entity", "name", "detail"], name="met_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.entity} {self.name} {self.detail}"


class Reads(models.Model):
    """Counts of records of a kind that were looked at whole, and how often each expected field was there."""

    entity = models.CharField(max_length=40, primary_key=True)
    since = models.DateTimeField(default=timezone.now)
    whole = models.PositiveBigIntegerField(default=0)
    seen = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.entity} {self.whole}"


class Compared(models.Model):
    """Last comparison of Flowtly's own description with what the client expects: one row."""

    at = models.DateTimeField(default=timezone.now)
    by = models.CharField(max_length=150)
    base_url = models.CharField(max_length=500)
    result = models.JSONField()  # see `comparison.compare`

    def __str__(self) -> str:
        return f"{self.at} {self.by}"
