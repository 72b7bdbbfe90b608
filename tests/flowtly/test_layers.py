"""Each layer of the transport stack by itself, around a transport that ends requests as it is told."""

import contextlib
import threading
from collections.abc import Callable

import httpx
import pytest

from dashboard.flowtly import Limits, Login, deadline, errors
from dashboard.flowtly.attempt import Attempt, answer
from dashboard.flowtly.auth import Bearer
from dashboard.flowtly.bulkhead import Bulkhead
from dashboard.flowtly.calls import ACCEPT, JSON, LD_JSON, Call
from dashboard.flowtly.deadline import Deadline
from dashboard.flowtly.health import Reach
from dashboard.flowtly.listeners import Announced, Listener
from dashboard.flowtly.media_types import MediaTypes
from dashboard.flowtly.pool import Pool
from dashboard.flowtly.retries import Retries
from dashboard.flowtly.tokens import Tokens
from dashboard.flowtly.transport import Layer
from tests.flowtly.conftest import PATIENT, SOON, Ending, answers, raises, request_of
from tests.support.raw_server import LONG_BEFORE, RawServer, blackhole, says, stopwatch

GET = Call("GET", "/locations/1")
POST = Call("POST", "/locations", body={"name": "x"})


def statuses(layer: httpx.BaseTransport, call: Call, times: int = 1, **headers: str) -> list[int]:
    return [layer.handle_request(request_of(call, **headers)).status_code for _ in range(times)]


class TestRetries:
    def test_a_read_goes_out_again_and_a_write_does_not(self) -> None:
        inner = answers(503, 503, 200)
        assert statuses(Retries(inner, PATIENT), GET) == [200]
        assert len(inner.came) == 3
        inner = answers(503, 200)
        assert statuses(Retries(inner, PATIENT), POST) == [503]
        assert len(inner.came) == 1

    def test_a_write_that_never_left_goes_out_again(self) -> None:
        inner = raises(errors.CannotConnect())
        with pytest.raises(errors.CannotConnect):
            Retries(inner, PATIENT).handle_request(request_of(POST))
        assert len(inner.came) == 3

    def test_a_post_that_changes_nothing_is_as_good_as_a_read(self) -> None:
        login = Call("POST", "/login", body={}, harmless=True)
        assert statuses(Retries(answers(503, 200), PATIENT), login) == [200]


class TestMediaTypes:
    def test_the_other_type_is_tried_once_and_remembered(self) -> None:
        inner = answers(415, 201)
        layer = MediaTypes(inner)
        assert statuses(layer, POST, 2, Content_Type=LD_JSON) == [201, 201]
        assert [came["content-type"] for came in inner.came] == [LD_JSON, JSON, JSON]

    def test_where_neither_is_taken_nothing_is_remembered(self) -> None:
        inner = answers(415)
        assert statuses(MediaTypes(inner), POST, 2, Content_Type=LD_JSON) == [415, 415]
        assert [came["content-type"] for came in inner.came] == [LD_JSON, JSON, LD_JSON, JSON]

    def test_what_knows_but_one_type_is_left_alone(self) -> None:
        inner = answers(415)
        call = Call("PATCH", "/locations/1", body={})
        assert statuses(MediaTypes(inner), call, Content_Type="application/merge-patch+json") == [415]
        assert len(inner.came) == 1

    @pytest.mark.parametrize(
        ("first", "later"),
        [
            ((200, "application/json"), JSON),
            ((200, "application/json; charset=utf-8"), JSON),
            ((200, "application/ld+json; charset=utf-8"), ACCEPT),
            ((404, "application/json"), ACCEPT),
            ((404, "application/problem+json"), ACCEPT),
            ((204, ""), ACCEPT),
        ],
    )
    def test_a_read_tells_what_is_asked_for_from_then_on(self, first: tuple[int, str], later: str) -> None:
        inner = Ending(lambda _: httpx.Response(first[0], headers={"Content-Type": first[1]}))
        layer = MediaTypes(inner)
        statuses(layer, GET, Accept=ACCEPT)
        statuses(layer, POST, Accept=ACCEPT, Content_Type=LD_JSON)
        statuses(layer, Call("GET", "/clients"), Accept=ACCEPT)
        assert [came["accept"] for came in inner.came] == [ACCEPT, later, ACCEPT]
        assert inner.came[1]["content-type"] == (JSON if later == JSON else LD_JSON)

    def test_a_page_of_failure_is_asked_about_once_as_plain_json(self) -> None:
        def fails(request: httpx.Request) -> httpx.Response:
            if request.headers["Accept"] == JSON:
                return httpx.Response(404, headers={"Content-Type": "application/problem+json"})
            return httpx.Response(500, headers={"Content-Type": "text/html; charset=UTF-8"})

        inner = Ending(fails)
        layer = MediaTypes(inner)
        assert statuses(layer, POST, Accept=ACCEPT, Content_Type=LD_JSON) == [500], "a write may be done"
        assert statuses(layer, GET, 2, Accept=ACCEPT) == [404, 404]
        assert [came["accept"] for came in inner.came] == [ACCEPT, ACCEPT, JSON, JSON]

    def test_other_questions_are_left_alone(self) -> None:
        inner = Ending(lambda _: httpx.Response(200, headers={"Content-Type": "application/json"}))
        layer = MediaTypes(inner)
        picture = Call("GET", "/uploads/1", accept="image/png")
        statuses(layer, picture, 2, Accept="image/png")
        login = Call("POST", "/login", body={}, harmless=True)
        statuses(layer, login, Accept=ACCEPT, Content_Type=JSON)
        assert [came["accept"] for came in inner.came] == ["image/png", "image/png", ACCEPT]


