"""How the API speaks, whatever the resource: media types, envelopes, paging, strictness, errors."""

import http.client
import socket
import urllib.parse
from typing import Any

import pytest

from tests.support.api_caller import LD, MERGE_PATCH, Caller

# Envelopes and paging


def test_hydra_is_the_envelope_with_prefixes(caller: Caller) -> None:
    page = caller.get("/locations").json
    assert page["@context"] == "/contexts/Location"
    assert page["@type"] == "hydra:Collection"
    assert page["hydra:totalItems"] == 64
    assert len(page["hydra:member"]) == 30
    assert page["hydra:member"][0]["@id"] == "/locations/1"
    assert page["hydra:member"][0]["@type"] == "Location"
    assert page["hydra:view"]["hydra:next"] == "/locations?page=2"
    assert page["hydra:view"]["hydra:last"] == "/locations?page=3"


def test_plain_is_the_envelope_without_prefixes(caller: Caller) -> None:
    caller.sandbox.settings(envelope="plain")
    page = caller.get("/locations?page=2&itemsPerPage=10").json
    assert (page["@type"], page["totalItems"], len(page["member"])) == ("Collection", 64, 10)
    assert page["view"]["previous"] == "/locations?itemsPerPage=10&page=1"
    assert page["view"]["next"] == "/locations?itemsPerPage=10&page=3"
    assert page["search"]["mapping"][0]["variable"] == "name"


def test_an_array_is_just_the_members_as_plain_json(caller: Caller) -> None:
    caller.sandbox.settings(envelope="array")
    reply = caller.get("/locations", Accept="application/ld+json, application/json;q=0.8")
    assert reply.media_type == "application/json"
    assert reply.json[0] == {"id": 1, "name": "Magazijn Zwolle 1", "officeOpenHour": 8, "officeCloseHour": 17}
    assert caller.get("/locations", Accept=LD).status == 406


def test_plain_json_can_be_asked_for_in_any_envelope(caller: Caller) -> None:
    reply = caller.get("/locations/1", Accept="application/json")
    assert reply.media_type == "application/json"
    assert "@id" not in reply.json


def test_total_view_and_mapping_can_be_missing(caller: Caller) -> None:
    caller.sandbox.settings(totals="hidden", views="hidden", mappings="hidden")
    assert set(caller.get("/locations").json) == {"@context", "@id", "@type", "hydra:member"}


def test_following_next_visits_every_member_once(caller: Caller) -> None:
    seen: list[int] = []
    path: str | None = "/clients?itemsPerPage=70&order[name]=asc"
    while path:
        page = caller.get(path).json
        seen += [each["id"] for each in page["hydra:member"]]
        path = page["hydra:view"].get("hydra:next")
    assert sorted(seen) == list(range(1, 401))


def test_the_page_size_is_clamped(caller: Caller) -> None:
    assert len(caller.get("/clients?itemsPerPage=5000").members) == 100
    caller.sandbox.settings(max_items=40)
    assert len(caller.get("/clients?itemsPerPage=5000").members) == 40


def test_a_page_past_the_end_is_empty_and_not_an_error(caller: Caller) -> None:
    reply = caller.get("/locations?page=99")
    assert (reply.status, reply.members, reply.total) == (200, [], 64)
    assert "hydra:next" not in reply.json["hydra:view"]


@pytest.mark.parametrize("query", ["page=0", "page=-1", "page=x", "itemsPerPage=0", "itemsPerPage=-3"])
def test_a_page_that_cannot_be_is_a_bad_request(caller: Caller, query: str) -> None:
    assert caller.get(f"/locations?{query}").status == 400


def test_pages_stay_whole_after_a_record_in_the_middle_is_gone(caller: Caller) -> None:
    assert caller.delete("/client-contacts/10").status == 204
    first = [each["id"] for each in caller.get("/client-contacts").members]
    second = [each["id"] for each in caller.get("/client-contacts?page=2").members]
    assert first + second == [*range(1, 10), *range(11, 62)]


# Filters


def test_unknown_filters_are_ignored_without_a_word(caller: Caller) -> None:
    assert caller.get("/locations?colour=blue&name[]=").total == 64
    assert caller.get("/clients?addressCity=Utrecht").total == 400


