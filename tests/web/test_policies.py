"""Every URL has a rule: each is asked with every role and with nobody, and the answers held against one table."""

import re
from collections.abc import Callable
from html import unescape

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from dashboard.accounts.models import Person
from dashboard.accounts.roles import AREAS, ROLES, granted, keep_groups_in_step
from dashboard.entity import entities
from dashboard.web.request import rule_of
from tests.support.markup import CheckedClient, hidden_of
from tests.support.sandbox import Sandbox
from tests.support.url_patterns import url_patterns

pytestmark = pytest.mark.any_flavour

ROLE_PEOPLE = ("backoffice", "accounts", "finance", "viewer", "admin")
EVERYBODY = "backoffice accounts finance viewer admin"
SUPERUSERS_ALONE = {"manage_people"}

# Who may change the records of an entity, where it is not the back office: right answers, whatever `roles` says.
OFFICE = "backoffice admin"
CHANGERS = {
    "clients": "accounts admin",
    "meetings": "backoffice accounts admin",
    "subscriptions": "finance admin",
}

# URL name → who may read it, who may POST to it ("" nobody, "-" takes no POST at all, "*" without signing in too). The
# pages that every entity may have are below.
OF_ITS_OWN = {
    "away": ("*", EVERYBODY),  # to nobody it says nothing
    "help": (EVERYBODY, "-"),
    "opened": (EVERYBODY, "-"),
    "healthz": ("*", "*"),
    "theme": ("*", "*"),
    "account_login": ("*", "*"),
    "account_logout": ("*", "*"),
    "people:index": ("admin", "-"),
    "people:new": ("admin", "admin"),
    "people:edit": ("admin", "admin"),
    "people:deactivate": ("admin", "admin"),
    "people:activate": ("admin", "admin"),
    "people:reset-password": ("admin", "admin"),
    "people:end-sessions": ("admin", "admin"),
    "me:index": (EVERYBODY, EVERYBODY),
    "me:password": (EVERYBODY, EVERYBODY),
    "me:keys": (EVERYBODY, EVERYBODY),
    "find:index": (EVERYBODY, "-"),  # each finds what they may see
    "me:end-others": (EVERYBODY, EVERYBODY),
    "me:end-one": (EVERYBODY, EVERYBODY),
    "approvals:index": ("backoffice finance admin", "-"),  # whoever may do any of what takes two
    "approvals:show": ("backoffice finance admin", "backoffice finance admin"),
    "batches:index": ("finance admin", "-"),
    "batches:new": ("finance admin", "finance admin"),
    "batches:show": ("finance admin", "finance admin"),
    "batches:next": ("finance admin", "finance admin"),
    "batches:pause": ("finance admin", "finance admin"),
    "batches:resume": ("finance admin", "finance admin"),
    "followups:index": (EVERYBODY, "-"),
    "followups:edit": ("backoffice accounts finance admin", "backoffice accounts finance admin"),
    "followups:done": ("backoffice accounts finance admin", "backoffice accounts finance admin"),
    "followups:reopen": ("backoffice accounts finance admin", "backoffice accounts finance admin"),
    "notes:about": (EVERYBODY, "backoffice accounts finance admin"),
    "notes:edit": ("backoffice accounts finance admin", "backoffice accounts finance admin"),
    "notes:withdraw": ("backoffice accounts finance admin", "backoffice accounts finance admin"),
    "status:index": (EVERYBODY, "admin"),
    "audit:index": ("backoffice accounts finance admin", "-"),
    "audit:write": ("backoffice accounts finance admin", "-"),
    "exports:all": ("backoffice accounts finance admin", "-"),
    "exports:list": ("backoffice accounts finance admin", "-"),
    "audit:settle": (EVERYBODY, EVERYBODY),  # whoever may change the record it is about: asked in the view
    "clients:documents": (EVERYBODY, "-"),
    "clients:new-contact": ("accounts admin", "accounts admin"),
    "clients:contact": (EVERYBODY, "accounts admin"),
    "clients:delete-contact": ("accounts admin", "accounts admin"),
    "integrations:google-workspace": (EVERYBODY, "backoffice admin"),
    "integrations:microsoft-teams": (EVERYBODY, "backoffice admin"),
    "integrations:kontomatik": (EVERYBODY, "-"),
    "integrations:setup": ("backoffice admin", "backoffice admin"),
    "integrations:pull": ("backoffice admin", "backoffice admin"),
    "integrations:revoke": ("backoffice admin", "backoffice admin"),
    "profile:picture": ("backoffice admin", "backoffice admin"),
    "profile:current": (EVERYBODY, "-"),
    "profile:mail-footer": (EVERYBODY, "backoffice admin"),
    "profile:footer-preview": (EVERYBODY, "backoffice admin"),
    "clearing:clear": ("backoffice admin", "backoffice admin"),
    "clearing:clear-confirm": ("backoffice admin", "backoffice admin"),
    "clearing:clear-proof": ("backoffice admin", "backoffice admin"),
    "reference:show": (EVERYBODY, "-"),
    "subscriptions:catalog": (EVERYBODY, "-"),
    "acts:apply-coupon": ("finance admin", "finance admin"),
    "acts:apply-coupon-confirm": ("finance admin", "finance admin"),
    "acts:apply-coupon-proof": ("finance admin", "finance admin"),
    "acts:clear-coupon": ("finance admin", "finance admin"),
    "acts:clear-coupon-confirm": ("finance admin", "finance admin"),
    "acts:clear-coupon-proof": ("finance admin", "finance admin"),
    "acts:cancel": ("finance admin", "finance admin"),
    "acts:cancel-confirm": ("finance admin", "finance admin"),
    "acts:cancel-proof": ("finance admin", "finance admin"),
}


