from django import template
from django.contrib.messages.storage.base import Message
from django.forms import BoundField
from django.forms.utils import flatatt
from django.template.defaultfilters import stringfilter

from dashboard.standards.foreign_text import isolated, joined, marked, without_unseen
from dashboard.web import permission_messages, ready
from dashboard.web.staticfiles import integrity

register = template.Library()
# Attributes of an element, as Django's own widgets write them.
register.filter("attributes", flatatt)
# One of several texts between two tags.
register.filter("isolated", stringfilter(isolated))


@register.filter
@stringfilter
def isolated_parts(text: str) -> str:
    """A word of ours and a text of somebody after a colon, as a reason is kept."""
    return joined(text.split(": ", 1), ": ")


@register.filter
def outcome(message: Message) -> str:
    """The word for what became of a write, from a message about it; "" where it is about something else."""
    tags = [tag for tag in (message.extra_tags or "").split() if tag.startswith("outcome-")]
    return tags[0].removeprefix("outcome-") if tags else ""


@register.filter
def visible(message: Message) -> bool:
    """False where a write was accepted and nothing of it shows."""
    return "not-visible" not in (message.extra_tags or "").split()


@register.filter
def unseen(field: BoundField) -> str:
    """The value of a field with marks, where it has something that cannot be seen; else ""."""
    value = field.value()
    return marked(value) if isinstance(value, str) and without_unseen(value) != value else ""


@register.filter
def last_set(field: BoundField) -> object:
    """Who changed this field here last, on a form that has been told."""
    return getattr(field.form, "last_set", {}).get(field.name)


register.simple_tag(integrity)
register.tag("ready", ready.ready)
register.tag("hole", ready.hole)


@register.simple_tag(takes_context=True)
def waiting(context: template.Context, name: str) -> object:
    """How many wait for this person, by the name of what says so."""
    return context["waiting"].get(name, 0)


@register.simple_tag(takes_context=True)
def why_not(context: template.Context, codename: str) -> str:
    """Why this person may not, and who could give them leave; "" where they may."""
    return permission_messages.why_not(context["request"], codename)
