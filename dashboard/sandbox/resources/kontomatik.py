"""Kontomatik: a bank's consent, and what may be pulled with it."""

import time
from datetime import UTC, datetime, timedelta

from dashboard.sandbox.call import Call, now
from dashboard.sandbox.declarations import Record, Resource, Route
from dashboard.sandbox.fields import read_only
from dashboard.sandbox.messages import Answer
from dashboard.sandbox.names import Names
from dashboard.sandbox.refusals import Refusal
from dashboard.sandbox.resources.integrations import keep, shows, state_of
from dashboard.sandbox.settling import pending

DAY = 24 * 3600
PULLS_A_DAY = 4
CONSENT_DAYS = 180

KONTOMATIK = Resource(
    "/integrations/kontomatik",
    "KontomatikIntegrationStatusOutput",
    (
        *read_only("status"),
        *read_only("signInUrl", nullable=True),
        *read_only("connectedAt", "consentExpiresAt", "lastPullAt", kind="date", nullable=True),
    ),
)


def routes(names: Names) -> list[Route]:
    path = KONTOMATIK.path
    return [
        Route("GET", path, shows(KONTOMATIK), returns=KONTOMATIK),
        Route("POST", f"{path}/setup", set_up, status=201, returns=KONTOMATIK, body=(), refusals=(400, 415)),
        Route("POST", f"{path}/pull", pull, status=202, body=(), refusals=(400, 409, 415, 429)),
        Route("POST", f"{path}/revoke", revoke, status=204, body=(), refusals=(400, 409, 415)),
    ]


def set_up(call: Call) -> Answer:
    call.data()
    expires = (datetime.now(UTC) + timedelta(days=CONSENT_DAYS)).isoformat(timespec="seconds")
    state = {
        "status": "pending",
        "signInUrl": f"https://signin.kontomatik.example/{call.tenant}",
        **pending({"status": "active", "signInUrl": None, "connectedAt": now(), "consentExpiresAt": expires}),
    }
    return keep(call, KONTOMATIK, state)


def pull(call: Call) -> Answer:
    call.data()
    state = _connected(call)
    recent = [moment for moment in state.get("_pulls", []) if moment > time.time() - DAY]
    if len(recent) >= PULLS_A_DAY:
        wait = str(int(recent[0] + DAY - time.time()) + 1)
        raise Refusal(429, "The bank allows four pulls in 24 hours.", headers={"Retry-After": wait})
    state |= {"_pulls": [*recent, time.time()], "lastPullAt": now()}
    keep(call, KONTOMATIK, state)
    return Answer(call.switches.pull_status)


def revoke(call: Call) -> Answer:
    call.data()
    _connected(call)
    keep(call, KONTOMATIK, {"status": "revoked"})
    return Answer(204)


def _connected(call: Call) -> Record:
    state = state_of(call, KONTOMATIK)
    if state["status"] != "active":
        raise Refusal(409, "There is no active consent.")
    return state
