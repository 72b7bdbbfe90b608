"""Separation of duties: nobody agrees from an account that the person who asked has had in hand."""

import re
from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.utils import timezone

from dashboard.accounts.demo import make_demo_people
from dashboard.accounts.models import Person
from dashboard.actions import draft
from dashboard.actions.approvals import separation
from dashboard.actions.models import Act, State
from dashboard.audit.models import Entry, Phase
from tests.support.actions import WHY, start, typed, words, writes
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

SignIn = Callable[[str], CheckedClient]
CHOSEN = "een zin die niemand raadt"


@pytest.fixture(autouse=True)
def two_people(settings: Any) -> None:
    settings.SECOND_PERSON_FOR = ["clear-coupon"]


def person(username: str) -> Person:
    return Person.objects.get(username=username)


def reset(by: CheckedClient, username: str) -> str:
    """Gives somebody a one-time password on the page for it, and is shown it."""
    url = f"/people/{person(username).pk}/password/"
    shown = by.send(url, {}).content.decode()
    found = re.search(r"[a-z0-9]{5}(?:-[a-z0-9]{5}){3}", shown)
    assert found
    return found[0]


def sign_in_with(one_time: str, username: str) -> CheckedClient:
    """As whoever was shown the one-time password, with a password of their choice."""
    client = CheckedClient()
    client.post("/accounts/login/", {"login": username, "password": one_time})
    chosen = {"current_password": one_time, "new_password": CHOSEN, "new_password_again": CHOSEN}
    client.send("/accounts/me/password/", chosen)
    return client


def give_role(by: CheckedClient, username: str, *roles: str) -> None:
    who = person(username)
    fields = {"first_name": who.first_name, "last_name": who.last_name, "email": who.email}
    by.send(f"/people/{who.pk}/", {**fields, "roles": list(roles)})


def act_on(by: CheckedClient, username: str, what: str) -> None:
    by.send(f"/people/{person(username).pk}/{what}/", {})


def add(by: CheckedClient, username: str, *roles: str) -> None:
    by.send("/people/new/", {"username": username, "first_name": "Nora", "roles": list(roles)})


def ask(client: CheckedClient) -> Act:
    confirm = client.send(start("clear-coupon"), WHY)["Location"]
    client.send(confirm, typed("clear-coupon", "org_1001"))
    return Act.objects.get(state=State.WAITING)


def approve(client: CheckedClient, act: Act) -> Any:
    fields = {**typed(act.kind, act.organization), "decision": "Fine."}
    return client.send(draft.request_url(act), {**fields, "decide": "approve"})


def test_a_superuser_who_asked_cannot_agree_as_a_colleague_whose_password_they_gave(
    sandbox: Sandbox, signed_in: SignIn
) -> None:
    admin = signed_in("admin")
    act = ask(admin)
    as_finance = sign_in_with(reset(admin, "finance"), "finance")
    shown = as_finance.get(draft.request_url(act))
    assert "may have changed your account" in words(shown)
    buttons = re.findall(r'name="decide" value="(\w+)"', shown.content.decode())
    assert buttons == ["decline"]
    answer = approve(as_finance, act)
    assert answer.status_code == 403
    assert 'data-outcome="not-sent"' in answer.content.decode()
    assert "Fine." in words(answer)
    act.refresh_from_db()
    assert (act.state, act.sent_at, writes(sandbox)) == ("waiting", None, [])
    assert "finance2" in words(admin.get(draft.request_url(act)))
    assert not re.search(r"could:[^.]*\bfinance\b", words(admin.get(draft.request_url(act))))
    assert approve(signed_in("finance2"), act).status_code == 302
    assert len(writes(sandbox)) == 1


def test_such_an_account_can_still_decline(sandbox: Sandbox, signed_in: SignIn) -> None:
    admin = signed_in("admin")
    act = ask(admin)
    as_finance = sign_in_with(reset(admin, "finance"), "finance")
    said = {**typed(act.kind, act.organization), "decision": "No.", "decide": "decline"}
    assert as_finance.send(draft.request_url(act), said).status_code == 302
    act.refresh_from_db()
    assert act.state == "declined"


