"""Configs of an organization: every kind of value from the page to the wire, and secrets that are never shown."""

import csv
import json
import logging
import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from hypothesis import given
from hypothesis import strategies as st

from dashboard.audit.models import Draft, Entry, Open, Operation
from dashboard.entities.configs import config_values
from dashboard.flowtly import redact
from dashboard.standards import checked_json
from dashboard.upstream import redaction
from tests.support.markup import CheckedClient, hidden_of
from tests.support.sandbox import Sandbox

LIST = "/o/org_1001/configs/"
PASSWORD = "correct-horse-battery"


def writes(sandbox: Sandbox) -> list[Any]:
    return [r["body"] for r in sandbox.requests() if r["method"] != "GET" and "/configs" in r["path"]]


def text(answer: Any) -> str:
    return unescape(answer.content.decode())


def area(page: str, name: str) -> str:
    """What a field of several lines shows."""
    (found,) = re.findall(rf'<textarea name="{name}"[^>]*>\n?(.*?)</textarea>', page, re.S)
    return unescape(str(found))


@pytest.fixture
def field(sandbox: Sandbox) -> str:
    return str(sandbox.names["config_value_field"])


class TestList:
    def test_shows_each_key_with_its_value_and_type(self, backoffice: CheckedClient) -> None:
        page = text(backoffice.get(LIST))
        assert f'<a href="{LIST}session.timeout/">session.timeout</a>' in page
        for words in ("Whole number", "Decimal number", "Yes or no", "JSON kept as text", "Nothing", "0.21"):
            assert f">{words}<" in page
        assert ">1, 2, 3, 4, 5<" in page
        assert '{"decimal":",","thousands":".","digits":2}' in page

    def test_one_whose_id_is_a_number_goes_by_its_key(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str
    ) -> None:
        found = [
            {"id": 7, "key": "currency", field: "EUR"},
            {"id": 8, "name": "stripe.secret_key", field: "sk_x"},
        ]
        sandbox.faults("GET /configs", {"replace": found})
        sandbox.faults("GET /configs/7", {"status": 200, "body": found[0]})
        page = text(backoffice.get(LIST))
        assert f'<a href="{LIST}7/">currency</a>' in page
        assert f'<a href="{LIST}8/">stripe.secret_key</a>' in page
        page = text(backoffice.get(LIST, {"q": "CURR"}))
        assert ">currency</a>" in page
        assert "stripe" not in page
        assert '<h1 tabindex="-1">currency</h1>' in text(backoffice.get(f"{LIST}7/"))
        answer = backoffice.get("/o/org_1001/export/configs.csv", {"q": "currency"})
        file = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
        assert list(csv.reader(file.splitlines())) == [["id", "key", "value"], ["7", "currency", "EUR"]]

    def test_secrets_say_only_whether_they_are_set(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        page = text(backoffice.get(LIST))
        assert page.count("set, not shown") == 3
        for secret in (PASSWORD, "sk_test_", "whk_"):
            assert secret not in page

    def test_search_finds_part_of_a_key_and_says_where_it_was_sifted(self, backoffice: CheckedClient) -> None:
        page = text(backoffice.get(LIST, {"q": "smtp"}))
        assert re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>', page) == [
            "mail:smtp.host",
            "mail:smtp.password",
        ]
        assert "sifted here" in page
        assert "No config matches" in text(backoffice.get(LIST, {"q": "nothing like it"}))

    def test_a_list_that_wants_keys_says_which_setting_names_them(
        self, backoffice: CheckedClient, sandbox: Sandbox
    ) -> None:
        sandbox.settings(config_listing="keyed")
        page = text(backoffice.get(LIST))
        assert "FLOWTLY_CONFIG_KEYS" in page
        assert "Open config" in page

    def test_keys_that_are_named_are_asked_for(
        self, backoffice: CheckedClient, sandbox: Sandbox, settings: Any
    ) -> None:
        sandbox.settings(config_listing="keyed")
        settings.FLOWTLY_CONFIG_KEYS = ["currency", "mail:smtp.password"]
        settings.FLOWTLY_CONFIG_KEYS_PARAMETER = "keys[]"
        page = text(backoffice.get(LIST))
        assert re.findall(r'<th scope="row"><a[^>]*>([^<]+)</a>', page) == ["currency", "mail:smtp.password"]
        assert "2 keys" in page
        assert PASSWORD not in page

    def test_an_empty_list_offers_the_look_up(self, backoffice: CheckedClient, sandbox: Sandbox) -> None:
        sandbox.faults("GET /configs", {"replace": []})
        page = text(backoffice.get(LIST))
        assert "Flowtly lists no configs" in page
        assert "FLOWTLY_CONFIG_KEYS" in page

    def test_a_key_leads_to_its_config(self, backoffice: CheckedClient) -> None:
        answer = backoffice.get(LIST, {"key": " invoice:numbering "})
        assert answer["Location"] == f"{LIST}invoice:numbering/"
        assert "cannot be a key" in text(backoffice.get(LIST, {"key": "../clients"}))

    def test_a_field_of_another_name_is_said(
        self, backoffice: CheckedClient, sandbox: Sandbox, settings: Any
    ) -> None:
        settings.FLOWTLY_CONFIG_FIELD = "meaning"
        page = text(backoffice.get(LIST))
        assert "FLOWTLY_CONFIG_FIELD" in page
        page = text(backoffice.get(f"{LIST}mail:smtp.password/"))
        assert PASSWORD not in page
        assert "FLOWTLY_CONFIG_FIELD" in page

    @pytest.mark.parametrize("row", [{"id": 7}, {"id": None}, {"id": "a b"}, {}])
    def test_rows_of_any_shape_are_shown(
        self, backoffice: CheckedClient, sandbox: Sandbox, row: dict[str, Any]
    ) -> None:
        sandbox.faults("GET /configs", {"merge_members": row} if row else {"remove_members": ["id"]})
        assert backoffice.get(LIST).status_code == 200


