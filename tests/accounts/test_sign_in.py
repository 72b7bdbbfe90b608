"""Signing in, staying in and going out."""

import re
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from dashboard.accounts import hashers, user_agents
from dashboard.accounts.demo import make_demo_people, refuse_demo_passwords
from dashboard.accounts.hashers import ModestArgon2
from dashboard.accounts.models import Person
from dashboard.audit.models import Entry
from tests.support.markup import CheckedClient
from tests.support.processes import Dashboard
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.any_flavour

LOGIN = "/accounts/login/"
ME = "/accounts/me/"
OWN = f"{ME}password/"
CHOSEN = "een zin die niemand raadt"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0"


def sign_in(client: Client, login: str, password: str = "demo", **more: str) -> object:
    return client.post(LOGIN, {"login": login, "password": password, **more})


def signed_in_as(client: Client) -> str | None:
    return client.session.get("_auth_user_id")


class TestSigningIn:
    def test_leads_to_the_page_that_was_asked_for(self, client: Client, people: dict[str, Person]) -> None:
        asked = client.get("/o/org_1001/locations/?q=kade")
        assert asked["Location"] == f"{LOGIN}?next=/o/org_1001/locations/%3Fq%3Dkade"
        answer = client.post(asked["Location"], {"login": "viewer", "password": "demo", "next": "/help/"})
        assert answer["Location"] == "/help/"

    @pytest.mark.parametrize("hostile", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
    def test_never_leads_to_another_host(
        self, client: Client, people: dict[str, Person], hostile: str
    ) -> None:
        assert sign_in(client, "viewer", next=hostile)["Location"] == "/"  # type: ignore[index]

    def test_says_the_same_to_a_wrong_password_and_an_unknown_name(
        self, client: Client, people: dict[str, Person]
    ) -> None:
        pages = [sign_in(client, name, "wrong").content.decode() for name in ("viewer", "nobody")]  # type: ignore[attr-defined]
        said = [re.search(r"do not belong together", page) for page in pages]
        assert all(said)
        assert signed_in_as(client) is None

    def test_keeps_the_name_but_never_the_password(self, client: Client, people: dict[str, Person]) -> None:
        page = sign_in(client, "viewer", "secret-typed").content.decode()  # type: ignore[attr-defined]
        assert 'value="viewer"' in page
        assert "secret-typed" not in page

    @pytest.mark.parametrize("change", [{"is_staff": False}, {"is_active": False}])
    def test_is_for_active_staff_alone(
        self, client: Client, people: dict[str, Person], change: dict[str, bool]
    ) -> None:
        Person.objects.filter(username="viewer").update(**change)
        page = sign_in(client, "viewer").content.decode()  # type: ignore[attr-defined]
        assert "do not belong together" in page
        assert signed_in_as(client) is None

    def test_is_locked_after_five_failures_even_for_the_right_password(
        self, client: Client, people: dict[str, Person]
    ) -> None:
        for _ in range(5):
            sign_in(client, "viewer", "wrong")
        sign_in(client, "viewer")
        assert signed_in_as(client) is None
        sign_in(client, "finance")
        assert signed_in_as(client) == str(people["finance"].pk)

    def test_names_the_demo_people_on_the_sandbox_only(
        self, client: Client, people: dict[str, Person], settings: pytest.FixtureRequest
    ) -> None:
        assert "finance2" in client.get(LOGIN).content.decode()
        settings.SANDBOX = False  # type: ignore[attr-defined]
        assert "finance2" not in client.get(LOGIN).content.decode()

    @pytest.mark.parametrize("path", ["signup/", "email/", "password/reset/", "password/set/", "social/"])
    def test_there_is_no_other_way_in(self, client: Client, db: None, path: str) -> None:
        assert client.get(f"/accounts/{path}").status_code == 404


class TestStayingIn:
    def test_ends_after_half_an_hour_without_use(self, client: Client, people: dict[str, Person]) -> None:
        with time_machine.travel("2026-03-02 09:00Z", tick=False) as clock:
            sign_in(client, "viewer")
            clock.shift(29 * 60)
            assert client.get("/help/").status_code == 200
            clock.shift(29 * 60)
            assert client.get("/help/").status_code == 200
            clock.shift(31 * 60)
            assert client.get("/help/").status_code == 302

    def test_ends_after_twelve_hours_however_busy(self, client: Client, people: dict[str, Person]) -> None:
        with time_machine.travel("2026-03-02 07:00Z", tick=False) as clock:
            sign_in(client, "viewer")
            for _ in range(36):
                assert client.get("/help/").status_code == 200
                clock.shift(20 * 60)
            clock.shift(60)
            assert client.get("/help/").status_code == 302

    def test_ends_at_once_for_somebody_who_is_deactivated(
        self, signed_in: Callable[[str], Client], people: dict[str, Person]
    ) -> None:
        client = signed_in("viewer")
        assert client.get("/help/").status_code == 200
        Person.objects.filter(username="viewer").update(is_active=False)
        assert client.get("/help/").status_code == 302

    def test_an_htmx_request_of_an_ended_session_takes_the_whole_page_to_the_sign_in(
        self, client: Client, db: None
    ) -> None:
        asked = {
            "HX-Request": "true",
            "HX-Target": "locations-list",
            "HX-Current-URL": "http://testserver/o/org_1001/locations/?page=2",
        }
        answer = client.get("/o/org_1001/locations/?page=3", headers=asked)
        assert answer["HX-Redirect"] == f"{LOGIN}?next=/o/org_1001/locations/%3Fpage%3D2"

    def test_reading_pages_writes_the_session_once_a_minute_at_most(
        self, client: Client, people: dict[str, Person]
    ) -> None:
        with time_machine.travel("2026-03-02 09:00Z", tick=False) as clock:
            sign_in(client, "viewer")
            client.get("/help/")
            before = client.session["used_at"]
            clock.shift(30)
            client.get("/help/")
            assert client.session["used_at"] == before
            clock.shift(60)
            client.get("/help/")
            assert client.session["used_at"] > before


def test_signing_out_is_a_post_and_ends_the_session(signed_in: Callable[[str], Client]) -> None:
    client = signed_in("viewer")
    assert client.get("/accounts/logout/").status_code == 200
    assert signed_in_as(client)
    client.post("/accounts/logout/")
    assert signed_in_as(client) is None


class TestPasswords:
    def test_are_argon2_with_a_modest_memory(self) -> None:
        encoded = make_password("correct horse", hasher="argon2")
        assert "m=19456" in encoded
        assert ModestArgon2().verify("correct horse", encoded)
        assert not ModestArgon2().verify("wrong horse", encoded)

    def test_of_the_demo_keep_a_real_api_out(
        self, people: dict[str, Person], settings: pytest.FixtureRequest
    ) -> None:
        refuse_demo_passwords()
        settings.SANDBOX = False  # type: ignore[attr-defined]
        with pytest.raises(ImproperlyConfigured, match="viewer"):
            refuse_demo_passwords()
        for person in people.values():
            person.set_password("a long enough sentence")
            person.save()
        refuse_demo_passwords()


def test_making_the_demo_people_again_leaves_theirs_alone(people: dict[str, Person]) -> None:
    viewer = people["viewer"]
    viewer.first_name = "Wilhelmina"
    viewer.groups.clear()
    viewer.save()
    make_demo_people("other")
    viewer.refresh_from_db()
    assert viewer.first_name == "Wilhelmina"
    assert viewer.check_password("demo")
    assert viewer.groups.count() == 0


def test_two_passwords_at_most_are_hashed_at_once() -> None:
    """A burst of sign-ins must not take the machine's memory: the third waits for one of the first two."""
    third = threading.Thread(target=ModestArgon2().encode, args=("password", "salt" * 4))
    with hashers.slots, hashers.slots:
        third.start()
        third.join(0.3)
        assert third.is_alive()
    third.join(10)
    assert not third.is_alive()


def test_a_role_is_named_in_the_frame(sandbox: Sandbox, signed_in: Callable[[str], Client]) -> None:
    assert "Account manager" in signed_in("accounts").get("/help/").content.decode()
    assert "Superuser" in signed_in("admin").get("/help/").content.decode()


def at(username: str, browser: str = "", password: str = "demo") -> CheckedClient:
    """Somebody who has signed in, with a browser that calls itself so."""
    client = CheckedClient(headers={"User-Agent": browser}) if browser else CheckedClient()
    sign_in(client, username, password)
    return client


def is_in(client: Client) -> bool:
    return client.get("/help/").status_code == 200


def end_urls(page: str) -> list[str]:
    return re.findall(rf'action="({ME}sessions/\d+/end/)"', page)


class TestOnesOwnPage:
    def test_tells_who_one_is(self, people: dict[str, Person]) -> None:
        page = at("accounts").get(ME).content.decode()
        for words in ("Anaïs Lefèvre", "accounts", "Account manager"):
            assert words in page, words

    def test_is_linked_from_ones_menu(self, people: dict[str, Person]) -> None:
        assert f'href="{ME}"' in at("viewer").get("/help/").content.decode()

    def test_the_zone_chosen_is_the_zone_of_every_time(self, people: dict[str, Person]) -> None:
        with time_machine.travel("2026-07-01 09:00Z", tick=False):
            client = at("viewer")
            assert "1 Jul 2026 11:00 CEST" in client.get(ME).content.decode()
            client.send(ME, {"time_zone": "Atlantic/Azores"})
            assert "1 Jul 2026 09:00 +00" in client.get(ME).content.decode()
            client.send(ME, {"time_zone": ""})
            assert "1 Jul 2026 11:00 CEST" in client.get(ME).content.decode()

    @pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "Etc/GMT+5", "europe/amsterdam"])
    def test_a_zone_that_is_none_is_refused(self, people: dict[str, Person], zone: str) -> None:
        assert at("viewer").send(ME, {"time_zone": zone}).status_code == 422
        assert Person.objects.get(username="viewer").time_zone == ""

    def test_nothing_but_the_zone_can_be_changed_there(self, people: dict[str, Person]) -> None:
        extra = {"username": "root", "first_name": "Root", "is_superuser": "on", "roles": "finance"}
        at("viewer").send(ME, {"time_zone": "UTC", **extra})
        viewer = Person.objects.get(username="viewer")
        assert (viewer.username, viewer.first_name, viewer.is_superuser) == ("viewer", "Vera", False)


