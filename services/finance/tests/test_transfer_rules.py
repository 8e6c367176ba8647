"""The bank's answer closes a batch to the cent, in whatever parts it comes and however often."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.transfers.rules import (
    AmountDiffers,
    Answer,
    AnsweredLine,
    Batch,
    DayOutOfTime,
    Line,
    LineTwice,
    LineUnknown,
    OutcomeContradicts,
    ReturnReason,
    TotalDiffers,
    reconciled,
)
from kit.errors import Invalid, Refusal

RELEASED, TODAY = date(2023, 11, 1), date(2023, 12, 1)
ID = UUID("00000000-0000-4000-8000-000000000001")


def batch_of(amounts: list[Decimal]) -> tuple[Batch, dict[int, Line]]:
    zero = Decimal("0.00")
    batch = Batch(
        id=ID, version=2, path="5301/", purpose="farmland", state="released", lines=len(amounts),
        amount=sum(amounts, zero), paid=zero, returned=zero, prepared_on=RELEASED, prepared_by="a",
        released_on=RELEASED, released_by="b",
    )  # fmt: skip
    lines = {
        number: Line(batch_id=ID, number=number, transfer_id=UUID(int=number), amount=amount, state="open")
        for number, amount in enumerate(amounts, 1)
    }
    return batch, lines


def answer(*lines: AnsweredLine) -> Answer:
    zero = Decimal("0.00")
    paid = sum((line.amount for line in lines if line.reason is None), zero)
    return Answer(lines=lines, paid=paid, returned=sum((line.amount for line in lines), zero) - paid)


def told(line: Line, *, on: date = TODAY, reason: ReturnReason | None = None) -> AnsweredLine:
    return AnsweredLine(number=line.number, amount=line.amount, on=on, reason=reason)


_AMOUNTS = st.lists(st.integers(1, 10**7).map(lambda fen: Decimal(fen).scaleb(-2)), min_size=1, max_size=12)
_REASONS = st.none() | st.sampled_from(ReturnReason)


@given(_AMOUNTS, st.data(), st.randoms(use_true_random=False))
def test_parts_in_any_order_and_repeated_close_to_the_same_cent(
    amounts: list[Decimal], data: st.DataObject, random: Random
) -> None:
    batch, lines = batch_of(amounts)
    days = st.integers(0, 30).map(lambda n: RELEASED + timedelta(days=n))
    all_of_it = [told(line, on=data.draw(days), reason=data.draw(_REASONS)) for line in lines.values()]
    whole, changed = reconciled(batch, lines, answer(*all_of_it), TODAY)
    assert len(changed) == len(lines)
    assert whole.state == "settled"
    assert whole.paid + whole.returned + whole.open == batch.amount == whole.paid + whole.returned
    parts = [*all_of_it, *all_of_it]
    random.shuffle(parts)
    standing, known = batch, dict(lines)
    for part in parts:
        standing, now = reconciled(standing, known, answer(part), TODAY)
        known |= {line.number: line for line in now}
        assert standing.paid + standing.returned + standing.open == batch.amount
        assert standing.open == sum((line.amount for line in known.values() if line.state == "open"), Decimal(0))
    assert replace(standing, version=0) == replace(whole, version=0)
    assert known == {line.number: line for line in changed}


def test_money_that_was_paid_may_come_back_but_not_the_other_way() -> None:
    batch, lines = batch_of([Decimal("100.00")])
    paid, [line] = reconciled(batch, lines, answer(told(lines[1], on=RELEASED)), TODAY)
    back, [gone] = reconciled(paid, {1: line}, answer(told(line, reason=ReturnReason.ACCOUNT_CLOSED)), TODAY)
    assert (back.paid, back.returned, gone.state) == (Decimal("0.00"), Decimal("100.00"), "returned")
    with pytest.raises(OutcomeContradicts):
        reconciled(back, {1: gone}, answer(told(gone)), TODAY)
    later, [line] = reconciled(batch, lines, answer(told(lines[1])), TODAY)
    early = told(line, on=RELEASED, reason=ReturnReason.BANK_ERROR)
    with pytest.raises(OutcomeContradicts):
        reconciled(later, {1: line}, answer(early), TODAY)


def _line(**changed: object) -> AnsweredLine:
    good = AnsweredLine(number=1, amount=Decimal("100.00"), on=TODAY)
    return replace(good, **changed)  # type: ignore[arg-type]


_GOOD = _line()


@pytest.mark.parametrize(
    ("wrong", "refusal", "pointer"),
    [
        (answer(_line(amount=Decimal("100.01"))), AmountDiffers, "/lines/0/amount"),
        (answer(_line(number=2)), LineUnknown, "/lines/0/number"),
        (answer(_line(on=RELEASED - timedelta(days=1))), DayOutOfTime, "/lines/0/on"),
        (answer(_line(on=TODAY + timedelta(days=1))), DayOutOfTime, "/lines/0/on"),
        (answer(_GOOD, _GOOD), LineTwice, "/lines/1/number"),
        (replace(answer(_GOOD), paid=Decimal("99.99")), TotalDiffers, "/paid"),
        (replace(answer(_GOOD), returned=Decimal("0.01")), TotalDiffers, "/returned"),
    ],
)
def test_what_does_not_close_is_refused_with_its_place(wrong: Answer, refusal: type[Refusal], pointer: str) -> None:
    batch, lines = batch_of([Decimal("100.00")])
    with pytest.raises(refusal) as caught:
        reconciled(batch, lines, wrong, TODAY)
    assert caught.value.pointer == pointer


def test_all_that_is_wrong_is_told_at_once() -> None:
    batch, lines = batch_of([Decimal("100.00")])
    with pytest.raises(Invalid) as caught:
        reconciled(batch, lines, replace(answer(_line(number=7)), paid=Decimal("1.00")), TODAY)
    assert [refusal.code for refusal in caught.value.several] == ["line-unknown", "total-differs"]
