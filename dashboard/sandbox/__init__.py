"""The Flowtly API, embedded: a real HTTP server over its own SQLite file.

It imports neither Django nor the dashboard's own client, so that the two cannot share a mistake.

    python -m dashboard.sandbox --port 8001 --control

Choices where the API's documentation leaves one open, besides those in names.py:
a tenant-scoped path without the tenant header, or with one nobody has, answers 403 ·
the acts without an id are about the organization's current subscription, and answer 409 where there is none
or where billing is manual · clearing takes clients, contacts, documents, locations, meetings, employees,
integrations, pictures and the mail footer, and leaves addresses, subscriptions, invoices, languages and configs ·
a language, a location and a client cannot be deleted, an address that a subscription uses answers 409.
"""
