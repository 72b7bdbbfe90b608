"""What the API's published pages list, and where in the dashboard each of it is used.

`python -m tests.support.endpoints` prints the table that the README holds.
"""

# Method, path, and the name of the page's URL.
ENDPOINTS = (
    ("GET", "/organizations", "home"),
    ("POST", "/organizations", "organizations:new"),
    ("GET", "/organizations/{id}", "organizations:overview"),
    ("POST", "/organizations/clear", "clearing:clear"),
    ("POST", "/organizations/icon", "profile:picture"),
    ("POST", "/organizations/logo", "profile:picture"),
    ("GET", "/organizations/mail-footer", "profile:mail-footer"),
    ("PATCH", "/organizations/mail-footer", "profile:mail-footer"),
    ("GET", "/organization-addresses", "addresses:index"),
    ("POST", "/organization-addresses", "addresses:new"),
    ("GET", "/organization-addresses/{id}", "addresses:edit"),
    ("PATCH", "/organization-addresses/{id}", "addresses:edit"),
    ("DELETE", "/organization-addresses/{id}", "addresses:delete"),
    ("GET", "/configs", "configs:index"),
    ("GET", "/configs/{id}", "configs:edit"),
    ("PATCH", "/configs/{id}", "configs:edit"),
    ("GET", "/locations", "locations:index"),
    ("POST", "/locations", "locations:new"),
    ("GET", "/locations/{id}", "locations:edit"),
    ("PATCH", "/locations/{id}", "locations:edit"),
    ("GET", "/countries", "reference:countries"),
    ("GET", "/countries/{id}", "reference:country"),
    ("GET", "/languages", "reference:languages"),
    ("POST", "/languages", "reference:new-language"),
    ("GET", "/languages/{id}", "reference:language"),
    ("GET", "/integrations/google-workspace", "integrations:google-workspace"),
    ("GET", "/integrations/google-workspace/requirements", "integrations:google-workspace"),
    ("POST", "/integrations/google-workspace/enroll", "integrations:google-workspace"),
    ("GET", "/integrations/microsoft-teams", "integrations:microsoft-teams"),
    ("GET", "/integrations/microsoft-teams/requirements", "integrations:microsoft-teams"),
    ("POST", "/integrations/microsoft-teams/enroll", "integrations:microsoft-teams"),
    ("GET", "/integrations/kontomatik", "integrations:kontomatik"),
    ("POST", "/integrations/kontomatik/setup", "integrations:setup"),
    ("POST", "/integrations/kontomatik/pull", "integrations:pull"),
    ("POST", "/integrations/kontomatik/revoke", "integrations:revoke"),
    ("GET", "/meetings", "meetings:index"),
    ("POST", "/meetings", "meetings:new"),
    ("GET", "/meetings/{id}", "meetings:edit"),
    ("PATCH", "/meetings/{id}", "meetings:edit"),
    ("GET", "/subscriptions", "subscriptions:index"),
    ("POST", "/subscriptions", "subscriptions:new"),
    ("GET", "/subscriptions/{id}", "subscriptions:show"),
    ("GET", "/subscriptions/{id}/invoices", "subscriptions:show"),
    ("GET", "/subscriptions/catalog", "subscriptions:catalog"),
    ("POST", "/subscriptions/apply-coupon", "acts:apply-coupon"),
    ("POST", "/subscriptions/clear-coupon", "acts:clear-coupon"),
    ("POST", "/subscriptions/{id}/cancel", "acts:cancel"),
    ("GET", "/clients", "clients:index"),
    ("POST", "/clients", "clients:new"),
    ("GET", "/clients/search", "clients:index"),
    ("GET", "/clients/{id}", "clients:edit"),
    ("PATCH", "/clients/{id}", "clients:edit"),
    ("GET", "/clients/{id}/documents", "clients:documents"),
)


def table(paths: dict[str, str]) -> str:
    """The README's table; `paths` has the path of each page's URL by its name."""
    lines = ["| Flowtly | page |", "|---|---|"]
    lines += [f"| `{method} {path}` | `{paths[name]}` |" for method, path, name in ENDPOINTS]
    return "\n".join(lines)


def paths() -> dict[str, str]:
    """The path of every URL by its name, with the organization and ids as people read them."""
    from django.urls import get_resolver

    from tests.web.test_policies import patterns

    found = {}
    for name, pattern, _view in patterns(get_resolver()):
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