class TestReach:
    @pytest.mark.parametrize("inner", [answers(503), raises(errors.Timeout())])
    def test_silence_is_noted_and_is_no_outage_yet(self, inner: httpx.BaseTransport) -> None:
        reach = Reach(inner)
        with contextlib.suppress(errors.Timeout):
            reach.handle_request(request_of(GET))
        assert reach.missing
        assert reach.away_since is None

    def test_a_refused_connection_is_one_and_any_answer_ends_it(self) -> None:
        reach = Reach(raises(errors.CannotConnect()))
        with pytest.raises(errors.CannotConnect):
            reach.handle_request(request_of(GET))
        assert reach.away_since is not None
        reach.inner = answers(404)
        assert statuses(reach, GET) == [404]
        assert reach.away_since is None
        assert reach.heard_within(5)


class TestBulkhead:
    def test_kinds_have_places_of_their_own(self) -> None:
        limits = Limits(in_flight=1, wait=0.05)
        inside, leave, told = threading.Event(), threading.Event(), threading.Event()

        def stays(request: httpx.Request) -> httpx.Response:
            if request.url.path == POST.path:
                inside.set()
                leave.wait(60)
            return httpx.Response(200)

        bulkhead = Bulkhead(Ending(stays), limits, admit=lambda _kind: None)
        callers = [threading.Thread(target=bulkhead.handle_request, args=(request_of(POST),))]
        callers[0].start()
        inside.wait(60)

        def waits() -> None:
            try:
                bulkhead.handle_request(request_of(GET))
            except errors.Busy:
                told.set()

        callers += [threading.Thread(target=waits) for _ in range(2)]
        for caller in callers[1:]:
            caller.start()
        assert told.wait(60)
        assert statuses(bulkhead, Call("GET", "/clients")) == [200]
        leave.set()
        for caller in callers:
            caller.join()
        assert statuses(bulkhead, GET) == [200]
        assert bulkhead.turned_away == {"locations": 1}

    def test_nobody_waits_where_there_is_no_use_in_it(self) -> None:
        def refuse(_kind: str) -> None:
            raise errors.GivenUp

        inner = answers(200)
        with pytest.raises(errors.GivenUp):
            Bulkhead(inner, PATIENT, admit=refuse).handle_request(request_of(GET))
        assert inner.came == []


class TestAnnounced:
    @pytest.mark.parametrize(
        ("inner", "status"), [(answers(200), 200), (answers(503), 503), (raises(errors.Timeout()), None)]
    )
    def test_whoever_listens_hears_of_each_attempt(
        self, inner: httpx.BaseTransport, status: int | None
    ) -> None:
        heard: list[tuple[str, int | None]] = []

        class Ear(Listener):
            def began(self, call: Call) -> None:
                heard.append((call.path, 0))

            def ended(self, call: Call, status: int | None, seconds: float) -> None:
                heard.append((call.path, status))
                assert 0 <= seconds <= elapsed()

        elapsed = stopwatch()
        with contextlib.suppress(errors.Timeout):
            Announced(inner, [Ear()]).handle_request(request_of(GET))
        assert heard == [("/locations/1", 0), ("/locations/1", status)]


