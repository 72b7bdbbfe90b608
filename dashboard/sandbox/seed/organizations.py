"""Who the tenants are. Seven with a story, and small ones so that the list has a second page."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from dashboard.sandbox.call import NOBODY
from dashboard.sandbox.names import Names
from dashboard.sandbox.sql import Record
from dashboard.sandbox.store import Store


@dataclass(frozen=True)
class Tenant:
    id: str
    name: str
    slug: str
    instance: str
    country: str
    languages: tuple[str, ...]
    type: str = "production"
    status: str = "active"
    manual: bool = False
    clients: int = 0
    locations: int = 0
    employees: int = 0
    subscribed: bool = True
    largest: bool = False

    @property
    def demo(self) -> bool:
        return self.type == "demo"


STORIED = (
    Tenant(
        "org_1001", "Kwelgeest Groep", "kwelgeest-groep", "kwelgeest_7f3a", "NL", ("nl", "en", "de"),
        locations=64, employees=38, largest=True,
    ),
    Tenant(
        "org_1002", "Maison Bérénice & Fils", "maison-berenice", "berenice_c41d", "FR", ("fr", "en"),
        clients=60, locations=5, employees=9,
    ),
    Tenant(
        "org_1003", "Conceição & Irmãos, Lda.", "conceicao-irmaos", "conceicao_02be", "PT", ("pt", "en"),
        manual=True, clients=35, locations=3, employees=6,
    ),
    Tenant(
        "org_1004", "Rødgrød Håndværk ApS", "roedgroed-haandvaerk", "roedgroed_9e57", "DK", ("da", "en"),
        type="demo", clients=45, locations=4, employees=8,
    ),
    Tenant(
        "org_1005", "Zażółć Logistyka sp. z o.o.", "zazolc-logistyka", "zazolc_51aa", "PL", ("pl", "en"),
        status="suspended", clients=24, locations=3, employees=5,
    ),
    Tenant("org_1006", "De Lege Polder B.V.", "de-lege-polder", "polder_0b0b", "NL", ("nl",), subscribed=False),
    Tenant(
        "org_1007", "Kwelgeest Proeftuin", "kwelgeest-proeftuin", "proeftuin_33c8", "NL", ("nl", "en"),
        type="demo", clients=12, locations=2, employees=4,
    ),
)  # fmt: skip

SMALL = (
    "Adelaar Advies", "Bakkerij Ooms", "Café Zürcher", "Duinzicht Zorg", "Élan Coiffure", "Fjordgruppen",
    "Grachtenpand Beheer", "Håkansens Tømrer", "IJssel Installaties", "Jardim da Graça", "Kløver & Søn",
    "Lindeboom Legal", "Møllegården", "Noordzee Netten", "Oficina São Bento", "Pâtisserie Noël",
    "Quatre Saisons", "Rivierenland Transport", "Sørens Cykler", "Tuinderij Zonnewende", "Uitgeverij Vlinder",
    "Vrouwenhof Events", "Wadden Watersport", "Østerbro Tandlæger", "Yperen Metaal", "Zeeuwse Mosselbank",
    "Ågårdens Vin", "Bordeaux Réseaux", "Coimbra Têxteis", "Dordtse Drukkers", "Esbjerg Marine",
    "Faro Turismo", "Gdańska Pracownia", "Haarlemse Hout", "Ísland Import",
)  # fmt: skip
SMALL_TYPES = ("production", "production", "demo", "production", "internal")
SMALL_STATES = ("active", "active", "active", "trial", "active", "suspended")


def _small(number: int, name: str) -> Tenant:
    word = "".join(letter for letter in name.lower() if letter.isascii() and letter.isalpha())
    return Tenant(
        id=f"org_{1100 + number}",
        name=name,
        slug=f"{word}-{number}",
        instance=f"{word}_{number:02x}",
        country=("NL", "FR", "PT", "DK", "NL")[number % 5],
        languages=("en",),
        type=SMALL_TYPES[number % 5],
        status=SMALL_STATES[number % 6],
        locations=1,
        subscribed=False,
    )


TENANTS = (*STORIED, *(_small(number, name) for number, name in enumerate(SMALL)))


def fill(store: Store, names: Names) -> None:
    today = datetime.now(UTC).replace(hour=8, minute=0, second=0, microsecond=0)
    records = [
        _record(tenant, names, today - timedelta(days=760 - 7 * n)) for n, tenant in enumerate(TENANTS)
    ]
    store.insert_many(NOBODY, "organizations", records)


def _record(tenant: Tenant, names: Names, created: datetime) -> Record:
    word = tenant.id.removeprefix("org_")
    return {
        "id": tenant.id,
        "type": tenant.type,
        "status": tenant.status,
        "name": tenant.name,
        "slug": tenant.slug,
        "instance": tenant.instance,
        "stripeCustomerId": f"cus_{word}Kx" if tenant.subscribed and not tenant.manual else None,
        "manualBilling": tenant.manual,
        "databaseStatus": ["migrated"] if tenant.clients or tenant.largest else None,
        "organizationUsers": [f"/organization-users/{word}{n}" for n in range(1, 2 + tenant.employees // 5)],
        "organizationUserInvitations": [f"/organization-user-invitations/{word}1"] if tenant.largest else [],
        "organizationModules": [f"/organization-modules/{word}-{module}" for module in _modules(tenant)],
        "createdAt": created.isoformat(),
        "updatedAt": (created + timedelta(days=90)).isoformat(),
        "demo": tenant.demo,
        "productionLike": tenant.type == "production",
        "currentSubscription": f"/subscriptions/sub_{word}" if tenant.subscribed else None,
        names.footer_field: _footer(tenant) if tenant.employees else None,
    }


def _modules(tenant: Tenant) -> tuple[str, ...]:
    return ("crm", "invoicing", "planning") if tenant.subscribed else ()


def _footer(tenant: Tenant) -> str:
    name = tenant.name.replace("&", "&amp;")
    return (
        f'<p><strong>{name}</strong><br><a href="https://{tenant.slug}.example">{tenant.slug}.example</a></p>'
    )
