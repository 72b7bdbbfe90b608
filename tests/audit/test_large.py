"""A large audit log: what a page of it reads does not grow with it, and the table that it is found by is made from it.

Counted are steps of SQLite's machine and rows that PostgreSQL touches, never seconds.
"""

import json
from pathlib import Path

import pytest

from tests.support.processes import Dashboard, postgres

SMALL, LARGE = 10_000, 40_000  # writes, of two lines each

FILL = """
import sys
from django.db import connection
from dashboard.accounts.models import Person
first, last = map(int, sys.argv[1:])
sqlite = connection.vendor == "sqlite"
if not Person.objects.exists():
    for name in ("admin", "finance", "bram", "carla"):
        Person.objects.create(username=name, is_staff=True, is_superuser=name == "admin")
admin, *others = Person.objects.order_by("pk").values_list("pk", flat=True)
SECOND = "1700000000 + n * 60"
AT = f"strftime('%Y-%m-%d %H:%M:%S', {SECOND}, 'unixepoch')" if sqlite else f"to_timestamp({SECOND})"
RECORD = "CASE WHEN n % 50 = 0 THEN {made} ELSE CAST(n % 500 AS varchar) END"
LINE = f'''
    INSERT INTO audit_entry (number, at, phase, "write", operation, person_id, username, roles, organization,
        organization_name, entity, kind, record, record_name, changes, reason, method, path, request_id, outcome,
        status, milliseconds, words, before, mac)
    WITH RECURSIVE writes(n) AS (SELECT {first} UNION ALL SELECT n + 1 FROM writes WHERE n < {last})
    SELECT {{number}}, {AT}, '{{phase}}', 'w' || n, 'op' || n,
        CASE WHEN n % 4 = 0 THEN {admin} ELSE {others[1]} + n % 2 END,
        CASE WHEN n % 4 = 0 THEN 'admin' WHEN n % 2 = 0 THEN 'bram' ELSE 'carla' END, '',
        CASE WHEN n % 3 = 0 THEN 'org_1' ELSE 'org_' || (n % 30) END, 'Organization ' || (n % 30),
        CASE WHEN n % 200 = 1 THEN 'subscriptions' ELSE 'locations' END,
        CASE WHEN n % 200 = 1 THEN 'apply-coupon' WHEN n % 50 = 0 THEN 'create' ELSE 'update' END,
        {{record}}, 'Place ' || n, '{{{{}}}}', '', 'PATCH', '/', 'r', {{outcome}}, NULL, NULL, '', '', ''
    FROM writes
'''
OUTCOME = "CASE WHEN n % 97 = 0 THEN 'refused' WHEN n % 301 = 0 THEN 'unknown' ELSE 'applied' END"
with connection.cursor() as cursor:
    for line in (
        LINE.format(number="2 * n - 1", phase="intent", outcome="''", record=RECORD.format(made="''")),
        LINE.format(number="2 * n", phase="outcome", outcome=OUTCOME, record=RECORD.format(made="'made_' || n")),
    ):
        cursor.execute(line)
"""