class TestDeadline:
    def test_what_is_late_is_never_sent(self) -> None:
        inner = answers(200)
        with deadline.within(0.0), pytest.raises(errors.OutOfTime):
            Deadline(inner, PATIENT).handle_request(request_of(GET))
        assert inner.came == []

    def test_a_pool_is_waited_for_no_longer_than_there_is_time(self) -> None:
        request = request_of(GET)
        with deadline.within(30):
            Deadline(answers(200), PATIENT).handle_request(request)
        assert 0 < request.extensions["timeout"]["pool"] <= 30

    def test_the_sockets_of_the_pool_are_held_to_it(self) -> None:
        with blackhole() as address, Pool(PATIENT, tls=False) as pool, deadline.within(SOON):
            elapsed = stopwatch()
            with pytest.raises(httpx.ReadTimeout):
                pool.handle_request(request_of(GET, address))
            assert elapsed() < LONG_BEFORE


class TestAttempt:
    def test_an_answer_is_handed_up_whole_and_read(self, server: RawServer) -> None:
        server.script = says(200, {"id": 1})
        with Attempt(Pool(PATIENT, tls=False), 1000) as attempt:
            response = attempt.handle_request(request_of(GET, server.base_url))
        assert response.is_closed
        assert answer(GET, response, "r").data == {"id": 1}

    def test_a_refusal_is_handed_up_and_where_a_redirect_leads_is_not(self, server: RawServer) -> None:
        server.script = says(302, Location="http://[")
        with Attempt(Pool(PATIENT, tls=False), 1000) as attempt:
            response = attempt.handle_request(request_of(GET, server.base_url))
        assert (response.status_code, response.headers.get("Location")) == (302, None)
        with pytest.raises(errors.Unexpected):
            answer(GET, response, "r")

    @pytest.mark.parametrize(
        ("failure", "told"),
        [
            (httpx.ConnectError("refused"), errors.CannotConnect),
            (httpx.PoolTimeout("full"), errors.Busy),
            (httpx.WriteTimeout("late"), errors.OutOfTime),
            (httpx.ReadError("gone"), errors.CannotConnect),
        ],
    )
    def test_what_never_left_is_told_as_that(self, failure: Exception, told: type[Exception]) -> None:
        with pytest.raises(told):
            Attempt(raises(failure), 1000).handle_request(request_of(POST))

    @pytest.mark.parametrize(
        ("failure", "told"),
        [
            (httpx.ReadTimeout("late"), errors.Timeout),
            (httpx.ReadError("gone"), errors.ConnectionLost),
            (httpx.RemoteProtocolError("Server disconnected"), errors.ConnectionLost),
            (httpx.RemoteProtocolError("illegal"), errors.Garbled),
        ],
    )
    def test_what_has_left_is_told_as_that(self, failure: Exception, told: type[Exception]) -> None:
        def lost(request: httpx.Request) -> httpx.Response:
            request.extensions["trace"]("http11.send_request_headers.started", {})
            raise failure

        with pytest.raises(told):
            Attempt(Ending(lost), 1000).handle_request(request_of(POST))


class TestBearer:
    @staticmethod
    def sent(inner: Ending, call: Call, sign_in: Callable[[Login], str]) -> list[str]:
        tokens = Tokens(Login("robot", "x"), sign_in, PATIENT)
        with httpx.Client(transport=inner, auth=Bearer(tokens), trust_env=False) as client:
            client.send(request_of(call))
        return [came["authorization"] for came in inner.came]

    def test_a_refused_token_is_replaced_once(self) -> None:
        made = iter(["one", "two", "three"])
        assert self.sent(answers(401), POST, lambda _: next(made)) == ["Bearer one", "Bearer two"]

    def test_a_call_that_is_not_worth_it_is_not_sent_again(self) -> None:
        call = Call("GET", "/docs", renews=False)
        assert self.sent(answers(401), call, lambda _: "one") == ["Bearer one"]

    def test_where_no_other_token_is_to_be_had_the_refusal_stands(self) -> None:
        made = iter(["one"])

        def sign_in(_: Login) -> str:
            if token := next(made, ""):
                return token
            raise errors.SignInFailed

        assert self.sent(answers(401), GET, sign_in) == ["Bearer one"]


def test_closing_the_outermost_closes_them_all() -> None:
    closed = []

    class Last(httpx.BaseTransport):
        def close(self) -> None:
            closed.append(True)

    Layer(Layer(Last())).close()
    assert closed == [True]
