"""Three ways: nobody overwrites anybody, and nobody is asked without need."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from dashboard.upstream.merge import MINE, THEIRS, merge, same

names = st.sampled_from(["name", "city", "hours", "tags"])
values = st.one_of(
    st.none(), st.booleans(), st.integers(0, 3), st.text("ab", max_size=2), st.lists(st.integers(0, 2))
)
records = st.dictionaries(names, values)


def after(theirs: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """A merge patch, as the API carries it out."""
    return {name: value for name, value in {**theirs, **changes}.items() if value is not None}


@given(records, records, records)
def test_what_others_changed_and_i_did_not_touch_survives(
    base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]
) -> None:
    merged = merge(base, theirs, mine)
    assert set(merged.changes) <= set(mine)
    for name in theirs:
        if name not in mine:
            assert after(theirs, merged.changes).get(name) == theirs[name]


@given(records, records, records)
def test_what_two_people_changed_differently_is_never_sent_unasked(
    base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]
) -> None:
    merged = merge(base, theirs, mine)
    both = {n for n in mine if not same(theirs.get(n), base.get(n)) and not same(mine[n], theirs.get(n))}
    assert {clash.name for clash in merged.clashes} == both
    assert not both & set(merged.changes)


@given(records, records)
def test_alone_i_get_just_what_i_typed(base: dict[str, Any], mine: dict[str, Any]) -> None:
    merged = merge(base, base, mine)
    assert merged.clashes == []
    assert after(base, merged.changes) == {n: v for n, v in {**base, **mine}.items() if v is not None}


@given(records, records, records)
def test_sending_it_again_sends_nothing(
    base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any]
) -> None:
    changes = merge(base, theirs, mine).changes
    now = after(theirs, changes)
    assert not {name: value for name, value in merge(base, now, changes).changes.items() if name in changes}


@given(records, records, records, st.booleans())
def test_a_choice_settles_every_clash(
    base: dict[str, Any], theirs: dict[str, Any], mine: dict[str, Any], for_mine: bool
) -> None:
    clashes = merge(base, theirs, mine).clashes
    clashed = {clash.name: clash.base for clash in clashes}
    chosen = dict.fromkeys(clashed, MINE if for_mine else THEIRS)
    typed = {clash.name: clash.mine for clash in clashes}
    merged = merge(theirs, theirs, typed, chosen, clashed)
    assert merged.clashes == []
    for clash in clashes:
        wanted = clash.mine if for_mine else clash.theirs
        assert same(after(theirs, merged.changes).get(clash.name), wanted)


@given(records, records, records, records)
def test_a_choice_counts_only_for_the_value_that_was_shown(
    base: dict[str, Any], theirs: dict[str, Any], later: dict[str, Any], mine: dict[str, Any]
) -> None:
    clashes = merge(base, theirs, mine).clashes
    clashed = {clash.name: clash.base for clash in clashes}
    typed = {clash.name: clash.mine for clash in clashes}
    merged = merge(theirs, later, typed, dict.fromkeys(clashed, MINE), clashed)
    for clash in clashes:
        moved = not same(later.get(clash.name), clash.theirs)
        if moved and not same(later.get(clash.name), clash.mine):
            assert clash.name in {again.name for again in merged.clashes}
            assert clash.name not in merged.changes


def test_no_choice_is_no_consent() -> None:
    merged = merge({"name": "b"}, {"name": "b"}, {"name": "c"}, {}, {"name": "a"})
    assert [clash.name for clash in merged.clashes] == ["name"]


def test_one_is_not_true_and_text_is_not_a_number() -> None:
    assert same(1, 1.0)
    assert not same(1, True)
    assert not same(0, False)
    assert not same("5", 5)
    assert same({"a": [1, {"b": None}]}, {"a": (1, {"b": None})})
    assert not same({"a": [1]}, {"a": [True]})
