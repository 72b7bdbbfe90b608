"""One token for the process: fetched once, renewed in time, and not fought over."""

import base64
import json
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from dashboard.flowtly import Connection, Flowtly, Login, Names, Token, errors
from tests.flowtly.conftest import SOON, Clock
from tests.support.raw_server import LONG_BEFORE, Asked, RawServer, Script, Wire, says, stopwatch

ROBOT = Login("robot", "secret-1")


def jwt(number: int, life: float | None = 3600, ago: float = 0) -> str:
    issued = time.time() - ago
    claims = {"n": number} | ({} if life is None else {"iat": issued, "exp": issued + life})
    parts = ({"alg": "RS256"}, claims)
    return ".".join(
        [*(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts), "x"]
    )


class Guarded:
    """An API that wants the token it gave out last."""

    def __init__(self, server: RawServer, life: float | None = 3600, login_takes: float = 0.0) -> None:
        self.valid = ""
        self.logins = 0
        self._life, self._takes = life, login_takes
        self._lock = threading.Lock()
        server.script = self.script

    def script(self, asked: Asked, wire: Wire) -> None:
        if asked.path == "/login":
            time.sleep(self._takes)
            with self._lock:
                self.logins += 1
                self.valid = jwt(self.logins, self._life)
            says(200, {"token": self.valid})(asked, wire)
        elif asked.headers.get("authorization") == f"Bearer {self.valid}":
            says(200, {"id": 1})(asked, wire)
        else:
            says(401, {"code": 401, "message": "Expired JWT Token"})(asked, wire)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def signs_in(server: RawServer, connect: Callable[..., Connection], clock: Clock) -> Flowtly:
    connection = connect(server.base_url, ROBOT)
    connection.tokens.clock = clock
    return Flowtly(connection, tenant="acme")


