"""Pure rules of imports: names of villages, months of an export, what a file says and what it leaves open."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import UUID

import pytest

import workbook
from events.catalog.households import Guarantee
from households.importing.rules import Gazetteer, NamedVillage, year_before
from households.importing.service.entries import Statement, figures, guarantees

SOMEBODY = UUID(int=7)
VILLAGES = Gazetteer(
    [
        NamedVillage(
            "530128104201", "5301/530128/530128104/530128104201/", "禄劝彝族苗族自治县", "九龙镇", "民权村民委员会"
        ),
        NamedVillage(
            "530128104202", "5301/530128/530128104/530128104202/", "禄劝彝族苗族自治县", "九龙镇", "中村村民委员会"
        ),
        NamedVillage("530128104203", "5301/530128/530128104/530128104203/", "禄劝彝族苗族自治县", "九龙镇", "大村委会"),
        NamedVillage("530128104204", "5301/530128/530128104/530128104204/", "禄劝彝族苗族自治县", "九龙镇", "大居委会"),
        NamedVillage("532823105207", "5301/532823105/532823105207/", "昆明市", "磨憨镇", "磨憨村民委员会"),
    ]
)


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (("禄劝彝族苗族自治县", "九龙镇", "民权村民委员会"), "530128104201"),
        (("禄劝县", "九龙镇", "民权村委会"), "530128104201"),
        (("禄劝县", "九龙镇", "民权村"), "530128104201"),
        (("禄劝彝族苗族自治县", "九龙镇", "中村"), "530128104202"),
        (("勐腊县", "磨憨镇", "磨憨村委会"), "532823105207"),
        (("昆明市", "磨憨镇", "磨憨村民委员会"), "532823105207"),
        (("禄劝彝族苗族自治县", "九龙镇", "大村委会"), "530128104203"),
        (("禄劝彝族苗族自治县", "九龙镇", "大村"), None),
        (("禄劝彝族苗族自治县", "九龙镇", "不存在的村"), None),
        (("东川区", "铜都街道", "民权村民委员会"), None),
        (("", "", ""), None),
    ],
)
def test_village_is_found_by_its_names_or_not_at_all(names: tuple[str, str, str], code: str | None) -> None:
    assert VILLAGES.locate(*names) == code


def test_an_export_speaks_of_the_twelve_full_months_before_it() -> None:
    assert year_before(date(2023, 10, 15)) == (date(2022, 10, 1), date(2023, 9, 30))
    assert year_before(date(2024, 3, 1)) == (date(2023, 3, 1), date(2024, 2, 29))


AMOUNTS = workbook.Amounts(
    wage=Decimal(24000),
    business=Decimal(18000),
    property=Decimal(800),
    transfer=Decimal(5000),
    business_cost=Decimal(6000),
)


def statement(**told: object) -> Statement:
    member = workbook.MemberRecord(row=4, relation="户主", identity="11010519491231002X")
    record = workbook.HouseholdRecord(number="1", members=(member,), amounts=AMOUNTS)
    return Statement(record=replace(record, **told), columns=frozenset(), exported_on=date(2023, 10, 15))


def test_complete_amounts_make_a_figure() -> None:
    [figure] = figures(statement(size=4), SOMEBODY)
    assert (figure.amounts.wage, figure.persons, figure.window_to) == (24000, 4, date(2023, 9, 30))


def test_an_empty_kind_counts_as_nothing_only_if_the_net_income_proves_it() -> None:
    lacking = replace(AMOUNTS, property=None)
    assert figures(statement(amounts=lacking), SOMEBODY) == []
    assert figures(statement(amounts=replace(lacking, net=Decimal(41800))), SOMEBODY) == []
    [figure] = figures(statement(amounts=replace(lacking, net=Decimal(41000))), SOMEBODY)
    assert figure.amounts.property == 0


def test_amounts_after_elimination_have_months_of_their_own() -> None:
    found = figures(statement(after=AMOUNTS, eliminated_in="2023-05"), SOMEBODY)
    assert [(figure.purpose, figure.window_to) for figure in found] == [
        ("identification", date(2023, 9, 30)),
        ("elimination", date(2023, 4, 30)),
    ]


@pytest.mark.parametrize(
    ("resident", "employee", "said"),
    [
        (True, None, True),
        (None, True, True),
        (False, True, True),
        (False, False, False),
        (False, None, None),
        (None, None, None),
    ],
)
def test_uninsured_is_only_who_is_said_to_be_in_neither_scheme(
    resident: bool | None, employee: bool | None, said: bool | None
) -> None:
    member = workbook.MemberRecord(row=4, identity="x", resident_insurance=resident, employee_insurance=employee)
    found = guarantees(statement(members=(member,)), {"x": SOMEBODY})
    assert found.get((Guarantee.INSURANCE, SOMEBODY)) is said


def test_what_is_not_filled_is_not_said() -> None:
    assert guarantees(statement(), {}) == {}
    said = guarantees(statement(safe_water=False, unsafe_housing=False), {})
    assert said == {(Guarantee.WATER, None): False, (Guarantee.HOUSING, None): True}
