"""Which fact answers which request: a function of the set of facts, and settled is settled."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from directory.requests.rules import Given, Request, RequestOver, RequestState, settled

START = date(2023, 10, 1)
HOME = UUID(int=1)
_day = st.integers(0, 9).map(lambda n: START + timedelta(days=n))
_offer = st.sampled_from(["job", "public_post"])


def request(n: int, offer: str, asked_on: date) -> Request:
    return Request(
        id=UUID(int=n), version=1, household_id=HOME, region=None, path="5301/", offer=offer, category="employment",
        development=True, causes=("unstable_work",), asked_on=asked_on, asked_by="officer", due_on=None,
        state=RequestState.ASKED,
    )  # fmt: skip


def fact(n: int, offer: str, on: date | None, stands: bool, under_way: bool = False) -> Given:
    return Given(
        offer=offer, household_id=HOME, reference=UUID(int=1000 + n), on=on, stands=stands, under_way=under_way
    )


requests = st.lists(st.tuples(_offer, _day), max_size=6).map(
    lambda drawn: [request(n, *given) for n, given in enumerate(drawn, 1)]
)
facts = st.lists(st.tuples(_offer, st.none() | _day, st.booleans(), st.booleans()), max_size=6).map(
    lambda drawn: [fact(n, *given) for n, given in enumerate(drawn)]
)


def after(asked: list[Request], given_: list[Given]) -> dict[UUID, Request]:
    now = {item.id: item for item in asked}
    return now | {item.id: item for _, item in settled(asked, given_, START, "employment")}


@given(requests, facts, st.randoms(use_true_random=False))
def test_order_makes_no_difference_and_twice_is_once(asked: list[Request], given_: list[Given], random: Random) -> None:
    once = after(asked, given_)
    random.shuffle(asked)
    random.shuffle(given_)
    assert after(asked, given_) == once
    assert settled(list(once.values()), given_, START, "employment") == []


@given(requests, facts)
def test_a_fact_answers_one_request_of_its_kind_that_was_asked_by_then(
    asked: list[Request], given_: list[Given]
) -> None:
    known = {item.reference: item for item in given_}
    done = [item for item in after(asked, given_).values() if item.state is RequestState.PROVIDED]
    assert len({item.reference for item in done}) == len(done)
    for item in done:
        assert item.reference is not None
        assert known[item.reference].answers(item)
        assert item.provided_on == known[item.reference].on


@given(requests, facts)
def test_what_rests_on_a_fact_that_was_taken_back_is_open_again_and_what_nobody_sees_stays(
    asked: list[Request], given_: list[Given]
) -> None:
    done = list(after(asked, given_).values())
    assert settled(done, [], START, "employment") == [], "a fact that is out of sight was not taken back"
    gone = after(done, [replace(item, stands=False) for item in given_])
    for before in done:
        if before.state is RequestState.PROVIDED:
            state = RequestState.ASKED if before.taken_on is None else RequestState.TAKEN
            assert (gone[before.id].state, gone[before.id].version) == (state, before.version + 1)


@given(requests, facts)
def test_an_application_takes_up_what_is_asked_for_and_answers_nothing(
    asked: list[Request], given_: list[Given]
) -> None:
    applied = {item.offer for item in given_ if item.under_way and item.stands}
    for item in after(asked, given_).values():
        taken = item.state is RequestState.TAKEN
        assert taken == (item.offer in applied and item.state is not RequestState.PROVIDED)
        assert (item.taken_by, item.taken_on) == (("employment", START) if taken else (None, None))


def test_an_application_before_it_was_asked_for_takes_it_up_too_and_its_payment_answers() -> None:
    asked = request(1, "traffic_subsidy", START)
    [(_, taken)] = settled([asked], [fact(1, "traffic_subsidy", None, True, under_way=True)], START, "employment")
    assert (taken.state, taken.version, taken.reference) == (RequestState.TAKEN, 2, None)
    paid = fact(1, "traffic_subsidy", START + timedelta(days=9), True)
    [(_, provided)] = settled([taken], [paid], START + timedelta(days=9), "employment")
    assert (provided.state, provided.reference, provided.provided_on) == (
        RequestState.PROVIDED, paid.reference, paid.on,
    )  # fmt: skip
    back = replace(paid, on=None, stands=False)
    [(_, owed)] = settled([provided], [back], START + timedelta(days=9), "employment")
    assert (owed.state, owed.taken_by, owed.reference) == (RequestState.TAKEN, "employment", None)


def test_nothing_follows_an_answer() -> None:
    declined = request(1, "job", START).declined("no_capacity", START, "clerk")
    assert (declined.version, declined.state.open, declined.overdue(date.max)) == (2, False, False)
    for act in (lambda: declined.taken(START, "clerk"), lambda: declined.declined("other", START, "clerk")):
        with pytest.raises(RequestOver):
            act()
    assert settled([declined], [fact(1, "job", START, True)], START, "employment") == []


def test_what_is_needed_no_more_is_declined_and_an_answer_that_was_given_stands_until_its_fact_goes() -> None:
    asked = request(1, "job", START)
    for open_ in (asked, asked.taken(START, "clerk")):
        gone = open_.taken_back(START)
        assert (gone.state, gone.reason, gone.closed_by) == (RequestState.DECLINED, "not_needed", "monitoring")
        assert gone.version == open_.version + 1
        assert gone.taken_back(START) == gone
    declined = asked.declined("no_capacity", START, "clerk")
    assert declined.taken_back(START) == declined, "the reason that was given stays"
    [(_, provided)] = settled([asked], [fact(1, "job", START, True)], START, "employment")
    noted = provided.taken_back(START)
    assert (noted.state, noted.version) == (RequestState.PROVIDED, provided.version), "nothing to tell"
    changes = settled([noted], [fact(1, "job", START, False)], START, "employment")
    assert [(item.state, item.version) for _, item in changes] == [
        (RequestState.ASKED, provided.version + 1),
        (RequestState.DECLINED, provided.version + 2),
    ], "taken back, and then not owed"
    assert [before.state for before, _ in changes] == [RequestState.PROVIDED, RequestState.ASKED]
