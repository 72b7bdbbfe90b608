"""Nothing that somebody typed is lost by a session that ends or a token that goes stale."""

import re
from collections.abc import Callable
from html import unescape
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.contrib.sessions.models import Session

from dashboard.accounts.models import Person
from dashboard.audit import operations
from dashboard.audit.models import Draft
from dashboard.web import drafts
from tests.support.markup import Answer, CheckedClient, form_of
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.any_flavour

LOGIN = "/accounts/login/"
LIST = "/o/org_1001/locations/"
EDIT = f"{LIST}1/"
NEW = f"{LIST}new/"
TOLD = "Not saved yet: nothing was sent"
TYPED = {"name": "Typed with care & <love>", "officeOpenHour": "11"}
SCRIPT = {"HX-Request": "true", "HX-Target": "form-part", "HX-Current-URL": f"http://testserver{EDIT}"}


@pytest.fixture
def person(sandbox: Sandbox, people: dict[str, Person]) -> CheckedClient:
    """Somebody of the back office whose browser is held to CSRF as every browser is."""
    client = CheckedClient(enforce_csrf_checks=True)
    client.force_login(people["backoffice"])
    return client


def opened(client: CheckedClient, path: str = EDIT) -> dict[str, str]:
    return form_of(client.get(path).content.decode())


def leave(client: CheckedClient) -> None:
    """The session ends; the browser keeps its other cookies."""
    del client.cookies["sessionid"]


