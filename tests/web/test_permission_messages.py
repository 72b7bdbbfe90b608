"""What somebody may not do is not offered; a quiet line says what is missing and who could give it."""

from collections.abc import Callable
from html import unescape

import pytest

from dashboard.accounts import roles
from dashboard.accounts.models import Person
from dashboard.accounts.roles import PERMISSIONS
from dashboard.web import permission_messages
from tests.support.markup import CheckedClient
from tests.support.sandbox import Sandbox

pytestmark = pytest.mark.any_flavour

SignIn = Callable[[str], CheckedClient]
HERE = "/o/org_1001"


@pytest.mark.parametrize(
    ("who", "path", "line"),
    [
        (
            "viewer",
            "/locations/1/",
            "Changing locations needs the role Back office. A superuser can give it.",
        ),
        ("accounts", "/addresses/addr_1001_1/", "Changing addresses needs the role Back office."),
        ("backoffice", "/clients/1/", "Changing clients and their contacts needs the role Account manager."),
        ("backoffice", "/subscriptions/sub_1001/", "subscriptions needs the role Finance."),
        ("finance", "/configs/session.timeout/", "Changing configs needs the role Back office."),
        ("finance", "/profile/", "Changing organizations and their profile needs the role Back office."),
        ("finance", "/integrations/", "Changing integrations needs the role Back office."),
        (
            "viewer",
            "/profile/mail-footer/",
            "Changing organizations and their profile needs the role Back office.",
        ),
        ("viewer", "/locations/new/", "Changing locations needs the role Back office."),  # 403
        (
            "viewer",
            "/notes/1/",
            "Writing notes and follow-ups needs one of these roles: Back office, ",
        ),  # 403
        ("backoffice", "/locations/1/", ""),
        ("accounts", "/clients/1/", ""),
        ("finance", "/subscriptions/sub_1001/", ""),
    ],
)
def test_the_line_stands_where_something_is_left_out(
    who: str, path: str, line: str, sandbox: Sandbox, signed_in: SignIn, people: dict[str, Person]
) -> None:
    page = unescape(signed_in(who).get(HERE + path).content.decode())
    if line:
        assert line in page
        assert f"Superusers: {people['admin']}." in page
    else:
        assert "A superuser can" not in page


def test_every_permission_has_words_and_what_nobody_is_given_is_for_superusers(db: None) -> None:
    for codename, _name in PERMISSIONS:
        if not codename.startswith("view_") or codename == "view_audit":
            assert roles.doing(codename), codename
    Person.objects.filter(is_superuser=True).update(is_superuser=False)
    assert (
        permission_messages.needs("manage_people")
        == "Looking after people and their roles is for superusers alone."
    )
