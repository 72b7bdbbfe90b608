"""A refusal is read in each of the shapes it comes in."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.flowtly import Flowtly, errors, problems
from dashboard.flowtly.errors import Violation
from tests.support.raw_server import RawServer, says

BLANK = {"propertyPath": "name", "message": "This value should not be blank.", "code": "c1051bb4"}
WORDS = "name: This value should not be blank."
SHAPES: dict[str, Any] = {
    "problem": {"type": "/validation_errors/1", "title": "An error occurred", "status": 422, "detail": WORDS}
    | {"violations": [BLANK]},
    "hydra": {"@type": "hydra:Error", "hydra:title": "An error occurred", "hydra:description": WORDS}
    | {"violations": [BLANK]},
    "merged": {
        "@type": "ConstraintViolationList",
        "title": "An error occurred",
        "hydra:title": "x",
        "detail": WORDS,
    }
    | {"hydra:description": WORDS, "violations": {"0": BLANK}},
    "lexik": {"code": 422, "message": WORDS},
    "words only": {"hydra:description": WORDS},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_violation_is_found_in_each_shape(shape: str, server: RawServer, flowtly: Flowtly) -> None:
    server.script = says(422, SHAPES[shape])
    with pytest.raises(errors.Invalid) as raised:
        flowtly.locations.create({"name": ""})
    (violation,) = raised.value.violations
    assert (violation.path, violation.message) == ("name", "This value should not be blank.")
    assert raised.value.detail == WORDS
    assert not raised.value.outcome_unknown


def test_a_proxys_page_is_told_as_plain_text(server: RawServer, flowtly: Flowtly) -> None:
    page = b"<html><head><title>502</title><script>alert(1)</script></head><body><h1>Bad&nbsp;gateway</h1></body>"
    server.script = says(502, page, Content_Type="text/html")
    with pytest.raises(errors.Unavailable) as raised:
        flowtly.locations.update("1", {"name": "x"})
    assert raised.value.detail == "Bad gateway"
    assert raised.value.violations == ()


def test_a_wrongly_typed_field_is_found_in_prose(server: RawServer, flowtly: Flowtly) -> None:
    words = 'The type of the "officeOpenHour" attribute must be "int", "string" given.'
    server.script = says(400, {"title": "An error occurred", "detail": words})
    with pytest.raises(errors.BadRequest) as raised:
        flowtly.locations.create({"officeOpenHour": "5"})
    assert raised.value.violations == (Violation("officeOpenHour", words),)


def test_several_violations_keep_their_paths() -> None:
    data = {"violations": [{"propertyPath": path, "message": "m"} for path in ("", "lines[0].name", "a.b")]}
    assert [each.path for each in problems.read(data).violations] == ["", "lines[0].name", "a.b"]


def test_long_words_are_cut() -> None:
    assert len(problems.read({"detail": "x" * 10_000}).detail) == 500


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.BadRequest),
        (401, errors.Unauthorized),
        (403, errors.Forbidden),
        (404, errors.NotFound),
        (405, errors.MethodNotAllowed),
        (406, errors.NotAcceptable),
        (409, errors.Conflict),
        (410, errors.Unexpected),
        (413, errors.TooLarge),
        (415, errors.UnsupportedMediaType),
        (422, errors.Invalid),
        (429, errors.TooManyRequests),
        (500, errors.ServerError),
        (502, errors.Unavailable),
        (503, errors.Unavailable),
        (504, errors.Unavailable),
        (599, errors.ServerError),
    ],
)
def test_each_status_has_its_class(
    status: int, kind: type[errors.Answered], server: RawServer, flowtly: Flowtly
) -> None:
    server.script = says(status, {"title": "No", "detail": "Because."})
    with pytest.raises(errors.Answered) as raised:
        flowtly.locations.create({"name": "x"})
    assert type(raised.value) is kind
    assert (raised.value.status, raised.value.detail, raised.value.sent) == (status, "Because.", True)
    assert str(raised.value).startswith(f"POST /locations: {status} ")
    assert raised.value.outcome_unknown == (status in (502, 503, 504))


@settings(max_examples=100, derandomize=True, database=None)
@given(
    data=st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(
                    ["title", "detail", "message", "violations", "propertyPath", "0", "hydra:title"]
                ),
                inner,
                max_size=4,
            )
        ),
    ),
    text=st.text(alphabet="<>&;/ script\n\x00é", max_size=60),
)
def test_no_refusal_is_beyond_reading(data: Any, text: str) -> None:
    problem = problems.read(data, text)
    assert "\n" not in problem.detail
    assert all(isinstance(each.path, str) for each in problem.violations)


def test_every_error_says_whether_it_was_sent() -> None:
    kinds = [
        kind
        for kind in vars(errors).values()
        if isinstance(kind, type) and issubclass(kind, errors.FlowtlyError)
    ]
    for kind in kinds:
        error = kind()
        assert error.sent == (not issubclass(kind, errors.NotSent))
        assert str(error) == error.title != ""