MEASURE = """
import json
from django.contrib.auth.models import Permission
from django.db import connection
from django.test.utils import CaptureQueriesContext
from dashboard.accounts.models import Person
from dashboard.audit import finding, history, reading

finding.LOOKED_AT = 40  # so that a look is full on the small one too
with connection.cursor() as cursor:
    if connection.vendor == "postgresql":
        cursor.execute("ANALYZE")
    cursor.execute("SELECT count(*) FROM audit_known")
    print(cursor.fetchone()[0])
money = Permission.objects.get(codename="act_money")
finance = Person.objects.get(username="finance")
Person.user_permissions.through.objects.get_or_create(person=finance, permission=money)
FILTERS = [
    {}, {"person": "bram"}, {"person": "finance"}, {"organization": "org_1"}, {"organization": "ization 2"},
    {"organization": "none"}, {"record": "7"}, {"record": "made_50"}, {"record": "place 77"}, {"kind": "apply-coupon"},
    {"kind": "update"}, {"kind": "cancel"}, {"outcome": "applied"}, {"outcome": "refused"}, {"outcome": "unknown"},
    {"outcome": "conflict"}, {"from": "2023-11-15", "to": "2023-11-15"}, {"to": "2023-11-14"}, {"from": "2030-01-01"},
    {"outcome": "refused", "person": "bram"}, {"outcome": "conflict", "kind": "update", "organization": "org_1"},
    {"outcome": "applied", "record": "7", "kind": "create"}, {"person": "bram", "from": "2023-11-15", "record": "lace"},
    {"person": "carla", "kind": "apply-coupon", "to": "2023-11-15"},
]

def touched(plan):
    rows = 0
    if plan.get("Relation Name", "") in {"audit_known", "audit_entry"} or "Index Name" in plan:
        removed = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        rows = (plan["Actual Rows"] + removed) * plan["Actual Loops"]
    return rows + sum(map(touched, plan.get("Plans", [])))

def cost(ask):
    with CaptureQueriesContext(connection) as asked:
        ask()
    queries = [each["sql"] for each in asked.captured_queries if "audit_" in each["sql"]]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            total = 0
            for sql in queries:
                cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + sql)
                total += touched(cursor.fetchone()[0][0]["Plan"])
            return round(total)
        steps = [0]
        for sql in queries:
            cursor.execute("EXPLAIN QUERY PLAN " + sql)
            for *_, said in cursor.fetchall():
                bare = said.startswith("SCAN audit_") and "USING" not in said
                assert not bare and "SCAN audit_entry" not in said, (said, sql)
                assert "TEMP B-TREE" not in said or "write" in sql, (said, sql)
        def step():
            steps[0] += 1
        connection.connection.set_progress_handler(step, 10)
        ask()
        connection.connection.set_progress_handler(None, 10)
        return steps[0]

costs = {}
for person in Person.objects.filter(username__in=["admin", "finance", "bram"]):
    costs[f"{person} people"] = cost(lambda: reading.people(person))
    for filters in FILTERS:
        for edge in ({}, {"before": 900}, {"after": 900}):
            asked = reading.Asked(filters, **edge)
            costs[f"{person} {filters} {edge}"] = cost(lambda: reading.read(person, asked))
costs["record"] = cost(lambda: history.of_record("org_1", "locations", "7"))
costs["fields"] = cost(lambda: history.of_record("org_1", "locations", "7", 5))
costs["organization"] = cost(lambda: history.of_organization("org_1"))
print(json.dumps(costs))
"""

TRIGGERS = """
from django.db import IntegrityError, connection
try:
    connection.cursor().execute("UPDATE audit_entry SET reason = 'x' WHERE number = 3")
except IntegrityError as error:
    print("never changed" in str(error))
"""


def _holds(dashboard: Dashboard) -> None:
    dashboard.manage("migrate", "-v", "0")
    known, costs = [], []
    for first, last in ((1, SMALL), (SMALL + 1, LARGE)):
        # As a version wrote it that did not have the table yet.
        dashboard.manage("migrate", "audit", "0002", "-v", "0")
        dashboard.run(FILL, str(first), str(last))
        dashboard.manage("migrate", "-v", "0")
        assert dashboard.run(TRIGGERS).strip() == "True"
        count, said = dashboard.run(MEASURE).splitlines()
        known.append(int(count))
        costs.append(json.loads(said))
    assert known == [SMALL, LARGE]
    small, large = costs
    # Some pages are not full on the small one, so each is held to the costliest.
    most = 1.5 * max(small.values())
    assert {name: cost for name, cost in large.items() if cost > most} == {}


def test_what_a_page_reads_does_not_grow_with_it_on_sqlite(tmp_path: Path) -> None:
    _holds(Dashboard(f"sqlite:///{tmp_path}/db.sqlite3", tmp_path))


@pytest.mark.postgres
def test_what_a_page_reads_does_not_grow_with_it_on_postgresql(tmp_path: Path) -> None:
    with postgres() as url:
        _holds(Dashboard(url, tmp_path))