class TestEdit:
    @pytest.mark.parametrize(
        ("key", "typed", "sent"),
        [
            ("session.timeout", "45", 45),
            ("invoice.vat-rate", "0.09", 0.09),
            ("two-factor.required", "false", False),
            ("currency", " DKK ", " DKK "),
            ("currency", "", ""),
            ("working-days", "[1, 2]", [1, 2]),
            ("webhooks", '[{"url": "https://x.example/é"}]', [{"url": "https://x.example/é"}]),
            ("amount.format", '{"digits": 3}', {"digits": 3}),
            ("feature.flags", '{"a": {"b": [null, 1.5, true]}}', {"a": {"b": [None, 1.5, True]}}),
            ("theme", '{"primary": "#fff",\n "dark": true}', '{"primary":"#fff","dark":true}'),
        ],
    )
    def test_a_value_is_sent_as_the_type_it_has(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str, key: str, typed: str, sent: Any
    ) -> None:
        answer = backoffice.send(f"{LIST}{key}/", {field: typed})
        assert answer.status_code == 302, text(answer)
        assert writes(sandbox) == [{field: sent}]
        assert type(writes(sandbox)[0][field]) is type(sent)
        assert 'data-outcome="applied"' in text(backoffice.get(LIST))

    @pytest.mark.parametrize(
        ("key", "typed"),
        [
            ("session.timeout", "30"),
            ("session.timeout", "030"),
            ("working-days", "[1,2,3,\n4,5]"),
            ("amount.format", '{"digits": 2, "thousands": ".", "decimal": ","}'),
            ("theme", '{"dark":false,"primary":"#0a7d5c"}'),
            ("invoice.footer", ""),
        ],
    )
    def test_the_same_in_another_spelling_is_no_change(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str, key: str, typed: str
    ) -> None:
        assert backoffice.send(f"{LIST}{key}/", {field: typed}).status_code == 302
        assert writes(sandbox) == []

    def test_untouched_nothing_is_sent_for_any_of_them(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str
    ) -> None:
        for key in re.findall(rf'href="{LIST}([^"/]+)/"', text(backoffice.get(LIST))):
            page = backoffice.get(f"{LIST}{key}/").content.decode()
            fields = hidden_of(page)
            if f'<textarea name="{field}"' in page:
                fields[field] = area(page, field)
            answer = backoffice.post(f"{LIST}{key}/", fields)
            assert answer.status_code == 302, key
        assert writes(sandbox) == []

    @pytest.mark.parametrize(
        ("key", "typed", "words"),
        [
            ("session.timeout", "half an hour", "no whole number"),
            ("session.timeout", "1.5", "no whole number"),
            ("invoice.vat-rate", "0,21", "with a point"),
            ("invoice.vat-rate", "1e999", "too long or too precise"),
            ("working-days", "{}", "A list begins with ["),
            ("amount.format", "[]", "An object begins with {"),
            ("amount.format", '{"a": 1,\n "a": 2}', "Line 2, column 2: the key “a” is there twice"),
            ("amount.format", '{"a": NaN}', "Line 1, column 7: NaN is no number in JSON"),
            ("amount.format", '{"a": 1,\n}', "Line 2, column 1: this is not JSON"),
            ("amount.format", '{"a": "\\ud800"}', "Line 1, column 7: it holds half a character"),
            ("working-days", "[" * 40 + "]" * 40, "nested more than"),
            ("working-days", "[" * 3000, "nested much too deeply"),
            ("working-days", "[" + "1," * 30_000 + "1]", "too long to edit here"),
            ("theme", '"dark"', "Only a list or an object"),
            ("theme", "{", "this is not JSON"),
        ],
    )
    def test_what_is_wrong_is_said_and_what_was_typed_is_kept(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str, key: str, typed: str, words: str
    ) -> None:
        answer = backoffice.send(f"{LIST}{key}/", {field: typed})
        assert answer.status_code == 422
        assert words in text(answer)
        assert typed in text(answer)
        assert writes(sandbox) == []

    def test_another_type_is_shown_first_and_saved_with_the_second_go(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str
    ) -> None:
        url = f"{LIST}two-factor.required/"
        first = backoffice.send(url, {field: "true", "stored_as": "list", "drawn_as": "boolean"})
        assert first.status_code == 422
        assert "kept as another type now: List" in text(first)
        assert writes(sandbox) == []
        again = hidden_of(first.content.decode())
        second = backoffice.post(url, {**again, field: '["mail"]', "stored_as": "list", "drawn_as": "list"})
        assert second.status_code == 302
        assert writes(sandbox) == [{field: ["mail"]}]

    def test_a_value_is_cleared_by_choosing_nothing(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str
    ) -> None:
        assert backoffice.send(f"{LIST}currency/", {"stored_as": "null"}).status_code == 302
        assert writes(sandbox) == [{field: None}]
        page = text(backoffice.get(f"{LIST}currency/"))
        assert '<option value="null" selected>' in page

    def test_a_value_where_none_was_wants_its_type(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str
    ) -> None:
        url = f"{LIST}invoice.footer/"
        assert "Choose what kind of value" in text(backoffice.send(url, {field: "Groeten"}))
        typed = {field: "Groeten", "stored_as": "text", "drawn_as": "text"}
        assert backoffice.send(url, typed).status_code == 302
        assert writes(sandbox) == [{field: "Groeten"}]

    def test_whoever_else_changed_the_whole_value_is_seen(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str
    ) -> None:
        url = f"{LIST}working-days/"
        mine = backoffice.hidden(url)
        backoffice.send(url, {field: "[1, 2, 3]"})
        clash = backoffice.post(url, {**mine, field: "[6, 7]"})
        assert clash.status_code == 409
        for words in ("1, 2, 3, 4, 5", "1, 2, 3", "6, 7"):
            assert words in text(clash)
        again = {**hidden_of(clash.content.decode()), field: "[6, 7]", f"resolve.{field}": "mine"}
        assert backoffice.post(url, again).status_code == 302
        assert writes(sandbox)[-1] == {field: [6, 7]}

    def test_a_change_can_be_taken_back_to_the_type_it_had(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str
    ) -> None:
        url = f"{LIST}session.timeout/"
        typed = {field: "often", "stored_as": "text", "drawn_as": "text"}
        assert backoffice.send(url, typed).status_code == 302
        (back,) = re.findall(r'href="([^"]+\?revert=[^"]+)"', text(backoffice.get(url)))
        page = text(backoffice.get(back))
        assert '<option value="integer" selected>' in page
        assert 'value="30"' in page

    def test_what_flowtly_made_of_it_is_told(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str
    ) -> None:
        url, made = f"{LIST}amount.format/", {field: {"digits": 3, "decimal": ","}}
        form = backoffice.hidden(url)
        sandbox.faults("GET /configs/amount.format", {"merge": {}}, times=1)
        sandbox.faults("(GET|PATCH) /configs/amount.format", {"merge": made})
        backoffice.post(url, {**form, field: '{"digits": 4}'})
        page = text(backoffice.get(LIST))
        assert "amount.format: Flowtly stored other values than you entered." in page
        assert re.search(r'Value: Flowtly stored {"digits": ?3.*} instead of {"digits": ?4}\.', page)

    @pytest.mark.parametrize(
        "value", [[], {}, [[]], {"0": 1}, "", " ", 0, 0.0, -1.5, True, "[", "{}x", "é\r\nb"]
    )
    def test_a_value_of_any_shape_has_its_page(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str, value: Any
    ) -> None:
        sandbox.faults("GET /configs/currency", {"merge": {field: value, "scope": "tenant"}})
        page = text(backoffice.get(f"{LIST}currency/"))
        assert f"<dd>{'tenant'}</dd>" in page
        assert backoffice.send(f"{LIST}currency/", {}).status_code == 302
        assert writes(sandbox) == []

    def test_a_config_that_is_not_there_is_not_found(self, backoffice: CheckedClient) -> None:
        assert backoffice.get(f"{LIST}no.such:key/").status_code == 404


