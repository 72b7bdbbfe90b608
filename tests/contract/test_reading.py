"""Lists, records, exports and the search of every entity."""

import csv
import io
from html import unescape

from dashboard.entity import Entity
from tests.contract.conftest import ORGANIZATION, Pages, every
from tests.contract.examples import EXPORTED_TOO

FIND = f"/o/{ORGANIZATION}/find/"


@every(lambda entity: entity.plan)
def test_its_list_shows_records_that_lead_to_their_pages(pages: Pages, entity: Entity) -> None:
    pages.first(entity)
    page = unescape(pages.text(pages.url(entity, entity.pages.list)))
    urls = [
        pages.url(entity, entity.pages.record, record.id)
        for record in pages.records(entity).every().items
        if record.id
    ]
    assert any(f'href="{url}"' in page for url in urls)


@every(lambda entity: entity.pages.record)
def test_a_record_has_a_page(pages: Pages, entity: Entity) -> None:
    assert pages.client.get(pages.record_url(entity), follow=True).status_code == 200
    if entity.of_organization:
        assert pages.client.get(pages.url(entity, entity.pages.record, "999999")).status_code == 404


@every(lambda entity: entity.plan)
def test_a_list_that_cannot_be_read_says_so(pages: Pages, entity: Entity) -> None:
    pages.text(f"/o/{ORGANIZATION}/")
    pages.sandbox.faults(f"GET {entity.path}", {"status": 500})
    answer = pages.client.get(pages.url(entity, entity.pages.list))
    assert answer.status_code == 502
    assert "Try again" in unescape(answer.content.decode())


@every(lambda entity: entity.plan)
def test_its_export_holds_the_records_under_the_names_of_the_api(pages: Pages, entity: Entity) -> None:
    pages.first(entity)
    where = f"/o/{ORGANIZATION}/export" if entity.of_organization else "/export"
    answer = pages.client.get(f"{where}/{entity.name}.csv")
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text, newline="")))
    known = {record.id for record in pages.records(entity).every().items}
    assert rows
    assert {row["id"] for row in rows} <= known
    added = EXPORTED_TOO.get(entity.name, set())
    assert set(rows[0]) == {"id", *pages.records(entity).record.api_names().values(), *added}


@every(lambda entity: not entity.plan)
def test_what_declares_no_export_has_none(pages: Pages, entity: Entity) -> None:
    assert pages.client.get(f"/o/{ORGANIZATION}/export/{entity.name}.csv").status_code == 404


@every(lambda entity: entity.search)
def test_the_address_of_a_record_leads_to_its_page(pages: Pages, entity: Entity) -> None:
    record = pages.first(entity).id
    found = pages.client.get(FIND, {"q": f"{entity.path}/{record}"})
    assert found.status_code == 302
    if entity.pages.query:
        expected = f"{pages.url(entity, entity.pages.list)}?{entity.pages.query}={record}"
    else:
        expected = pages.url(entity, entity.pages.record, record)
    assert found["Location"] == expected


@every(lambda entity: entity.search and "words" in entity.search.by)
def test_it_is_found_by_what_it_is_called(pages: Pages, entity: Entity) -> None:
    record = pages.first(entity)
    title = entity.title_of(record)
    assert title
    page = unescape(pages.text(f"{FIND}?q={title}"))
    assert f'href="{pages.url(entity, entity.pages.record, record.id)}"' in page


@every(lambda entity: entity.pages.list and entity.plan)
def test_what_flowtly_tells_beyond_what_is_known_is_met(pages: Pages, entity: Entity) -> None:
    name = type(pages.first(entity)).__name__
    pages.text(pages.url(entity, entity.pages.list))
    assert f"{name}.contractField" not in pages.text("/status/")
    pages.sandbox.faults(f"GET {entity.path}", {"merge_members": {"contractField": 1}})
    pages.text(pages.url(entity, entity.pages.list) + "?fresh=1")
    # Of what is in none of the published pages, any field would be new.
    met = f"{name}.contractField" in pages.text("/status/")
    assert met is pages.records(entity).record.published
