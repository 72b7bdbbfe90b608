"""The client in front of the embedded API, however that is told to speak."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from dashboard.flowtly import Connection, Flowtly, Limits, Login, Names, Write, errors
from tests.support.sandbox import Sandbox

ORGANIZATION = "org_1001"


@pytest.fixture
def names(sandbox: Sandbox) -> Names:
    said = sandbox.names
    tenant_field, client_field = said["enroll_fields"].split(",")
    return Names(
        login_path=said["login_path"],
        tenant_header=said["tenant_header"],
        tenant_field=said["tenant_field"],
        coupon_field=said["coupon_field"],
        upload_field=said["upload_field"],
        search_parameter=said["search_parameter"],
        enroll_fields=(tenant_field, client_field),
        config_value_field=said["config_value_field"],
    )


@pytest.fixture
def api(sandbox: Sandbox, names: Names, connect: Callable[..., Connection]) -> Flowtly:
    """Within the largest organization."""
    connection = connect(sandbox.base_url, Login("sandbox", "sandbox"), names)
    outside = Flowtly(connection, request_id="req-7")
    return outside.within(outside.organizations.tenant(ORGANIZATION))


@pytest.fixture
def last(sandbox: Sandbox) -> Callable[[], dict[str, Any]]:
    return lambda: sandbox.requests()[-1]


@pytest.mark.parametrize("envelope", ["hydra", "plain", "array"])
@pytest.mark.parametrize(
    "told", [{}, {"totals": "hidden"}, {"views": "hidden"}, {"totals": "hidden", "views": "hidden"}]
)
def test_all_locations_are_read_in_every_envelope(
    envelope: str, told: dict[str, str], sandbox: Sandbox, api: Flowtly
) -> None:
    sandbox.settings(envelope=envelope, max_items=10, **told)
    found = api.locations.every()
    assert found.complete
    assert len({location.id for location in found.items}) == len(found.items) > 10
    assert all(location.name for location in found.items)


@pytest.mark.parametrize("where", ["list", "item", "both"])
def test_the_tenant_is_found_wherever_the_api_names_it(where: str, sandbox: Sandbox, api: Flowtly) -> None:
    sandbox.settings(instance=where)
    assert api.organizations.tenant(ORGANIZATION) == api.tenant


def test_a_location_is_made_changed_and_read_again(
    api: Flowtly, last: Callable[[], dict[str, Any]], names: Names
) -> None:
    made = api.locations.create({"name": "Århus Ø", "officeOpenHour": 8})
    assert last()["headers"][names.tenant_header] == api.tenant
    changed = api.locations.update(made, {"officeOpenHour": None, "officeCloseHour": 17})
    sent = last()
    assert sent["body"] == {"officeOpenHour": None, "officeCloseHour": 17}
    assert sent["headers"]["content-type"] == "application/merge-patch+json"
    assert sent["headers"]["x-request-id"] == "req-7"
    read = api.locations.get(made.id)
    assert (read.name, read.office_open_hour, read.office_close_hour) == ("Århus Ø", None, 17)
    assert changed.id == made.id


def test_an_api_that_takes_one_type_of_post_only_is_served(sandbox: Sandbox, api: Flowtly) -> None:
    sandbox.settings(post_types="ld")
    assert api.locations.create({"name": "x"}).id


REFUSALS: list[tuple[Callable[[Flowtly], object], type[errors.FlowtlyError]]] = [
    (lambda api: api.locations.create({"name": ""}), errors.Invalid),
    (lambda api: api.locations.create({}), errors.Invalid),
    (lambda api: api.locations.create({"name": "x", "officeOpenHour": "8"}), errors.BadRequest),
    (lambda api: api.locations.update("1", {"officeOpenHour": 99}), errors.Invalid),
    (lambda api: api.locations.update("999999", {"name": "x"}), errors.NotFound),
    (lambda api: api.addresses.delete("none"), errors.NotFound),
    (lambda api: api.subscriptions.cancel("none"), errors.NotFound),
    (lambda api: api.subscriptions.apply_coupon("none"), errors.Answered),
]


@pytest.mark.parametrize(("act", "error"), REFUSALS)
def test_an_api_that_offers_nothing_but_json_is_asked_for_nothing_else(
    act: Callable[[Flowtly], object], error: type[errors.FlowtlyError], sandbox: Sandbox, api: Flowtly
) -> None:
    """To any other question each of its refusals would be a 500 that says nothing, and every outcome unknown."""
    sandbox.settings(formats="json")
    for resource in (api.locations, api.addresses, api.subscriptions):
        resource.list()
    with pytest.raises(error) as raised:
        act(api)
    assert not isinstance(raised.value, errors.ServerError)
    assert not raised.value.outcome_unknown


def test_what_it_offers_is_found_out_by_a_read_that_fails(sandbox: Sandbox, api: Flowtly) -> None:
    sandbox.settings(formats="json")
    with pytest.raises(errors.NotFound):
        api.locations.get("999999")
    with pytest.raises(errors.Invalid):
        api.locations.create({"name": ""})


def test_what_offers_both_is_asked_for_the_better_one(
    sandbox: Sandbox, api: Flowtly, last: Callable[[], dict[str, Any]]
) -> None:
    api.locations.list()
    sandbox.faults("GET /locations/1", {"status": 500, "body": "<html></html>", "content_type": "text/html"})
    with pytest.raises(errors.ServerError):
        api.locations.get("1")
    api.locations.list()
    assert last()["headers"]["accept"].startswith("application/")
    assert ("ld+json" in last()["headers"]["accept"]) == (sandbox.settings()["envelope"] != "array")


def test_a_violation_names_its_field(sandbox: Sandbox, api: Flowtly) -> None:
    for shape in ("problem", "hydra", "merged"):
        sandbox.settings(errors=shape)
        with pytest.raises(errors.Invalid) as raised:
            api.locations.create({"name": ""})
        assert "name" in {violation.path for violation in raised.value.violations}


@pytest.mark.parametrize("shape", ["problem", "hydra", "merged", "lexik", "html"])
def test_a_refusal_says_why_in_every_shape(shape: str, sandbox: Sandbox, api: Flowtly) -> None:
    sandbox.settings(errors=shape)
    with pytest.raises(errors.NotFound) as raised:
        api.locations.get("999999")
    assert raised.value.detail
    assert "<" not in raised.value.detail


def test_a_revoked_token_is_replaced_without_a_word(sandbox: Sandbox, api: Flowtly, names: Names) -> None:
    api.locations.get("1")
    sandbox.revoke_tokens()
    sandbox.clear_requests()
    with ThreadPoolExecutor(8) as callers:
        assert list(callers.map(lambda _: api.locations.get("1").id, range(24))) == ["1"] * 24
    logins = [asked for asked in sandbox.requests() if asked["path"].endswith(names.login_path)]
    assert len(logins) == 1


def test_an_address_lives_and_dies(api: Flowtly) -> None:
    fields = {"type": "billing", "name": "X", "street": "Dam 1", "city": "Amsterdam", "postCode": "1012 JS"}
    some = api.addresses.list().items[0]
    assert some.country is not None
    fields["country"] = str(some.raw["country"])
    fields["type"] = str(some.type)
    made = api.addresses.create(fields)
    assert api.addresses.update(made.id, {"city": "Oss"}).city == "Oss"
    api.addresses.delete(made)
    with pytest.raises(errors.NotFound):
        api.addresses.get(made.id)


def test_a_config_is_read_and_changed(api: Flowtly, names: Names) -> None:
    config = next(each for each in api.configs.list(items=100).items if isinstance(each.held(names), str))
    changed = api.configs.update(config, {names.config_value_field: "changed"})
    assert changed.held(names) == "changed"


def test_reference_data_is_read(api: Flowtly) -> None:
    assert "NL" in {country.id for country in api.countries.every().items}
    assert api.languages.list().items[0].id
    assert "EUR" in {currency.id for currency in api.currencies.every().items}


def test_a_meeting_is_made(api: Flowtly) -> None:
    times = {"dateFrom": "2026-12-01T09:00:00+01:00", "dateTo": "2026-12-01T10:00:00+01:00"}
    made = api.meetings.create({"employee": None, **times, "notes": "Kick-off"})
    read = api.meetings.get(made.id)
    assert read.date_from == datetime(2026, 12, 1, 8, tzinfo=UTC)
    assert read.employee is None
    employee = api.employees.list().items[0]
    assert employee.label
    changed = api.meetings.update(made, {"employee": api.employees.iri(employee)})
    assert changed.employee is not None
    assert changed.employee.id == employee.id


def test_subscriptions_are_read_with_what_hangs_on_them(api: Flowtly) -> None:
    subscription = api.subscriptions.get(api.subscriptions.list().items[0].id)
    assert subscription.organization is not None
    assert subscription.organization.id == ORGANIZATION
    assert subscription.organization_address is not None
    assert subscription.organization_address.id
    known = [
        found for each in api.subscriptions.every().items for found in api.subscriptions.invoices(each).items
    ]
    invoice = known[0]
    assert invoice.number
    assert isinstance(invoice.total, int)
    assert invoice.created is not None
    assert (invoice.hosted_invoice_url or "").startswith("https://")
    product = api.subscriptions.catalog().items[0]
    assert product.name
    assert isinstance(product.price, int)


def test_an_unknown_coupon_is_refused_in_the_servers_words(api: Flowtly) -> None:
    with pytest.raises(errors.Answered) as raised:
        api.subscriptions.apply_coupon("NO-SUCH-CODE")
    assert raised.value.detail
    assert not raised.value.outcome_unknown


def test_a_client_is_found_and_changed(api: Flowtly) -> None:
    client = api.clients.list().items[0]
    assert client.name
    assert client.client_contacts is not None
    found = api.clients.search(client.name)
    assert client.id in {each.id for each in found.items}
    changed = api.clients.update(
        client, {"currency": api.currencies.iri("DKK"), "country": api.countries.iri("DK")}
    )
    assert (changed.currency or client.currency) is not None
    assert changed.currency is not None
    assert changed.currency.id == "DKK"
    assert isinstance(api.clients.documents(client).items, list)
    assert api.contacts.list().items


def test_integrations_tell_what_they_need(api: Flowtly) -> None:
    needed = api.integrations.requirements("google-workspace")
    assert needed.tenant_id_label
    assert needed.scopes
    enrolled = api.integrations.enroll("google-workspace", "example.com", "123456789012345678901")
    assert enrolled.raw is not None
    assert api.integrations.status("google-workspace").raw
    assert api.integrations.status("kontomatik").raw


def test_a_logo_and_a_footer_go_up(api: Flowtly, last: Callable[[], dict[str, Any]]) -> None:
    pixel = bytes.fromhex(
        "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
        "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
    )
    api.organizations.upload_logo(pixel, "image/png", "logo.png")
    assert last()["path"].endswith("/organizations/logo")
    assert last()["status"] in (200, 201, 204)
    assert api.organizations.mail_footer().raw


def test_announced_filters_are_known(sandbox: Sandbox, api: Flowtly) -> None:
    assert "name" in (api.locations.filters() or ())


@pytest.mark.parametrize(
    ("fault", "kind", "result"),
    [
        ({"drop": "after"}, errors.ConnectionLost, "unknown"),
        ({"drop": "before"}, errors.ConnectionLost, "unknown"),
        ({"status": 503, "body": "<h1>Bad gateway</h1>"}, errors.Unavailable, "unknown"),
        ({"status": 409}, errors.Conflict, "refused"),
        ({"truncate": 5}, errors.Truncated, "unknown"),
        ({"replace": "done"}, errors.Unreadable, "unknown"),
    ],
)
def test_a_coupon_whose_answer_is_lost_is_sent_once_and_told_as_unknown(
    fault: dict[str, Any], kind: type[errors.FlowtlyError], result: str, sandbox: Sandbox, api: Flowtly
) -> None:
    told: list[Write] = []
    assert api.tenant is not None
    listened = Flowtly(api.connection, tenant=api.tenant, on_write=told.append)
    sandbox.clear_requests()
    sandbox.faults(".*/subscriptions/clear-coupon", fault)
    with pytest.raises(kind):
        listened.subscriptions.clear_coupon()
    assert [write.result for write in told] == ["", result]
    assert sum(asked["path"].endswith("clear-coupon") for asked in sandbox.requests()) == 1


def test_drift_is_survived(sandbox: Sandbox, api: Flowtly) -> None:
    drift = {"rename_members": {"name": "title"}, "remove_members": ["officeOpenHour"]}
    sandbox.faults("GET .*/locations", drift | {"merge_members": {"officeCloseHour": "late", "floors": [1]}})
    location = api.locations.list().items[0]
    assert (location.name, location.office_open_hour, location.office_close_hour) == (None, None, None)
    assert location.other["officeCloseHour"] == "late"
    assert location.other["floors"] == [1]
    assert location.other["title"]


def test_the_limits_that_ship_are_those_of_an_ordinary_day() -> None:
    limits = Limits()
    assert (limits.connect, limits.read, limits.write, limits.pool) == (2.0, 5.0, 5.0, 1.0)
    assert (limits.read_total, limits.write_total, limits.in_flight, limits.attempts) == (8.0, 12.0, 8, 3)