def test_the_login_sends_the_credentials_and_the_answer_is_the_bearer(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    guarded = Guarded(server)
    Flowtly(connect(server.base_url, ROBOT), tenant="acme").locations.get("1")
    login, read = server.asked
    assert (login.method, login.path) == ("POST", "/login")
    assert login.json == {"username": "robot", "password": "secret-1"}
    assert login.headers["content-type"] == "application/json"
    assert "instance" not in login.headers
    assert "authorization" not in login.headers
    assert read.headers["authorization"] == f"Bearer {guarded.valid}"


def test_the_path_of_the_login_may_be_another(server: RawServer, connect: Callable[..., Connection]) -> None:
    server.script = says(200, {"token": "t", "id": 1})
    Flowtly(connect(server.base_url, ROBOT, Names(login_path="/login_check")), tenant="acme").locations.get(
        "1"
    )
    assert server.paths()[0] == "POST /login_check"


def test_a_hundred_cold_callers_sign_in_once(server: RawServer, signs_in: Flowtly) -> None:
    guarded = Guarded(server, login_takes=0.1)
    with ThreadPoolExecutor(100) as callers:
        found = list(callers.map(lambda _: signs_in.locations.get("1").id, range(100)))
    assert found == ["1"] * 100
    assert guarded.logins == 1


def test_a_storm_of_401s_signs_in_once_more_and_all_are_answered(
    server: RawServer, signs_in: Flowtly
) -> None:
    guarded = Guarded(server)
    signs_in.locations.get("1")
    guarded.valid = "revoked"
    with ThreadPoolExecutor(100) as callers:
        found = list(callers.map(lambda _: signs_in.locations.get("1").id, range(100)))
    assert found == ["1"] * 100
    assert guarded.logins == 2


def test_a_write_refused_for_its_token_is_sent_once_more(server: RawServer, signs_in: Flowtly) -> None:
    guarded = Guarded(server)
    signs_in.locations.get("1")
    guarded.valid = "revoked"
    assert signs_in.locations.create({"name": "x"}).id == "1"
    assert server.paths()[-3:] == ["POST /locations", "POST /login", "POST /locations"]


def test_an_upload_refused_for_its_token_is_sent_once_more_and_whole(
    server: RawServer, signs_in: Flowtly
) -> None:
    guarded = Guarded(server)
    signs_in.locations.get("1")
    guarded.valid = "revoked"
    signs_in.organizations.upload_logo(b"PNG" * 1000, "image/png", "logo.png")
    first, again = (asked for asked in server.asked if asked.path == "/organizations/logo")
    assert first.body == again.body
    assert b"PNG" * 1000 in again.body


def test_a_fresh_token_that_is_refused_is_reported_and_not_fought_over(
    server: RawServer, signs_in: Flowtly
) -> None:
    server.routes(
        {"POST /login": says(200, {"token": jwt(1)}), "GET /locations/1": says(401, {"message": "No"})}
    )
    for _ in range(5):
        with pytest.raises(errors.Unauthorized):
            signs_in.locations.get("1")
    assert server.paths().count("POST /login") == 2


def test_a_403_does_not_sign_in_again(server: RawServer, signs_in: Flowtly) -> None:
    server.routes({"POST /login": says(200, {"token": jwt(1)}), "GET /locations/1": says(403)})
    with pytest.raises(errors.Forbidden):
        signs_in.locations.get("1")
    assert server.paths() == ["POST /login", "GET /locations/1"]


def test_a_token_is_renewed_before_it_expires(server: RawServer, signs_in: Flowtly, clock: Clock) -> None:
    guarded = Guarded(server, life=3600)
    for later, logins in ((0, 1), (3500, 1), (90, 2)):
        clock.now += later
        signs_in.locations.get("1")
        assert guarded.logins == logins
    assert all(asked.path == "/login" or "authorization" in asked.headers for asked in server.asked)


def test_a_token_that_is_no_jwt_is_used_until_it_is_refused(server: RawServer, signs_in: Flowtly) -> None:
    server.routes({"POST /login": says(200, {"token": "opaque"}), "GET /locations/1": says(200, {"id": 1})})
    for _ in range(3):
        signs_in.locations.get("1")
    assert server.paths().count("POST /login") == 1


def test_a_clock_that_is_off_does_not_end_a_token_early(server: RawServer, signs_in: Flowtly) -> None:
    token = jwt(1, life=3600, ago=7200)
    server.routes({"POST /login": says(200, {"token": token}), "GET /locations/1": says(200, {"id": 1})})
    for _ in range(3):
        signs_in.locations.get("1")
    assert server.paths().count("POST /login") == 1


@pytest.mark.parametrize("status", [400, 401, 403])
def test_refused_credentials_rest(status: int, server: RawServer, signs_in: Flowtly, clock: Clock) -> None:
    server.script = says(status, {"code": status, "message": "Invalid credentials."})
    for _ in range(5):
        with pytest.raises(errors.NotSignedIn) as raised:
            signs_in.locations.create({"name": "x"})
        assert not raised.value.sent
    assert len(server.asked) == 1
    assert raised.value.retry_after == 60
    clock.now += 60.1
    with pytest.raises(errors.NotSignedIn) as raised:
        signs_in.locations.get("1")
    assert "Invalid credentials." in raised.value.detail
    assert len(server.asked) == 2


def test_callers_who_waited_for_refused_credentials_are_all_told(
    server: RawServer, signs_in: Flowtly
) -> None:
    def refuses_slowly(asked: Asked, wire: Wire) -> None:
        time.sleep(0.1)
        says(401)(asked, wire)

    server.script = refuses_slowly

    def call(_: int) -> bool:
        with pytest.raises(errors.NotSignedIn):
            signs_in.locations.get("1")
        return True

    with ThreadPoolExecutor(30) as callers:
        assert all(callers.map(call, range(30)))
    assert len(server.asked) == 1


@pytest.mark.parametrize(
    "script",
    [
        says(200, {"message": "ok"}),
        says(200, {"token": 7}),
        says(200, {"token": "a\nb"}),
        says(200, b"<html>"),
        says(200, []),
        says(204),
        says(404),
        says(500),
        says(302, Location="/elsewhere"),
    ],
)
def test_a_login_without_a_token_means_nothing_was_sent(
    script: Script, server: RawServer, signs_in: Flowtly
) -> None:
    server.script = script
    with pytest.raises(errors.SignInFailed) as raised:
        signs_in.locations.create({"name": "x"})
    assert not raised.value.sent
    assert not raised.value.outcome_unknown
    assert (raised.value.method, raised.value.path) == ("POST", "/locations")
    assert set(server.paths()) == {"POST /login"}


def test_a_login_that_hangs_ends_with_the_callers_time(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    server.script = lambda asked, wire: wire.hang()
    flowtly = Flowtly(connect(server.base_url, ROBOT, write_total=SOON), tenant="acme")
    elapsed = stopwatch()
    with pytest.raises(errors.NotSent):
        flowtly.locations.create({"name": "x"})
    assert elapsed() < LONG_BEFORE


def test_a_login_that_stays_unavailable_is_tried_three_times(server: RawServer, signs_in: Flowtly) -> None:
    server.script = lambda asked, wire: wire.reset()
    with pytest.raises(errors.SignInFailed):
        signs_in.locations.get("1")
    assert server.paths() == ["POST /login"] * 3


def test_a_login_that_is_unavailable_for_a_moment_is_tried_again(
    server: RawServer, signs_in: Flowtly
) -> None:
    server.then(says(503), says(200, {"token": jwt(1)}), says(200, {"id": 1}))
    assert signs_in.locations.get("1").id == "1"


def test_a_token_of_our_own_is_sent_and_never_renewed(
    server: RawServer, connect: Callable[..., Connection]
) -> None:
    server.script = says(401, {"message": "Invalid JWT Token"})
    with pytest.raises(errors.Unauthorized):
        Flowtly(connect(server.base_url, Token("agent-7")), tenant="acme").locations.get("1")
    assert [asked.headers["authorization"] for asked in server.asked] == ["Bearer agent-7"]


def test_without_credentials_none_are_sent(server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(200, {"id": 1})
    flowtly.locations.get("1")
    assert "authorization" not in server.asked[0].headers
