"""Whatever is changed, removed or moved in a chain shows at that row."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.ids import derived_id
from kit.chain import FIRST, Broken, Decision, Link, broken, chained


def decision(number: int, **fields: Any) -> Decision:
    given: dict[str, Any] = {
        "number": number, "seq": 10 * number, "event_id": derived_id("e", number), "kind": "AlertJudged",
        "subject": "alert", "subject_id": derived_id("a", number), "household_id": derived_id("h"), "path": "5301/",
        "officer": "li", "decided_on": date(2023, 10, 15), "recorded_at": datetime(2023, 10, 15, 4, tzinfo=UTC),
        "content": {"verdict": "confirmed", "rule": "失业"}, "evidence": {"event": "x"},
    }  # fmt: skip
    return Decision(**given | fields)


def first_broken(links: list[Link]) -> Broken | None:
    previous = FIRST
    for number, link in enumerate(links, 1):
        if found := broken(link, number=number, previous=previous):
            return found
        previous = link.hash
    return None


@given(st.integers(1, 8), st.data())
def test_the_first_changed_row_is_named(length: int, data: st.DataObject) -> None:
    links = list(chained((decision(n) for n in range(1, length + 1)), FIRST))
    assert first_broken(links) is None
    place = data.draw(st.integers(0, length - 1))
    field, value = data.draw(
        st.sampled_from([("officer", "wang"), ("content", {"verdict": "unfounded"}), ("decided_on", None)])
    )
    changed = replace(links[place], decision=replace(links[place].decision, **{field: value}))
    found = first_broken([*links[:place], changed, *links[place + 1 :]])
    assert found is not None
    assert (found.number, found.en) == (place + 1, "its content does not match its hash")
    rehashed = replace(changed, hash=changed.decision.hash(changed.previous))
    after = first_broken([*links[:place], rehashed, *links[place + 1 :]])
    # Whoever mends the hash too breaks the next row; only the last row can be rewritten so, and an anchor shows that.
    assert (after and after.number) == (place + 2 if place + 1 < length else None)


def test_a_row_that_is_gone_is_named() -> None:
    links = list(chained((decision(n) for n in range(1, 5)), FIRST))
    found = first_broken([links[0], links[2], links[3]])
    assert found == Broken(2, "AlertJudged", "第 2 条缺失", "row 2 is missing")


def test_the_zone_of_a_moment_does_not_matter() -> None:
    there = datetime(2023, 10, 15, 12, tzinfo=timezone(timedelta(hours=8)))
    assert decision(1).hash(FIRST) == decision(1, recorded_at=there).hash(FIRST)


def test_what_json_does_not_know_is_refused() -> None:
    with pytest.raises(TypeError):
        decision(1, content={"amount": object()}).hash(FIRST)
