"""Passwords: which are refused and why, how they are typed, how long a one-time password lasts."""

import re
import unicodedata
from datetime import timedelta

import pytest
import time_machine
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management import CommandError, call_command
from django.test import Client
from django.utils import timezone

from dashboard.accounts.models import Person, folded
from tests.support.markup import CheckedClient

LOGIN = "/accounts/login/"

# A password, and what is said of it; "" where it is taken.
JUDGED = [
    ("een zin die niemand raadt", ""),
    ("correct horse battery staple", ""),
    ("xk7-Qm2 9vL!a", ""),
    ("élève à Liège en hiver", ""),
    ("漢字かな交じりのとても長い文", ""),
    ("x" * 11, "too short"),
    ("aaaaaaaaaaaa", "repeats"),
    ("abcabcabcabc", "repeats"),
    ("trustno1trustno1", "repeats"),
    ("flowtlyflowtly", "repeats"),
    ("password1234", "common"),
    ("1q2w3e4r5t6y", "stolen passwords"),
    ("P@ssw0rd2026", "stolen passwords"),
    ("sunshine2024!", "stolen passwords"),
    ("qwertyuiop12", "stolen passwords"),
    ("Flowtly2026!", "built on your name or a word of this site"),
    ("backoffice1234", "built on your name or a word of this site"),
    ("testserver 123", "built on your name or a word of this site"),
    ("verakuipers99", "built on your name or a word of this site"),
    ("kuipers-12345", "built on your name or a word of this site"),
    ("zxcvbnm,./12", "easy to guess"),
    ("x" * 4000, "repeats"),
]


@pytest.mark.parametrize(("password", "words"), JUDGED)
def test_what_can_be_guessed_is_refused_and_why(password: str, words: str, people: dict[str, Person]) -> None:
    try:
        validate_password(password, people["viewer"])
        said = ""
    except ValidationError as error:
        said = " ".join(error.messages)
    assert (words in said) if words else (said == ""), said


COMPOSED, DECOMPOSED = (unicodedata.normalize(form, "élève à Liège en hiver") for form in ("NFC", "NFD"))


@pytest.mark.parametrize("kept", [COMPOSED, DECOMPOSED])
@pytest.mark.parametrize("typed", [COMPOSED, DECOMPOSED, "ｅ" + DECOMPOSED[1:]])
def test_an_accent_is_the_same_however_a_keyboard_makes_it(
    kept: str, typed: str, people: dict[str, Person]
) -> None:
    assert COMPOSED != DECOMPOSED
    people["viewer"].set_password(kept.replace("e", "e", 1))
    wanted = unicodedata.normalize("NFKC", typed) == unicodedata.normalize("NFKC", kept)
    assert people["viewer"].check_password(typed) is wanted


def test_a_password_that_was_kept_as_it_was_typed_still_opens(people: dict[str, Person]) -> None:
    people["viewer"].password = make_password(DECOMPOSED)
    assert people["viewer"].check_password(DECOMPOSED)
    assert not people["viewer"].check_password("something else entirely")


@pytest.mark.parametrize("name", ["viewer", "Viewer", "VIEWER", " viewer ", "ｖｉｅｗｅｒ"])
def test_a_user_name_has_no_case(name: str, people: dict[str, Person]) -> None:
    client = Client()
    client.post(LOGIN, {"login": name, "password": "demo"})
    assert client.session.get("_auth_user_id") == str(people["viewer"].pk)


def test_of_two_that_differ_by_case_alone_each_is_who_they_are(people: dict[str, Person]) -> None:
    """As an older version let them be added."""
    twin = Person.objects.create(username="Viewer", is_staff=True)
    assert Person.objects.named("Viewer") == twin
    assert Person.objects.named("viewer") == people["viewer"]
    assert Person.objects.named("nobody") is None


