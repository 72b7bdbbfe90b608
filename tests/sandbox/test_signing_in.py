import base64
import json
import time

import pytest

from tests.support.api_caller import Caller
from tests.support.sandbox import Sandbox, running_sandbox


def claims(token: str) -> dict[str, float]:
    part = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))  # type: ignore[no-any-return]


def test_the_right_password_gives_a_token_that_lives_an_hour(sandbox: Sandbox) -> None:
    reply = Caller(sandbox).sign_in()
    assert reply.status == 200
    assert list(reply.json) == ["token"]
    said = claims(reply.json["token"])
    assert said["exp"] - said["iat"] == 3600
    assert said["iat"] <= time.time()


@pytest.mark.parametrize(("username", "password"), [("sandbox", "wrong"), ("nobody", "sandbox"), ("ø", "é")])
def test_a_wrong_name_and_a_wrong_password_are_answered_alike(
    sandbox: Sandbox, username: str, password: str
) -> None:
    reply = Caller(sandbox).sign_in(username, password)
    assert (reply.status, reply.media_type) == (401, "application/json")
    assert reply.json == {"code": 401, "message": "Invalid credentials."}


def test_a_login_without_a_password_is_a_bad_request(sandbox: Sandbox) -> None:
    path = sandbox.names["login_path"]
    assert Caller(sandbox).post(path, {"username": "sandbox"}).status == 400
    assert Caller(sandbox).call("POST", path, b"{", media_type="application/json").status == 400


def test_nothing_opens_without_a_token(sandbox: Sandbox) -> None:
    reply = Caller(sandbox).get("/organizations")
    assert reply.status == 401
    assert reply.headers["www-authenticate"] == "Bearer"
    assert reply.json == {"code": 401, "message": "JWT Token not found"}


def test_a_token_that_was_tampered_with_is_invalid(caller: Caller) -> None:
    assert caller.token is not None
    for token in (caller.token[:-3] + "abc", "a.b.c", "nonsense"):
        caller.token = token
        assert caller.get("/organizations").json == {"code": 401, "message": "Invalid JWT Token"}


def test_a_token_expires(sandbox: Sandbox) -> None:
    assert Caller(sandbox).signed_in().get("/organizations").status == 200
    sandbox.settings(token_ttl=-1)
    caller = Caller(sandbox).signed_in()
    assert caller.get("/organizations").json == {"code": 401, "message": "Expired JWT Token"}


def test_revoking_ends_every_token_at_once_and_a_new_login_helps(caller: Caller) -> None:
    caller.sandbox.revoke_tokens()
    assert caller.get("/organizations").status == 401
    assert caller.signed_in().get("/organizations").status == 200


def test_a_long_lived_token_and_other_credentials_can_be_set_at_the_start() -> None:
    arguments = ("--token", "agent-token", "--username", "ann", "--password", "secret", "--clients", "1")
    with running_sandbox(*arguments) as sandbox:
        assert Caller(sandbox, token="agent-token").get("/locations").status == 200
        assert Caller(sandbox, token="agent-tokem").get("/locations").status == 401
        assert Caller(sandbox).sign_in().status == 401
        assert Caller(sandbox).sign_in("ann", "secret").status == 200
