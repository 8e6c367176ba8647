"""What a file says, kept beside its rows: opened while it is judged as before, else read again; what digests tell."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from uuid import uuid4

import pytest

import workbook
from households.importing.rules import Gazetteer, NamedVillage
from households.importing.service.entries import Statement
from households.importing.service.reading import Reader
from households.importing.service.records import digest, open_record, seal_record
from kit.cipher import FieldCipher
from kit.keys import Keys

CIPHER = FieldCipher(Keys.generate())
JOB = uuid4()
VILLAGE = NamedVillage(
    "530128104201", "5301/530128/530128104/530128104201/", "禄劝彝族苗族自治县", "九龙镇", "民权村民委员会"
)
HEAD = workbook.MemberRecord(row=4, number="5301", name="张小三", relation="户主", health=("健康",), work_months=7)
CHILD = workbook.MemberRecord(row=5, number="5302", name="张小小", relation="之子", resident_insurance=False)
RECORD = workbook.HouseholdRecord(
    number="53012810420199", members=(HEAD, CHILD), county="禄劝县", township="九龙镇", village="民权村",
    region_code=VILLAGE.code, household_type="脱贫户", causes=("因病",), safe_water=True,
    amounts=workbook.Amounts(wage=Decimal("24000.00")), helpers=(workbook.Helper(name="何顺", phone="13800001234"),),
)  # fmt: skip
STATEMENT = Statement(record=RECORD, columns=frozenset({"household", "name"}), exported_on=date(2023, 10, 15))


def reader(*villages: NamedVillage, scope: str = "5301/530128/") -> Reader:
    return Reader(gazetteer=Gazetteer(villages), scope=(scope,))


def test_a_record_opens_as_it_was_with_the_rows_of_its_members() -> None:
    opened = open_record(seal_record(RECORD, JOB, 7, CIPHER), JOB, 7, reader(VILLAGE), CIPHER)
    assert opened == RECORD
    assert opened is not None
    assert opened.rows == (4, 5)


@pytest.mark.parametrize(
    "now",
    [
        reader(),
        reader(replace(VILLAGE, code="530128104299", path="5301/530128/530128104/530128104299/")),
        reader(VILLAGE, scope="5301/530113/"),
    ],
)
def test_what_may_be_judged_differently_now_is_read_again(now: Reader) -> None:
    assert open_record(seal_record(RECORD, JOB, 7, CIPHER), JOB, 7, now, CIPHER) is None


def test_a_record_opens_in_its_place_only() -> None:
    sealed = seal_record(RECORD, JOB, 7, CIPHER)
    assert open_record(sealed, JOB, 8, reader(VILLAGE), CIPHER) is None
    assert open_record(sealed, uuid4(), 7, reader(VILLAGE), CIPHER) is None
    assert open_record(None, JOB, 7, reader(VILLAGE), CIPHER) is None


def test_a_digest_tells_content_and_not_where_it_stands() -> None:
    lower = replace(RECORD, members=(replace(HEAD, row=90), replace(CHILD, row=91)))
    assert digest(replace(STATEMENT, record=lower), CIPHER) == digest(STATEMENT, CIPHER)
    assert digest(replace(STATEMENT, exported_on=date(2023, 10, 31)), CIPHER) == digest(STATEMENT, CIPHER)
    spelt = replace(RECORD, county="禄劝彝族苗族自治县", village="民权村民委员会", province="云南省")
    assert digest(replace(STATEMENT, record=spelt), CIPHER) == digest(STATEMENT, CIPHER), "the village is the same"
    unknown = replace(STATEMENT, record=replace(RECORD, region_code=""))
    assert digest(replace(unknown, record=replace(spelt, region_code="")), CIPHER) != digest(unknown, CIPHER)
    others = [
        replace(STATEMENT, record=replace(RECORD, region_code="530128104299")),
        replace(STATEMENT, record=replace(RECORD, members=(HEAD,))),
        replace(STATEMENT, record=replace(RECORD, members=(HEAD, replace(CHILD, resident_insurance=None)))),
        replace(STATEMENT, record=replace(RECORD, amounts=workbook.Amounts(wage=Decimal("24000.01")))),
        replace(STATEMENT, columns=frozenset({"household", "name", "phone"})),
        replace(STATEMENT, exported_on=date(2023, 11, 1)),
    ]
    assert len({digest(other, CIPHER) for other in (STATEMENT, *others)}) == 7
