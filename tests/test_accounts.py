"""Signing in, staying in and going out."""

import re
import threading
from collections.abc import Callable

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ImproperlyConfigured
from django.test import Client

from dashboard.accounts import hashers
from dashboard.accounts.demo import make_demo_people, refuse_demo_passwords
from dashboard.accounts.hashers import ModestArgon2
from dashboard.accounts.models import Person
from tests.sandbox.running import Sandbox

LOGIN = "/accounts/login/"


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
        settings.SANDBOX = settings.FLOWTLY_IS_LOCAL = False  # type: ignore[attr-defined]
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
