"""The mail footer: what somebody typed is never what runs, and is saved only as it was seen."""

import re
from collections.abc import Callable
from datetime import timedelta
from html import unescape
from html.parser import HTMLParser
from typing import Any

import nh3
import pytest
from django.utils import timezone

from dashboard.audit import reconciling
from dashboard.audit.models import Open, Outcome
from dashboard.entities.profile import footer
from dashboard.entities.profile.models import Chosen
from dashboard.upstream import connection
from tests.support.hostile_html import PAYLOADS
from tests.support.markup import CheckedClient, hidden_of
from tests.support.sandbox import Sandbox

FOOTER = "/o/org_1001/profile/mail-footer/"
PREVIEW = f"{FOOTER}preview/"
GET, PATCH = "GET /organizations/mail-footer", "PATCH /organizations/mail-footer"
NOW = '<p><strong>Kwelgeest Groep</strong><br><a href="https://kwelgeest-groep.example">kwelgeest-groep.example</a></p>'
NEW = '<p style="color: #345">Kwelgeest <b>Groep</b></p>'


class Tags(HTMLParser):
    """What a reader of HTML makes of a text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: list[tuple[str, str, str]] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes += [(tag, name, value or "") for name, value in attrs]


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def patches(sandbox: Sandbox) -> list[Any]:
    return [
        r["body"] for r in sandbox.requests() if r["method"] == "PATCH" and r["path"].endswith("/mail-footer")
    ]


@pytest.fixture
def name(sandbox: Sandbox) -> str:
    """What this API calls the footer's text."""
    return str(sandbox.names["footer_field"])


def looked(client: CheckedClient, fields: dict[str, str]) -> Any:
    return client.send(FOOTER, fields)


def seen(answer: Any) -> dict[str, str]:
    """What the form carries once it has shown what will be saved."""
    page = answer.content.decode()
    (mark,) = re.findall(r'<input type="hidden" name="checked" value="([0-9a-f]+)"', page)
    return {**hidden_of(page), "checked": mark}


def save(client: CheckedClient, fields: dict[str, str]) -> Any:
    return client.post(FOOTER, {**seen(looked(client, fields)), **fields})


class TestWhatIsKept:
    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_nothing_runs_loads_or_sends(self, payload: str) -> None:
        kept = footer.clean(f"<p>Before</p>{payload}<p>after</p>")
        found = Tags(kept)
        assert found.tags <= footer.TAGS
        for tag, attribute, value in found.attributes:
            assert not attribute.startswith(("on", "hx-", "data-")), kept
            assert attribute not in {"id", "class", "srcset", "background", "ping", "action"}, kept
            if attribute in {"href", "src"}:
                assert value.startswith(
                    ("https://", "http://", "mailto:", "tel:")[: 1 if attribute == "src" else 4]
                )
            if attribute == "style":
                assert not re.search(
                    r"url|\\|expression|import|@|position|behavior|binding|var\(|image", value, re.I
                )
            assert (tag, attribute, value) != ("a", "target", "_top")
        assert footer.clean(kept) == kept
        assert kept.startswith("<p>Before</p>")

    @pytest.mark.parametrize("payload", PAYLOADS)
    def test_the_preview_asks_for_nothing_and_leads_nowhere(self, payload: str) -> None:
        shown = footer.preview([("Footer", payload)])
        body = Tags(shown.partition("<body>")[2])
        assert body.tags <= footer.TAGS
        assert not {attribute for _, attribute, _ in body.attributes} & {"href", "src", "target"}
        assert shown.count("<style>") == 1

    def test_there_are_sixty_at_least(self) -> None:
        assert len(set(PAYLOADS)) >= 60

    @pytest.mark.parametrize(
        "good",
        [
            NOW,
            NEW,
            "A plain line & another\nwithout any markup",
            '<table width="100%" border="0"><tbody><tr><td bgcolor="#ffffff">x</td></tr></tbody></table>',
            '<img src="https://cdn.example/logo.png" alt="Kwelgeest" width="120">',
            '<a href="mailto:info@kwelgeest.example" target="_blank">Mail</a> <a href="tel:+31201234567">Call</a>',
            "<p style=\"font-family: 'Helvetica Neue', Arial, sans-serif; font-size: 12px; margin: 0 0 8px\">x</p>",
            '<p style="color:rgb(12, 34, 56);border-top:1px solid #ddd;line-height:1.4 !important">x</p>',
            "<ul><li>één</li><li>twee</li></ul><hr>",
        ],
    )
    def test_what_a_footer_is_made_of_stays_as_it_was_typed(self, good: str) -> None:
        assert footer.clean(good) == good
        assert footer.taken_out(good, footer.clean(good)) == []

    def test_of_a_style_only_what_loads_or_moves_goes(self) -> None:
        assert footer.style("color: red; background: url(x); margin: 0") == "color: red; margin: 0"
        assert footer.style("position: fixed") == ""


