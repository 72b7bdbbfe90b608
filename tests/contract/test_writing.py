"""Creating, changing, emptying and deleting records of every entity, refused, clashing, and with the answer lost."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from dashboard.audit.models import Entry, Open, Phase
from dashboard.entity import Entity
from dashboard.flowtly import Names
from dashboard.flowtly.contract.endpoints import endpoints
from tests.contract import examples
from tests.contract.conftest import Pages, every
from tests.support.form_fields import FormField, fields_of
from tests.support.markup import CheckedClient


def reconciled() -> str:
    """What the command says a minute after the answer was lost."""
    Open.objects.update(at=timezone.now() - timedelta(seconds=75))
    said = StringIO()
    call_command("reconcile", stdout=said)
    return said.getvalue()


def other(entity: Entity, field: FormField) -> Any:
    """Another value as the API takes it: what stands in the text of a config may be of any kind."""
    return field.example(other=True)


@every(lambda entity: entity.pages.new)
def test_a_new_one_is_sent_once_as_it_was_typed(pages: Pages, entity: Entity) -> None:
    typed = examples.new(entity.name, pages.text(pages.new_url(entity)))
    answer = pages.create(entity)
    assert answer.status_code == 302, answer.content.decode()
    (body,) = pages.sent("POST", entity)
    assert set(typed) <= set(body)
    expected = {(each.method, each.path): each for each in endpoints(Names())}
    assert set(body) <= set(expected["POST", entity.path].sends)
    entry = Entry.objects.filter(phase=Phase.INTENT).latest("number")
    assert (entry.kind, entry.username) == ("create", "admin")


@every(lambda entity: entity.pages.new)
def test_a_new_one_that_is_refused_says_so_and_keeps_what_was_typed(pages: Pages, entity: Entity) -> None:
    pages.text(pages.new_url(entity))
    pages.sandbox.faults(
        f"POST {entity.path}",
        {"status": 422, "body": {"violations": [{"propertyPath": "", "message": "Not this one."}]}},
    )
    answer = pages.create(entity)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Not this one." in page
    assert 'data-outcome="refused"' in page


@every(lambda entity: entity.pages.new)
def test_a_new_one_whose_answer_is_lost_is_settled(pages: Pages, entity: Entity) -> None:
    pages.sandbox.faults(f"POST {entity.path}", {"drop": "before"}, times=1)
    assert 'data-outcome="unknown"' in pages.create(entity).content.decode()
    open_ = Open.objects.get()
    pages.records(entity).create(open_.sent)  # type: ignore[attr-defined]
    assert ": applied" in reconciled()
    assert not Open.objects.exists()


@every(lambda entity: entity.pages.new)
def test_a_new_one_that_was_never_made_is_settled_too(pages: Pages, entity: Entity) -> None:
    pages.sandbox.faults(f"POST {entity.path}", {"drop": "before"}, times=1)
    pages.create(entity)
    assert ": not-applied" in reconciled()


@every(lambda entity: entity.pages.edit)
def test_only_what_was_changed_is_sent(pages: Pages, entity: Entity) -> None:
    url = pages.record_url(entity)
    field = examples.changed(entity.name, pages.text(url))
    assert pages.client.send(url, {field.name: other(entity, field)}).status_code == 302
    (body,) = pages.sent("PATCH", entity)
    assert list(body.values()) == [other(entity, field)]
    after = {each.name: each.value.strip() for each in fields_of(pages.text(url))}
    assert after[field.name] == other(entity, field)


@every(lambda entity: entity.pages.edit)
def test_what_is_emptied_is_null(pages: Pages, entity: Entity) -> None:
    url = pages.record_url(entity)
    field = examples.cleared(entity.name, pages.text(url))
    if field is None:
        assert not [each for each in fields_of(pages.text(url)) if each.name == "name"]
        return
    if not field.value.strip():
        assert pages.client.send(url, {field.name: field.example()}).status_code == 302
        pages.sandbox.clear_requests()
    assert pages.client.send(url, {field.name: ""}).status_code == 302
    assert pages.sent("PATCH", entity) == [{field.name: None}]


@every(lambda entity: entity.pages.edit)
def test_a_violation_lands_on_its_field(pages: Pages, entity: Entity) -> None:
    url = pages.record_url(entity)
    field = examples.changed(entity.name, pages.text(url))
    name = next(iter(_named_by_the_api(pages, entity, url, field)))
    violations = [{"propertyPath": name, "message": "Not this one."}]
    pages.sandbox.faults(f"PATCH {entity.path}/.*", {"status": 422, "body": {"violations": violations}})
    answer = pages.client.send(url, {field.name: "Refused"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'<a href="#id_{field.name}">' in page
    assert "Not this one." in page
    assert "Refused" in page


@every(lambda entity: entity.pages.edit)
def test_what_two_people_changed_differently_is_a_question(
    pages: Pages, signed_in: Callable[[str], CheckedClient], entity: Entity
) -> None:
    url = pages.record_url(entity)
    field = examples.changed(entity.name, pages.text(url))
    carried = pages.client.hidden(url)
    colleague = signed_in("admin")
    assert colleague.send(url, {field.name: "By a colleague"}).status_code == 302
    answer = pages.client.post(url, {**carried, field.name: other(entity, field)})
    assert answer.status_code == 409
    assert f'data-conflict="{field.name}"' in answer.content.decode()
    assert len(pages.sent("PATCH", entity)) == 1


@every(lambda entity: entity.pages.edit)
def test_a_change_whose_answer_is_lost_is_settled(pages: Pages, entity: Entity) -> None:
    open_ = _lost(pages, entity, "PATCH")
    pages.records(entity).update(open_.record, open_.sent)  # type: ignore[attr-defined]
    assert ": applied" in reconciled()
    assert not Open.objects.exists()


@every(lambda entity: entity.pages.edit)
def test_a_change_that_was_never_made_is_settled_too(pages: Pages, entity: Entity) -> None:
    _lost(pages, entity, "PATCH")
    assert ": not-applied" in reconciled()


@every(lambda entity: entity.pages.delete)
def test_one_is_deleted_and_a_lost_answer_settled(pages: Pages, entity: Entity) -> None:
    record = pages.first(entity)
    url = pages.url(entity, entity.pages.delete, record.id)
    pages.sandbox.faults(f"DELETE {entity.path}/.*", {"drop": "before"}, times=1)
    pages.client.send(url, {})
    pages.records(entity).delete(record)  # type: ignore[attr-defined]
    assert ": applied" in reconciled()
    assert pages.create(entity).status_code == 302
    added = pages.records(entity).every().items[-1].id  # nothing else refers to it
    assert pages.client.send(pages.url(entity, entity.pages.delete, added), {}).status_code == 302
    assert added not in {each.id for each in pages.records(entity).every().items}


def _lost(pages: Pages, entity: Entity, method: str) -> Open:
    url = pages.record_url(entity)
    field = examples.changed(entity.name, pages.text(url))
    pages.sandbox.faults(f"{method} {entity.path}/.*", {"drop": "before"}, times=1)
    answer = pages.client.send(url, {field.name: other(entity, field)})
    assert 'data-outcome="unknown"' in answer.content.decode()
    return Open.objects.get()


def _named_by_the_api(pages: Pages, entity: Entity, url: str, field: FormField) -> Any:
    """The API's name of a field: an installation may call the value of a config as it likes."""
    pages.client.send(url, {field.name: other(entity, field)})
    (body,) = pages.sent("PATCH", entity)
    return body