@pytest.mark.parametrize(("path", "holds"), [
    ("/locations?name=KANTOOR", lambda each: "Kantoor" in each["name"]),
    ("/organizations?name=R%C3%98dgr%C3%B8d", lambda each: each["slug"] == "roedgroed-haandvaerk"),
    ("/organizations?type=demo", lambda each: each["type"] == "demo"),
    ("/organizations?status=suspended", lambda each: each["status"] == "suspended"),
    ("/clients?status=prospect", lambda each: each["status"] == "prospect"),
    ("/clients?status[]=prospect&status[]=blocked", lambda each: each["status"] in ("prospect", "blocked")),
    ("/clients?country=/countries/FR", lambda each: each["country"] == "/countries/FR"),
    ("/clients?country=FR", lambda each: each["country"] == "/countries/FR"),
    ("/organization-addresses?type=billing", lambda each: each["type"] == "billing"),
    ("/meetings?employee=/employees/emp_001", lambda each: each["employee"] == "/employees/emp_001"),
    ("/meetings?status=planned", lambda each: each["status"] == "planned"),
    ("/client-contacts?client=/clients/3", lambda each: each["client"] == "/clients/3"),
    ("/clients/search?q=zuivel", lambda each: "Zuivel" in each["name"]),
    ("/configs?keys[]=currency&keys[]=theme", lambda each: each["id"] in ("currency", "theme")),
])  # fmt: skip
def test_an_announced_filter_filters(caller: Caller, path: str, holds: Any) -> None:
    found = caller.get(path)
    everything = caller.get(path.partition("?")[0])
    assert found.members
    assert all(holds(each) for each in found.members)
    assert found.total < everything.total


def test_a_flag_filters_either_way(caller: Caller) -> None:
    demo, others = caller.get("/organizations?demo=true").total, caller.get("/organizations?demo=false").total
    assert demo and others and demo + others == 42


def test_times_can_be_bounded(caller: Caller) -> None:
    everything = caller.get("/meetings?itemsPerPage=100&order[dateFrom]=asc").members
    middle = everything[50]["dateFrom"]
    after = caller.get(f"/meetings?dateFrom[after]={middle.replace('+', '%2B')}").total
    before = caller.get(f"/meetings?dateFrom[before]={middle.replace('+', '%2B')}").total
    same = sum(each["dateFrom"] == middle for each in everything)
    assert after + before == caller.get("/meetings").total + same
    assert caller.get("/meetings?dateFrom[after]=nonsense").total == caller.get("/meetings").total


def test_lists_can_be_ordered(caller: Caller) -> None:
    names = [each["name"].casefold() for each in caller.get("/organizations?order[name]=desc").members]
    assert names == sorted(names, reverse=True)


def test_the_mapping_announces_what_exists_and_not_more(caller: Caller) -> None:
    mapping = caller.get("/clients").json["hydra:search"]["hydra:mapping"]
    assert {each["variable"] for each in mapping} == {
        "name", "status", "status[]", "country", "tin", "tin[]", "order[name]", "order[id]",
    }  # fmt: skip


# What is sent


def test_an_accept_header_nobody_can_serve_is_406(caller: Caller) -> None:
    assert caller.get("/locations", Accept="text/csv").status == 406
    assert caller.get("/locations", Accept="application/ld+json;q=0").status == 406
    assert caller.get("/locations", Accept="application/*").status == 200
    assert caller.get("/locations", Accept="").status == 200


@pytest.mark.parametrize(("method", "path", "taken"), [
    ("POST", "/locations", {LD, "application/json"}),
    ("PATCH", "/locations/1", {MERGE_PATCH}),
])  # fmt: skip
def test_each_method_takes_its_media_types_only(
    caller: Caller, method: str, path: str, taken: set[str]
) -> None:
    for media_type in (LD, "application/json", MERGE_PATCH, "text/plain"):
        status = caller.call(method, path, {"name": "Zaal"}, media_type=media_type).status
        assert status == ({"POST": 201, "PATCH": 200}[method] if media_type in taken else 415)
    assert caller.call(method, path, {"name": "Zaal"}, media_type=None).status == 415


def test_post_can_be_told_to_take_linked_data_only(caller: Caller) -> None:
    caller.sandbox.settings(post_types="ld")
    refused = caller.call("POST", "/locations", {"name": "Zaal"}, media_type="application/json")
    assert refused.status == 415
    assert '"application/ld+json"' in refused.json["detail"]
    assert caller.post("/locations", {"name": "Zaal"}).status == 201


@pytest.mark.parametrize("body", [
    b"", b"  ", b"{", b"\xff\xfe", b'{"name": NaN}', b'"text"', b"5", b'[1]', b'{"name": "\\ud800"}',
    b'{"a":' * 100_000, b'{"officeOpenHour": ' + b"9" * 5000 + b"}",
])  # fmt: skip
def test_a_body_that_is_not_a_json_object_is_a_bad_request(caller: Caller, body: bytes) -> None:
    assert caller.call("POST", "/locations", body).status == 400


