from django.conf import settings
from django.db import models
from django.utils import timezone


class Chosen(models.Model):
    """Content that somebody chose to send and is shown first: a picture as it will go out, or a footer's preview.
    Theirs alone, on one page, for a day."""

    key = models.CharField(max_length=32, primary_key=True)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    path = models.CharField(max_length=500)
    content = models.BinaryField()
    at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return f"{self.key} {self.path}"
