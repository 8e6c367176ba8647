"""Writing and reading back is the identity, and nothing that is written runs as a formula."""

import io
import string
import zipfile
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workbook import (
    Amounts,
    Checks,
    Helper,
    HouseholdRecord,
    MemberRecord,
    household_rows,
    read_households,
    read_sheets,
    write_csv,
    write_households,
    write_households_csv,
    write_xlsx,
)
from workbook.guard import guarded, unguarded
from workbook.household_layout import CODES, MONEY_COLUMNS, VARIANTS
from workbook.household_writing import HEADERS, TITLE

DAY = date(2023, 10, 15)
CHECKS = Checks(certify=lambda text: text[:18], locate=lambda *names: "530128104201")

han = st.text("张王李赵云南昆明𠮷上下村乡镇=+-@", min_size=1, max_size=5).filter(lambda text: text.strip("-") == text)
flag = st.none() | st.booleans()
digits = st.text(string.digits, min_size=11, max_size=11)
money = st.none() | st.decimals(-99999, 10**9, places=2).map(lambda amount: amount + Decimal(0))
month = st.none() | st.builds("{:04d}-{:02d}".format, st.integers(2020, 2024), st.integers(1, 12))
maybe_count = st.none() | st.integers(0, 12)


def one_of(field: str):
    return st.sampled_from(sorted(CODES[field]))


amounts = st.builds(Amounts, **dict.fromkeys(MONEY_COLUMNS, money))
helpers = st.lists(
    st.builds(Helper, name=han, organisation=han | st.just(""), phone=digits | st.just("")),
    max_size=4, unique_by=lambda helper: (helper.name, helper.organisation),
).map(tuple)  # fmt: skip


@st.composite
def members(draw, household: int):
    size = draw(st.integers(1, 4))
    relations = [
        "户主",
        *draw(st.lists(one_of("relation").filter(lambda r: r != "户主"), min_size=size - 1, max_size=size - 1)),
    ]
    return tuple(
        MemberRecord(
            row=0, number=f"{household}{place:02d}", name=draw(han), sex=draw(one_of("sex")),
            certificate_kind="居民身份证",
            certificate=f"{household:015d}{place:03d}", identity=f"{household:015d}{place:03d}", ethnicity=draw(han),
            relation=relation, education=draw(one_of("education") | st.just("")), school_stage=draw(han | st.just("")),
            health=tuple(sorted(draw(st.sets(one_of("health"))))), labour_skill=draw(one_of("labour_skill")),
            resident_insurance=draw(flag), employee_insurance=draw(flag), work_place=draw(han | st.just("")),
            work_months=draw(maybe_count), post_months=draw(maybe_count), phone=draw(digits | st.just("")),
        )
        for place, relation in enumerate(relations)
    )  # fmt: skip


@st.composite
def households(draw):
    return tuple(draw(household(place)) for place in range(draw(st.integers(1, 4))))


@st.composite
def household(draw, place: int):
    return HouseholdRecord(
        number=f"53{place:09d}", members=draw(members(place)), province="云南省", city="昆明市", county=draw(han),
        township=draw(han), village=draw(han), region_code="530128104201", hamlet=draw(han | st.just("")),
        household_type=draw(one_of("household_type")), category=draw(one_of("category") | st.just("")),
        size=draw(maybe_count), phone=draw(digits | st.just("")), identified_in=draw(month),
        causes=tuple(draw(st.lists(one_of("cause"), max_size=5, unique=True))), eliminated=draw(flag),
        eliminated_in=draw(month), elimination_way=draw(han | st.just("")), safe_water=draw(flag),
        unsafe_housing=draw(flag), no_labour=draw(flag), year="2023", amounts=draw(amounts), after=draw(amounts),
        helpers=draw(helpers),
    )  # fmt: skip


@given(households())
@settings(max_examples=60, deadline=None)
def test_reading_what_was_written_gives_the_same(written):
    for data in (write_households(written, exported_on=DAY), write_households_csv(written, exported_on=DAY)):
        file = read_households(data, CHECKS)
        assert file.problems == ()
        assert file.households == written
        assert file.table.exported_on == DAY


@given(households(), st.permutations(range(len(HEADERS))))
@settings(max_examples=40, deadline=None)
def test_shuffled_columns_read_the_same(written, order):
    rows = [[row[place] for place in order] for row in household_rows(written)]
    data = write_csv([HEADERS[place] for place in order], rows, title=TITLE, exported_on=DAY)
    assert read_households(data, CHECKS).households == written


@given(st.text())
def test_guarding_is_undone_by_reading(text):
    assert unguarded(guarded(text)) == text


@pytest.mark.parametrize("text", ["=1+1", "+A1", "-A1", "@SUM(A1)", "＝1", "\tx", "=cmd|'/c calc'!A0"])
def test_nothing_runs_as_a_formula(text):
    assert guarded(text) == f"'{text}"
    data = write_xlsx(["甲"], [[text]], title="表")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")
    assert read_sheets(data)[0].rows[3][0] == text
    assert f"'{text}" in write_csv(["甲"], [[text]], title="表", encoding="utf-8").decode()


def test_plain_numbers_stay_as_they_are():
    assert guarded("-12.50") == "-12.50"


def test_every_spelling_leads_into_the_code_list():
    for field, variants in VARIANTS.items():
        assert set(variants.values()) <= CODES[field]
