"""Languages and configs: every JSON type, text that is JSON, and keys that look like secrets."""

from dashboard.sandbox.names import Names
from dashboard.sandbox.resources.configs import config
from dashboard.sandbox.seed.organizations import Tenant
from dashboard.sandbox.seed.words import CURRENCY, LANGUAGE
from dashboard.sandbox.store import Store


def fill(store: Store, tenant: Tenant, names: Names) -> None:
    store.insert_many(tenant.id, "languages", [{"id": language} for language in tenant.languages])
    values = _values(tenant) if tenant.employees else {"currency": CURRENCY[tenant.country]}
    store.insert_many(tenant.id, "configs", [config(names, key, value) for key, value in values.items()])


def _values(tenant: Tenant) -> dict[str, object]:
    return {
        "currency": CURRENCY[tenant.country],
        "languages": list(tenant.languages),
        "locale.default": LANGUAGE[tenant.country],
        "date.format": "d-m-Y",
        "amount.format": {"decimal": ",", "thousands": ".", "digits": 2},
        "working-days": [1, 2, 3, 4, 5],
        "session.timeout": 30,
        "two-factor.required": not tenant.demo,
        "invoice.vat-rate": 0.21,
        "invoice.footer": None,
        "invoice:numbering": '{"prefix":"F","year":true,"width":5}',
        "theme": '{"primary":"#0a7d5c","dark":false}',
        "mail:smtp.host": "smtp.example",
        "mail:smtp.password": "correct-horse-battery",
        "stripe.secret_key": f"sk_test_{tenant.instance}",
        "webhook.api-token": f"whk_{tenant.instance}",
        "webhooks": [],
        "feature.flags": {},
        "onboarding.done": True,
        "support.note": "Belt liever niet vóór 10 uur; åbent efter aftale.",
    }