@pytest.mark.parametrize("name", ["Élise", "ÉLISE", "E\u0301lise", "élise"])
def test_nobody_is_added_beside_somebody_of_the_same_name(name: str, people: dict[str, Person]) -> None:
    admin = CheckedClient()
    admin.force_login(people["admin"])
    added = {"username": "Élise", "first_name": "Élise", "roles": ["viewer"]}
    admin.send("/people/new/", added)
    assert Person.objects.get(first_name="Élise").username == "élise"
    answer = admin.send("/people/new/", {**added, "username": name})
    assert answer.status_code == 422
    assert Person.objects.filter(first_name="Élise").count() == 1
    with pytest.raises(CommandError, match="already"):
        call_command("createsuperuser", username=name, email="", interactive=False)
    assert folded(name) == "élise"


def test_a_phone_puts_no_capital_before_a_user_name(client: Client, db: None) -> None:
    field = re.search(r'<input[^>]*name="login"[^>]*>', client.get(LOGIN).content.decode())
    assert field
    assert 'autocapitalize="none"' in field[0]


class TestOneTimePasswords:
    @staticmethod
    def made(people: dict[str, Person]) -> str:
        admin = CheckedClient()
        admin.force_login(people["admin"])
        page = admin.send(f"/people/{people['viewer'].pk}/password/", {}).content.decode()
        found = re.search(r"[a-z0-9]{5}(?:-[a-z0-9]{5}){3}", page)
        assert found
        assert "72 hours" in page
        return found[0]

    @pytest.mark.parametrize(("hours", "opens"), [(0, True), (71.9, True), (72.1, False), (1000, False)])
    def test_last_72_hours(self, hours: float, opens: bool, people: dict[str, Person]) -> None:
        password = self.made(people)
        with time_machine.travel(timezone.now() + timedelta(hours=hours)):
            client = Client()
            page = client.post(LOGIN, {"login": "viewer", "password": password})
            assert ("_auth_user_id" in client.session) is opens
            assert opens or "This one-time password has expired" in page.content.decode()

    def test_that_have_run_out_say_so_to_nobody_who_does_not_have_them(
        self, people: dict[str, Person]
    ) -> None:
        self.made(people)
        with time_machine.travel(timezone.now() + timedelta(hours=100)):
            page = Client().post(LOGIN, {"login": "viewer", "password": "wrong"}).content.decode()
            assert "expired" not in page

    def test_that_somebody_was_added_with_last_as_long(self, people: dict[str, Person]) -> None:
        admin = CheckedClient()
        admin.force_login(people["admin"])
        admin.send("/people/new/", {"username": "nora", "first_name": "Nora", "roles": ["viewer"]})
        until = Person.objects.get(username="nora").one_time_until
        assert until is not None
        assert timedelta(hours=71) < until - timezone.now() <= timedelta(hours=72)

    def test_an_own_password_lasts(self, people: dict[str, Person]) -> None:
        password = self.made(people)
        client = CheckedClient()
        client.post(LOGIN, {"login": "viewer", "password": password})
        chosen = "een zin die niemand raadt"
        fields = {"current_password": password, "new_password": chosen, "new_password_again": chosen}
        client.send("/accounts/me/password/", fields)
        with time_machine.travel(timezone.now() + timedelta(days=400)):
            again = Client()
            again.post(LOGIN, {"login": "viewer", "password": chosen})
            assert "_auth_user_id" in again.session


@pytest.mark.parametrize("path", ["/help/", "/away/", "/status/"])
@pytest.mark.parametrize("poll", [True, False])
def test_what_a_page_asks_by_itself_keeps_nobody_signed_in(
    path: str, poll: bool, people: dict[str, Person]
) -> None:
    with time_machine.travel("2026-03-02 09:00Z", tick=False) as clock:
        client = Client()
        client.force_login(people["viewer"])
        for _ in range(4):
            clock.shift(9 * 60)
            client.get(path, headers={"X-Poll": "1"} if poll else {})
        assert (client.get("/help/").status_code == 200) is not poll
