"""A claim told in any order of steps: revisions only grow, money stands only while paid, never more than is insured."""

from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.insurance.rules import (
    Claim,
    ClaimState,
    InsurancePolicy,
    OverSumInsured,
    Payer,
    WrongClaimState,
    check_sum,
)

ID = UUID("00000000-0000-4000-8000-000000000001")
ON = date(2023, 5, 10)
WHERE = {"id": ID, "revision": 1, "void": False, "person_id": None, "household_id": ID, "region": None, "path": "5301/",
         "blind_index": None, "department": "insurer"}  # fmt: skip
FROM = {"pay": ClaimState.FILED, "deny": ClaimState.FILED, "correct": ClaimState.PAID, "return": ClaimState.PAID}
_YUAN = st.integers(0, 500_000).map(lambda fen: Decimal(fen).scaleb(-2))


def policy(insured: Decimal, *parts: Decimal) -> InsurancePolicy:
    household, subsidy, donation = parts or (Decimal("20.00"), Decimal(0), Decimal(0))
    return InsurancePolicy(
        **WHERE, kind="crop", policy_number="N-1", starts_on=ON, ends_on=ON, sum_insured=insured,
        paid_by_household=household, paid_by_subsidy=subsidy, paid_by_donation=donation,
    )  # type: ignore[arg-type]  # fmt: skip


def step(claim: Claim, verb: str, amount: Decimal) -> Claim:
    match verb:
        case "pay":
            return claim.paid(amount, ON)
        case "correct":
            return claim.corrected(amount)
        case "return":
            return claim.returned()
    return claim.denied("no_proof", ON)


@given(st.lists(st.tuples(st.sampled_from(["pay", "correct", "return", "deny"]), _YUAN), max_size=12))
def test_steps_in_any_order_keep_a_claim_whole(steps: list[tuple[str, Decimal]]) -> None:
    claim = Claim(
        **WHERE, policy_id=ID, claim_number="C-1", kind="crop", cause="disaster", happened_on=ON, filed_on=ON,
        state=ClaimState.FILED,
    )  # type: ignore[arg-type]  # fmt: skip
    for verb, amount in steps:
        before = claim
        try:
            claim = step(claim, verb, amount)
        except WrongClaimState:
            assert before.state is not FROM[verb]
            continue
        assert claim.version == before.version + 1
        assert (claim.amount is not None) == (claim.paid_on is not None) == (claim.state is ClaimState.PAID)
        assert (claim.denial is not None) == (claim.state is ClaimState.DENIED)


@given(_YUAN, st.lists(_YUAN, max_size=5), _YUAN)
def test_a_policy_pays_up_to_its_sum_and_no_fen_more(insured: Decimal, others: list[Decimal], amount: Decimal) -> None:
    held = policy(insured)
    if sum(others, amount) <= insured:
        check_sum(held, others, amount)
        return
    with pytest.raises(OverSumInsured):
        check_sum(held, others, amount)


@given(_YUAN, _YUAN, _YUAN)
def test_who_pays_is_who_pays_a_part(household: Decimal, subsidy: Decimal, donation: Decimal) -> None:
    parts = dict(zip(Payer, (household, subsidy, donation), strict=True))
    assert policy(Decimal(1), household, subsidy, donation).payers == tuple(p for p, part in parts.items() if part)
