"""Text of others hides nothing and turns nothing around, wherever it stands."""

import re
from collections import Counter, deque
from html import unescape
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.template import Context, Template
from django.urls import Resolver404, resolve
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext

from dashboard.accounts.models import Person
from dashboard.actions import draft
from dashboard.actions.models import Act, State
from dashboard.web.isolation import isolated_html
from tests.support.actions import api
from tests.support.hostile_text import BEGIN, bare
from tests.support.markup import Answer, CheckedClient
from tests.support.sandbox import Sandbox

OURS = "/o/org_1001/"
EACH = 2  # pages of a view
# Pages that tell of what was done; more are found by their links.
TOLD = {
    "acts:apply-coupon-confirm",
    "acts:apply-coupon-proof",
    "acts:cancel-confirm",
    "approvals:index",
    "approvals:show",
    "audit:index",
    "audit:write",
    "batches:show",
    "find:index",
    "followups:index",
    "locations:edit",
    "notes:about",
    "people:index",
    "subscriptions:show",
}
CODE = f"{BEGIN}SPRING-30"
WHY = {"reason": "goodwill", "note": f"{BEGIN}first\n{BEGIN}second"}
NO = {"status": 422, "violations": [{"propertyPath": "", "message": f"{BEGIN}no", "code": "1"}]}


class Reader(CheckedClient):
    """Somebody who reads every page that they get."""

    def __init__(self, person: Person) -> None:
        super().__init__()
        self.force_login(person)
        self.found: dict[str, list[str]] = {}
        self.views = Counter[str]()

    def request(self, **kwargs: Any) -> Any:
        answer = super().request(**kwargs)
        framed = "'unsafe-inline'" in answer.get("Content-Security-Policy", "")
        if answer.get("Content-Type", "").startswith("text/html") and not answer.streaming and not framed:
            path = f"{kwargs['REQUEST_METHOD']} {kwargs['PATH_INFO']}"
            self.views[view_of(kwargs["PATH_INFO"])] += 1
            if wrong := bare(answer.content.decode()):
                self.found[path] = wrong
        return answer

    def walk(self, *start: str) -> None:
        """Pages of every view that links lead to from these, within one organization."""
        ahead, seen = deque(start), Counter[str]()
        while ahead:
            path = ahead.popleft()
            view = view_of(path)
            elsewhere = path.startswith("/o/") and not path.startswith(OURS)
            if elsewhere or not view or seen[path] or (seen[view] >= EACH and path not in start):
                continue
            seen.update([path, view])
            answer = self.get(path)
            ahead += [] if answer.streaming else links(answer.content.decode(errors="replace"))


def links(page: str) -> list[str]:
    return [unescape(path) for path in re.findall(r'<a[^>]* href="(/[^"#]*)', page)]


def view_of(path: str) -> str:
    try:
        return str(resolve(path.partition("?")[0]).view_name)
    except Resolver404:
        return ""


def redirected(answer: Answer) -> str:
    assert answer.status_code == 302, answer.content.decode()
    return answer["Location"]


@pytest.fixture
def readers(sandbox: Sandbox, people: dict[str, Person]) -> dict[str, Reader]:
    """The API's texts and the colleagues' names begin so."""
    sandbox.settings(texts_begin=BEGIN, discounts="shown")
    for each in people.values():
        each.first_name, each.last_name = f"{BEGIN}first", f"{BEGIN}last"
        each.save()
    return {name: Reader(people[name]) for name in ("admin", "finance", "finance2")}


def coupon(client: Reader) -> str:
    """The page that confirms it; first it is asked whether it is meant so."""
    client.send(f"{OURS}subscriptions/coupon/apply/", {**WHY, "code": CODE})
    return redirected(
        client.send(f"{OURS}subscriptions/coupon/apply/", {**WHY, "code": CODE, "code_meant": CODE})
    )


def test_no_page_shows_it_bare(readers: dict[str, Reader], sandbox: Sandbox, settings: Any) -> None:
    admin, finance, second = readers.values()
    admin.send(f"{OURS}locations/1/", {"name": "Depot", "officeOpenHour": "7"})
    for place in ("organizations/org_1001", "clients/1", "subscriptions/sub_1001"):
        admin.send(f"{OURS}notes/{place}/", {"text": WHY["note"], "due": str(timezone.localdate())})
    sandbox.faults("PATCH /locations/2", NO)
    admin.send(f"{OURS}locations/2/", {"name": "Depot"})
    refused, applied = coupon(finance), coupon(finance)
    finance.send(refused, {})  # there is no such code
    sandbox.faults("POST /subscriptions/apply-coupon", {"status": 200, "body": ""})
    receipt = redirected(finance.send(applied, {}))
    listed = redirected(
        finance.send(
            "/coupons/new/", {**WHY, "code": CODE, "code_meant": CODE, "organizations": "org_1001 nobody"}
        )
    )
    ends = redirected(finance.send(f"{OURS}subscriptions/sub_1001/cancel/", WHY))
    settings.SECOND_PERSON_FOR = ["clear-coupon"]
    asked = redirected(finance.send(f"{OURS}subscriptions/coupon/clear/", WHY))
    waits = redirected(finance.send(asked, {}))
    request = draft.request_url(Act.objects.get(state=State.WAITING))
    second.walk(request)
    second.send(request, {"decision": f"{BEGIN}no", "decide": "decline"})
    second.walk(request)
    finance.walk(refused, receipt, listed, ends, asked, waits)
    admin.walk("/", OURS, f"{OURS}find/?q={BEGIN}")
    assert admin.found | finance.found | second.found == {}
    assert TOLD - {*admin.views, *finance.views, *second.views} == set()


