"""A generated city: the same bytes from the same seed, people that could exist, files that the importer reads whole."""

import json
from collections import Counter
from datetime import date
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

import pytest

import workbook
from kit.identity import Certificate, normalise_certificate
from stack.city.people import MOST_PERSONS, Registrar
from stack.city.places import settled
from stack.city.writing import EXPORTED_ON, City, write_city


@pytest.fixture(scope="module")
def city(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("city")
    write_city(City(seed=7, households=700), place)
    return place


@pytest.fixture(scope="module")
def records(city: Path) -> list[workbook.HouseholdRecord]:
    def certify(text: str) -> str:
        return normalise_certificate(text, on=EXPORTED_ON).id18

    found = []
    for file in sorted(city.glob("*.xlsx")):
        read = workbook.read_households(file.read_bytes(), workbook.Checks(certify=certify))
        assert read.problems == ()
        assert read.table.exported_on == EXPORTED_ON
        found += read.households
    return found


def test_the_same_seed_gives_the_same_bytes_and_another_seed_another_city(city: Path, tmp_path: Path) -> None:
    write_city(City(seed=7, households=700), tmp_path / "again")
    other = write_city(City(seed=8, households=700), tmp_path / "other")
    told = {file.name: file.read_bytes() for file in city.iterdir()}
    assert {file.name: file.read_bytes() for file in (tmp_path / "again").iterdir()} == told
    assert not set(other["files"].values()) & set(json.loads(told["truth.json"])["files"].values())


def test_what_the_truth_counts_is_what_the_workbooks_hold(city: Path, records: list[workbook.HouseholdRecord]) -> None:
    told = json.loads((city / "truth.json").read_text(encoding="utf-8"))
    lines = [json.loads(line) for line in (city / "truth.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(records) == len(lines) == told["households"] == 700
    assert sum(len(record.members) for record in records) == told["persons"]
    assert sum(bool(record.category) for record in records) == told["monitored"]
    assert sum(record.amounts.wage or 0 for record in records) == Decimal(told["sum_wage"])
    hidden = {line["number"]: line for line in lines}
    assert hidden.keys() == {record.number for record in records}
    assert 0 < told["endangered"] < told["households"] / 10
    assert {line["village"] for line in lines} <= {village.code for village in settled(700, 7)}


def test_families_are_plausible(records: list[workbook.HouseholdRecord]) -> None:
    seen = Counter(member.identity for record in records for member in record.members)
    assert set(seen.values()) == {1}
    lengths = {len(member.certificate) for record in records for member in record.members}
    assert lengths == {18, 20, 22}
    for record in records:
        people = {member: Certificate(member.identity) for member in record.members}
        [head] = [one for one in record.members if one.relation == "户主"]
        for member, certificate in people.items():
            assert certificate.birth_date <= EXPORTED_ON
            assert bool(member.education) != bool(member.school_stage)
            assert (member.sex == "男") == (certificate.sex == "male")
            gap = certificate.birth_date.year - people[head].birth_date.year
            if member.relation in ("之父", "之母"):
                assert gap <= -18
            if member.relation in ("之子", "之女"):
                assert gap >= 12
        partners = [people[one].sex for one in record.members if one.relation in ("户主", "配偶")]
        assert len(partners) == len(set(partners)) <= 2


def test_income_adds_up(records: list[workbook.HouseholdRecord]) -> None:
    for record in records:
        told = record.amounts
        parts = (told.subsistence, told.pension, told.ecology, told.other_transfer)
        assert told.transfer == sum(filter(None, parts))
        assert told.net == told.wage + told.business + told.property + told.transfer - told.business_cost
        assert abs(told.net - told.per_head * len(record.members)) < 1


def test_the_whole_city_lies_where_its_people_live() -> None:
    villages = settled(95_000, 1)
    counties = Counter[str]()
    for village in villages:
        counties[village.area_code] += village.households
    assert counties.total() == 95_000
    assert [code for code, _ in counties.most_common(3)] == ["530129", "530113", "530128"]
    assert "532823" in counties
    assert len(villages) > 1500


def test_an_area_never_gives_a_certificate_twice_and_says_when_it_has_none_left() -> None:
    registrar = Registrar("530129")
    given = [registrar.certificate(40, male=True, on=date(2023, 10, 15)) for _ in range(3000)]
    assert len(set(given)) == len(given)
    assert any(one[6:14] != other[6:14] for one, other in pairwise(given))
    registrar.given = MOST_PERSONS
    with pytest.raises(OverflowError):
        registrar.certificate(40, male=True, on=date(2023, 10, 15))