@pytest.mark.parametrize(("sent", "detail"), [
    ({"officeOpenHour": "5"}, 'The type of the "officeOpenHour" attribute must be "int", "string" given.'),
    ({"officeOpenHour": 5.5}, 'The type of the "officeOpenHour" attribute must be "int", "double" given.'),
    ({"officeOpenHour": True}, 'The type of the "officeOpenHour" attribute must be "int", "boolean" given.'),
    ({"name": None}, 'The type of the "name" attribute must be "string", "NULL" given.'),
    ({"name": 7}, 'The type of the "name" attribute must be "string", "integer" given.'),
    ({"name": []}, 'The type of the "name" attribute must be "string", "array" given.'),
])  # fmt: skip
def test_types_are_strict(caller: Caller, sent: Any, detail: str) -> None:
    reply = caller.patch("/locations/1", sent)
    assert (reply.status, reply.json["detail"]) == (400, detail)


@pytest.mark.parametrize(("path", "sent", "paths"), [
    ("/locations", {"name": " "}, ["name"]),
    ("/locations", {}, ["name"]),
    ("/locations", {"name": "x", "officeOpenHour": 25, "officeCloseHour": -1}, ["officeOpenHour", "officeCloseHour"]),
    ("/locations", {"name": "x" * 256}, ["name"]),
    ("/organization-addresses", {"country": "XX", "email": "nobody"},
     ["type", "name", "street", "city", "postCode", "country", "email"]),
    ("/languages", {"id": "Nederlands"}, ["id"]),
    ("/languages", {"id": "nl"}, ["id"]),
    ("/organizations", {"name": "A", "slug": "Not A Slug"}, ["slug"]),
    ("/organizations", {"name": "A", "slug": "kwelgeest-groep"}, ["slug"]),
    ("/clients", {"tin": "12", "tinCountry": "NL", "dueDays": 999},
     ["country", "currency", "status", "name", "dueDays", "tinType", "tin"]),
    ("/client-contacts", {"client": "/clients/1", "type": "a", "name": "b", "email": "c"}, ["email"]),
    ("/meetings", {"employee": None, "dateFrom": "2026-05-05T10:00:00Z", "dateTo": "2026-05-05T09:00:00Z"},
     ["dateTo"]),
    ("/meetings", {"employee": None, "dateFrom": "2026-05-05T10:00:00Z", "dateTo": "2026-05-07T09:00:00Z"}, [""]),
    ("/subscriptions", {"type": "team", "seats": 0, "organizationAddress": "/organization-addresses/addr_1001_1"},
     ["seats"]),
])  # fmt: skip
def test_what_does_not_hold_is_422_with_its_path(
    caller: Caller, path: str, sent: dict[str, Any], paths: list[str]
) -> None:
    reply = caller.post(path, sent)
    assert (reply.status, reply.paths) == (422, paths)
    assert all(each["message"] and "code" in each for each in reply.json["violations"])


@pytest.mark.parametrize(
    "iri", ["emp_001", "/locations/1", "https://elsewhere.example/employees/emp_001", ""]
)
def test_a_relation_has_to_be_an_iri_of_the_right_kind(caller: Caller, iri: str) -> None:
    meeting = caller.get("/meetings?itemsPerPage=1").members[0]["@id"]
    reply = caller.patch(meeting, {"employee": iri})
    assert (reply.status, reply.json["detail"]) == (400, f'Invalid IRI "{iri}".')


def test_a_missing_constructor_argument_is_a_bad_request(caller: Caller) -> None:
    sent = {"dateFrom": "2026-05-05T10:00:00Z", "dateTo": "2026-05-05T11:00:00Z"}
    reply = caller.post("/meetings", sent)
    assert reply.status == 400
    assert '"$employee"' in reply.json["detail"]
    assert caller.post("/meetings", {**sent, "employee": None}).status == 201


def test_only_documented_fields_are_taken(caller: Caller) -> None:
    made = caller.post("/locations", {"name": "Zaal", "id": 4000, "colour": "blue"}).json
    assert made == {
        "@context": "/contexts/Location", "@id": "/locations/65", "@type": "Location", "id": 65, "name": "Zaal",
    }  # fmt: skip


def test_a_merge_patch_leaves_what_is_absent_and_clears_what_is_null(caller: Caller) -> None:
    changed = caller.patch("/locations/1", {"officeOpenHour": None}).json
    assert "officeOpenHour" not in changed
    assert (changed["name"], changed["officeCloseHour"]) == ("Magazijn Zwolle 1", 17)
    assert caller.get("/locations/1").json == changed


def test_lists_are_replaced_whole_by_a_merge_patch(caller: Caller) -> None:
    assert caller.patch("/clients/5", {"costGroup": ["a", "b"]}).json["costGroup"] == ["a", "b"]
    assert "costGroup" not in caller.patch("/clients/5", {"costGroup": None}).json


