"""What the API's published pages list, and where in the dashboard each of it is used.

`python -m tests.support.endpoints` prints the table that docs/endpoints.md holds.
"""

from dashboard.entity import entities
from tests.support.url_patterns import url_patterns


def endpoints() -> list[tuple[str, str, str]]:
    """Method, path, and the name of the page's URL, as the entities declare them."""
    return [endpoint for entity in entities() for endpoint in entity.every_endpoint()]


def table(paths: dict[str, str]) -> str:
    """The table of the docs; `paths` has the path of each page's URL by its name."""
    lines = ["| Flowtly | page |", "|---|---|"]
    lines += [f"| `{method} {path}` | `{paths[name]}` |" for method, path, name in endpoints()]
    return "\n".join(lines)


def paths() -> dict[str, str]:
    """The path of every URL by its name, with the organization and ids as people read them."""
    found = {}
    for name, pattern, _view in url_patterns():
        readable = pattern
        for kind in ("id:", "slug:", "picture:", "int:", "str:"):
            readable = readable.replace(f"<{kind}", "<")
        found[name] = f"/{readable}"
    return found


if __name__ == "__main__":
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    django.setup()
    print(table(paths()))  # noqa: T201  # it is what this is for
