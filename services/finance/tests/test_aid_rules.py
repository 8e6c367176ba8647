"""What a grant takes of which gifts: whole fen, never more than is left, never against a donor's condition."""

from datetime import date
from decimal import Decimal
from uuid import UUID, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finance.aid.rules import AidState, Application, Donation, NotCovered, Purpose, draw

ON = date(2023, 5, 10)
FUND = UUID("00000000-0000-4000-8000-000000000001")
LUQUAN = "5301/530128/530128104/530128104201/"
DONGCHUAN = "5301/530113/530113102/530113102201/"
_MONEY = st.integers(1, 900_000).map(lambda fen: Decimal(fen).scaleb(-2))


def asks(amount: Decimal, purpose: str = Purpose.ILLNESS, path: str = LUQUAN) -> Application:
    return Application(
        id=uuid5(FUND, "application"), revision=1, void=False, household_id=uuid5(FUND, "home"), region="530128104201",
        path=path, fund_id=FUND, purpose=purpose, amount=amount, state=AidState.APPLIED, applied_on=ON,
        applied_by="clerk", department="county",
    )  # fmt: skip


def gift(name: object, left: Decimal, **given: object) -> Donation:
    told = {"purposes": (), "area": "5301/", "use_by": None, "void": False, **given}
    return Donation(
        id=uuid5(FUND, str(name)), revision=1, fund_id=FUND, amount=left, left=left, received_on=date(2023, 1, 1),
        receipt=f"R-{name}", kind="online", donor=None, **told,
    )  # type: ignore[arg-type]  # fmt: skip


@st.composite
def gifts(draw_: st.DrawFn) -> list[Donation]:
    made = []
    for n in range(draw_(st.integers(0, 6))):
        made.append(
            gift(
                n,
                draw_(_MONEY),
                purposes=tuple(sorted(draw_(st.sets(st.sampled_from(Purpose), max_size=2)))),
                area=draw_(st.sampled_from(["5301/", "5301/530128/", "5301/530113/"])),
                use_by=draw_(st.sampled_from([None, date(2023, 5, 9), ON, date(2023, 12, 31)])),
                void=draw_(st.booleans()),
            )
        )
    return made


def may(donation: Donation, application: Application) -> bool:
    return (
        not donation.void
        and (not donation.purposes or application.purpose in donation.purposes)
        and application.path.startswith(donation.area)
        and (donation.use_by is None or donation.use_by >= ON)
    )


@given(gifts(), _MONEY, st.sampled_from(Purpose), st.sampled_from([LUQUAN, DONGCHUAN]))
def test_a_grant_is_covered_to_the_fen_by_what_donors_allow_or_refused_with_what_they_keep_back(
    donations: list[Donation], amount: Decimal, purpose: Purpose, path: str
) -> None:
    application = asks(amount, purpose, path)
    free = sum((donation.left for donation in donations if may(donation, application)), Decimal(0))
    standing = sum((donation.left for donation in donations if not donation.void), Decimal(0))
    known = {donation.id: donation for donation in donations}
    if free < amount:
        with pytest.raises(NotCovered) as refused:
            draw(application, donations, ON)
        [balance, *kept] = refused.value.several
        assert balance.code == "balance"
        assert balance.zh.startswith(f"可用余额 {Decimal(free).quantize(Decimal('0.01'))} 元")
        assert bool(kept) == (standing > free)
        return
    parts = draw(application, donations, ON)
    assert sum(part.amount for part in parts) == amount
    assert len({part.donation_id for part in parts}) == len(parts)
    for part in parts:
        assert 0 < part.amount <= known[part.donation_id].left
        assert may(known[part.donation_id], application)


@given(gifts(), _MONEY, st.randoms())
def test_the_order_in_which_gifts_are_read_makes_no_difference(
    donations: list[Donation], amount: Decimal, random: object
) -> None:
    shuffled = list(donations)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    try:
        first = draw(asks(amount), donations, ON)
    except NotCovered:
        return
    assert draw(asks(amount), shuffled, ON) == first


def test_what_lapses_first_goes_first_then_what_is_tied_closest() -> None:
    free, tied, near, lapsing = (
        gift("free", Decimal("100.00")),
        gift("tied", Decimal("100.00"), purposes=("illness",)),
        gift("near", Decimal("100.00"), area="5301/530128/"),
        gift("lapsing", Decimal("100.00"), use_by=ON),
    )
    parts = draw(asks(Decimal("350.00")), [free, tied, near, lapsing], ON)
    assert [(part.donation_id, part.amount) for part in parts] == [
        (lapsing.id, Decimal("100.00")),
        (tied.id, Decimal("100.00")),
        (near.id, Decimal("100.00")),
        (free.id, Decimal("50.00")),
    ]
