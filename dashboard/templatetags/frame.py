from django import template
from django.contrib.messages.storage.base import Message

register = template.Library()


@register.filter
def outcome(message: Message) -> str:
    """The word for what became of a write, from a message about it; "" where it is about something else."""
    tags = [tag for tag in (message.extra_tags or "").split() if tag.startswith("outcome-")]
    return tags[0].removeprefix("outcome-") if tags else ""


@register.filter
def visible(message: Message) -> bool:
    """False where a write was accepted and nothing of it shows."""
    return "not-visible" not in (message.extra_tags or "").split()
