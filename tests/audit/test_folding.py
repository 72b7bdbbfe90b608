"""Folding: what a search here finds, on both databases."""

import pytest

from tests.support.processes import Dashboard, MakeDashboard

# Written, looked for, and whether that is found.
TEXTS = [
    ("Élan", "élan", True),
    ("Élan", "ELAN", True),
    ("Elan", "élan", True),
    ("E\u0301lan", "Élan", True),
    ("Sørensen", "SØRENSEN", True),
    ("SØRENSEN", "sørensen", True),
    ("Conceição", "conceicao", True),
    ("ЯНА", "яна", True),
    ("Ｆｏｏ", "foo", True),
    ("50% off", "50%", True),
    ("500 off", "50%", False),
    ("a_b", "A_B", True),
    ("acb", "a_b", False),
    ("Élan", "elon", False),
    ("straße", "STRASE", False),
]
PROGRAM = f"""
from dashboard.accounts.models import Person
from dashboard.notes.models import FollowUp
for number, (written, term, _found) in enumerate({TEXTS!r}):
    person = Person.objects.create(username=f"n{{number}}", first_name=written)
    print(Person.objects.filter(pk=person.pk, first_name__folded__contains=term).exists())
Person.objects.create(username="élise")
print(*[Person.objects.named(each) is not None for each in ("ÉLISE", "E\\u0301LISE", "elise")])
"""


def _holds(dashboard: Dashboard) -> None:
    *found, names = dashboard.run(PROGRAM).splitlines()
    assert found == [str(wanted) for _written, _term, wanted in TEXTS]
    assert names == "True True False"


def test_case_and_accents_do_not_matter_on_sqlite(on_sqlite: MakeDashboard) -> None:
    _holds(on_sqlite())


@pytest.mark.postgres
def test_case_and_accents_do_not_matter_on_postgresql(on_postgres: Dashboard) -> None:
    _holds(on_postgres)