class TestChangingOnesPassword:
    FIELDS = {"current_password": "demo", "new_password": CHOSEN, "new_password_again": CHOSEN}

    def test_keeps_this_session_under_a_new_key_and_ends_the_others(self, people: dict[str, Person]) -> None:
        here, there = at("viewer"), at("viewer")
        stolen = here.cookies["sessionid"].value
        assert here.send(OWN, self.FIELDS)["Location"] == ME
        assert is_in(here)
        assert not is_in(there)
        thief = Client()
        thief.cookies["sessionid"] = stolen
        assert not is_in(thief)
        assert UserSession.objects.filter(user__username="viewer").count() == 1
        assert "This one" in here.get(ME).content.decode()
        assert is_in(at("viewer", password=CHOSEN))
        assert not is_in(at("viewer"))

    @pytest.mark.parametrize(
        ("fields", "field", "words"),
        [
            ({"current_password": "wrong"}, "current_password", "not your current"),
            ({"current_password": ""}, "current_password", "required"),
            ({"new_password": "short", "new_password_again": "short"}, "new_password", "too short"),
            (
                {"new_password": "password1234", "new_password_again": "password1234"},
                "new_password",
                "common",
            ),
            (
                {"new_password": "vera.kuipers", "new_password_again": "vera.kuipers"},
                "new_password",
                "similar",
            ),
            ({"new_password_again": "something else"}, "new_password_again", "not the same"),
            ({"new_password": "demo", "new_password_again": "demo"}, "new_password", "you have"),
        ],
    )
    def test_says_at_the_field_what_is_wrong_and_shows_no_password(
        self, people: dict[str, Person], fields: dict[str, str], field: str, words: str
    ) -> None:
        client = at("viewer")
        answer = client.send(OWN, {**self.FIELDS, **fields})
        page = answer.content.decode()
        assert answer.status_code == 422
        block = re.search(rf'data-field="{field}">(.*?)(?=data-field=|</form>)', page, re.S)
        assert block
        assert words in block[1]
        assert not re.search(r'type="password"[^>]* value=', page)
        assert CHOSEN not in page
        assert is_in(client)
        assert Person.objects.get(username="viewer").check_password("demo")

    def test_is_throttled_even_for_the_right_password(self, people: dict[str, Person]) -> None:
        client = at("viewer")
        for _ in range(5):
            client.send(OWN, {**self.FIELDS, "current_password": "wrong"})
        answer = client.send(OWN, self.FIELDS)
        assert "Too many attempts" in answer.content.decode()
        assert Person.objects.get(username="viewer").check_password("demo")

    def test_is_on_record_without_any_password(
        self, people: dict[str, Person], caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(0)
        client = at("viewer")
        client.send(OWN, self.FIELDS)
        lines = [str(entry) for entry in Entry.objects.exclude(kind="sign-in").values()]
        assert ["change-password" in line and "viewer" in line for line in lines] == [True, True]
        said = [*lines, str(client.session.items()), *(str(record.__dict__) for record in caplog.records)]
        assert not [text for text in said if CHOSEN in text]

    def test_over_htmx_it_goes_on_as_well(self, people: dict[str, Person]) -> None:
        client = at("viewer")
        part = {"HX-Request": "true", "HX-Target": "form-part"}
        assert "HX-Location" in client.post(OWN, {**client.hidden(OWN), **self.FIELDS}, headers=part)
        assert is_in(client)

    @pytest.mark.parametrize("hostile", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
    def test_never_leads_to_another_host(self, people: dict[str, Person], hostile: str) -> None:
        assert at("viewer").send(f"{OWN}?next={hostile}", self.FIELDS)["Location"] == ME

    def test_ends_the_demo_password(self, people: dict[str, Person]) -> None:
        at("viewer").send(OWN, self.FIELDS)
        assert not Person.objects.get(username="viewer").has_demo_password


class TestOnesSessions:
    def test_are_listed_with_browser_and_address_and_this_one_marked(self, people: dict[str, Person]) -> None:
        at("viewer", FIREFOX)
        page = at("viewer", "curl/8.5.0").get(ME).content.decode()
        assert "Firefox on Windows" in page
        assert "curl" in page
        assert "127.0.0.1" in page
        assert page.count("This one") == 1
        assert len(end_urls(page)) == 1

    def test_one_is_ended_and_the_rest_go_on(self, people: dict[str, Person]) -> None:
        here, there, third = at("viewer"), at("viewer", FIREFOX), at("viewer")
        page = here.get(ME).content.decode()
        row = re.search(r"Firefox on Windows.*?</tr>", page, re.S)
        assert row
        here.post(end_urls(row[0])[0])
        assert [is_in(client) for client in (here, there, third)] == [True, False, True]

    def test_all_others_are_ended_at_once(self, people: dict[str, Person]) -> None:
        here, others = at("viewer"), [at("viewer") for _ in range(3)]
        somebody_else = at("finance")
        here.post(f"{ME}sessions/end/")
        assert is_in(here)
        assert is_in(somebody_else)
        assert not any(map(is_in, others))

    def test_nobody_ends_somebody_elses(self, people: dict[str, Person]) -> None:
        theirs = at("finance")
        row = UserSession.objects.get(user__username="finance")
        at("viewer").post(f"{ME}sessions/{row.pk}/end/")
        assert is_in(theirs)

    def test_reading_the_address_of_an_act_ends_nothing(self, people: dict[str, Person]) -> None:
        here, there = at("viewer"), at("viewer")
        for url in [*end_urls(here.get(ME).content.decode()), f"{ME}sessions/end/"]:
            assert here.get(url)["Location"] == ME
        assert is_in(there)

    def test_one_that_was_signed_out_or_has_run_out_is_listed_no_more(
        self, people: dict[str, Person]
    ) -> None:
        with time_machine.travel("2026-03-02 09:00Z", tick=False) as clock:
            idle = at("viewer", FIREFOX)
            gone = at("viewer", "curl/8.5.0")
            gone.post("/accounts/logout/")
            clock.shift(31 * 60)
            page = at("viewer").get(ME).content.decode()
            assert "Firefox" not in page
            assert "curl" not in page
            assert not is_in(idle)

    def test_rows_of_long_ago_are_taken_away(self, people: dict[str, Person]) -> None:
        with time_machine.travel("2026-03-02 09:00Z", tick=False) as clock:
            at("viewer")
            clock.shift(13 * 3600)
            at("finance")
            assert not UserSession.objects.filter(user__username="viewer").exists()

    def test_the_last_use_is_kept_to_the_minute(self, people: dict[str, Person]) -> None:
        with time_machine.travel("2026-03-02 09:00Z", tick=False) as clock:
            client = at("viewer")
            client.get("/help/")
            clock.shift(90)
            client.get("/help/")
            row = UserSession.objects.get(user__username="viewer")
            assert (row.last_seen_at - row.created_at).total_seconds() == 90


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (FIREFOX, "Firefox on Windows"),
        ("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/131.0 Safari/537.36", "Chrome on Linux"),
        (
            "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/131.0 Safari/537.36 Edg/131",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) Version/17.5 Safari/605.1.15", "Safari on macOS"),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) CriOS/126.0 Safari/604.1",
            "Chrome on iPhone",
        ),
        ("Mozilla/5.0 (Linux; Android 14) Chrome/126.0 Mobile Safari/537.36", "Chrome on Android"),
        ("curl/8.5.0", "curl"),
        ("<script>alert(1)</script>", "A browser that does not say its name"),
        ("", "A browser that does not say its name"),
    ],
)
def test_a_browser_is_called_by_the_name_its_owner_knows(agent: str, words: str) -> None:
    assert user_agents.in_words(agent) == words