def of_entities() -> dict[str, tuple[str, str]]:
    """The same of lists, forms for a new one, records and their deletion: all read, some change."""
    found = {}
    for entity in entities():
        pages, changers = entity.pages, CHANGERS.get(entity.permission or entity.name, OFFICE)
        found[pages.list] = (EVERYBODY, "-")
        found[pages.record] = (EVERYBODY, changers if pages.edit else "-")
        found[pages.new] = found[pages.delete] = (changers, changers)
    del found[""]
    return found


GOLDEN = {**OF_ITS_OWN, **of_entities()}
ARGUMENTS = {
    "id:org": "{organization}",
    "picture:what": "logo",
    "id:config_id": "session.timeout",
    "id:language_id": "nl",
    "id:country_id": "NL",
    "id:address_id": "addr_1001_1",
    "id:subscription_id": "sub_1001",
    "id:meeting_id": "none",
    "slug:write": "none",
    "slug:operation": "none",
    "slug:batch": "none",
    "slug:entity": "locations",
    "int:person_id": "999999",
    "int:session_id": "999999",
    "int:note_id": "999999",
    "int:follow_up_id": "999999",
}


def path_of(pattern: str, organization: str) -> str:
    for name, value in ARGUMENTS.items():
        pattern = pattern.replace(f"<{name}>", value.format(organization=organization))
    pattern = re.sub("<id:[a-z_]+>", "1", pattern)
    assert "<" not in pattern, f"the walk knows no value for {pattern}"
    return f"/{pattern}"


def test_the_table_names_every_url_and_no_other() -> None:
    assert {name for name, _, _ in url_patterns()} == set(GOLDEN)
    assert not set(OF_ITS_OWN) & set(of_entities())


def test_every_view_declares_who_may_reach_it() -> None:
    for name, _, view in url_patterns():
        assert rule_of(view) is not None, name  # type: ignore[arg-type]


def test_a_view_without_a_rule_is_closed_even_to_a_superuser(
    people: dict[str, Person], settings: pytest.FixtureRequest
) -> None:
    settings.ROOT_URLCONF = "tests.support.urls_without_rule"  # type: ignore[attr-defined]
    client = Client()
    client.force_login(people["admin"])
    assert client.get("/open/").status_code == 403


