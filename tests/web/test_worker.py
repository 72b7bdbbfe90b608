"""What the web server answers by itself, before the dashboard is asked."""

from collections.abc import Iterator
from http.client import HTTPConnection

import pytest

from tests.support.markup import Page
from tests.support.product import Run, started


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Run]:
    with started(tmp_path_factory.mktemp("product"), WEB_PROCESSES="1") as run:
        run.wait_until_ready()
        yield run


def asked(run: Run, path: str, **headers: str) -> tuple[int, str, dict[str, str]]:
    connection = HTTPConnection("127.0.0.1", run.port, timeout=30)
    try:
        connection.request("GET", path, headers=headers)
        answer = connection.getresponse()
        return answer.status, answer.read().decode(), dict(answer.getheaders())
    finally:
        connection.close()


@pytest.mark.parametrize("length", [300, 4_094, 5_000, 8_000])
def test_a_long_address_is_read_like_any_other(run: Run, length: int) -> None:
    assert asked(run, "/?q=" + "x" * length)[0] == 302  # to the page for signing in


@pytest.mark.parametrize("length", [8_191, 20_000, 300_000, 2_000_000])
def test_one_that_is_too_long_gets_a_page_of_ours(run: Run, length: int) -> None:
    status, page, headers = asked(run, "/?q=" + "x" * length)
    assert status == 414
    assert 'data-problem="414"' in page
    assert Page(page).faults(whole=True) == []
    assert headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert "x" * 100 not in page


def test_a_header_that_is_too_long_does_too(run: Run) -> None:
    status, page, _headers = asked(run, "/", Cookie="x" * 20_000)
    assert (status, 'data-problem="414"' in page) == (414, True)


def test_whoever_asks_next_is_answered(run: Run) -> None:
    for _ in range(3):
        assert asked(run, "/?q=" + "x" * 9_000)[0] == 414
    assert asked(run, "/accounts/login/")[0] == 200
