"""The people who use the dashboard, as a superuser looks after them."""

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from typing import cast

import httpx
import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.contrib.sessions.models import Session
from django.core.exceptions import PermissionDenied
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext

from dashboard.accounts import changes
from dashboard.accounts.models import Person
from dashboard.audit import chain
from dashboard.audit.models import Draft, Entry, Operation, Outcome, Phase
from dashboard.web.request import StaffRequest
from tests.support.markup import CheckedClient, hidden_of
from tests.support.product import started

LIST = "/people/"
NEW = f"{LIST}new/"
LOGIN = "/accounts/login/"
OWN = "/accounts/me/password/"
NORA = {"username": "nora", "first_name": "Nora", "last_name": "Dijkstra", "email": "nora@flowtly.example"}
ACTS = ("deactivate/", "activate/", "password/", "sessions/end/")

SignIn = Callable[[str], CheckedClient]


@pytest.fixture
def admin(signed_in: SignIn) -> CheckedClient:
    return signed_in("admin")


@pytest.fixture
def second(people: dict[str, Person], signed_in: SignIn) -> CheckedClient:
    """Another superuser."""
    Person.objects.filter(username="backoffice2").update(is_superuser=True)
    return signed_in("backoffice2")


def url_of(username: str) -> str:
    return f"{LIST}{Person.objects.get(username=username).pk}/"


def one_time_in(page: str) -> str:
    found = re.search(r"<kbd>([a-z2-9-]+)</kbd>", page)
    assert found, "no one-time password on the page"
    return found[1]


def add(client: CheckedClient, **more: object) -> str:
    """Adds Nora; her one-time password."""
    return one_time_in(client.send(NEW, {**NORA, **more}).content.decode())


def sign_in(username: str, password: str) -> CheckedClient:
    client = CheckedClient()
    client.post(LOGIN, {"login": username, "password": password})
    return client


def is_in(client: Client) -> bool:
    """Whether the next page of this browser is anything but the sign-in."""
    return not client.get("/accounts/me/").get("Location", "").startswith(LOGIN)


def fields_of(page: str) -> dict[str, object]:
    """What a browser would send for the form of a person as it is shown."""
    texts = dict(re.findall(r'<input type="(?:text|email)" name="(\w+)" value="([^"]*)"', page))
    ticked = re.findall(r'name="roles" value="(\w+)"[^>]* checked', page)
    return {**{name: unescape(value) for name, value in texts.items()}, "roles": ticked, **hidden_of(page)}


def names(page: str) -> list[str]:
    return [unescape(name) for name in re.findall(r'<th scope="row"><a href="[^"]+">([^<]+)</a>', page)]


