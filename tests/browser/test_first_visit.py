"""What a first visit costs on the wire: how many requests, and how many bytes as they come, compressed."""

from pathlib import PurePosixPath
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Response

from tests.support.windows import OpenPage

KB = 1000
BOUNDS = {".js": 24 * KB, ".css": 17 * KB, "": 45 * KB}


@pytest.mark.parametrize("path", ["/o/org_1001/clients/", "/o/org_1001/", "/o/org_1001/locations/1/"])
def test_a_first_visit_is_light(open_page: OpenPage, path: str) -> None:
    page = open_page(own=True)
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(path, wait_until="networkidle")
    sizes = {answer.url: sum(wire(answer)) for answer in answers}
    assert len(sizes) <= 6, sizes
    for ending, most in BOUNDS.items():
        of_kind = {url: size for url, size in sizes.items() if kind(url).endswith(ending)}
        assert 0 < sum(of_kind.values()) <= most, of_kind


def wire(answer: Response) -> tuple[int, int]:
    sizes = answer.request.sizes()
    return sizes["responseHeadersSize"], sizes["responseBodySize"]


def kind(url: str) -> str:
    return PurePosixPath(urlsplit(url).path).suffix
