"""What an entity declares is what there is."""

from collections.abc import Callable

from dashboard.accounts.roles import AREAS, granted, roles_with
from dashboard.actions.kinds.clear_organization import COUNTED, ClearOrganization
from dashboard.entity import Entity, entities
from dashboard.flowtly import Names
from dashboard.flowtly.contract.endpoints import endpoints
from tests.contract.conftest import ORGANIZATION, Pages, every
from tests.support.markup import CheckedClient

NAMES = {each.name for each in entities()}


def is_part(entity: Entity) -> bool:
    """Whether its records are made and changed on the pages of another."""
    return entity.permission in NAMES


@every(lambda entity: entity.path)
def test_its_resource_reads_the_collection_and_does_what_its_pages_do(pages: Pages, entity: Entity) -> None:
    records = pages.records(entity)
    assert records.path == entity.path
    if is_part(entity):
        return
    for page, method in (("new", "create"), ("edit", "update"), ("delete", "delete")):
        assert bool(getattr(entity.pages, page)) is hasattr(records, method), method


@every(lambda entity: entity.pages.list)
def test_what_has_no_page_of_its_own_takes_no_post(pages: Pages, entity: Entity) -> None:
    assert pages.client.post(pages.url(entity, entity.pages.list)).status_code == 405
    if entity.pages.show and not is_part(entity):
        assert pages.client.post(pages.record_url(entity)).status_code == 405


@every(lambda entity: entity.pages.record)
def test_its_calls_are_expected_of_the_api_with_the_record_they_give(pages: Pages, entity: Entity) -> None:
    """What drift and `check_api` go by knows them."""
    expected = {(each.method, each.path): each for each in endpoints(Names())}
    record = pages.records(entity).record
    assert expected["GET", entity.path].gives is record
    assert expected["GET", f"{entity.path}/{{id}}"].gives is record
    for method, path, _page in entity.every_endpoint():
        assert (method, path) in expected


@every(lambda entity: entity.icon)
def test_is_in_the_menu_under_its_letter(pages: Pages, entity: Entity) -> None:
    page = pages.text(f"/o/{ORGANIZATION}/")
    url = pages.url(entity, entity.pages.list)
    assert f'<a href="{url}" data-go="{entity.key}"' in page


@every(lambda entity: entity.area)
def test_a_row_of_the_roles_says_who_may(entity: Entity) -> None:
    assert entity.area in {area.entities for area in AREAS}
    assert roles_with(entity.change_permission)
    assert entity.view_permission in granted("viewer")
    assert entity.change_permission not in granted("viewer")
    assert entity.changing


@every(lambda entity: entity.pages.new)
def test_who_may_only_read_it_is_told_who_may_change_it(
    pages: Pages, signed_in: Callable[[str], CheckedClient], entity: Entity
) -> None:
    viewer = signed_in("viewer")
    assert viewer.get(pages.url(entity, entity.pages.list)).status_code == 200
    refused = viewer.get(pages.url(entity, entity.pages.new))
    assert refused.status_code == 403
    assert str(entity.changing) in refused.content.decode()
    assert all(str(role) in refused.content.decode() for role in roles_with(entity.change_permission))


@every(lambda entity: entity.clearing)
def test_clearing_an_organization_counts_it(pages: Pages, entity: Entity) -> None:
    assert COUNTED[entity.name] is entity
    assert (entity.name in ClearOrganization.watched) is (entity.clearing == "emptied")


@every(lambda entity: entity.pages.record)
def test_notes_are_about_what_says_so(pages: Pages, entity: Entity) -> None:
    record = ORGANIZATION if not entity.of_organization else pages.first(entity).id
    answer = pages.client.get(f"/o/{ORGANIZATION}/notes/{entity.name}/{record}/")
    assert answer.status_code == (200 if entity.noted else 404)
