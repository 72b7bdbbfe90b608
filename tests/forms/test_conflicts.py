"""Two people, one record: what they change in different fields both survives, and in the same field one chooses."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django import forms
from django.http import HttpResponse, QueryDict
from django.test import RequestFactory
from django.urls import resolve
from django.utils import timezone

from dashboard.audit.locks import Taken, saving
from dashboard.audit.models import Entry, Saving
from dashboard.flowtly import Flowtly
from dashboard.forms.record import FlowtlyForm
from dashboard.upstream import connection
from dashboard.web.request import OpenOrganization
from tests.support.markup import CheckedClient, hidden_of
from tests.support.sandbox import Sandbox

RECORD = "/o/org_1001/locations/1/"
AS_SHOWN = {"name": "Depot Oost", "officeOpenHour": "8", "officeCloseHour": "17"}


def api() -> Flowtly:
    """A colleague elsewhere: somebody who does not use this dashboard."""
    return connection.flowtly("somebody-else").within("kwelgeest_7f3a")


def held() -> list[Any]:
    now = api().locations.get("1")
    return [now.name, now.office_open_hour, now.office_close_hour]


def sent(sandbox: Sandbox) -> list[Any]:
    return [r["body"] for r in sandbox.requests() if r["method"] == "PATCH"]


class Editor:
    """Somebody with the form open, as it was when they opened it. Submits all of its fields, as a browser does."""

    def __init__(self, client: CheckedClient, shown: dict[str, str]) -> None:
        self.client = client
        self.form = {**client.hidden(RECORD), **shown}

    def save(self, **typed: str) -> HttpResponse:
        self.form |= typed
        answer: HttpResponse = self.client.post(RECORD, self.form)  # type: ignore[assignment]
        page = answer.content.decode()
        if answer.status_code != 302:
            fields = {name: value_of(page, name) for name in AS_SHOWN}
            self.form = {**hidden_of(page), **fields}
        return answer


def value_of(page: str, name: str) -> str:
    """What a field of the form on a page holds."""
    text = re.search(rf'<input [^>]*name="{name}"[^>]*value="([^"]*)"', page)
    if text or f'<select name="{name}"' not in page:
        return unescape(text[1]) if text else ""
    choices = re.search(rf'<select name="{name}".*?</select>', page, re.S)
    assert choices
    chosen = re.search(r'<option value="([^"]*)" selected', choices[0])
    return chosen[1] if chosen else ""


def choices_of(page: str) -> dict[str, str]:
    """Each field that clashes, with base, theirs and mine as they are shown."""
    found = re.findall(r'<fieldset class="conflict" data-conflict="(\w+)">(.*?)</fieldset>', page, re.S)
    return {name: unescape(re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", text))) for name, text in found}


@pytest.fixture
def editor(backoffice: CheckedClient, sandbox: Sandbox) -> Editor:
    api().locations.update("1", {"name": "Depot Oost", "officeOpenHour": 8, "officeCloseHour": 17})
    sandbox.clear_requests()
    return Editor(backoffice, AS_SHOWN)


@pytest.fixture
def colleague(editor: Editor, signed_in: Callable[[str], CheckedClient]) -> Editor:
    return Editor(signed_in("backoffice2"), AS_SHOWN)


class TestTwoPeople:
    def test_different_fields_both_survive(self, editor: Editor, colleague: Editor) -> None:
        colleague.save(officeOpenHour="10")
        assert editor.save(name="Depot West").status_code == 302
        assert held() == ["Depot West", 10, 17]

    def test_the_same_field_is_a_question_with_all_three_values(
        self, editor: Editor, colleague: Editor, sandbox: Sandbox
    ) -> None:
        colleague.save(officeOpenHour="10")
        answer = editor.save(officeOpenHour="9")
        page = answer.content.decode()
        assert answer.status_code == 409
        assert 'data-outcome="conflict"' in page
        (text,) = choices_of(page).values()
        assert re.search("Opens at.*08:00.*10:00.*09:00", text)
        for choice in ("mine", "theirs"):
            assert f'<input type="radio" name="resolve.officeOpenHour" value="{choice}">' in page
        assert len(sent(sandbox)) == 1
        assert held() == ["Depot Oost", 10, 17]
        assert Entry.objects.filter(username="backoffice").count() == 0

    @pytest.mark.parametrize(("choice", "hour"), [("mine", 9), ("theirs", 10)])
    def test_the_choice_decides(self, choice: str, hour: int, editor: Editor, colleague: Editor) -> None:
        colleague.save(officeOpenHour="10")
        editor.save(officeOpenHour="9", name="Depot West")
        answer = editor.save(**{"resolve.officeOpenHour": choice})
        assert answer.status_code == 302
        assert held() == ["Depot West", hour, 17]

    def test_without_a_choice_it_is_asked_again(
        self, editor: Editor, colleague: Editor, sandbox: Sandbox
    ) -> None:
        colleague.save(officeOpenHour="10")
        editor.save(officeOpenHour="9")
        again = editor.save()
        assert again.status_code == 409
        (text,) = choices_of(again.content.decode()).values()
        assert re.search("08:00.*10:00.*09:00", text)
        assert len(sent(sandbox)) == 1

    def test_what_i_never_touched_is_not_undone_by_the_form_that_asks(
        self, editor: Editor, colleague: Editor
    ) -> None:
        colleague.save(officeOpenHour="10", officeCloseHour="20")
        page = editor.save(officeOpenHour="9").content.decode()
        assert list(choices_of(page)) == ["officeOpenHour"]
        assert value_of(page, "officeCloseHour") == "20"
        editor.save(**{"resolve.officeOpenHour": "mine"})
        assert held() == ["Depot Oost", 9, 20]

    def test_theirs_changed_again_in_between_is_another_question(
        self, editor: Editor, colleague: Editor
    ) -> None:
        colleague.save(officeOpenHour="10")
        editor.save(officeOpenHour="9")
        api().locations.update("1", {"officeOpenHour": 11})
        answer = editor.save(**{"resolve.officeOpenHour": "mine"})
        assert answer.status_code == 409
        page = answer.content.decode()
        (text,) = choices_of(page).values()
        assert re.search("08:00.*11:00.*09:00", text)
        assert " checked" not in page
        editor.save(**{"resolve.officeOpenHour": "theirs"})
        assert held() == ["Depot Oost", 11, 17]

    def test_both_typed_the_same_is_no_question(
        self, editor: Editor, colleague: Editor, sandbox: Sandbox
    ) -> None:
        colleague.save(officeOpenHour="10")
        assert editor.save(officeOpenHour="10").status_code == 302
        assert len(sent(sandbox)) == 1

    @pytest.mark.parametrize(("theirs", "mine", "shown"), [("", "9", "—.*09:00"), ("10", "", "10:00.*—")])
    @pytest.mark.parametrize("choice", ["mine", "theirs"])
    def test_nothing_is_a_value_too(
        self, theirs: str, mine: str, shown: str, choice: str, editor: Editor, colleague: Editor
    ) -> None:
        colleague.save(officeOpenHour=theirs)
        page = editor.save(officeOpenHour=mine).content.decode()
        assert re.search(f"08:00.*{shown}", choices_of(page)["officeOpenHour"])
        editor.save(**{"resolve.officeOpenHour": choice})
        wanted = {"mine": mine, "theirs": theirs}[choice]
        assert held()[1] == (int(wanted) if wanted else None)

    def test_a_choice_that_is_missing_holds_back_the_others_too_and_forgets_none(
        self, editor: Editor, colleague: Editor, sandbox: Sandbox
    ) -> None:
        colleague.save(officeOpenHour="10", officeCloseHour="20")
        page = editor.save(officeOpenHour="9", officeCloseHour="18").content.decode()
        assert list(choices_of(page)) == ["officeOpenHour", "officeCloseHour"]
        page = editor.save(**{"resolve.officeOpenHour": "theirs"}).content.decode()
        assert list(choices_of(page)) == ["officeCloseHour"]
        assert len(sent(sandbox)) == 1
        editor.save(**{"resolve.officeCloseHour": "mine"})
        assert held() == ["Depot Oost", 10, 18]

    def test_a_mistake_on_the_form_that_asks_does_not_lose_the_question(
        self, editor: Editor, colleague: Editor
    ) -> None:
        colleague.save(officeOpenHour="10")
        editor.save(officeOpenHour="9")
        answer = editor.save(name="", **{"resolve.officeOpenHour": "mine"})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert 'value="mine" checked' in page
        editor.save(name="Depot West", **{"resolve.officeOpenHour": "mine"})
        assert held() == ["Depot West", 9, 17]

    def test_the_same_submit_twice_is_asked_the_same_question(
        self, editor: Editor, colleague: Editor
    ) -> None:
        colleague.save(officeOpenHour="10", officeCloseHour="20")
        form = {**editor.form, "officeOpenHour": "9"}
        first, second = (editor.client.post(RECORD, form).content.decode() for _ in range(2))
        assert choices_of(first) == choices_of(second) != {}
        assert value_of(first, "officeCloseHour") == value_of(second, "officeCloseHour") == "20"

    def test_a_refusal_in_between_keeps_what_the_form_was_drawn_from(
        self, editor: Editor, colleague: Editor, sandbox: Sandbox
    ) -> None:
        sandbox.faults("PATCH /locations/1", {"status": 422}, times=1)
        assert editor.save(name="Depot West").status_code == 422
        colleague.save(name="Depot Noord")
        assert editor.save().status_code == 409

    def test_a_conflict_of_the_apis_own_is_said_and_everything_kept(
        self, editor: Editor, sandbox: Sandbox
    ) -> None:
        sandbox.faults("PATCH /locations/1", {"status": 409}, times=1)
        answer = editor.save(name="Depot West", officeOpenHour="9")
        page = answer.content.decode()
        assert answer.status_code == 409
        assert 'data-outcome="conflict"' in page
        assert choices_of(page) == {}
        assert (value_of(page, "name"), value_of(page, "officeOpenHour")) == ("Depot West", "9")
        assert editor.save().status_code == 302
        assert held() == ["Depot West", 9, 17]


# --- one after the other ---


class TestLock:
    def test_a_record_that_a_colleague_is_saving_is_waited_for_and_not_touched(
        self, editor: Editor, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("dashboard.forms.saving.LONGEST_WAIT", 0.5)
        with saving("org_1001/locations/1"):
            answer = editor.save(name="Depot West")
        assert answer.status_code == 503
        assert "somebody else is saving this record" in answer.content.decode()
        assert sent(sandbox) == []
        assert editor.save().status_code == 302

    def test_a_holder_that_died_loses_it_by_the_clock(self, editor: Editor, settings: Any) -> None:
        limit = timedelta(seconds=settings.PAGE_WRITE_TIMEOUT)
        holder = saving("org_1001/locations/1")
        holder.__enter__()
        row = Saving.objects.get()
        assert row.until > timezone.now() + limit
        Saving.objects.update(until=timezone.now())
        assert editor.save(name="Depot West").status_code == 302

    def test_who_lost_it_does_not_take_it_from_who_has_it_now(self, db: None) -> None:
        with saving("one"):
            Saving.objects.update(holder="somebody else")
        assert Saving.objects.filter(holder="somebody else").exists()
        with pytest.raises(Taken), saving("one", wait=0):
            pass


# --- boxes ---


class BoxForm(FlowtlyForm):
    name = forms.CharField(required=False)
    active = forms.BooleanField(required=False)
    modules = forms.MultipleChoiceField(
        choices=[(each, each) for each in "abc"], required=False, widget=forms.CheckboxSelectMultiple
    )


class TestBoxes:
    """A browser says nothing of a box that is not ticked."""

    def form(self, record: dict[str, Any], posted: str) -> BoxForm:
        request: Any = RequestFactory().post(RECORD)
        request.resolver_match = resolve(RECORD)
        request.user = type("Somebody", (), {"pk": 1, "is_authenticated": False})()
        request.organization = OpenOrganization("org_1001", "", "", "", "")
        request.POST = QueryDict(posted)
        form = BoxForm(request, type("Row", (), {"raw": record, "id": "1"})())
        assert form.is_valid(), form.errors
        return form

    @pytest.mark.parametrize(
        ("record", "posted", "mine"),
        [
            ({"active": True}, "name=x", {"name": "x"}),
            ({"active": True}, "active.present=1&active=on", {}),
            ({"active": True}, "active.present=1", {"active": False}),
            ({"active": False}, "active.present=1", {}),
            ({"active": False}, "active.present=1&active=on", {"active": True}),
            ({}, "active.present=1", {}),
            ({"modules": ["b", "a"]}, "modules.present=1&modules=a&modules=b", {}),
            ({"modules": ["a"]}, "modules.present=1", {"modules": []}),
            ({"modules": ["a"]}, "", {}),
            ({}, "modules.present=1", {}),
            ({}, "modules.present=1&modules=c", {"modules": ["c"]}),
        ],
    )
    def test_unticked_is_not_absent(self, record: dict[str, Any], posted: str, mine: dict[str, Any]) -> None:
        assert self.form(record, posted).mine() == mine

    def test_the_form_says_which_boxes_it_had(self) -> None:
        marks = [name for name, _ in self.form({}, "").hidden if name.endswith(".present")]
        assert marks == ["active.present", "modules.present"]