class TestSecrets:
    URL = f"{LIST}mail:smtp.password/"

    def test_a_new_one_is_set_and_kept_nowhere(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str, caplog: pytest.LogCaptureFixture
    ) -> None:
        caplog.set_level(logging.DEBUG)
        canary, pages = "canary-7f3a-of-a-secret", []
        sandbox.faults(
            "PATCH /configs/.*",
            {"status": 422, "violations": [{"propertyPath": "x", "message": f"{canary} is bad"}]},
            times=1,
        )
        pages.append(text(backoffice.send(self.URL, {field: canary})))
        assert backoffice.send(self.URL, {field: canary}).status_code == 302
        assert writes(sandbox)[-1] == {field: canary}
        pages += [text(backoffice.get(url)) for url in (LIST, self.URL, "/audit/", f"{LIST}?q=smtp")]
        assert "Saved mail:smtp.password" in pages[1]
        kept = [str(list(model.objects.values())) for model in (Entry, Open, Operation, Draft)]
        kept += [str(session.get_decoded()) for session in Session.objects.all()]
        logged = [
            record.getMessage() + str(record.__dict__)
            for record in caplog.records
            if "dashboard" in record.name
        ]
        for where in (*pages, *kept, *logged):
            assert canary not in where
            assert PASSWORD not in where

    def test_left_empty_it_is_as_it_was(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str
    ) -> None:
        assert backoffice.send(self.URL, {field: "", "clear_value.present": "1"}).status_code == 302
        assert writes(sandbox) == []

    def test_it_is_cleared_only_where_that_is_ticked(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str
    ) -> None:
        both = backoffice.send(self.URL, {field: "new", "clear_value": "on", "clear_value.present": "1"})
        assert both.status_code == 422
        assert writes(sandbox) == []
        backoffice.send(self.URL, {field: "", "clear_value": "on", "clear_value.present": "1"})
        assert writes(sandbox) == [{field: None}]
        assert "not set" in text(backoffice.get(LIST))
        assert 'name="clear_value"' not in text(backoffice.get(self.URL))

    def test_its_lines_stay_as_they_are(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str
    ) -> None:
        backoffice.send(self.URL, {field: "line one\r\n line two "})
        assert writes(sandbox) == [{field: "line one\n line two "}]

    def test_one_that_somebody_else_set_meanwhile_is_not_overwritten(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str
    ) -> None:
        mine = backoffice.hidden(self.URL)
        backoffice.send(self.URL, {field: "theirs-secret"})
        clash = backoffice.post(self.URL, {**mine, field: "mine-secret"})
        assert clash.status_code == 409
        assert "somebody else set this meanwhile" in text(clash)
        assert "-secret" not in text(clash)
        assert len(writes(sandbox)) == 1
        again = {**hidden_of(clash.content.decode()), field: "mine-secret"}
        assert backoffice.post(self.URL, again).status_code == 302
        assert writes(sandbox)[-1] == {field: "mine-secret"}

    def test_what_was_typed_is_in_no_draft(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str, client: CheckedClient
    ) -> None:
        page = backoffice.get(self.URL).content.decode()
        assert f'<input type="hidden" name="unkept" value="{field}">' in page
        client.post(self.URL, {**hidden_of(page), field: "typed-secret", "unkept": field})
        assert Draft.objects.count() == 1
        assert "typed-secret" not in Draft.objects.get().data

    @pytest.mark.parametrize(
        "value",
        [
            {"smtp": {"password": "hidden-away"}},
            '{"apiToken":"hidden-away"}',
            [{"client_secret": "hidden-away"}],
            "postgres://user:hidden-away@host/db",
        ],
    )
    def test_one_within_a_value_hides_the_whole_value(
        self, backoffice: CheckedClient, sandbox: Sandbox, field: str, value: Any
    ) -> None:
        sandbox.faults("GET /configs.*", {"merge": {field: value}, "merge_members": {field: value}})
        for url in (LIST, f"{LIST}currency/"):
            page = text(backoffice.get(url))
            assert "hidden-away" not in page
            assert "set, not shown" in page

    def test_others_see_no_more(
        self, sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], field: str
    ) -> None:
        client = signed_in("viewer")
        page = text(client.get(self.URL))
        assert "set, not shown" in page
        assert '<form class="form"' not in page
        assert "30" in text(client.get(f"{LIST}session.timeout/"))
        assert client.post(self.URL, {field: "x"}).status_code == 403

    @pytest.mark.parametrize(
        ("key", "secret"),
        [
            ("mail:smtp.password", True), ("stripe.secret_key", True), ("apiKey", True), ("api-key", True),
            ("webhook.api-token", True), ("privateKey", True), ("GOOGLE_CREDENTIALS", True), ("key", True),
            ("keyboard.layout", False), ("monkey", False), ("currency", False), ("two-factor.required", False),
        ],
    )  # fmt: skip
    def test_what_looks_like_one(self, key: str, secret: bool) -> None:
        assert redact.looks_secret(key) is secret


