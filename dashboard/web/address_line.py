from dashboard.flowtly.resources.addresses import Address
from dashboard.standards import countries
from dashboard.standards.foreign_text import joined


def in_a_line(address: Address, organization: str = "") -> str:
    """An address as one writes it in a line; the name of the organization it is of goes without saying."""
    name = address.name if address.name != organization else ""
    place = joined([address.post_code, address.city], " ")
    country = countries.name(address.country) if address.country else ""
    return joined([name, address.street, place, country]) or address.id
