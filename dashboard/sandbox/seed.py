"""The data a fresh sandbox holds: the same every time, with dates around today."""

import sqlite3

from dashboard.sandbox.call import NOBODY
from dashboard.sandbox.countries import COUNTRIES, CURRENCIES
from dashboard.sandbox.names import Names
from dashboard.sandbox.store import SCHEMA, Store


def seeded(clients: int, names: Names) -> sqlite3.Connection:
    """A database in memory, filled."""
    connection = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    connection.executescript(SCHEMA)
    store = Store.around(connection)
    connection.execute("BEGIN")
    store.insert_many(NOBODY, "countries", [({"id": code}, None) for code in COUNTRIES])
    store.insert_many(NOBODY, "currencies", [({"id": code}, None) for code in CURRENCIES])
    from dashboard.sandbox.seeding import fill

    fill(store, clients, names)
    store.note("seeded", "yes")
    connection.execute("COMMIT")
    return connection
