"""Each endpoint of the API's published pages has a page here, and the docs say which."""

import re
from pathlib import Path

import pytest

from dashboard.flowtly import Names
from dashboard.flowtly.contract.endpoints import endpoints as expected
from tests.support.endpoints import endpoints, paths, table
from tests.support.url_patterns import url_patterns

TABLE = Path(__file__).parents[1] / "docs" / "endpoints.md"


@pytest.mark.parametrize(("method", "path", "page"), endpoints())
def test_has_a_page(method: str, path: str, page: str) -> None:
    assert page in {name for name, _, _ in url_patterns()}


def test_none_is_named_twice_or_forgotten() -> None:
    named = [(method, path) for method, path, _ in endpoints()]
    published = {(each.method, each.path) for each in expected(Names()) if not each.optional}
    assert len(named) == len(set(named)) >= 53
    assert set(named) == published - {("POST", Names().login_path)}


def test_the_docs_hold_the_table_as_it_is_made() -> None:
    text = TABLE.read_text()
    found = re.search(r"<!-- endpoints -->\n(.*?)\n<!-- /endpoints -->", text, re.S)
    assert found
    assert found[1].strip() == table(paths()), "python -m tests.support.endpoints prints it anew"