def sign_in(client: CheckedClient, at: str, username: str = "backoffice") -> str:
    """Signs in by the page at that address; where that leads."""
    page = client.get(at).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(csrfmiddlewaretoken|next)" value="([^"]*)"', page))
    sent = {name: unescape(value) for name, value in hidden.items()}
    next_url = parse_qs(urlsplit(at).query).get("next")
    if next_url:  # the theme's form has a `next` of its own
        assert f'name="next" value="{next_url[0]}"' in unescape(page)
        sent["next"] = next_url[0]
    answer = client.post(LOGIN, {**sent, "login": username, "password": "demo"})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


def form_again(client: CheckedClient, refused: Answer, username: str = "backoffice") -> tuple[str, str]:
    """Signs in where a refused submit leads; the address and the page that come then."""
    assert refused.status_code == 302
    assert urlsplit(refused["Location"]).path == LOGIN
    url = sign_in(client, refused["Location"], username)
    return url, client.get(url).content.decode()


def assert_stands_as_it_was(page: str) -> None:
    assert 'value="Typed with care &amp; &lt;love&gt;"' in page
    assert '<option value="11" selected>' in page
    assert TOLD in page


def assert_ordinary(page: str) -> None:
    assert 'value="Typed with care' not in page
    assert TOLD not in page


def patches(sandbox: Sandbox) -> list[Any]:
    return [
        r["body"] for r in sandbox.requests() if r["method"] not in {"GET", "HEAD"} and "loc" in r["path"]
    ]


class TestWithoutASession:
    @pytest.mark.parametrize("how", ["ended", "idle", "revoked"])
    def test_the_form_stands_there_again_as_it_was(
        self, person: CheckedClient, sandbox: Sandbox, how: str
    ) -> None:
        with time_machine.travel("2026-03-02 09:00Z", tick=False) as clock:
            leave(person)
            sign_in(person, LOGIN)
            form = opened(person)
            if how == "ended":
                leave(person)
            elif how == "revoked":
                Session.objects.all().delete()
            else:
                clock.shift(31 * 60)
            url, page = form_again(person, person.post(EDIT, {**form, **TYPED}))
            assert re.fullmatch(rf"{EDIT}\?draft=[0-9a-f]{{32}}", url)
            assert_stands_as_it_was(page)
            assert patches(sandbox) == []

    def test_the_sign_in_says_that_it_is_kept(self, person: CheckedClient) -> None:
        form = opened(person)
        leave(person)
        at = person.post(EDIT, {**form, **TYPED})["Location"]
        assert "What you typed is kept" in person.get(at).content.decode()
        assert "What you typed is kept" not in person.get(f"{LOGIN}?next={EDIT}").content.decode()

    def test_a_wrong_password_on_the_way_loses_nothing(self, person: CheckedClient) -> None:
        form = opened(person)
        leave(person)
        refused = person.post(EDIT, {**form, **TYPED})
        back = parse_qs(urlsplit(refused["Location"]).query)["next"][0]
        page = person.get(refused["Location"]).content.decode()
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)
        assert token
        wrong = {
            "login": "backoffice",
            "password": "wrong",
            "next": back,
            "csrfmiddlewaretoken": token[1],
        }
        page = person.post(LOGIN, wrong).content.decode()
        assert "do not belong together" in page
        assert f'name="next" value="{back}"' in page

    def test_saving_it_then_sends_what_was_typed_and_forgets_the_draft(
        self, person: CheckedClient, sandbox: Sandbox
    ) -> None:
        form = opened(person)
        leave(person)
        url, page = form_again(person, person.post(EDIT, {**form, **TYPED}))
        assert Draft.objects.count() == 1
        answer = person.post(url, {**form_of(page), **TYPED})
        assert answer["Location"] == LIST
        assert patches(sandbox) == [{"name": TYPED["name"], "officeOpenHour": 11}]
        assert Draft.objects.count() == 0
        assert TOLD not in person.get(url).content.decode()

    def test_saving_it_in_the_page_it_was_typed_in_forgets_the_draft_too(
        self, person: CheckedClient, sandbox: Sandbox
    ) -> None:
        form = opened(person)
        leave(person)
        sign_in(person, person.post(EDIT, {**form, **TYPED})["Location"])
        token = opened(person)["csrfmiddlewaretoken"]
        person.post(EDIT, {**form, **TYPED, "csrfmiddlewaretoken": token})
        assert len(patches(sandbox)) == 1
        assert Draft.objects.count() == 0

    def test_a_second_end_takes_the_place_of_the_first(self, person: CheckedClient) -> None:
        form = opened(person)
        leave(person)
        url, page = form_again(person, person.post(EDIT, {**form, **TYPED}))
        leave(person)
        more = {**form_of(page), **TYPED, "officeCloseHour": "23"}
        again, page = form_again(person, person.post(url, more))
        assert again != url
        assert_stands_as_it_was(page)
        assert '<option value="23" selected>' in page
        assert Draft.objects.count() == 1

    def test_a_new_record_is_kept_as_well(self, person: CheckedClient, sandbox: Sandbox) -> None:
        form = opened(person, NEW)
        leave(person)
        url, page = form_again(person, person.post(NEW, {**form, **TYPED}))
        assert_stands_as_it_was(page)
        person.post(url, {**form_of(page), **TYPED})
        assert patches(sandbox) == [{"name": TYPED["name"], "officeOpenHour": 11}]

    def test_what_others_changed_meanwhile_survives(
        self, person: CheckedClient, signed_in: Callable[[str], CheckedClient], sandbox: Sandbox
    ) -> None:
        form = opened(person)
        leave(person)
        refused = person.post(EDIT, {**form, "name": "Mine"})
        signed_in("backoffice2").send(EDIT, {"officeCloseHour": "21"})
        url, page = form_again(person, refused)
        sandbox.clear_requests()
        person.post(url, {**form_of(page), "name": "Mine"})
        assert patches(sandbox) == [{"name": "Mine"}]

    def test_what_others_changed_in_the_same_field_is_asked_about(
        self, person: CheckedClient, signed_in: Callable[[str], CheckedClient], sandbox: Sandbox
    ) -> None:
        form = opened(person)
        leave(person)
        refused = person.post(EDIT, {**form, "name": "Mine"})
        signed_in("backoffice2").send(EDIT, {"name": "Theirs"})
        url, page = form_again(person, refused)
        sandbox.clear_requests()
        answer = person.post(url, {**form_of(page), "name": "Mine"})
        assert answer.status_code == 409
        page = answer.content.decode()
        assert 'data-conflict="name"' in page
        assert "Theirs" in page
        assert patches(sandbox) == []
        person.post(url, {**form_of(page), "name": "Mine", "resolve.name": "mine"})
        assert patches(sandbox) == [{"name": "Mine"}]

    def test_a_form_that_had_been_sent_before_is_not_said_to_be_new(
        self, person: CheckedClient, people: dict[str, Person]
    ) -> None:
        form = opened(person, NEW)
        person.post(NEW, {**form, **TYPED})
        leave(person)
        _url, page = form_again(person, person.post(NEW, {**form, **TYPED}))
        assert "had been sent once before" in page

    def test_a_form_left_open_over_a_weekend_is_kept(self, person: CheckedClient, sandbox: Sandbox) -> None:
        with time_machine.travel("2026-03-06 16:00Z", tick=False) as clock:
            leave(person)
            sign_in(person, LOGIN)
            form = opened(person)
            clock.shift(64 * 3600)
            url, page = form_again(person, person.post(EDIT, {**form, **TYPED}))
            assert_stands_as_it_was(page)
            person.post(url, {**form_of(page), **TYPED})
            assert patches(sandbox) == [{"name": TYPED["name"], "officeOpenHour": 11}]

    def test_an_act_that_has_no_page_of_its_own_leads_back_to_where_it_was_asked_for(
        self, person: CheckedClient
    ) -> None:
        opened(person)
        leave(person)
        token = person.cookies["csrftoken"].value
        sent = {"decision": "look", "csrfmiddlewaretoken": token}
        settle = "/o/org_1001/settle/abc/"
        answer = person.post(settle, sent, headers={"Referer": f"http://testserver{EDIT}?page=2"})
        assert answer["Location"] == f"{LOGIN}?next={EDIT}%3Fpage%3D2"
        answer = person.post(settle, sent, headers={"Referer": "https://evil.example/x"})
        assert "evil" not in answer["Location"]


class TestForThatPersonAlone:
    def test_another_person_gets_the_ordinary_form(self, person: CheckedClient) -> None:
        form = opened(person)
        leave(person)
        url, page = form_again(person, person.post(EDIT, {**form, **TYPED}), "backoffice2")
        assert_ordinary(page)
        leave(person)
        sign_in(person, LOGIN)
        assert_stands_as_it_was(person.get(url).content.decode())

    def test_nobody_gets_nothing(self, person: CheckedClient) -> None:
        form = opened(person)
        leave(person)
        person.post(EDIT, {**form, **TYPED})
        draft = Draft.objects.get()
        answer = person.get(f"{EDIT}?draft={draft.operation}")
        assert answer.status_code == 302
        assert urlsplit(answer["Location"]).path == LOGIN

    def test_it_shows_on_its_own_page_only(
        self, person: CheckedClient, signed_in: Callable[[str], CheckedClient]
    ) -> None:
        form = opened(person)
        leave(person)
        person.post(EDIT, {**form, **TYPED})
        draft = Draft.objects.get()
        for path in (f"{LIST}2/", NEW):
            assert_ordinary(signed_in("backoffice").get(path, {"draft": draft.operation}).content.decode())
        for made_up in ("", "x", "0" * 32, "'"):
            assert_ordinary(signed_in("backoffice").get(EDIT, {"draft": made_up}).content.decode())


class TestWhatIsKept:
    def test_no_secret_by_its_name_or_by_the_word_of_its_form(self, person: CheckedClient) -> None:
        form = opened(person)
        leave(person)
        secrets = {"newPassword": "hush-1", "apiToken": "hush-2", "clientSecret": "hush-3", "value": "hush-4"}
        url, page = form_again(person, person.post(EDIT, {**form, **TYPED, **secrets, "unkept": "value"}))
        assert "hush" not in Draft.objects.get().data
        assert "csrf" not in Draft.objects.get().data
        assert_stands_as_it_was(page)
        assert "Secrets and files were not kept" in page
        assert "hush" not in url + page

    def test_for_a_day(self, person: CheckedClient) -> None:
        with time_machine.travel("2026-03-02 09:00Z", tick=False) as clock:
            leave(person)
            sign_in(person, LOGIN)
            form = opened(person)
            leave(person)
            url, _page = form_again(person, person.post(EDIT, {**form, **TYPED}))
            clock.shift(23 * 3600)
            sign_in(person, LOGIN)
            assert_stands_as_it_was(person.get(url).content.decode())
            clock.shift(2 * 3600)
            sign_in(person, LOGIN)
            assert_ordinary(person.get(url).content.decode())
            form = opened(person, NEW)
            leave(person)
            person.post(NEW, {**form, **TYPED})
            assert [draft.path for draft in Draft.objects.all()] == [NEW]

    def test_up_to_sixty_four_kilobytes_and_beyond_that_it_says_so_and_shows_it(
        self, person: CheckedClient, sandbox: Sandbox
    ) -> None:
        form = opened(person)
        leave(person)
        answer = person.post(EDIT, {**form, "name": "x" * 60_000})
        assert answer.status_code == 302
        assert Draft.objects.count() == 1
        Draft.objects.all().delete()
        long = "<Typed with care> " + "x" * drafts.MOST
        answer = person.post(EDIT, {**form, "name": long, "password": "hush"})
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "too long to be kept" in page
        assert "Nothing was sent" in page
        assert "&lt;Typed with care&gt; xxx" in page
        assert "hush" not in page
        assert form["operation"] not in page
        assert Draft.objects.count() == 0
        assert patches(sandbox) == []

    def test_too_long_for_a_script_is_told_by_an_address_without_a_draft(self, person: CheckedClient) -> None:
        form = opened(person)
        leave(person)
        answer = person.post(EDIT, {**form, "name": "x" * drafts.MOST}, headers=SCRIPT)
        assert answer.status_code == 401
        assert answer["HX-Redirect"] == f"{LOGIN}?next={EDIT}"


class TestTheTableCannotBeFilled:
    @pytest.mark.parametrize("operation", ["", "made up", "a:b:c"])
    def test_by_what_is_not_signed(self, person: CheckedClient, operation: str) -> None:
        form = opened(person)
        leave(person)
        answer = person.post(EDIT, {**form, **TYPED, "operation": operation})
        assert answer["Location"] == f"{LOGIN}?next={EDIT}"
        assert Draft.objects.count() == 0

    def test_by_a_signature_for_another_page_or_for_nobody(
        self, person: CheckedClient, people: dict[str, Person]
    ) -> None:
        form = opened(person)
        leave(person)
        for signed in (
            operations.new(people["backoffice"].pk, NEW),
            operations.new(987654, EDIT),
        ):
            person.post(EDIT, {**form, **TYPED, "operation": signed})
        assert Draft.objects.count() == 0

    def test_by_one_signature_many_times(self, person: CheckedClient) -> None:
        form = opened(person)
        leave(person)
        for number in range(5):
            person.post(EDIT, {**form, "name": f"Take {number}"})
        assert Draft.objects.count() == 1
        assert "Take+4" in Draft.objects.get().data

    def test_by_one_person(self, person: CheckedClient, people: dict[str, Person]) -> None:
        form = opened(person)
        other = people["backoffice2"].pk
        leave(person)
        signed = operations.new(other, EDIT)
        person.post(EDIT, {**form, **TYPED, "operation": signed})
        for number in range(drafts.MOST_OF_A_PERSON + 3):
            signed = operations.new(people["backoffice"].pk, EDIT)
            person.post(EDIT, {**form, "name": f"Take {number}", "operation": signed})
        kept = Draft.objects.filter(person=people["backoffice"])
        assert kept.count() == drafts.MOST_OF_A_PERSON
        assert not kept.filter(data__contains="Take+2&").exists()
        assert kept.filter(data__contains=f"Take+{drafts.MOST_OF_A_PERSON + 2}").exists()
        assert Draft.objects.filter(person_id=other).count() == 1


class TestAStaleToken:
    @pytest.mark.parametrize("token", ["", "x" * 64, "too short"])
    def test_draws_the_form_again_with_what_was_typed(
        self, person: CheckedClient, sandbox: Sandbox, token: str
    ) -> None:
        answer = person.post(EDIT, {**opened(person), **TYPED, "csrfmiddlewaretoken": token})
        assert answer.status_code == 302
        page = person.get(answer["Location"]).content.decode()
        assert_stands_as_it_was(page)
        assert patches(sandbox) == []
        person.post(answer["Location"], {**form_of(page), **TYPED})
        assert patches(sandbox) == [{"name": TYPED["name"], "officeOpenHour": 11}]
        assert Draft.objects.count() == 0

    def test_after_signing_in_anew_in_another_tab(self, person: CheckedClient) -> None:
        form = opened(person)
        leave(person)
        sign_in(person, LOGIN)
        answer = person.post(EDIT, {**form, **TYPED})
        assert_stands_as_it_was(person.get(answer["Location"]).content.decode())

    def test_without_a_session_leads_through_the_sign_in(self, person: CheckedClient) -> None:
        form = opened(person)
        leave(person)
        answer = person.post(EDIT, {**form, **TYPED, "csrfmiddlewaretoken": "x"})
        _url, page = form_again(person, person.get(answer["Location"]))
        assert_stands_as_it_was(page)

    def test_tells_a_script_where_the_form_is_and_nothing_more(
        self, person: CheckedClient, sandbox: Sandbox
    ) -> None:
        form = {**opened(person), **TYPED, "csrfmiddlewaretoken": "x"}
        answer = person.post(EDIT, form, headers=SCRIPT)
        assert answer.status_code == 403
        assert answer["HX-Redirect"] == f"{EDIT}?draft={Draft.objects.get().operation}"
        assert answer.content == b""
        assert patches(sandbox) == []

    def test_of_what_is_no_form_of_ours_says_what_to_do(self, person: CheckedClient) -> None:
        opened(person)
        answer = person.post("/theme/", {"theme": "dark"}, headers={"Referer": f"http://testserver{EDIT}"})
        page = answer.content.decode()
        assert answer.status_code == 403
        assert "this form had gone stale" in page
        assert "Nothing was sent and nothing was changed" in page
        assert f'<a class="button" href="{EDIT}">Open the page afresh</a>' in page
        assert Draft.objects.count() == 0

    def test_of_the_sign_in_itself_leads_to_a_fresh_one_that_still_knows_where_to_go(
        self, person: CheckedClient, client: CheckedClient
    ) -> None:
        client = CheckedClient(enforce_csrf_checks=True)
        client.get(LOGIN)
        back = f"{EDIT}?draft=0123"
        sent = {"login": "backoffice", "password": "demo", "next": back, "csrfmiddlewaretoken": "x"}
        answer = client.post(LOGIN, sent)
        assert answer["Location"] == f"{LOGIN}?next={EDIT}%3Fdraft%3D0123"
        assert "had gone stale" in client.get(answer["Location"]).content.decode()
        assert sign_in(client, answer["Location"]) == back

    def test_of_the_sign_in_for_a_browser_without_cookies_says_so(
        self, client: CheckedClient, db: None
    ) -> None:
        client = CheckedClient(enforce_csrf_checks=True)
        answer = client.post(LOGIN, {"login": "backoffice", "password": "demo"})
        assert answer.status_code == 403
        assert "keep cookies" in answer.content.decode()


class TestScripts:
    """A script asks with the page still before it, and is told rather than sent."""

    def test_are_told_where_to_sign_in_and_that_way_leads_back_to_what_was_typed(
        self, person: CheckedClient, sandbox: Sandbox
    ) -> None:
        form = opened(person)
        leave(person)
        answer = person.post(EDIT, {**form, **TYPED}, headers=SCRIPT)
        assert answer.status_code == 401
        assert answer.content == b""
        url = sign_in(person, answer["HX-Redirect"])
        assert_stands_as_it_was(person.get(url).content.decode())
        assert patches(sandbox) == []

    def test_are_told_so_of_a_part_of_a_page_too(self, person: CheckedClient) -> None:
        leave(person)
        asked = {
            "HX-Request": "true",
            "HX-Target": "locations-list",
            "HX-Current-URL": f"http://testserver{LIST}?page=2",
        }
        answer = person.get(f"{LIST}?page=3", headers=asked)
        assert answer.status_code == 401
        assert answer["HX-Redirect"] == f"{LOGIN}?next={LIST}%3Fpage%3D2"

    def test_are_not_sent_to_another_host(self, person: CheckedClient) -> None:
        leave(person)
        asked = {**SCRIPT, "HX-Current-URL": "https://evil.example/x", "Referer": "https://evil.example/x"}
        assert "evil" not in person.get(LIST, headers=asked)["HX-Redirect"]

    def test_find_on_every_page_whose_it_is_and_the_dialog_to_sign_in_again(
        self, person: CheckedClient, client: CheckedClient
    ) -> None:
        page = person.get(EDIT).content.decode()
        assert 'data-person="backoffice"' in page
        assert '<dialog id="again"' in page
        page = client.get(LOGIN).content.decode()
        assert "data-person" not in page
        assert "<dialog" not in page
        assert re.search(r"<form [^>]*data-sign-in", page)

    def test_weigh_at_most_twenty_four_kilobytes(self, client: CheckedClient, db: None) -> None:
        import gzip
        from pathlib import Path

        from django.contrib.staticfiles import finders

        page = client.get(LOGIN).content.decode()
        found = [finders.find(name) for name in re.findall(r'<script src="/static/([^"]+)"', page)]
        files = [file for file in found if file]
        assert len(files) == len(found) == 2
        assert sum(len(gzip.compress(Path(file).read_bytes(), 9)) for file in files) <= 24 * 1024
