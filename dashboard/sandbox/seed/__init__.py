"""The data a fresh sandbox holds: the same every time, with dates around today."""

import json
import sqlite3
from dataclasses import asdict

from dashboard.sandbox.call import NOBODY
from dashboard.sandbox.countries import COUNTRIES, CURRENCIES
from dashboard.sandbox.names import Names
from dashboard.sandbox.seed import billing, clients, organizations, places, schedule, settings
from dashboard.sandbox.sql import SCHEMA
from dashboard.sandbox.store import Store


def seeded(client_count: int, names: Names) -> sqlite3.Connection:
    """A database in memory, filled."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.executescript(SCHEMA)
    store = Store.around(connection)
    connection.execute("BEGIN")
    _fill(store, client_count, names)
    store.note("seeded", "yes")
    store.note("names", facts_of(names))
    connection.execute("COMMIT")
    return connection


def _fill(store: Store, client_count: int, names: Names) -> None:
    store.insert_many(NOBODY, "countries", [{"id": code} for code in COUNTRIES])
    store.insert_many(NOBODY, "currencies", [{"id": code} for code in CURRENCIES])
    billing.fill_shared(store, names)
    for tenant in organizations.TENANTS:
        count = client_count if tenant.largest else tenant.clients
        places.fill(store, tenant, names)
        settings.fill(store, tenant, names)
        schedule.fill(store, tenant, names)
        clients.fill(store, tenant, count)
        billing.fill(store, tenant, names)
    organizations.fill(store, names)


def facts_of(names: Names) -> str:
    """What a database remembers of the names it was filled under: some of them are keys of its records."""
    return json.dumps(asdict(names))
