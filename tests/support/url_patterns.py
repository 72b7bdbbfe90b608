"""Every URL of the dashboard, read from the URLconf."""

from collections.abc import Iterator

from django.urls import URLPattern, URLResolver, get_resolver


def url_patterns() -> list[tuple[str, str, object]]:
    """(name with namespace, path with the converters in it, view) of each."""
    return list(_patterns(get_resolver()))


def _patterns(resolver: URLResolver, before: str = "", space: str = "") -> Iterator[tuple[str, str, object]]:
    for entry in resolver.url_patterns:
        path = before + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{space}{entry.namespace}:" if entry.namespace else space
            yield from _patterns(entry, path, inner)
        elif isinstance(entry, URLPattern):
            yield f"{space}{entry.name}", path, entry.callback