class TestList:
    def test_shows_everybody_with_roles_in_words(self, admin: CheckedClient) -> None:
        page = admin.get(LIST).content.decode()
        assert names(page) == [
            "Ada de Boer", "Anaïs Lefèvre", "Birgit Holm", "Bram Visser", "Filipa Conceição",
            "Frederik Sørensen", "Vera Kuipers",
        ]  # fmt: skip
        assert "Account manager" in page
        assert "Superuser" in page
        assert "Never" in page

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ({"q": "vera"}, ["Vera Kuipers"]),
            ({"q": "kuipers vera"}, ["Vera Kuipers"]),
            ({"q": "LEFÈVRE"}, ["Anaïs Lefèvre"]),
            ({"q": "conceicao"}, ["Filipa Conceição"]),
            ({"q": "SØRENSEN"}, ["Frederik Sørensen"]),
            ({"q": "finance2"}, ["Frederik Sørensen"]),
            ({"q": "100%"}, []),
            ({"role": "backoffice"}, ["Birgit Holm", "Bram Visser"]),
            ({"role": "superuser"}, ["Ada de Boer"]),
            ({"role": "none"}, ["Filipa Conceição"]),
            ({"role": "bogus"}, []),
            ({"state": "inactive"}, ["Bram Visser"]),
            ({"state": "one-time"}, ["Anaïs Lefèvre"]),
            ({"state": "bogus"}, []),
            ({"role": "finance", "q": "f", "state": "active"}, ["Frederik Sørensen"]),
        ],
    )
    def test_finds_by_name_role_and_state(
        self, admin: CheckedClient, query: dict[str, str], found: list[str]
    ) -> None:
        Person.objects.get(username="finance").groups.clear()
        Person.objects.filter(username="backoffice").update(is_active=False)
        Person.objects.filter(username="accounts").update(must_change_password=True)
        page = admin.get(LIST, query).content.decode()
        assert sorted(names(page)) == found
        assert ("Nobody matches" in page) is (found == [])

    def test_filters_are_named_in_words_and_can_be_taken_off(self, admin: CheckedClient) -> None:
        page = admin.get(LIST, {"role": "accounts", "state": "one-time"}).content.decode()
        assert "Role: Account manager" in page
        assert "State: One-time password" in page

    @pytest.mark.parametrize("way", ["asc", "desc"])
    def test_is_ordered_as_asked_with_those_who_never_came_last(
        self, admin: CheckedClient, people: dict[str, Person], way: str
    ) -> None:
        Person.objects.update(last_login=None)
        for day, username in enumerate(("viewer", "finance"), 1):
            Person.objects.filter(username=username).update(last_login=f"2026-03-0{day}T09:00Z")
        page = admin.get(LIST, {"order[last_login]": way}).content.decode()
        first = ["Vera Kuipers", "Filipa Conceição"]
        assert names(page)[:2] == (first if way == "asc" else first[::-1])

    def test_a_page_of_thirty_takes_no_more_queries_than_one_of_seven(self, admin: CheckedClient) -> None:
        with CaptureQueriesContext(database) as few:
            admin.get(LIST)
        for n in range(40):
            Person.objects.create(username=f"p{n}", first_name=f"P{n}", is_staff=True)
        with CaptureQueriesContext(database) as many:
            page = admin.get(LIST).content.decode()
        assert len(names(page)) == 30
        assert "1–30 of 47" in page
        assert len(many) <= len(few)

    def test_a_part_of_it_goes_out_alone(self, admin: CheckedClient) -> None:
        part = admin.get(LIST, {"q": "v"}, headers={"HX-Request": "true", "HX-Target": "people-list"})
        assert part.content.decode().lstrip().startswith('<section class="listing" id="people-list"')


