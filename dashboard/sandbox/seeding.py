from dashboard.sandbox.call import NOBODY
from dashboard.sandbox.names import Names
from dashboard.sandbox.store import Store

TIME = "2025-02-03T09:00:00+00:00"


def fill(store: Store, clients: int, names: Names) -> None:
    org = {
        "id": "org_1001",
        "type": "production",
        "status": "active",
        "name": "Kwelgeest Groep",
        "slug": "kwelgeest-groep",
        "instance": "kwelgeest_7f3a",
        "manualBilling": False,
        "demo": False,
        "productionLike": True,
        "createdAt": TIME,
        "updatedAt": TIME,
    }
    store.insert(NOBODY, "organizations", org)
    for number in range(1, 65):
        store.insert(
            "org_1001",
            "locations",
            {"id": number, "name": f"Kantoor {number}", "officeOpenHour": 8, "officeCloseHour": 17},
        )
