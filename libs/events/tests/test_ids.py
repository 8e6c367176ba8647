"""Ids: versions and order as RFC 9562 says; derived ids are the same for ever."""

import time
from uuid import RFC_4122, UUID

from events.ids import derived_id, uuid7


def test_uuid7_is_one_and_carries_the_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    made = [uuid7() for _ in range(1_000)]
    after = time.time_ns() // 1_000_000
    assert {(id_.version, id_.variant) for id_ in made} == {(7, RFC_4122)}
    moments = [id_.int >> 80 for id_ in made]
    assert before <= moments[0]
    assert moments == sorted(moments)
    assert moments[-1] <= after
    assert len(set(made)) == len(made)


def test_derived_ids_never_change() -> None:
    assert derived_id("business-date") == UUID("3ce0755a-d9a2-55e6-a3e4-f34e6c278ee5")
    assert derived_id("region", "530128104201") == derived_id("region", 530128104201)


def test_parts_do_not_run_into_each_other() -> None:
    assert derived_id("a", "bc") != derived_id("ab", "c") != derived_id("abc")