class TestForm:
    def test_offers_the_text_that_an_organization_itself_has_not(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        page = text(backoffice.get(FOOTER))
        assert re.findall(r'<textarea name="([^"]+)"', page) == [name]
        assert "Kwelgeest Groep</strong>" in page

    def test_never_offers_what_is_an_organizations_own(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        own = {
            "stripeCustomerId": "cus_1",
            "slug": "x",
            "logoUrl": "https://x.example",
            "updatedAt": "2026-01-01",
        }
        sandbox.faults(GET, {"merge": {**own, "number": 5, "map": {"a": 1}}})
        page = text(backoffice.get(FOOTER))
        assert re.findall(r'<textarea name="([^"]+)"', page) == [name]
        backoffice.send(FOOTER, {name: NEW, "stripeCustomerId": "cus_2", "slug": "y"})
        save(backoffice, {name: NEW, "stripeCustomerId": "cus_2"})
        assert patches(sandbox) == [{name: NEW}]

    def test_offers_what_the_settings_name_and_nothing_else(
        self, backoffice: CheckedClient, sandbox: Sandbox, settings: Any
    ) -> None:
        settings.FLOWTLY_FOOTER_FIELDS = ["signature"]
        connection.forget()
        page = text(backoffice.get(FOOTER))
        assert re.findall(r'<textarea name="([^"]+)"', page) == ["signature"]
        assert "1 other field" in page

    def test_says_so_where_no_text_is_shown(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        connection.forget()
        sandbox.faults(GET, {"remove": [name]})
        page = text(backoffice.get(FOOTER))
        assert "FLOWTLY_FOOTER_FIELDS" in page
        assert "<textarea" not in page

    def test_one_that_was_emptied_can_be_filled_again(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        assert save(backoffice, {name: ""}).status_code == 302
        assert patches(sandbox) == [{name: None}]
        connection.forget()
        assert save(backoffice, {name: NEW}).status_code == 302
        assert patches(sandbox)[-1] == {name: NEW}

    def test_a_viewer_sees_it_and_cannot_change_it(
        self, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], name: str
    ) -> None:
        viewer = signed_in("viewer")
        page = text(viewer.get(FOOTER))
        assert "<textarea" not in page
        assert f'<iframe class="wide" sandbox="" src="{PREVIEW}"' in page
        assert viewer.post(FOOTER, {name: NEW}).status_code == 403


class TestSeenFirst:
    def test_the_first_submit_shows_and_sends_nothing(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        answer = looked(backoffice, {name: NEW})
        page = text(answer)
        assert answer.status_code == 200
        assert "This will be saved" in page
        assert f"<del>{NOW.split('<br>')[0]}" in page
        assert f"<ins>{NEW.split('<b>')[0]}" in page
        assert '<button type="submit" data-action="save">Save mail footer</button>' in page
        assert patches(sandbox) == []

    def test_the_second_saves_what_was_seen(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        answer = save(backoffice, {name: NEW})
        assert answer.status_code == 302
        assert patches(sandbox) == [{name: NEW}]
        page = text(backoffice.get(answer["Location"]))
        assert 'data-outcome="applied"' in page
        assert "Saved the mail footer." in page

    def test_what_is_taken_out_is_named_before_it_is_saved(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        typed = f'{NEW}<script>alert(1)</script><p onclick="x()" style="color: red; position: fixed">hi</p><!-- s -->'
        page = text(looked(backoffice, {name: typed}))
        (taken,) = re.findall(r"<ul data-taken-out>(.*?)</ul>", page, re.S)
        for one in ("<script>", 'onclick="x()" on <p>', 'style="position: fixed" on <p>', "<!-- s -->"):
            assert f"<code>{one}</code>" in taken
        assert "color: red" not in taken
        save(backoffice, {name: typed})
        assert patches(sandbox) == [{name: f'{NEW}<p style="color: red">hi</p>'}]

    def test_what_is_changed_after_it_was_seen_is_shown_again(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        answer = backoffice.post(FOOTER, {**seen(looked(backoffice, {name: NEW})), name: "<p>Other</p>"})
        assert answer.status_code == 200
        assert "<ins><p>Other</p></ins>" in text(answer)
        assert patches(sandbox) == []
        backoffice.post(FOOTER, {**seen(answer), name: "<p>Other</p>"})
        assert patches(sandbox) == [{name: "<p>Other</p>"}]

    def test_nothing_changed_is_nothing_to_see(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        answer = backoffice.send(FOOTER, {name: NOW})
        assert answer.status_code == 302
        assert 'data-outcome="unchanged"' in text(backoffice.get(answer["Location"]))
        assert patches(sandbox) == []

    def test_its_links_are_named_since_the_preview_leads_nowhere(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        page = text(looked(backoffice, {name: '<a href="https://elsewhere.example/x">kwelgeest.example</a>'}))
        assert "<code>https://elsewhere.example/x</code>" in page

    @pytest.mark.parametrize("payload", PAYLOADS[::7])
    def test_no_payload_reaches_the_page_or_the_api(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str, payload: str
    ) -> None:
        answer = looked(backoffice, {name: f"{NEW}{payload}"})
        if answer.status_code == 422:  # half a character, or none
            return
        backoffice.post(FOOTER, {**seen(answer), name: f"{NEW}{payload}"})
        (sent,) = patches(sandbox)
        assert sent == {name: footer.clean(f"{NEW}{payload}")}


class TestPreview:
    def test_is_alone_and_may_do_nothing(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        answer = backoffice.get(PREVIEW)
        assert answer["Content-Security-Policy"] == (
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
        )
        assert answer["X-Frame-Options"] == "SAMEORIGIN"
        assert answer["Cache-Control"] == "no-store"
        assert "<strong>Kwelgeest Groep</strong>" in text(answer)

    def test_every_other_page_stays_out_of_frames(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        answer = backoffice.get(FOOTER)
        assert answer["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert "unsafe-inline" not in answer["Content-Security-Policy"]

    def test_shows_what_would_be_saved(self, backoffice: CheckedClient, sandbox: Sandbox, name: str) -> None:
        page = looked(backoffice, {name: f"{NEW}<script>alert(1)</script>"}).content.decode()
        (url,) = re.findall(rf'<iframe class="wide" sandbox="" src="({PREVIEW}\?of=[0-9a-f]+)"', page)
        assert NEW in text(backoffice.get(url))
        assert "alert" not in text(backoffice.get(url))

    def test_follows_what_is_typed(self, backoffice: CheckedClient, sandbox: Sandbox, name: str) -> None:
        sandbox.clear_requests()
        answer = backoffice.post(
            PREVIEW, {name: f"{NEW}<iframe>"}, headers={"HX-Request": "true", "HX-Target": "footer-preview"}
        )
        (url,) = re.findall(
            rf'<iframe class="wide" sandbox="" src="({PREVIEW}\?of=[0-9a-f]+)"', answer.content.decode()
        )
        assert answer.content.decode().lstrip().startswith('<div id="footer-preview">')
        assert NEW in text(backoffice.get(url))
        assert not [r for r in sandbox.requests() if "/mail-footer" in r["path"]]

    def test_is_its_typists_alone(
        self,
        backoffice: CheckedClient,
        sandbox: Sandbox,
        signed_in: Callable[[str], CheckedClient],
        name: str,
    ) -> None:
        answer = backoffice.post(PREVIEW, {name: NEW})
        assert backoffice.get(answer["Location"]).status_code == 200
        assert signed_in("backoffice2").get(answer["Location"]).status_code == 404
        assert backoffice.get(answer["Location"].replace("org_1001", "org_1002")).status_code == 404
        assert backoffice.get(f"{PREVIEW}?of=nothing").status_code == 404
        assert Chosen.objects.count() == 1


class TestSaving:
    def test_what_others_changed_meanwhile_is_shown_and_chosen(
        self,
        backoffice: CheckedClient,
        sandbox: Sandbox,
        signed_in: Callable[[str], CheckedClient],
        name: str,
    ) -> None:
        mine = seen(looked(backoffice, {name: NEW}))
        assert save(signed_in("backoffice2"), {name: "<p>Theirs</p>"}).status_code == 302
        answer = backoffice.post(FOOTER, {**mine, name: NEW})
        assert answer.status_code == 409
        assert 'data-outcome="conflict"' in text(answer)
        assert len(patches(sandbox)) == 1
        again = backoffice.post(FOOTER, {**seen(answer), name: NEW, f"resolve.{name}": "mine"})
        assert again.status_code == 302
        assert patches(sandbox)[-1] == {name: NEW}

    def test_sent_twice_it_is_saved_once(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        fields = {**seen(looked(backoffice, {name: NEW})), name: NEW}
        assert [backoffice.post(FOOTER, fields).status_code for _ in range(2)] == [302, 302]
        assert len(patches(sandbox)) == 1

    def test_refused_it_is_told_at_the_field_and_kept(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        violations = [{"propertyPath": name, "message": "Too long for us."}]
        sandbox.faults(PATCH, {"status": 422, "violations": violations})
        answer = save(backoffice, {name: NEW})
        page = text(answer)
        assert answer.status_code == 422
        assert "Too long for us." in page
        assert f">\n{NEW}</textarea>" in page

    @pytest.mark.parametrize(
        ("fault", "outcome"),
        [
            ({"drop": "after"}, "applied"),
            ({"drop": "before"}, "unknown"),
            ({"status": 500}, "not-applied"),
            ({"status": 503, "act": True}, "applied"),
        ],
    )
    def test_a_lost_answer_is_looked_after(
        self,
        backoffice: CheckedClient,
        sandbox: Sandbox,
        name: str,
        fault: dict[str, Any],
        outcome: str,
    ) -> None:
        fields = {**seen(looked(backoffice, {name: NEW})), name: NEW}
        sandbox.faults(PATCH, fault)
        answer = backoffice.post(FOOTER, fields)
        if answer.status_code == 302:
            answer = backoffice.get(answer["Location"])
        assert f'data-outcome="{outcome}"' in text(answer)

    def test_one_in_doubt_is_settled_by_looking_again(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        fields = {**seen(looked(backoffice, {name: NEW})), name: NEW}
        sandbox.faults(PATCH, {"drop": "before"}, times=1)
        assert backoffice.post(FOOTER, fields).status_code == 502
        Open.objects.update(at=timezone.now() - timedelta(minutes=2))
        (open_,) = Open.objects.all()
        assert reconciling.look(connection.flowtly("test-1234"), open_) == Outcome.NOT_APPLIED
        assert save(backoffice, {name: NEW}).status_code == 302

    def test_it_can_be_taken_back(self, backoffice: CheckedClient, sandbox: Sandbox, name: str) -> None:
        save(backoffice, {name: NEW})
        page = text(backoffice.get(FOOTER))
        (url,) = re.findall(rf'href="({FOOTER}\?revert=[0-9a-f]+)"', page)
        back = backoffice.get(url)
        assert f">\n{NOW}</textarea>" in text(back)
        fields = {**hidden_of(back.content.decode()), name: NOW}
        answer = backoffice.post(FOOTER, fields)
        backoffice.post(FOOTER, {**seen(answer), name: NOW})
        assert patches(sandbox)[-1] == {name: NOW}


class TestWhose:
    def test_nothing_is_sent_to_another_organization(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        fields = {**seen(looked(backoffice, {name: NEW})), name: NEW}
        connection.forget()
        sandbox.faults(
            "GET /organizations/org_1001", {"merge": {sandbox.names["tenant_field"]: "berenice_c41d"}}
        )
        answer = backoffice.post(FOOTER, fields)
        assert answer.status_code == 503
        assert 'data-outcome="not-sent"' in text(answer)
        assert patches(sandbox) == []

    def test_the_slug_is_asked_for_where_nothing_else_tells(
        self, backoffice: CheckedClient, sandbox: Sandbox, name: str
    ) -> None:
        for path in ("subscriptions", "organization-addresses"):
            sandbox.faults(f"GET /{path}", {"remove_members": ["organization"]})
            sandbox.faults(f"GET /{path}/[^/]+", {"remove": ["organization"]})
        sandbox.faults(GET, {"remove": ["organization", "@id", "id"]})
        answer = looked(backoffice, {name: NEW})
        assert answer.status_code == 200
        assert "This will be saved" in text(answer)
        wrong = backoffice.post(FOOTER, {**seen(answer), name: NEW, "slug": "wrong"})
        assert wrong.status_code == 422
        assert patches(sandbox) == []
        right = backoffice.post(FOOTER, {**seen(wrong), name: NEW, "slug": "kwelgeest-groep"})
        assert right.status_code == 302
        assert patches(sandbox) == [{name: NEW}]


class TestALoadOfTags:
    """To clean it would take seconds, so it is refused, and no preview is made of it."""

    LOADS = ("<div>" * 40_000, "x" * 200_000, "<b>x</b>" * 2_500)

    @pytest.mark.parametrize("load", LOADS, ids=["nested", "long", "many"])
    def test_is_neither_previewed_nor_compared(self, load: str, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(nh3, "clean", None)
        assert "too long to be shown" in footer.preview([("Footer", load)])
        assert len(footer.lines(load, "<p>New</p>")) < 40

    def test_is_refused_with_what_was_typed(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        name = sandbox.names["footer_field"]
        answer = backoffice.send(FOOTER, {name: "<div>" * 4_001})
        assert answer.status_code == 422
        assert "fewer tags" in answer.content.decode()
        assert [r for r in sandbox.requests() if r["method"] == "PATCH"] == []