def test_what_is_filled_in_copied_and_sent_stays_as_it_is(
    readers: dict[str, Reader], sandbox: Sandbox
) -> None:
    admin = readers["admin"]
    path = f"{OURS}locations/1/"
    name = str(api().locations.get("1").name)
    assert name.startswith(BEGIN)
    page = admin.get(path).content.decode()
    assert f'name="name" value="{name}"' in page
    admin.send(path, {"name": name, "officeOpenHour": "6"})
    admin.send(f"{OURS}locations/2/", {"name": f"{name} 2"})
    sent = [r["body"] for r in sandbox.requests() if r["method"] == "PATCH"]
    assert sent == [{"officeOpenHour": 6}, {"name": f"{name} 2"}]


HEBREW = "\u05d0\u05d1 12"
PAIR, BDI = f"\u2068{HEBREW}\u2069", f"<bdi>{HEBREW}</bdi>"


@pytest.mark.parametrize(
    ("template", "drawn"),
    [
        ("<p>{{ it }}</p>", f"<p>{BDI}</p>"),
        ("<p> {{ it }}\n</p>", f"<p> {BDI}\n</p>"),
        ("<p>{{ it|isolated }}: {{ it|isolated }}</p>", f"<p>{BDI}: {BDI}</p>"),
        ("<p>{{ 'Reason: '|add:it|isolated_parts }}</p>", f"<p>Reason: {BDI}</p>"),
        ("<p>{% blocktranslate %}Of {{ it }}, on{% endblocktranslate %}</p>", f"<p>Of {BDI}, on</p>"),
        ("<p>{{ sentence }}</p>", f"<p>Added {BDI}.</p>"),
        ("<p>{{ lazy }}</p>", f"<p>Added {BDI}.</p>"),
        ("<p>{{ refused }}</p>", f"<p>Not {BDI}!</p>"),
        ("<p>{{ many }}</p>", f"<p>2 of {BDI}</p>"),
        ("<title>{{ it }}</title>", f"<title>{PAIR}</title>"),
        ("<option value='{{ it }}'>{{ it }}</option>", f"<option value='{HEBREW}'>{PAIR}</option>"),
        ('<a title="{{ it }}" href="?{{ it }}">a</a>', f'<a title="{PAIR}" href="?{HEBREW}">a</a>'),
        ('<b aria-label="{{ sentence }}"></b>', f'<b aria-label="Added {PAIR}."></b>'),
        ('<input value="{{ hidden }}">', '<input value="a\u200b">'),
        ("<textarea rows=3>{{ hidden }}</textarea>", "<textarea rows=3>a\u200b</textarea>"),
        (
            '<button data-copy="{{ hidden }}">{{ hidden }}</button>',
            '<button data-copy="a\u200b">a⟨U+200B⟩</button>',
        ),
        ("<button><svg/> {{ sentence }}</button>", f"<button><svg/> Added {PAIR}.</button>"),
        (
            "<label><textarea>{{ hidden }}</textarea> {{ it }}</label>{{ it }}",
            f"<label><textarea>a\u200b</textarea> {PAIR}</label>{BDI}",
        ),
        ("<!-- {{ it }} -->", f"<!-- {HEBREW} -->"),
        ('<i title="{{ hidden }}">a < b</i>', '<i title="a⟨U+200B⟩">a < b</i>'),
        ("<p>{{ tag }}</p>", f"<p><bdi>&lt;bdi&gt;{HEBREW}</bdi></p>"),
    ],
)
def test_where_a_text_stands_decides_how_it_is_isolated(template: str, drawn: str) -> None:
    words = {
        "it": HEBREW,
        "hidden": "a\u200b",
        "tag": f"<bdi>{HEBREW}",
        "sentence": gettext("Added %(name)s.") % {"name": HEBREW},
        "lazy": gettext_lazy("Added %(name)s.") % {"name": HEBREW},
        "refused": ValidationError(gettext_lazy("Not %(it)s!"), params={"it": HEBREW}).messages[0],
        "many": ngettext("%(n)d of %(it)s", "%(n)d of %(it)s", 2) % {"n": 2, "it": HEBREW},
    }
    page = Template("{% load i18n frame %}" + template).render(Context(words))
    assert isolated_html(page) == drawn
