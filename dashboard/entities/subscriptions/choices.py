"""Choices for a new subscription: the organization's addresses, the catalog, and what the subscriptions it
has are made of. Values go out as Flowtly itself spells them."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from dashboard.entities.subscriptions import references
from dashboard.entities.subscriptions.money import amount, interval
from dashboard.flowtly import Flowtly, errors
from dashboard.flowtly.resources.addresses import Address
from dashboard.flowtly.resources.references import CODE, spelling
from dashboard.flowtly.resources.subscriptions import Product, Subscription, Subscriptions
from dashboard.forms import tenant_check
from dashboard.forms.tenant_check import Whose
from dashboard.standards.foreign_text import joined
from dashboard.web.address_line import in_a_line
from dashboard.web.formatting import label, record_name
from dashboard.web.panels import organization_of
from dashboard.web.request import StaffRequest

MOST = 100
Choices = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class SubscriptionChoices:
    """Choices for a new subscription. `products` is empty where the catalog is, or could not be read; `addresses` is
    None where they could not."""

    addresses: Choices | None = ()
    products: Choices = ()
    modules: Choices = ()
    types: Choices = ()
    payment_methods: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def has_no_address(self) -> bool:
        return self.addresses == ()


def read(request: StaffRequest) -> tuple[SubscriptionChoices, Whose]:
    """All read at the same time, and whose data it is. What cannot be read is typed."""
    api = request.flowtly
    answers, whose = tenant_check.ask(
        request,
        {
            "catalog": lambda: api.subscriptions.catalog(items=MOST).items,
            "subscriptions": lambda: api.subscriptions.list(items=MOST).items,
            "addresses": lambda: api.addresses.list(items=MOST).items,
        },
        acting=True,
    )
    addresses: list[Address] | None = answers["addresses"].value
    has: list[Subscription] = answers["subscriptions"].value or []
    products = [code for each in has for code in references.codes(each.raw.get("products"))]
    modules = [code for each in has for code in references.codes(each.raw.get("modules"))]
    methods = [code for each in has for code in references.codes(each.raw.get("paymentMethod"))]
    found = SubscriptionChoices(
        addresses=None if addresses is None else tuple(_addresses(api, addresses)),
        products=tuple(_products(answers["catalog"].value or [], products)),
        modules=tuple((code, label(code)) for code in dict.fromkeys(modules)),
        types=tuple((each, label(each)) for each in dict.fromkeys(one.type for one in has) if each),
        payment_methods=tuple(dict.fromkeys(methods)),
        warnings=tuple(_warnings(request, has)),
    )
    return found, whose


def _addresses(api: Flowtly, found: Iterable[Address]) -> Iterator[tuple[str, str]]:
    for address in found:
        try:
            yield api.addresses.iri(address), _with_type(address)
        except errors.BadIdentifier:
            continue


def _with_type(address: Address) -> str:
    where = in_a_line(address)
    return joined([label(address.type), where], ": ") if address.type else where


def _products(catalog: Iterable[Product], used: list[str]) -> Iterator[tuple[str, str]]:
    """By id, or by IRI where the subscriptions there are name theirs so."""
    spelled = next(filter(None, (spelling(code) for code in used if "/" in code)), CODE)
    for product in catalog:
        if product.id:
            yield spelled.of(product.id), _offered(product)


def _offered(product: Product) -> str:
    price = amount(product.price, product.currency) if product.price is not None else ""
    terms = joined([price, interval(product.interval) if product.interval else ""], " ")
    return joined([record_name(product.name, product.id), terms])


def _warnings(request: StaffRequest, has: list[Subscription]) -> Iterator[str]:
    running = [each for each in has if each.active]
    for each in running:
        text = _(
            "There is an active subscription already: %(type)s (%(id)s). A second one is billed besides it."
        )
        yield text % {"type": label(each.type), "id": each.id}
    whose = organization_of(request)
    if whose is None:
        return
    if whose.manual_billing:
        yield _("This organization is billed by hand.")
    elif not whose.stripe_customer_id:
        yield _("Flowtly names no Stripe customer for this organization: there may be nobody to charge.")


class AsSent(Subscriptions):
    """Subscriptions that name their address the way it is sent, so that a new one is known again on a second look
    though Flowtly gives the address whole."""

    def get(self, identifier: str) -> Subscription:
        found = super().get(identifier)
        named = found.organization_address
        if named is not None:
            with suppress(errors.BadIdentifier):
                iri = named.iri or self._flowtly.addresses.iri(named.id)
                return replace(found, raw={**found.raw, "organizationAddress": iri})
        return found