def by_the_pages(*what: Callable[[CheckedClient], object]) -> Callable[[SignIn], object]:
    return lambda signed_in: [each(signed_in("admin")) for each in what]


def another_superuser(signed_in: SignIn) -> CheckedClient:
    """Somebody who has been one for long."""
    backoffice = person("backoffice")
    Person.objects.filter(pk=backoffice.pk).update(is_superuser=True)
    return signed_in("backoffice")


def through_another(signed_in: SignIn) -> None:
    """The one who asked takes over another superuser and changes the account as them."""
    another_superuser(signed_in)
    reset(sign_in_with(reset(signed_in("admin"), "backoffice"), "backoffice"), "finance")


def at_the_command_line(_signed_in: SignIn) -> None:
    finance = person("finance")
    finance.set_password("given by a command")
    finance.save()


def new_hash(_signed_in: SignIn) -> None:
    """Signing in saves the password again where the way of hashing has become a better one."""
    finance = person("finance")
    Person.objects.filter(pk=finance.pk).update(password="md5$salt$" + "0" * 32)
    finance.refresh_from_db()
    finance.set_password("demo")
    finance._password = None  # type: ignore[attr-defined]
    finance.save(update_fields=["password"])


def own_password(signed_in: SignIn) -> None:
    chosen = {"current_password": "demo", "new_password": CHOSEN, "new_password_again": CHOSEN}
    signed_in("finance").send("/accounts/me/password/", chosen)


def cleared_and_set(_signed_in: SignIn) -> None:
    person("finance").groups.clear()
    person("finance").groups.set(Group.objects.filter(name="finance"))


def flag(name: str, *values: bool) -> Callable[[SignIn], None]:
    def change(_signed_in: SignIn) -> None:
        for value in values:
            finance = person("finance")
            setattr(finance, name, value)
            finance.save()

    return change


