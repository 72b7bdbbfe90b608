"""What was found, as the page and the palette say it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode, urlsplit

from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from dashboard.entity import searchable
from dashboard.flowtly import errors
from dashboard.search import menu, parse, query
from dashboard.search.hits import Group, Hit, hit
from dashboard.search.parse import Pasted
from dashboard.search.query import Looked, Where
from dashboard.tables import filtering
from dashboard.tables.paging import note
from dashboard.tables.query import FRESH
from dashboard.upstream.parallel import Result
from dashboard.web import error_messages
from dashboard.web.formatting import in_a_list, number
from dashboard.web.recent_organizations import lately
from dashboard.web.request import StaffRequest, link, may, rule_of

# How many of a collection are shown on the page.
MANY = 20
# Collections that an installation may not have.
ABSENT = (errors.NotFound, errors.MethodNotAllowed)
AS = {
    "id": gettext_lazy("an id"),
    "number": gettext_lazy("a tax number"),
    "email": gettext_lazy("an e-mail address"),
    "record": gettext_lazy("the address of a record"),
    "words": gettext_lazy("words"),
}


@dataclass
class Found:
    """`straight` is the URL of the one thing that was surely meant, "" where that is to be chosen; `said`, in one
    breath, what came of it."""

    q: str
    groups: list[Group] = field(default_factory=list)
    notes: list[dict[str, str]] = field(default_factory=list)
    looked: list[str] = field(default_factory=list)
    again: dict[str, str] = field(default_factory=dict)
    count: str = ""
    straight: str = ""

    @property
    def hits(self) -> list[Hit]:
        return [one for group in self.groups for one in group.hits]

    @property
    def said(self) -> str:
        return ". ".join(each for each in (self.count, *(note["text"] for note in self.notes)) if each)


def find(request: StaffRequest, *, typing: bool) -> Found:
    text = request.GET.get("q", "").strip()
    asked = parse.read(text, searchable().keys(), _hosts(request), typing=typing)
    found = Found(text)
    if asked.text:
        _foreign(asked, found)
        look = _page if asked.kind == "page" else _look
        if look(request, asked, found, menu.FEW if typing else MANY) and not found.notes:
            found.straight = found.hits[0].url
        count = len(found.hits)
        said = ngettext("%(n)s found", "%(n)s found", count) % {"n": number(count)}
        found.count = said if count else _("Nothing found")
        if not count or asked.kind in {"number", "email", "record"}:
            _elsewhere(request, asked, found)
        elif typing or asked.kind == "words":
            found.looked = []
    else:
        found.groups = [group for group in (menu.recent(request), menu.pages(request, "")) if group.hits]
    for place, one in enumerate(found.hits):
        one.number = place
    return found


def _foreign(asked: Pasted, found: Found) -> None:
    if asked.elsewhere:
        text = _(
            "%(host)s is neither this dashboard nor its Flowtly. Only the path of that address was used: there, it "
            "may lead to another record."
        )
        found.notes.append(note("warning", text % {"host": asked.elsewhere}))


def _look(request: StaffRequest, asked: Pasted, found: Found, most: int) -> bool:
    """Whether one thing is surely meant: told by an address, an id or a number, and looked for wherever it may be."""
    answers = query.look(request, asked)
    exact, others = _hits(request, asked, answers)
    alone = sum(len(hits) for hits in (exact, *others.values())) == 1
    words = [menu.pages(request, asked.text)] if asked.kind in {"id", "words"} else []
    with_id = Group(
        _("With this id") if asked.kind != "record" else str(searchable()[asked.collection].many), exact
    )
    groups = [with_id, *words, *(_group(request, name, asked, hits, most) for name, hits in others.items())]
    found.groups = [group for group in groups if group.hits]
    found.notes += _troubles(answers)
    _where(request, asked, answers, found)
    if asked.kind == "id":
        # A number may as well be a part of a name, a whole id such as sub_1001 cannot.
        return len(exact) == 1 and (len(found.hits) == 1 or asked.sure)
    return asked.kind != "words" and alone


def _hits(
    request: StaffRequest, asked: Pasted, answers: Mapping[Where, Result[Looked]]
) -> tuple[list[Hit], dict[str, list[Hit]]]:
    """Those with the id, and of each place the others; each record once."""
    exact: list[Hit] = []
    others: dict[str, list[Hit]] = {}
    seen: set[str] = set()
    for (name, how), answer in answers.items():  # ids come first
        for record in answer.value.records if answer.value else []:
            one = hit(request, searchable()[name], record, asked.identifier if how == "id" else "")
            if one is None or one.about in seen:
                continue
            seen.add(one.about)
            if how == "id":
                one.detail = (
                    one.detail if one.kind or asked.kind == "record" else str(searchable()[name].many)
                )
                exact.append(one)
            else:
                others.setdefault(name, []).append(one)
    # Flowtly's search finds a client by its contact, who is there already.
    of = {one.of for one in others.get("client-contacts", [])}
    return exact, {name: [one for one in hits if one.about not in of] for name, hits in others.items()}


def _group(request: StaffRequest, name: str, asked: Pasted, hits: list[Hit], most: int) -> Group:
    return Group(str(searchable()[name].many), hits[:most], _more(request, name, asked, len(hits) > most))


def _more(request: StaffRequest, name: str, asked: Pasted, cut: bool) -> str:
    """The list that shows all of them, where there are more and it can be searched."""
    entity = searchable()[name]
    by_name = entity.search and "words" in entity.search.by and entity.search.title == "name"
    return f"{link(request, entity.pages.list)}?{urlencode({'q': asked.text})}" if cut and by_name else ""


def _troubles(answers: Mapping[Where, Result[Looked]]) -> list[dict[str, str]]:
    notes = {}
    for (name, _how), answer in answers.items():
        place = {"place": searchable()[name].many}
        if answer.error is not None and not _absent(name, answer):
            text = _("%(place)s could not be searched: %(reason)s")
            place["reason"] = error_messages.reading(answer.error).text
        elif answer.value and answer.value.partly:
            text = _("%(place)s: only the first rows were looked at; there are more.")
        elif answer.value and answer.value.ignored:
            text = _("%(place)s: Flowtly also gave what does not match, as if it ignored what was asked for.")
        else:
            continue
        notes[name] = note("warning", text % place)
    return list(notes.values())


def _absent(name: str, answer: Result[Looked]) -> bool:
    search = searchable()[name].search
    return bool(search and search.optional) and isinstance(answer.error, ABSENT)


def _where(
    request: StaffRequest, asked: Pasted, answers: Mapping[Where, Result[Looked]], found: Found
) -> None:
    """Among what, and whose: what was not looked through may still hold it."""
    looked = {name for (name, _how), answer in answers.items() if not _absent(name, answer)}
    inner = [str(each.many) for name, each in searchable().items() if name in looked and each.of_organization]
    said = {"term": asked.text, "kind": AS[asked.kind], "places": ", ".join(inner)}
    if inner:
        said["name"] = request.organization.name
        found.looked.append(
            _("“%(term)s”, as %(kind)s, was looked for within %(name)s alone: %(places)s.") % said
        )
    if "organizations" in looked:
        found.looked.append(_("“%(term)s” was looked for among all organizations.") % said)
    spelled = dict.fromkeys(
        each for answer in answers.values() if answer.value for each in answer.value.asked
    )
    if spelled:
        text = _("Flowtly itself searched for these spellings only: %(spellings)s.")
        found.looked.append(text % {"spellings": in_a_list(spelled)})
    ages = [answer.value.age for answer in answers.values() if answer.value and answer.value.age is not None]
    if ages:
        text = _("What Flowtly cannot search itself was sifted here, in what was read %(age)s s ago.")
        parameters = urlencode({"q": found.q, FRESH: 1})
        found.again = filtering.again(f"{request.path}?{parameters}") | {"text": text % {"age": max(ages)}}


def _elsewhere(request: StaffRequest, asked: Pasted, found: Found) -> None:
    """What could not be looked for, and what to do for it."""
    wanted = searchable().get(asked.collection)
    if wanted and not may(request, wanted.view_permission):
        text = _("You may not see: %(place)s.") % {"place": wanted.many}
        found.notes.append(note("warning", text))
    elif asked.kind != "page" and not (
        hasattr(request, "organization") or (wanted and not wanted.of_organization)
    ):
        text = _("All else belongs to an organization. Open one, and look there.")
        found.notes.append(note("info", text))
        parameters = urlencode({"q": found.q})
        within = [Hit(one["name"], f"{one['url']}find/?{parameters}", one["kind_label"], one["kind"])
                  for one in lately(request.user)]  # fmt: skip
        if within and not found.groups and asked.kind != "words":
            found.groups.append(Group(_("Look within"), within))


def _page(request: StaffRequest, asked: Pasted, found: Found, most: int) -> bool:
    """A page of this dashboard, by its address: only if there is one, and this person may open it."""
    path = asked.path.partition("?")[0]
    try:
        match = resolve(path) if not path.startswith("//") else None
    except Resolver404:
        match = None
    rule = rule_of(match.func) if match else None
    if match is None or rule is None or rule.public or match.namespace in {"exports", "find"}:
        text = _("This address leads to no record that has a page here.")
        found.notes.append(note("info", text))
        return False
    if rule.view and not may(request, rule.view):
        found.notes.append(note("warning", _("You may not open this page.")))
        return False
    whose = match.kwargs.get("org", "")
    found.groups = [Group(_("Pages"), [Hit(path, asked.path, str(whose))])]
    here = getattr(request, "organization", None)
    if here and whose and whose != here.id:
        text = _("This page is of another organization: %(id)s.") % {"id": whose}
        found.notes.append(note("warning", text))
    return True


def _hosts(request: StaffRequest) -> set[str]:
    return {request.get_host(), urlsplit(request.flowtly.connection.base_url).netloc}
