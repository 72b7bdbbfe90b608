"""Ready text: a part of a template that is drawn once for each set of values, and only filled in after that.

    {% ready kind=organization.kind %} … {{ kind }} … {% hole %}{{ organization.name }}{% endhole %} {% endready %}

Inside, nothing of the page can be seen but what is named. So what is kept depends on that and on the language alone,
and nothing of one person, organization or role can show in the page of another. A hole sees the page and is drawn each
time; of a loop around it, it sees the item.
"""

import secrets
from collections.abc import Mapping
from typing import Any

from django.template import Context, Node, NodeList
from django.template.base import FilterExpression, Parser, Token, token_kwargs
from django.utils.functional import Promise
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

MOST = 500  # texts that one such part keeps
MARK = secrets.token_hex(16)  # where a hole is; nobody can write it
HOLES = "holes of ready text"


class Hole(Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: Context) -> SafeString:
        holes = context.get(HOLES)
        if holes is None:
            return self.nodelist.render(context)
        inner = {name: value for layer in context.dicts[2:] for name, value in layer.items()}
        inner.pop("forloop", None)
        holes.append((self, inner))
        return mark_safe(MARK)  # noqa: S308

    def fill(self, context: Context, inner: Mapping[str, Any]) -> str:
        if not inner:
            return self.nodelist.render(context)
        with context.push(**inner):
            return self.nodelist.render(context)


Filled = tuple[str, list[tuple[Hole, Mapping[str, Any], str]]]


class Ready(Node):
    def __init__(self, nodelist: NodeList, named: Mapping[str, FilterExpression]) -> None:
        self.nodelist, self.named = nodelist, named
        self.kept: dict[object, Filled] = {}

    def render(self, context: Context) -> SafeString:
        values = {name: _plain(value.resolve(context, True)) for name, value in self.named.items()}
        # 1 and True are one key to Python, a text and a safe one too; they are not drawn alike.
        key = (get_language(), context.autoescape, *((type(value), value) for value in values.values()))
        if (filled := self.kept.get(key)) is None:
            filled = self._draw(context, values)
            if len(self.kept) >= MOST:
                self.kept.clear()
            self.kept[key] = filled
        first, rest = filled
        parts = [first]
        for hole, inner, after in rest:
            parts += hole.fill(context, inner), after
        return mark_safe("".join(parts))  # noqa: S308

    def _draw(self, context: Context, values: Mapping[str, Any]) -> Filled:
        holes: list[tuple[Hole, Mapping[str, Any]]] = []
        bare = Context({**values, HOLES: holes}, autoescape=context.autoescape)
        bare.template = context.template
        first, *after = self.nodelist.render(bare).split(MARK)
        return first, [(hole, inner, text) for (hole, inner), text in zip(holes, after, strict=True)]


def _plain(value: object) -> object:
    return str(value) if isinstance(value, Promise) else value


def ready(parser: Parser, token: Token) -> Ready:
    """Tag `ready`."""
    name, *bits = token.split_contents()
    bits = [bit if "=" in bit else f"{bit}={bit}" for bit in bits]
    named = token_kwargs(bits, parser)
    nodelist = parser.parse((f"end{name}",))
    parser.delete_first_token()
    return Ready(nodelist, named)


def hole(parser: Parser, _token: Token) -> Hole:
    """Tag `hole`."""
    nodelist = parser.parse(("endhole",))
    parser.delete_first_token()
    return Hole(nodelist)
