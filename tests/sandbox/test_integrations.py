from tests.support.api_caller import Caller

GOOGLE, TEAMS, BANK = (
    f"/integrations/{word}" for word in ("google-workspace", "microsoft-teams", "kontomatik")
)
CLIENT_ID = "103945728190475839201"
GUID = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"


def test_nothing_is_connected_at_first(caller: Caller) -> None:
    for path in (GOOGLE, TEAMS, BANK):
        assert caller.get(path).json["status"] == "not_connected"


def test_requirements_say_what_enrolling_needs(caller: Caller) -> None:
    google = caller.get(f"{GOOGLE}/requirements").json
    assert google["clientIdRequired"] is True
    assert google["tenantIdPlaceholder"] == "example.com"
    teams = caller.get(f"{TEAMS}/requirements").json
    assert teams["clientIdRequired"] is False
    assert "tenantIdPlaceholder" not in teams
    assert len(teams["scopes"]) == 4


def test_enrolling_is_pending_and_then_active(caller: Caller) -> None:
    enrolled = caller.post(f"{GOOGLE}/enroll", {"tenantId": "kwelgeest.example", "clientId": CLIENT_ID})
    assert (enrolled.status, enrolled.json["status"]) == (201, "pending")
    caller.sandbox.settings(settle=0)
    state = caller.get(GOOGLE).json
    assert (state["status"], state["tenantId"]) == ("active", "kwelgeest.example")
    assert caller.of("org_1002").get(GOOGLE).json["status"] == "not_connected"


def test_enrolling_can_fail_afterwards(caller: Caller) -> None:
    caller.post(f"{GOOGLE}/enroll", {"tenantId": "fail.example", "clientId": CLIENT_ID})
    caller.sandbox.settings(settle=0)
    assert caller.get(GOOGLE).json["status"] == "failed"


def test_enrolling_checks_what_it_is_given(caller: Caller) -> None:
    assert caller.post(f"{GOOGLE}/enroll", {"tenantId": "x.example"}).paths == ["clientId"]
    assert caller.post(f"{GOOGLE}/enroll", {"tenantId": "x.example", "clientId": "12"}).paths == ["clientId"]
    assert caller.post(f"{TEAMS}/enroll", {"tenantId": "x.example"}).paths == ["tenantId"]
    assert caller.post(f"{TEAMS}/enroll", {"tenantId": GUID}).status == 201
    assert caller.post(f"{TEAMS}/enroll", {"tenantId": 5}).status == 400


def test_the_bank_lets_itself_be_asked_four_times_a_day(caller: Caller) -> None:
    assert caller.post(f"{BANK}/pull", {}).status == 409
    set_up = caller.post(f"{BANK}/setup", {}).json
    assert (set_up["status"], set_up["signInUrl"][:8]) == ("pending", "https://")
    caller.sandbox.settings(settle=0)
    assert caller.get(BANK).json["status"] == "active"
    assert [caller.post(f"{BANK}/pull", {}).status for _ in range(4)] == [202] * 4
    refused = caller.post(f"{BANK}/pull", {})
    assert refused.status == 429
    assert 86_000 < int(refused.headers["retry-after"]) <= 86_401
    assert caller.get(BANK).json["lastPullAt"]


def test_revoking_ends_the_consent(caller: Caller) -> None:
    caller.post(f"{BANK}/setup", {})
    caller.sandbox.settings(settle=0)
    assert caller.post(f"{BANK}/revoke", {}).status == 204
    assert caller.get(BANK).json["status"] == "revoked"
    assert caller.post(f"{BANK}/pull", {}).status == 409
    assert caller.post(f"{BANK}/revoke", {}).status == 409


def test_an_act_without_a_body_is_refused_for_its_missing_type(caller: Caller) -> None:
    assert caller.call("POST", f"{BANK}/setup").status == 415
    assert caller.call("POST", f"{BANK}/setup", b"").status == 400