def test_who_is_signed_in_stays_so_over_the_move_to_the_rows_of_allauth(tmp_path: Path) -> None:
    site = Dashboard(f"sqlite:///{tmp_path}/accounts.sqlite3", tmp_path)
    said = site.run(
        """
from django.core.management import call_command
from django.db import connection
from allauth.usersessions.models import UserSession
from django.db.migrations.loader import MigrationLoader
call_command("migrate", "accounts", "0003", verbosity=0)
call_command("migrate", "usersessions", verbosity=0)
as_it_was = MigrationLoader(connection).project_state(("accounts", "0003_keys")).apps
Person = as_it_was.get_model("accounts", "Person")
vera = Person.objects.create(username="vera")
row = [vera.pk, "k" * 32, "2026-03-02 09:00", "2026-03-02 09:20", "192.0.2.7", "Firefox" + "x" * 300]
names = "person_id, session_key, since, used_at, address, browser"
connection.cursor().execute(f"INSERT INTO accounts_signedin ({names}) VALUES (%s, %s, %s, %s, %s, %s)", row)
call_command("migrate", verbosity=0)
kept = UserSession.objects.get(user_id=vera.pk)
print(kept.session_key == "k" * 32, kept.created_at, kept.last_seen_at, kept.ip, kept.user_agent[:9])
"""
    )
    assert said.split("\n")[-2] == (
        "True 2026-03-02 09:00:00+00:00 2026-03-02 09:20:00+00:00 192.0.2.7 Firefoxxx"
    )
