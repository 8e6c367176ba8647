"""The two sample files against their truth: everything put in is found, nothing else is."""

import json
from decimal import Decimal

import pytest

from workbook import Checks, HouseholdFile, Kind, problems_of, read_households, read_work

FILES = ["luquan_2023.xlsx", "dongchuan_2023_gb18030.csv"]
SILENT = {"disability_certificate_20", "spaces_around_name", "fullwidth_digits", "income_with_comma"}
HEADERS = {
    "bad_check_digit": "证件号码",
    "float_damaged_id": "证件号码",
    "no_head": "与户主关系",
    "two_heads": "与户主关系",
    "same_person_in_two_households": "证件号码",
    "unknown_village": "村",
    "income_not_a_number": "工资性收入",
}


@pytest.fixture(params=FILES, scope="module")
def name(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def truth(samples, name) -> dict:
    return json.loads((samples / f"{name}.truth.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def file(samples, name, checks) -> HouseholdFile:
    return read_households((samples / name).read_bytes(), checks)


def test_problems_are_those_of_the_truth_and_no_others(file, truth):
    found = {(problem.kind.value, frozenset(problem.households), problem.person) for problem in file.problems}
    put_in = set()
    for kind, *numbers in truth["quirks"]:
        if kind == "same_person_in_two_households":
            put_in.add((kind, frozenset(numbers), None))
        elif kind not in SILENT:
            put_in.add((kind, frozenset(numbers[:1]), numbers[1] if len(numbers) > 1 else None))
    assert found == put_in
    assert len(file.problems) == len(put_in)


def test_every_problem_names_its_cell_its_cause_and_its_remedy(file):
    for problem in file.problems:
        assert problem.header == HEADERS[problem.kind] == file.table.headers[problem.column - 1]
        assert all([problem.cause_zh, problem.cause_en, problem.remedy_zh, problem.remedy_en])
        assert problem.reference.endswith(str(problem.row))


def test_no_personal_data_shows_in_what_is_printed(file):
    shown = repr(file)
    for member in file.households[0].members:
        assert member.name not in shown
        assert member.certificate not in shown


def test_households_with_a_problem_are_parked_whole(file, truth):
    assert len(file.parked) == truth["households_parked"] == 10
    assert len(file.sound) == truth["households_in"]
    assert not {household.number for household in file.sound} & file.parked


def test_counts_equal_the_truth_before_damage(file, truth):
    households = file.households
    assert len(households) == truth["households"]
    assert sum(len(household.members) for household in households) == truth["persons"]
    assert sum(bool(household.category) for household in households) == truth["monitored"]
    assert sum(household.eliminated is False for household in households) == truth["not_eliminated"]
    assert sum(household.amounts.per_head < 11000 for household in households) == truth["below_11000"]


def test_wages_equal_the_truth_before_damage(file, truth):
    damaged = {p.household for p in file.problems if p.kind is Kind.INCOME_NOT_A_NUMBER}
    wages = sum(_wage(household) for household in file.households)
    assert wages == truth["sum_wage"]
    assert {h.number for h in file.households if h.amounts.wage is None} == damaged


def _wage(household) -> Decimal:
    """The wage, worked back from the net income where the cell itself was damaged."""
    told = household.amounts
    if told.wage is not None:
        return told.wage
    return told.net - told.business - told.property - told.transfer + told.business_cost


def test_what_only_looks_odd_is_read_as_what_it_means(file, truth):
    households = {household.number: household for household in file.households}
    for kind, number, *_ in truth["quirks"]:
        household = households[number]
        if kind == "disability_certificate_20":
            assert any(len(m.certificate) == 20 and len(m.identity) == 18 for m in household.members)
        elif kind == "spaces_around_name":
            assert all(member.name == member.name.strip() for member in household.members)
        elif kind == "fullwidth_digits":
            assert household.phone.isascii()
            assert len(household.phone) == 11
        elif kind == "income_with_comma":
            assert household.amounts.wage > 0


def test_export_date_stands_in_the_second_line(file):
    assert file.table.exported_on.isoformat() == "2023-10-15"


def test_header_that_stands_twice_is_kept_apart(file):
    row = file.table.header_row + 1
    assert [cell.header for cell in file.table.cells(row, "eliminated")] == ["风险是否已消除", "风险是否已消除#2"]


def test_one_cause_in_two_spellings_is_one_cause(file):
    causes = {cause for household in file.households for cause in household.causes}
    assert "因务工就业不稳" in causes
    assert "务工就业不稳" not in causes
    assert all(len(set(h.causes)) == len(h.causes) for h in file.households)


def test_nothing_filled_is_not_no(file):
    plain = [household for household in file.households if not household.category]
    assert plain
    assert all(household.eliminated is None for household in plain)
    assert all(member.employee_insurance is None for household in plain for member in household.members)


def test_without_the_checks_only_the_file_itself_is_judged(samples, name):
    kinds = {problem.kind for problem in read_households((samples / name).read_bytes(), Checks()).problems}
    assert kinds == {Kind.NO_HEAD, Kind.TWO_HEADS, Kind.INCOME_NOT_A_NUMBER}


def test_problem_workbook_can_be_settled_and_uploaded_again(file, checks):
    again = read_households(problems_of(file), checks)
    assert {household.number for household in again.households} == file.parked
    assert again.table.exported_on == file.table.exported_on
    assert [(p.kind, p.households, p.person) for p in again.problems] == [
        (p.kind, p.households, p.person) for p in file.problems
    ]


def test_work_sheet_of_the_same_people(samples, checks):
    file = read_work((samples / "luquan_2023_work.xlsx").read_bytes(), checks.certify)
    truth = json.loads((samples / "luquan_2023.xlsx.truth.json").read_text(encoding="utf-8"))
    assert len(file.records) == truth["work_rows"]
    bad = {number for kind, number, *_ in truth["quirks"] if kind == "bad_check_digit"}
    assert {problem.household for problem in file.problems} <= bad
    assert len(file.sound) == len(file.records) - len(file.problems)
    first = file.records[0]
    assert (first.from_month, first.to_month, first.work_county) == ("2023-01", "2023-06", "慈溪市")
    assert any(record.to_month is None for record in file.records)
