"""Ready text: what is drawn once is nobody's, and what is somebody's is drawn each time."""

import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.template import Context, Template
from django.utils import translation
from django.utils.safestring import mark_safe

from dashboard.accounts.models import Person
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

SignIn = Callable[[str], CheckedClient]


def drawn(text: str, *contexts: Mapping[str, Any]) -> list[str]:
    template = Template("{% load frame i18n %}" + text)
    return [template.render(Context(dict(context))).strip() for context in contexts]


def menu_of(client: CheckedClient, url: str = "/help/") -> dict[str, str]:
    """The menu's items: where each leads, by its words."""
    menu = client.get(url).content.decode().partition('<nav class="side"')[2].partition("</nav>")[0]
    links = re.findall(r'<a href="([^"]*)"[^>]*>.*?</svg>\s*([^<]+?)\s*<', menu, flags=re.S)
    return {unescape(words): unescape(url) for url, words in links}


class TestPart:
    def test_sees_nothing_but_what_is_named(self) -> None:
        text = "{% ready kind %}{{ kind }}{{ name }}{% endready %}"
        assert drawn(text, {"kind": "a", "name": "secret"}) == ["a"]

    def test_is_drawn_anew_for_each_value_of_what_is_named(self) -> None:
        text = "{% ready kind=of.kind %}{{ kind }}{% endready %}"
        values = ("a", "b", "a", True, 1, None)
        assert drawn(text, *({"of": {"kind": each}} for each in values)) == [
            "a",
            "b",
            "a",
            "True",
            "1",
            "None",
        ]

    def test_has_a_hole_for_what_differs(self) -> None:
        text = "{% ready kind %}{{ kind }}-{% hole %}{{ name }}{% endhole %}.{% endready %}"
        assert drawn(text, {"kind": "a", "name": "one"}, {"kind": "a", "name": "two"}) == ["a-one.", "a-two."]

    def test_knows_in_a_hole_which_item_of_a_loop_it_is(self) -> None:
        text = "{% ready of %}{% for x in of %}{{ x }}{% hole %}{{ n }}{{ x }}{% endhole %} {% endfor %}{% endready %}"
        assert drawn(text, {"of": ("a", "b"), "n": 1}, {"of": ("a", "b"), "n": 2}) == ["a1a b1b", "a2a b2b"]

    def test_escapes_what_is_named_and_what_fills_it(self) -> None:
        text = "{% ready kind %}{{ kind }}{% hole %}{{ kind }}{% endhole %}{% endready %}"
        hostile = "<b>&\"'"
        escaped = "&lt;b&gt;&amp;&quot;&#x27;"
        safe = {"kind": mark_safe(hostile)}
        assert drawn(text, {"kind": hostile}, safe, {"kind": hostile}) == [
            escaped * 2,
            hostile * 2,
            escaped * 2,
        ]

    def test_is_another_in_another_language(self) -> None:
        template = Template(
            "{% load frame i18n %}{% ready %}{% get_current_language as it %}{{ it }}{% endready %}"
        )
        texts = []
        for language in ("en", "nl", "en"):
            with translation.override(language):
                texts.append(template.render(Context()))
        assert texts == ["en", "nl", "en"]


class TestFrame:
    """Pages of different people, one after the other in one process."""

    def test_shows_to_each_role_its_own_menu(self, sandbox: Sandbox, signed_in: SignIn) -> None:
        admin, viewer = menu_of(signed_in("admin")), menu_of(signed_in("viewer"))
        assert "People" in admin and "People" not in viewer
        assert menu_of(signed_in("admin")) == admin

    def test_follows_a_permission_that_is_given_and_taken(
        self, sandbox: Sandbox, signed_in: SignIn, people: dict[str, Person]
    ) -> None:
        client, before = signed_in("viewer"), menu_of(signed_in("viewer"))
        people["viewer"].user_permissions.add(Permission.objects.get(codename="manage_people"))
        assert menu_of(client).keys() - before.keys() == {"People"}
        people["viewer"].user_permissions.clear()
        assert menu_of(client) == before
        people["viewer"].groups.clear()
        assert menu_of(client).keys() < before.keys()
        assert "Switch organization" not in client.get("/help/").content.decode()

    @pytest.mark.parametrize("name", ["org_1001", "org_1002"])
    def test_leads_within_the_organization_that_is_open(
        self, sandbox: Sandbox, signed_in: SignIn, name: str
    ) -> None:
        client = signed_in("backoffice")
        menu_of(client, "/o/org_1001/locations/")  # drawn and kept
        inside = menu_of(client, f"/o/{name}/locations/")
        assert inside["Locations"] == f"/o/{name}/locations/"
        assert "Locations" not in menu_of(client)

    def test_marks_the_page_that_is_open(self, backoffice: CheckedClient, an_organization: str) -> None:
        def current(place: str) -> list[str]:
            page = backoffice.get(f"/o/{an_organization}/{place}/").content.decode()
            return re.findall(r'<a href="([^"]*)"[^>]*aria-current="page"', page)

        for place in ("locations", "clients", "locations"):
            assert current(place) == [f"/o/{an_organization}/{place}/"]

    def test_names_the_person_and_the_organization_of_this_page(
        self, sandbox: Sandbox, signed_in: SignIn
    ) -> None:
        for username in ("finance", "finance2", "finance"):
            page = signed_in(username).get("/o/org_1001/locations/").content.decode()
            assert re.findall(r'data-person="([^"]*)"', page) == [username]
        names = set()
        for organization in ("org_1001", "org_1002"):
            page = signed_in("finance").get(f"/o/{organization}/").content.decode()
            assert f'<span class="whose-id">{organization}</span>' in page
            names |= set(re.findall(r'<span class="whose-name">([^<]*)</span>', page))
        assert len(names) == 2

    def test_has_the_token_of_this_session(self, sandbox: Sandbox, signed_in: SignIn) -> None:
        pages = [signed_in("viewer").get("/help/").content.decode() for _ in range(2)]
        first, second = ({*re.findall(r'name="csrfmiddlewaretoken" value="([^"]*)"', page)} for page in pages)
        assert first and second and not first & second

    def test_has_the_theme_that_was_chosen(self, sandbox: Sandbox, signed_in: SignIn) -> None:
        client = signed_in("viewer")
        for theme in ("dark", "light", "dark"):
            client.cookies["theme"] = theme
            assert f'data-theme="{theme}"' in client.get("/help/").content.decode()