# What happens after "admin" has asked, and whether "finance" may agree.
SINCE: dict[str, tuple[Callable[[SignIn], object], bool]] = {
    "nothing": (lambda _signed_in: None, True),
    "a new password": (by_the_pages(lambda admin: reset(admin, "finance")), False),
    "other roles": (by_the_pages(lambda admin: give_role(admin, "finance", "finance", "viewer")), False),
    "roles taken and given": (
        by_the_pages(
            lambda admin: give_role(admin, "finance"), lambda admin: give_role(admin, "finance", "finance")
        ),
        False,
    ),
    "back from being inactive": (
        by_the_pages(
            lambda admin: act_on(admin, "finance", "deactivate"),
            lambda admin: act_on(admin, "finance", "activate"),
        ),
        False,
    ),
    "another one's password": (by_the_pages(lambda admin: reset(admin, "finance2")), True),
    "signed out by them": (by_the_pages(lambda admin: act_on(admin, "finance", "end-sessions")), True),
    "another first name": (
        by_the_pages(
            lambda admin: admin.send(
                f"/people/{person('finance').pk}/", {"first_name": "Filipa Maria", "roles": ["finance"]}
            )
        ),
        True,
    ),
    "a new password by another superuser": (lambda s: reset(another_superuser(s), "finance"), True),
    "the same, taken over by who asked": (through_another, False),
    "their own password": (own_password, True),
    "a better hash of the same password": (new_hash, True),
    "a password by a command": (at_the_command_line, False),
    "a right in a shell": (flag("is_superuser", True), False),
    "inactive and back in a shell": (flag("is_active", False, True), False),
    "a role in a shell": (lambda _s: person("finance").groups.add(Group.objects.get(name="viewer")), False),
    "a role from its own side": (
        lambda _s: Group.objects.get(name="viewer").user_set.add(person("finance")),
        False,
    ),
    "all roles cleared and set": (
        cleared_and_set,
        False,
    ),
    "a permission in a shell": (
        lambda _s: person("finance").user_permissions.add(Permission.objects.get(codename="export")),
        False,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("since", "may"), SINCE.values(), ids=SINCE)
def test_who_changed_an_account_since_the_request_cannot_be_who_asked(
    since: Callable[[SignIn], object], may: bool, signed_in: SignIn, sandbox: Sandbox
) -> None:
    act = ask(signed_in("admin"))
    since(signed_in)
    assert separation.in_hand_of_asker(act, person("finance")) is not may
    finance = CheckedClient()
    Person.objects.filter(username="finance").update(must_change_password=False)
    finance.force_login(person("finance"))
    answer = approve(finance, act)
    assert (answer.status_code == 302, len(writes(sandbox))) == (may, int(may))


@pytest.mark.parametrize(
    ("hours_before", "by", "may"),
    [(1, "admin", False), (23, "admin", False), (25, "admin", True), (1, "shell", True)],
)
def test_a_password_handed_out_shortly_before_asking_counts_as_well(
    hours_before: int, by: str, may: bool, signed_in: SignIn, sandbox: Sandbox, settings: Any
) -> None:
    if by == "admin":
        reset(signed_in("admin"), "finance")
    else:
        at_the_command_line(signed_in)
    act = ask(signed_in("admin"))
    act.asked_at = timezone.now() + timedelta(hours=hours_before)
    act.save()
    assert separation.in_hand_of_asker(act, person("finance")) is not may


@pytest.mark.parametrize("how", ["page", "command"])
def test_an_account_made_since_the_request_cannot_agree(
    how: str, signed_in: SignIn, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    admin = signed_in("admin")
    act = ask(admin)
    if how == "page":
        add(admin, "nora", "finance")
    else:
        monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", CHOSEN)
        more = {"username": "nora", "email": "", "interactive": False, "verbosity": 0}
        call_command("createsuperuser", **more)
        Person.objects.filter(username="nora").update(is_staff=True)
    assert separation.in_hand_of_asker(act, person("nora"))
    make_demo_people("demo")
    assert not separation.in_hand_of_asker(act, person("finance"))


def test_a_password_of_a_command_is_on_record_as_nobodys(
    people: dict[str, Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: CHOSEN)
    call_command("changepassword", "finance", stdout=StringIO())
    (line,) = Entry.objects.filter(phase=Phase.INTENT)
    assert (line.username, line.entity, line.kind, line.record_name) == (
        "–",
        "people",
        "set-password",
        "finance",
    )
    assert CHOSEN not in str(Entry.objects.values())


@pytest.mark.parametrize(
    ("change", "pair"),
    [
        (lambda p, g: p.groups.add(g), [["finance"], ["finance", "viewer"]]),
        (lambda p, g: p.groups.remove(Group.objects.get(name="finance")), [["finance"], []]),
        (lambda p, g: p.groups.clear(), [["finance"], []]),
        (lambda p, g: g.user_set.add(p), [["finance"], ["finance", "viewer"]]),
        (lambda p, g: Group.objects.get(name="finance").user_set.remove(p), [["finance"], []]),
    ],
)
def test_roles_given_in_a_shell_are_on_record_as_they_were_and_are(
    people: dict[str, Person], change: Callable[[Person, Any], object], pair: list[list[str]]
) -> None:
    change(people["finance"], Group.objects.get(name="viewer"))
    (line,) = Entry.objects.filter(phase=Phase.INTENT, record=str(people["finance"].pk))
    assert line.changes == {"roles": pair}


def test_the_pages_put_each_change_on_record_once(signed_in: SignIn) -> None:
    admin = signed_in("admin")
    give_role(admin, "finance", "finance", "viewer")
    reset(admin, "finance")
    lines = Entry.objects.filter(phase=Phase.INTENT).order_by("number")
    assert [(line.username, line.kind) for line in lines] == [
        ("admin", "update"),
        ("admin", "reset-password"),
    ]
