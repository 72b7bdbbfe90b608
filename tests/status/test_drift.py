"""What Flowtly turns out to be, where that is not what is known here: met, counted, shown, forgotten."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.forms import BaseForm

from dashboard.flowtly import Names
from dashboard.flowtly.contract.drift import MOST, Drift
from dashboard.flowtly.contract.endpoints import endpoints
from dashboard.flowtly.redact import sample
from dashboard.flowtly.resources.clients import Client as ClientRecord
from dashboard.flowtly.resources.configs import Config
from dashboard.flowtly.resources.locations import Location
from dashboard.status import drift_panels, snapshots
from dashboard.status.models import Met, Reads
from dashboard.upstream import connection
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox


def listening() -> Drift:
    drift = connection.connection().listener(Drift)
    assert drift is not None
    return drift


def kept() -> dict[tuple[str, str, str], Met]:
    """What the page knows, by kind, name and detail."""
    snapshots.keep()
    return {(met.kind, f"{met.entity}.{met.name}", met.detail): met for met in Met.objects.all()}


def test_what_an_ordinary_day_shows_is_nothing_new(
    sandbox: Sandbox, flavour: str, signed_in: Callable[[str], CheckedClient], an_organization: str
) -> None:
    finance = signed_in("finance")
    for page in (
        "", "profile/", "addresses/", "locations/", "locations/1/", "meetings/?view=list", "clients/", "clients/1/",
        "subscriptions/", "subscriptions/sub_1001/", "subscriptions/catalog/", "configs/", "integrations/",
    ):  # fmt: skip
        assert finance.get(f"/o/{an_organization}/{page}").status_code == 200, page
    values = {"seat", "invoice", "mailing"} if flavour == "flipped" else set()
    assert {met.detail for met in kept().values()} <= values, kept()
    assert set(Reads.objects.values_list("entity", flat=True)) >= {
        "Organization",
        "Client",
        "Location",
        "Config",
    }


def test_new_fields_other_types_and_new_values_are_met_and_shown(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], an_organization: str
) -> None:
    sandbox.faults(
        "GET /locations/1",
        {"merge": {"officeOpenHour": "nine", "colour": "teal", "apiToken": "t0ps3cret", "floor": None}},
    )
    sandbox.faults("GET /subscriptions", {"merge_members": {"status": "paused"}})
    admin = signed_in("admin")
    admin.get(f"/o/{an_organization}/locations/1/")
    admin.get(f"/o/{an_organization}/locations/1/")
    admin.get(f"/o/{an_organization}/subscriptions/")
    found = kept()
    assert set(found) == {
        ("type", "Location.officeOpenHour", "integer → string"),
        ("field", "Location.colour", ""),
        ("field", "Location.apiToken", ""),
        ("value", "Subscription.status", "paused"),
    }
    colour = found["field", "Location.colour", ""]
    assert (colour.count, colour.sample, colour.type) == (2, "teal", "string")
    page = admin.get("/status/").content.decode()
    for word in ("Location.colour", "teal", "integer → string", "nine", "paused", "New field", "Other type"):
        assert word in page
    assert "t0ps3cret" not in page


def test_a_superuser_may_have_it_forgotten(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], an_organization: str
) -> None:
    sandbox.faults("GET /locations/1", {"merge": {"colour": "teal", "smell": "fresh"}})
    admin = signed_in("admin")
    admin.get(f"/o/{an_organization}/locations/1/")
    colour = kept()["field", "Location.colour", ""]
    assert signed_in("backoffice").send("/status/", {"forget": "all"}).status_code == 403
    assert 'name="forget"' not in signed_in("backoffice").get("/status/").content.decode()
    answer = admin.send("/status/", {"forget": str(colour.pk)})
    assert answer["Location"] == "/status/"
    assert set(kept()) == {("field", "Location.smell", "")}
    admin.send("/status/", {"forget": "all"})
    assert not Met.objects.exists()
    admin.get(f"/o/{an_organization}/locations/1/")
    assert ("field", "Location.colour", "") in kept(), "and is told again when it is met again"


def test_a_collection_that_is_not_there_is_told_and_a_record_that_is_not_is_none(
    sandbox: Sandbox, signed_in: Callable[[str], CheckedClient], an_organization: str
) -> None:
    client = signed_in("backoffice")
    sandbox.faults("GET /locations", {"status": 404})
    client.get(f"/o/{an_organization}/locations/")
    client.get(f"/o/{an_organization}/locations/999999/")
    sandbox.faults("PATCH /locations/1", {"status": 405})
    form = client.get(f"/o/{an_organization}/locations/1/").content.decode()
    data = {"name": "Elsewhere"}
    for name in ("operation", "base"):
        found = re.search(rf'name="{name}" value="([^"]*)"', form)
        assert found
        data[name] = found[1].replace("&quot;", '"').replace("&amp;", "&")
    client.send(f"/o/{an_organization}/locations/1/", data)
    assert set(kept()) == {
        ("endpoint", ".GET /locations", "404"),
        ("endpoint", ".PATCH /locations/{id}", "405"),
    }


def test_a_field_is_called_never_seen_only_after_many_records(sandbox: Sandbox, db: None) -> None:
    drift = listening()
    drift.read(Location.read({"id": 1, "name": "Hoofdkantoor", "officeOpenHour": 9}))
    kept()
    assert drift_panels._missing() == []
    for _ in range(drift_panels.ENOUGH):
        drift.read(Location.read({"id": 1, "name": "Hoofdkantoor"}))
    kept()
    [row] = drift_panels._missing()
    assert (row["entity"], row["fields"]) == ("Location", "officeCloseHour")
    drift.listed([Location.read({"id": 2, "officeCloseHour": 17})])
    kept()
    assert drift_panels._missing() == [], "it stood in a list"


def test_the_field_that_a_setting_names_is_expected_too(sandbox: Sandbox, settings: Any, db: None) -> None:
    settings.FLOWTLY_CONFIG_FIELD = "amount"
    connection.forget()
    for _ in range(drift_panels.ENOUGH):
        listening().read(Config.read({"id": "session.timeout", "value": 30}))
    assert kept() == {}, "a config may hold anything"
    assert drift_panels._missing()[0]["fields"] == "amount"


def test_memory_and_table_are_bounded(sandbox: Sandbox, db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(snapshots, "MOST_MET", 20)
    monkeypatch.setattr(snapshots, "MOST_VALUES", 5)
    drift = listening()
    drift.read(ClientRecord.read({"id": 1, **{f"field{n}": "x" * 5000 for n in range(500)}}))
    assert len(drift._met) == MOST
    assert len(kept()) == 20
    Met.objects.all().delete()
    for n in range(8):
        drift.read(ClientRecord.read({"id": 1, "status": f"state-{n}"}))
    assert len(kept()) == 5


def test_a_page_of_a_list_costs_a_look_at_one_record() -> None:
    drift = Drift(Names())
    drift.listed([ClientRecord.read({"id": n, "colour": "teal"}) for n in range(100)])
    met, reads = drift.take()
    assert [each.count for each in met] == [1]
    assert reads["Client"].whole == 0


@pytest.mark.parametrize(
    ("key", "value", "shown"),
    [
        ("colour", "teal", "teal"),
        ("password", "hunter2", "•••"),
        ("apiKey", 12345, "•••"),
        ("webhook", {"to": "here", "signingSecret": "abc"}, '{"to": "here", "signingSecret": "•••"}'),
        ("url", "https://me:pw@db.example/", "•••"),
        ("note", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.x", "•••"),
        ("blob", "a1" * 40, "•••"),
        ("who", "johanna@kwelgeest.example", "jo…@kwelgeest.example"),
        ("people", ["anna@b.example"], '["an…@b.example"]'),
        ("flag", True, "true"),
        ("none", [], "[]"),
        ("long", "word " * 100, ("word " * 100)[:119] + "…"),
        ("deep", [[[[[["x"]]]]]], '[[[[["…"]]]]]'),
    ],
)  # fmt: skip
def test_a_sample_holds_no_secret_and_is_short(key: str, value: Any, shown: str) -> None:
    assert sample(key, value) == shown


def test_what_is_expected_covers_what_the_forms_send() -> None:
    """The table that drift and check_api go by, held against the forms."""
    from dashboard.entities.addresses.forms import AddressForm
    from dashboard.entities.clients.forms import ClientForm, ContactForm
    from dashboard.entities.locations.forms import LocationForm
    from dashboard.entities.meetings.forms import MeetingForm
    from dashboard.entities.organizations.forms import OrganizationForm
    from dashboard.entities.subscriptions.forms import SubscriptionForm

    sent = {(each.method, each.path): set(each.sends) for each in endpoints(Names())}
    forms: dict[str, type[BaseForm]] = {
        "/organization-addresses": AddressForm,
        "/clients": ClientForm,
        "/client-contacts": ContactForm,
        "/locations": LocationForm,
        "/meetings": MeetingForm,
        "/organizations": OrganizationForm,
        "/subscriptions": SubscriptionForm,
    }
    for path, form in forms.items():
        own = {"client"} if form is ContactForm else set()
        assert set(vars(form)["base_fields"]) | own == sent["POST", path], path