@pytest.mark.parametrize("role", ROLE_PEOPLE)
def test_each_role_reaches_what_the_table_says_and_nothing_else(
    role: str, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], an_organization: str
) -> None:
    client = signed_in(role)
    for name, pattern, _ in url_patterns():
        readers, writers = GOLDEN[name]
        path = path_of(pattern, an_organization)
        if name == "account_logout":
            continue
        shown = client.get(path)
        got = shown.status_code
        assert (got == 403) is (readers != "*" and role not in readers.split()), (name, "GET", got)
        if name in {"account_login", "theme", "healthz"}:
            continue
        carried = {} if shown.streaming else hidden_of(shown.content.decode(errors="replace"))
        sent = client.post(path, carried).status_code
        if writers == "-":
            assert sent == 405, (name, "POST", sent)
        else:
            assert (sent == 403) is (role not in writers.split()), (name, "POST", sent)


@pytest.mark.parametrize("method", ["put", "patch", "delete", "options", "trace"])
def test_no_page_takes_another_method(
    method: str, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], an_organization: str
) -> None:
    client = signed_in("admin")
    for name, pattern, _ in url_patterns():
        answer = getattr(client, method)(path_of(pattern, an_organization))
        assert answer.status_code == 405, (name, method)


def test_nobody_reaches_nothing_but_the_sign_in(
    sandbox: Sandbox, client: CheckedClient, db: None, an_organization: str
) -> None:
    for name, pattern, _ in url_patterns():
        if GOLDEN[name][0] == "*":
            continue
        path = path_of(pattern, an_organization)
        for answer in (client.get(path), client.send(path, {})):
            assert answer.status_code == 302, name
            assert answer["Location"].startswith("/accounts/login/?next="), name
    assert sandbox.requests() == []


def test_a_refused_post_sends_nothing(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], an_organization: str
) -> None:
    signed_in("viewer").post(f"/o/{an_organization}/locations/1/", {"name": "Taken over"})
    signed_in("viewer").post(f"/o/{an_organization}/locations/new/", {"name": "Taken over"})
    assert [request for request in sandbox.requests() if request["path"].endswith(("/1", "/locations"))] == []


def test_what_a_role_may_not_do_is_not_offered(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], an_organization: str
) -> None:
    assert (
        "Add a location" in signed_in("backoffice").get(f"/o/{an_organization}/locations/").content.decode()
    )
    page = signed_in("viewer").get(f"/o/{an_organization}/locations/").content.decode()
    assert "Add a location" not in page
    record = signed_in("viewer").get(f"/o/{an_organization}/locations/1/").content.decode()
    assert 'name="officeOpenHour"' not in record
    assert "Save location" not in record


def test_a_refusal_names_who_could(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], an_organization: str
) -> None:
    answer = signed_in("viewer").get(f"/o/{an_organization}/locations/new/")
    assert answer.status_code == 403
    assert "Back office" in answer.content.decode()


def test_groups_hold_what_the_table_says_after_a_migration(db: None) -> None:
    group = Group.objects.get(name="viewer")
    group.permissions.clear()
    Group.objects.get(name="finance").permissions.set(Group.objects.get(name="backoffice").permissions.all())
    keep_groups_in_step("default")
    for role in ROLES:
        held = set(Group.objects.get(name=role).permissions.values_list("codename", flat=True))
        assert held == granted(role), role


def test_every_permission_is_held_by_a_role_but_those_of_superusers_alone() -> None:
    for area in AREAS:
        for codename in set(area.permissions()) - SUPERUSERS_ALONE:
            assert any(codename in granted(role) for role in ROLES), codename


def test_no_role_is_made_of_another(db: None) -> None:
    """Money is finance's alone, clearing the back office's alone: the rows that would hurt most."""
    assert [role for role in ROLES if "act_money" in granted(role)] == ["finance"]
    assert [role for role in ROLES if "clear_organization" in granted(role)] == ["backoffice"]
    assert not any(codename.startswith("change_") for codename in granted("viewer"))


def test_the_help_page_names_what_can_be_done_and_nothing_else(backoffice: CheckedClient) -> None:
    rules = [rule for _name, _path, view in url_patterns() if (rule := rule_of(view))]  # type: ignore[arg-type]
    asked_for = {codename for rule in rules for codename in (rule.view, rule.change)}
    page = unescape(backoffice.get("/help/").content.decode())
    for area in AREAS:
        if area.permission:
            assert (f">{area.label}<" in page) is (area.permission in asked_for), area.permission