NUMBERS = st.integers(-(10**30), 10**30) | st.floats(allow_nan=False, allow_infinity=False)
TEXTS = st.text(max_size=12)
VALUES = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXTS, inner, max_size=3),
    max_leaves=8,
)
# Drawing the first text of all builds a table of characters, which takes its time on a busy machine.


class TestKinds:
    @given(VALUES)
    def test_a_value_that_is_shown_and_read_again_is_the_same(self, value: Any) -> None:
        again = config_values.read(redaction.kind_of(value), config_values.shown(value), value)
        assert json.dumps(again) == json.dumps(value)
        assert type(again) is type(value)
        assert len(config_values.short(value)) <= config_values.SHORT

    @given(st.lists(VALUES, max_size=3) | st.dictionaries(TEXTS, VALUES, max_size=3))
    def test_json_within_a_text_stays_as_it_is_unless_it_says_something_else(self, value: Any) -> None:
        kept = json.dumps(value, indent=3)
        assert config_values.read("json", config_values.shown(kept), kept) == kept
        assert config_values.read("json", json.dumps(value), None) == checked_json.compact(value)

    @given(st.text(max_size=60) | st.from_regex(r"[\[\]{}\":,0-9a.eE+-]{1,30}", fullmatch=True))
    def test_any_text_is_taken_or_refused_in_words(self, typed: str) -> None:
        for kind in config_values.KINDS:
            try:
                config_values.read(kind, typed)
            except config_values.Unfit as why:
                assert str(why)