# Errors


SHAPES = {
    "problem": ("application/problem+json", {"type", "title", "status", "detail", "violations"}),
    "hydra": (LD, {"@context", "@type", "hydra:title", "hydra:description", "violations"}),
    "merged": ("application/problem+json", {
        "@context", "@type", "hydra:title", "hydra:description", "type", "title", "status", "detail", "violations",
    }),
    "lexik": ("application/json", {"code", "message"}),
}  # fmt: skip


@pytest.mark.parametrize("shape", SHAPES)
def test_a_refusal_comes_in_the_shape_asked_for(caller: Caller, shape: str) -> None:
    caller.sandbox.settings(errors=shape)
    media_type, keys = SHAPES[shape]
    refused = caller.post("/locations", {"name": ""})
    assert (refused.status, refused.media_type, set(refused.json)) == (422, media_type, keys)
    missing = caller.get("/locations/999")
    assert (missing.status, missing.media_type, set(missing.json)) == (404, media_type, keys - {"violations"})


def test_a_proxy_answers_with_a_page(caller: Caller) -> None:
    caller.sandbox.settings(errors="html")
    refused = caller.get("/locations/999")
    assert (refused.status, refused.media_type) == (404, "text/html")
    assert b"<h1>404 Not Found</h1>" in refused.body
    assert Caller(caller.sandbox).get("/locations").media_type == "text/html"


@pytest.mark.parametrize("shape", ["problem", "hydra", "merged", "lexik"])
def test_who_guards_the_door_has_one_shape(caller: Caller, shape: str) -> None:
    caller.sandbox.settings(errors=shape)
    assert Caller(caller.sandbox).get("/locations").json == {"code": 401, "message": "JWT Token not found"}


def test_a_method_that_is_not_there_is_405_with_those_that_are(caller: Caller) -> None:
    refused = caller.delete("/organizations/org_1001")
    assert (refused.status, refused.headers["allow"]) == (405, "GET")
    assert caller.delete("/locations/1").headers["allow"] == "GET, PATCH"
    assert caller.get("/organizations/clear").status == 404


@pytest.mark.parametrize(
    "path", ["/", "/nowhere", "/locations/1/2", "/organizations/../locations", "//locations"]
)
def test_a_path_that_is_not_there_is_404(caller: Caller, path: str) -> None:
    assert caller.get(path).status == 404


def test_a_body_beyond_all_bounds_is_413(caller: Caller) -> None:
    assert caller.call("POST", "/locations", b" " * (11 * 1024 * 1024)).status == 413


def test_a_request_id_comes_back(caller: Caller) -> None:
    assert caller.get("/locations", **{"X-Request-Id": "mine-1"}).headers["x-request-id"] == "mine-1"
    assert caller.get("/locations").headers["x-request-id"]


# The wire


def test_a_connection_is_kept_for_many_requests(caller: Caller) -> None:
    connection = http.client.HTTPConnection(urllib.parse.urlsplit(caller.sandbox.origin).netloc, timeout=60)
    headers = {"Authorization": f"Bearer {caller.token}", "instance": "org_1001"}
    connection.request("HEAD", "/locations", headers=headers)
    head = connection.getresponse()
    assert (head.status, head.read()) == (200, b"")
    first = connection.sock
    chunks = (part for part in (b'{"name":', b'"In stukken"}'))
    connection.request("POST", "/locations", chunks, {**headers, "Content-Type": LD}, encode_chunked=True)
    made = connection.getresponse()
    assert made.status == 201
    made.read()
    assert connection.sock is first
    connection.close()


def test_what_comes_at_once_is_answered_in_turn(caller: Caller) -> None:
    """Two requests in one packet, the second of which waits to be told to go on."""
    name = urllib.parse.urlsplit(caller.sandbox.origin)
    head = f"Host: {name.netloc}\r\nAuthorization: Bearer {caller.token}\r\ninstance: org_1001\r\n"
    body = b'{"name": "Zaal"}'
    waiting = f"POST /locations HTTP/1.1\r\n{head}Content-Type: {LD}\r\nExpect: 100-continue\r\n"
    with socket.create_connection((str(name.hostname), name.port or 0), timeout=60) as peer:
        sent = f"HEAD /locations/1 HTTP/1.1\r\n{head}\r\n{waiting}Content-Length: {len(body)}\r\n\r\n"
        peer.sendall(sent.encode())
        said = b""
        while not said.endswith(b"100 \r\n\r\n"):
            said += peer.recv(1000)
        assert said.startswith(b"HTTP/1.1 200 OK")
        peer.sendall(body)
        assert peer.recv(1000).startswith(b"HTTP/1.1 201 Created")