class TestAdding:
    def test_hands_over_a_one_time_password_that_opens_only_the_way_to_another(
        self, admin: CheckedClient
    ) -> None:
        password = add(admin, roles=["viewer"])
        nora = sign_in("nora", password)
        for path in ("/", "/help/", "/accounts/me/", "/o/org_1001/", LIST):
            assert nora.get(path)["Location"].startswith(f"{OWN}?next=/"), path
        assert nora.post("/accounts/me/", {"time_zone": "UTC"})["Location"].startswith(OWN)
        chosen = "een zin die niemand raadt"
        fields = {"current_password": password, "new_password": chosen, "new_password_again": chosen}
        assert nora.send(f"{OWN}?next=/help/", fields)["Location"] == "/help/"
        assert nora.get("/help/").status_code == 200
        assert is_in(sign_in("nora", chosen))
        assert not is_in(sign_in("nora", password))

    def test_a_script_is_sent_to_the_password_too(self, admin: CheckedClient) -> None:
        nora = sign_in("nora", add(admin))
        answer = nora.get("/help/", headers={"HX-Request": "true", "HX-Target": "main"})
        assert answer["HX-Redirect"].startswith(OWN)

    def test_somebody_held_up_there_can_sign_out(self, admin: CheckedClient) -> None:
        nora = sign_in("nora", add(admin))
        assert nora.post("/accounts/logout/").status_code == 302
        assert not is_in(nora)

    def test_the_password_is_never_the_same_and_long_enough(self, admin: CheckedClient) -> None:
        made = {add(admin, username=f"n{n}") for n in range(20)}
        assert len(made) == 20
        assert all(re.fullmatch(r"([a-z2-9]{5}-){3}[a-z2-9]{5}", password) for password in made)

    def test_keeps_what_was_entered(self, admin: CheckedClient) -> None:
        add(admin, roles=["finance", "viewer"], is_superuser="on")
        nora = Person.objects.get(username="nora")
        assert nora.get_full_name() == "Nora Dijkstra"
        assert nora.email == "nora@flowtly.example"
        assert nora.is_superuser
        assert nora.is_staff
        assert set(nora.groups.values_list("name", flat=True)) == {"finance", "viewer"}

    def test_the_one_time_password_is_in_the_answer_and_nowhere_else(
        self, admin: CheckedClient, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(0)
        answer = admin.send(NEW, NORA)
        password = one_time_in(answer.content.decode())
        assert "no-store" in answer["Cache-Control"]
        assert list(get_messages(answer.wsgi_request)) == []
        kept = [str(session.get_decoded()) for session in Session.objects.all()]
        kept += [
            str(list(model.objects.values())) for model in (Entry, Operation, Draft, Person, UserSession)
        ]
        kept += [str(record.__dict__) for record in caplog.records]
        kept += [str(cookie.value) for cookie in admin.cookies.values()]
        kept += [admin.get(path).content.decode() for path in (LIST, NEW, url_of("nora"), "/help/")]
        assert not [text for text in kept if password in text]

    def test_a_second_submit_adds_nobody_and_shows_no_password(self, admin: CheckedClient) -> None:
        fields = {**NORA, **admin.hidden(NEW)}
        password = one_time_in(admin.post(NEW, fields).content.decode())
        # The same form once more: it would clash with the name it has made itself.
        Person.objects.filter(username="nora").update(username="renamed")
        again = admin.post(NEW, fields)
        page = admin.get(again["Location"]).content.decode()
        assert "make another one" in page
        assert password not in page
        assert Person.objects.filter(first_name="Nora").count() == 1

    @pytest.mark.parametrize(
        ("fields", "field", "words"),
        [
            ({"username": ""}, "username", "required"),
            ({"username": "VIEWER"}, "username", "already"),
            ({"username": "ÉLISE"}, "username", "already"),
            ({"username": "no spaces"}, "username", "valid username"),
            ({"first_name": ""}, "first_name", "required"),
            ({"email": "nora"}, "email", "valid email"),
            ({"roles": ["emperor"]}, "roles", "valid choice"),
        ],
    )
    def test_says_at_the_field_and_on_top_what_is_wrong(
        self, admin: CheckedClient, fields: dict[str, object], field: str, words: str
    ) -> None:
        Person.objects.create(username="élise", is_staff=True)
        answer = admin.send(NEW, {**NORA, **fields})
        page = answer.content.decode()
        assert answer.status_code == 422
        block = re.search(rf'data-field="{field}">(.*?)(?=data-field=|</form>)', page, re.S)
        assert block
        assert words in block[1]
        summary = re.search(r"data-error-summary[^>]*>(.*?)</ul>", page, re.S)
        assert summary
        target = re.search(r'href="#([^"]+)"', summary[1])
        assert target
        assert f'id="{target[1]}"' in page
        assert 'value="Dijkstra"' in page
        assert not Person.objects.filter(first_name="Nora").exists()

    def test_a_form_that_is_not_ours_adds_nobody(self, admin: CheckedClient, second: CheckedClient) -> None:
        for stolen in ("", second.hidden(NEW)["operation"], admin.hidden(url_of("viewer"))["operation"]):
            answer = admin.post(NEW, {**NORA, "operation": stolen})
            assert answer.status_code == 422
            assert 'value="nora"' in answer.content.decode()
        assert not Person.objects.filter(username="nora").exists()

    def test_over_htmx_the_password_comes_in_the_forms_place(self, admin: CheckedClient) -> None:
        part = {"HX-Request": "true", "HX-Target": "form-part"}
        page = admin.send(NEW, NORA, headers=part).content.decode()
        assert page.lstrip().startswith('<div id="form-part"')
        assert one_time_in(page)


class TestEditing:
    def test_changes_names_roles_and_rights(self, admin: CheckedClient) -> None:
        url = url_of("viewer")
        fields = {"first_name": "Wil", "last_name": "K", "email": "w@x.example", "roles": ["finance"]}
        answer = admin.send(url, {**fields, "is_superuser": "on"})
        assert answer["Location"] == url
        viewer = Person.objects.get(username="viewer")
        assert (viewer.first_name, viewer.last_name, viewer.email) == ("Wil", "K", "w@x.example")
        assert [group.name for group in viewer.groups.all()] == ["finance"]
        assert viewer.is_superuser

    def test_roles_act_at_the_next_page(self, admin: CheckedClient, signed_in: SignIn) -> None:
        viewer = signed_in("viewer")
        assert viewer.get(LIST).status_code == 403
        fields = fields_of(admin.get(url_of("viewer")).content.decode())
        admin.post(url_of("viewer"), {**fields, "is_superuser": "on"})
        assert viewer.get(LIST).status_code == 200

    def test_saving_it_as_it_was_changes_nothing(self, admin: CheckedClient) -> None:
        url = url_of("viewer")
        answer = admin.post(url, fields_of(admin.get(url).content.decode()))
        assert "Nothing was changed" in admin.get(answer["Location"]).content.decode()
        assert not Entry.objects.exists()

    def test_what_somebody_else_changed_in_another_field_survives(
        self, admin: CheckedClient, second: CheckedClient
    ) -> None:
        url = url_of("viewer")
        mine, theirs = (fields_of(client.get(url).content.decode()) for client in (admin, second))
        second.post(url, {**theirs, "email": "vera@flowtly.example"})
        admin.post(url, {**mine, "first_name": "Wilhelmina"})
        viewer = Person.objects.get(username="viewer")
        assert (viewer.first_name, viewer.email) == ("Wilhelmina", "vera@flowtly.example")

    def test_in_the_same_field_it_is_told_first_and_saved_on_the_second_word(
        self, admin: CheckedClient, second: CheckedClient
    ) -> None:
        url = url_of("viewer")
        mine, theirs = (fields_of(client.get(url).content.decode()) for client in (admin, second))
        second.post(url, {**theirs, "first_name": "Veronica", "email": "vera@flowtly.example"})
        answer = admin.post(url, {**mine, "first_name": "Wilhelmina"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "to: Veronica" in page
        assert Person.objects.get(username="viewer").first_name == "Veronica"
        admin.post(url, fields_of(page))
        viewer = Person.objects.get(username="viewer")
        assert (viewer.first_name, viewer.email) == ("Wilhelmina", "vera@flowtly.example")

    def test_an_error_of_ones_own_does_not_hide_what_others_changed(
        self, admin: CheckedClient, second: CheckedClient
    ) -> None:
        url = url_of("viewer")
        mine, theirs = (fields_of(client.get(url).content.decode()) for client in (admin, second))
        second.post(url, {**theirs, "email": "vera@flowtly.example"})
        page = admin.post(url, {**mine, "first_name": ""}).content.decode()
        admin.post(url, {**fields_of(page), "first_name": "Wil"})
        viewer = Person.objects.get(username="viewer")
        assert (viewer.first_name, viewer.email) == ("Wil", "vera@flowtly.example")

    def test_only_the_fields_of_the_form_count(self, admin: CheckedClient) -> None:
        url = url_of("viewer")
        before = Person.objects.get(username="viewer")
        extra = {
            "username": "root",
            "is_active": "",
            "is_staff": "",
            "password": "x",
            "must_change_password": "on",
        }
        admin.send(url, {"first_name": "Vera", "last_name": "Kuipers", "roles": ["viewer"], **extra})
        after = Person.objects.get(pk=before.pk)
        for name in ("username", "is_active", "is_staff", "password", "must_change_password"):
            assert getattr(after, name) == getattr(before, name), name

    def test_a_double_submit_is_told_what_the_first_was(self, admin: CheckedClient) -> None:
        url = url_of("viewer")
        fields = {**fields_of(admin.get(url).content.decode()), "first_name": "Wil"}
        for _ in range(2):
            answer = admin.post(url, fields)
            assert "Saved." in admin.get(answer["Location"]).content.decode()
        assert Entry.objects.filter(phase=Phase.INTENT).count() == 1


class TestEnding:
    def test_deactivating_ends_every_session_at_once(
        self, admin: CheckedClient, people: dict[str, Person]
    ) -> None:
        browsers = [sign_in("viewer", "demo") for _ in range(3)]
        assert all(map(is_in, browsers))
        page = admin.get(url_of("viewer")).content.decode()
        assert "3 places" in page
        admin.send(f"{url_of('viewer')}deactivate/", {})
        assert not any(map(is_in, browsers))
        assert not is_in(sign_in("viewer", "demo"))
        assert not UserSession.objects.filter(user__username="viewer").exists()

    def test_a_page_left_open_answers_with_the_sign_in(
        self, admin: CheckedClient, people: dict[str, Person]
    ) -> None:
        viewer = sign_in("viewer", "demo")
        fields = {"time_zone": "UTC", **viewer.hidden("/accounts/me/")}
        admin.send(f"{url_of('viewer')}deactivate/", {})
        assert viewer.post("/accounts/me/", fields)["Location"].startswith(LOGIN)
        assert Person.objects.get(username="viewer").time_zone == ""

    def test_activating_lets_them_in_again_but_revives_no_session(
        self, admin: CheckedClient, people: dict[str, Person]
    ) -> None:
        before = sign_in("viewer", "demo")
        admin.send(f"{url_of('viewer')}deactivate/", {})
        admin.send(f"{url_of('viewer')}activate/", {})
        assert not is_in(before)
        assert is_in(sign_in("viewer", "demo"))

    def test_a_reset_password_ends_the_sessions_and_the_old_password(
        self, admin: CheckedClient, people: dict[str, Person]
    ) -> None:
        before = sign_in("viewer", "demo")
        answer = admin.send(f"{url_of('viewer')}password/", {})
        password = one_time_in(answer.content.decode())
        assert "no-store" in answer["Cache-Control"]
        assert not is_in(before)
        assert not is_in(sign_in("viewer", "demo"))
        assert sign_in("viewer", password).get("/help/")["Location"].startswith(OWN)

    def test_a_second_submit_of_a_reset_leaves_the_first_password_good(
        self, admin: CheckedClient, people: dict[str, Person]
    ) -> None:
        url = f"{url_of('viewer')}password/"
        fields = admin.hidden(url)
        password = one_time_in(admin.post(url, fields).content.decode())
        assert admin.post(url, fields)["Location"] == url_of("viewer")
        assert is_in(sign_in("viewer", password))

    def test_ending_the_sessions_leaves_the_password(
        self, admin: CheckedClient, people: dict[str, Person]
    ) -> None:
        browsers = [sign_in("viewer", "demo") for _ in range(2)]
        other = sign_in("finance", "demo")
        admin.send(f"{url_of('viewer')}sessions/end/", {})
        assert not any(map(is_in, browsers))
        assert is_in(other)
        assert is_in(admin)
        assert is_in(sign_in("viewer", "demo"))

    @pytest.mark.parametrize("act", ACTS)
    def test_is_asked_on_a_page_that_names_them_and_changes_nothing(
        self, admin: CheckedClient, people: dict[str, Person], act: str
    ) -> None:
        viewer = sign_in("viewer", "demo")
        page = admin.get(f"{url_of('viewer')}{act}").content.decode()
        assert "Vera Kuipers" in page
        assert admin.post(f"{url_of('viewer')}{act}", {}).status_code == 422
        assert is_in(viewer)
        assert not Entry.objects.exclude(kind="sign-in").exists()

    @pytest.mark.parametrize("act", ACTS)
    def test_of_nobody_there_is_a_page_that_says_so(self, admin: CheckedClient, act: str) -> None:
        assert admin.get(f"{LIST}999999/{act}").status_code == 404


class TestSuperusers:
    @pytest.mark.parametrize("act", ["deactivate/", "password/", "sessions/end/"])
    def test_nobody_does_it_to_themselves(
        self, admin: CheckedClient, second: CheckedClient, act: str
    ) -> None:
        answer = admin.send(f"{url_of('admin')}{act}", {})
        assert answer.status_code == 409
        assert "to themselves" in answer.content.decode()
        assert is_in(admin)
        assert Person.objects.get(username="admin").is_active

    def test_nobody_changes_their_own_right(self, admin: CheckedClient, second: CheckedClient) -> None:
        url = url_of("admin")
        page = admin.get(url).content.decode()
        assert re.search(r'name="is_superuser"[^>]* disabled', page)
        admin.post(url, {**fields_of(page), "first_name": "Adelheid"})  # the box is not in it
        me = Person.objects.get(username="admin")
        assert (me.first_name, me.is_superuser) == ("Adelheid", True)

    def test_another_one_may_take_it_away(self, admin: CheckedClient, second: CheckedClient) -> None:
        url = url_of("backoffice2")
        admin.post(url, fields_of(admin.get(url).content.decode()))
        assert second.get(LIST).status_code == 403

    def test_who_was_one_a_moment_ago_acts_no_more(
        self, admin: CheckedClient, second: CheckedClient, people: dict[str, Person]
    ) -> None:
        """The right is asked for again under the lock: here it goes between the middleware and the act."""
        request = cast(StaffRequest, admin.get(LIST).wsgi_request)
        Person.objects.filter(username="admin").update(is_superuser=False)
        with pytest.raises(PermissionDenied):
            changes.deactivate(request, people["viewer"].pk)
        assert Person.objects.get(username="viewer").is_active

    def test_their_pages_are_refused_to_everybody_else_in_words(self, signed_in: SignIn) -> None:
        page = signed_in("backoffice").get(LIST).content.decode()
        assert "Superuser" in page
        assert "People" not in re.findall(r'<nav class="side".*?</nav>', page, re.S)[0]


class TestOnRecord:
    def test_every_act_leaves_an_intent_and_its_outcome_in_an_unbroken_chain(
        self, admin: CheckedClient, people: dict[str, Person]
    ) -> None:
        password = add(admin, roles=["viewer"])
        url = url_of("nora")
        admin.send(url, {"first_name": "Noor", "last_name": "Dijkstra", "roles": ["finance"]})
        again = one_time_in(admin.send(f"{url}password/", {}).content.decode())
        for act in ("sessions/end/", "deactivate/", "activate/"):
            admin.send(f"{url}{act}", {})
        intents = list(Entry.objects.filter(phase=Phase.INTENT).order_by("number"))
        kinds = ["create", "update", "reset-password", "end-sessions", "deactivate", "activate"]
        assert [entry.kind for entry in intents] == kinds
        assert {(entry.entity, entry.username, entry.method) for entry in intents} == {
            ("people", "admin", "POST")
        }
        assert {entry.record_name for entry in intents} == {"nora"}
        assert intents[1].changes == {
            "first_name": ["Nora", "Noor"],
            "email": ["nora@flowtly.example", ""],
            "roles": [["viewer"], ["finance"]],
        }
        outcomes = Entry.objects.filter(phase=Phase.OUTCOME)
        assert {entry.write for entry in outcomes} == {entry.write for entry in intents}
        assert {entry.outcome for entry in outcomes} == {Outcome.APPLIED}
        assert list(chain.faults()) == []
        assert not [e for e in Entry.objects.values() if password in str(e) or again in str(e)]

    def test_their_page_tells_it(self, admin: CheckedClient) -> None:
        add(admin, roles=["viewer"])
        url = url_of("nora")
        admin.send(f"{url}deactivate/", {})
        page = admin.get(url).content.decode()
        assert "deactivated" in page
        assert "Viewer" in page
        assert "Take this back" not in page

    def test_what_is_refused_leaves_no_line(self, admin: CheckedClient) -> None:
        admin.send(f"{url_of('admin')}deactivate/", {})
        admin.send(NEW, {**NORA, "username": "viewer"})
        assert not Entry.objects.exists()


class TestWithoutRoles:
    def test_there_is_a_page_that_says_so_and_leads_on(
        self, people: dict[str, Person], signed_in: SignIn
    ) -> None:
        people["viewer"].groups.set(Group.objects.none())
        viewer = signed_in("viewer")
        answer = viewer.get("/")
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "You have no role yet" in page
        assert 'href="/accounts/me/"' in page
        assert "Choose an organization" not in page
        assert viewer.get("/accounts/me/").status_code == viewer.get("/help/").status_code == 200
        assert viewer.get("/o/org_1001/").status_code == 403


class Browser:
    """Somebody in front of the real thing."""

    def __init__(self, address: str, username: str, password: str = "demo") -> None:
        self.http = httpx.Client(base_url=address, timeout=120)
        self.post(LOGIN, {"login": username, "password": password})

    def token(self, page: str) -> dict[str, str]:
        found = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert found, page
        return {"csrfmiddlewaretoken": found[1]}

    def post(self, path: str, fields: dict[str, object]) -> httpx.Response:
        return self.send(path, self.prepared(path, fields))

    def prepared(self, path: str, fields: dict[str, object]) -> dict[str, object]:
        page = self.http.get(path).text
        return {**hidden_of(page), **self.token(page), **fields}

    def send(self, path: str, fields: dict[str, object]) -> httpx.Response:
        return self.http.post(path, data=fields)

    def may_manage(self) -> bool:
        return self.http.get(LIST).status_code == 200


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard in processes of its own, over a database in a file."""
    var: Path = tmp_path_factory.mktemp("people") / "var"
    with started(var) as run:
        run.wait_until_ready()
        yield run.address


@pytest.fixture
def browser(address: str) -> Iterator[Callable[..., Browser]]:
    opened: list[Browser] = []

    def open_as(username: str, password: str = "demo") -> Browser:
        opened.append(Browser(address, username, password))
        return opened[-1]

    yield open_as
    for one in opened:
        one.http.close()


class TestAtTheSameMoment:
    """Over two processes and a database that both write to."""

    @pytest.mark.parametrize("way", ["demote", "deactivate"])
    def test_two_superusers_who_end_each_other_leave_one(
        self, browser: Callable[..., Browser], way: str
    ) -> None:
        admin = browser("admin")
        for round_ in range(4):
            name = f"{way}{round_}"
            fields: dict[str, object] = {"username": name, "first_name": "Other", "is_superuser": "on"}
            password = one_time_in(admin.post(NEW, fields).text)
            chosen = "een zin die niemand raadt"
            other = browser(name, password)
            other.post(
                OWN, {"current_password": password, "new_password": chosen, "new_password_again": chosen}
            )
            assert other.may_manage()
            urls = dict(
                re.findall(r'href="(/people/\d+/)">([^<]+)<', admin.http.get(LIST, params={"q": name}).text)
            )
            (theirs,) = (url for url, words in urls.items() if words == "Other")
            ada = admin.http.get(LIST, params={"q": "admin"}).text
            mine = re.findall(r'href="(/people/\d+/)">Ada', ada)[0]
            both = [(admin, theirs), (other, mine)]
            end = "" if way == "demote" else "deactivate/"
            typed: dict[str, object] = {"first_name": "Other"} if way == "demote" else {}
            ready = [(who, whom + end, who.prepared(whom + end, typed)) for who, whom in both]
            with ThreadPoolExecutor(2) as pool:
                list(pool.map(lambda one: one[0].send(one[1], one[2]), ready))
            left = [who for who, _ in both if who.may_manage()]
            assert len(left) == 1, way
            if left[0] is other:  # make the first one whole again for the next round
                if way == "deactivate":
                    other.post(f"{mine}activate/", {})
                other.post(mine, {"first_name": "Ada", "last_name": "de Boer", "is_superuser": "on"})
                admin = browser("admin")
            assert admin.may_manage()

    def test_ten_submits_of_one_form_make_one_person_and_show_one_password(
        self, browser: Callable[..., Browser]
    ) -> None:
        admin = browser("admin")
        fields = admin.prepared(NEW, {"username": "single", "first_name": "Single"})
        with ThreadPoolExecutor(10) as pool:
            answers = list(pool.map(lambda _: admin.send(NEW, fields), range(10)))
        assert sorted({answer.status_code for answer in answers} - {200, 302, 422}) == []
        assert len([answer for answer in answers if "<kbd>" in answer.text]) == 1
        found = admin.http.get(LIST, params={"q": "single"}).text
        assert names(found) == ["Single"]

    def test_two_who_add_the_same_name_are_told_who_was_second(self, browser: Callable[..., Browser]) -> None:
        both = [browser("admin") for _ in range(2)]
        ready = [(who, who.prepared(NEW, {"username": "Twice", "first_name": "Twice"})) for who in both]
        with ThreadPoolExecutor(2) as pool:
            answers = list(pool.map(lambda one: one[0].send(NEW, one[1]), ready))
        assert sorted(answer.status_code for answer in answers) == [200, 422]
        assert sum("already" in answer.text for answer in answers) == 1
