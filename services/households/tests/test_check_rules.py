"""The rules of checks are pure: same family, day and book, same findings; and none of them fires without cause."""

from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

import households
from households.checks.rules import NAMES, RULES, UNDECIDABLE, Earned, Family, Member, judge, limits_of, next_look
from households.checks.rules.facts import age, months_after, next_birthday
from households.policy import NAMES as POLICY
from households.registry.rules import EDUCATION, HEALTH, RELATIONS
from kit.policy import read_seeds
from kit.policy_book import PolicyBook

BOOK = PolicyBook(
    value for value in read_seeds(Path(households.__file__).with_name("policy.toml")) if value.name.startswith("check.")
)
ON = date(2024, 6, 30)
PATH = "5301/530128/530128001/530128001001/"


def member(relation: str = "户主", **told: Any) -> Member:
    known = {"sex": "male", "birth_date": date(1975, 3, 4), "education": "初中", "health": ("健康",)}
    known |= {"labour_skill": "ordinary", "phone": "138****1234", "id": uuid4()}
    return Member(relation=relation, **{**known, **told})


def family(*members: Member, **told: Any) -> Family:
    known: dict[str, Any] = {"path": PATH, "household_type": "lifted", "category": None, "identified_on": None}
    known |= {"risk_eliminated": None, "causes": (), "no_labour": False}
    return Family(members=members or (member(),), **{**known, **told})


def found(home: Family, on: date = ON, book: PolicyBook = BOOK) -> dict[str, set[str]]:
    told: dict[str, set[str]] = {}
    for rule, item in judge(home, on, book):
        told.setdefault(rule.id, set()).add(item.case)
    return told


def child(years: int, **told: Any) -> Member:
    known = {"education": None, "labour_skill": "none", "birth_date": date(ON.year - years, 1, 2), "phone": None}
    return member(told.pop("relation", "之子"), **{**known, **told})


def monitored(*members: Member, **told: Any) -> Family:
    known: dict[str, Any] = {"category": "unstable", "identified_on": date(2023, 1, 1), "causes": ("other",)}
    known |= {"measures": frozenset({"industry"}), "development": True}
    return family(*members, **{**known, **told})


WIFE = {"sex": "female", "phone": None}
CASES: dict[str, tuple[Family, str]] = {
    "one-head": (family(member("配偶", **WIFE)), "none"),
    "one-spouse": (family(member(), member("配偶", **WIFE), member("配偶", **WIFE)), "several"),
    "spouse-sex": (family(member(), member("配偶")), "same"),
    "relation-sex": (family(member(), member("之父", **WIFE, birth_date=date(1950, 1, 1))), "other"),
    "generation-gap": (family(member(), member("之子", birth_date=date(1988, 1, 1))), "too-close"),
    "spouse-age": (family(member(), member("配偶", **WIFE, birth_date=date(2006, 1, 1))), "too-young"),
    "head-minor": (family(child(16, relation="户主", school_stage="中职一年级"), member("其他")), "minor"),
    "education-or-stage": (family(member(education=None)), "neither"),
    "school-age-out-of-school": (family(member(), child(10, education="小学")), "not-in-school"),
    "preschool-age": (family(member(), child(9, school_stage="学前教育")), "too-old"),
    "stage-age": (family(member(), child(7, school_stage="九年级")), "too-young"),
    "education-age": (family(member(), child(6, education="高中")), "too-young"),
    "student-age": (family(member(education=None, school_stage="硕士研究生及以上")), "too-old"),
    "able-without-labour": (family(member(labour_skill="none")), "able"),
    "child-labour": (family(member(), child(12, school_stage="小学", labour_skill="ordinary")), "too-young"),
    "old-labour": (family(member(birth_date=date(1940, 1, 1))), "too-old"),
    "disabled-labour": (family(member(disability="11", health=("残疾",))), "severe"),
    "lost-but-healthy": (family(member(labour_skill="lost")), "healthy"),
    "healthy-and-ill": (family(member(health=("健康", "残疾"))), "both"),
    "disability-not-said": (family(member(disability="43")), "not-said"),
    "one-insurance": (family(member(resident_insurance=True, employee_insurance=True)), "both"),
    "work-place-and-months": (family(member(work_place=False, work_months=3)), "months-only"),
    "no-labour-household": (family(no_labour=True), "has-labour"),
    "phone-digits": (family(member(phone="0871****12")), "length"),
    "category-of-type": (monitored(category="borderline"), "other-type"),
    "identification": (monitored(causes=()), "no-cause"),
    "no-measure": (monitored(member(labour_skill="weak"), measures=frozenset(), development=False), "none"),
    "illness-without-help": (monitored(causes=("illness",)), "not-answered"),
    "schooling-without-help": (monitored(causes=("schooling",)), "not-answered"),
    "housing-without-help": (monitored(causes=("housing",)), "not-answered"),
    "water-without-help": (monitored(causes=("water",)), "not-answered"),
    "labour-without-development": (monitored(measures=frozenset({"health"}), development=False), "none"),
    "labour-not-short": (monitored(causes=("labour_shortage",)), "enough"),
    "unstable-work-without-labour": (
        monitored(member(labour_skill="lost", health=("残疾",)), causes=("unstable_work",)),
        "nobody",
    ),
    "illness-nothing-paid": (
        monitored(
            causes=("illness",),
            measures=frozenset({"health", "industry"}),
            earned=Earned(wage=Decimal(9000), per_head=Decimal(9000), self_paid=Decimal(0)),
        ),
        "nothing-paid",
    ),
    "tiny-wage": (
        family(earned=Earned(wage=Decimal("99.99"), per_head=Decimal(9000), self_paid=Decimal(0))),
        "tiny",
    ),
    "high-income-identified": (
        monitored(earned=Earned(wage=Decimal(0), per_head=Decimal("20000.01"), self_paid=Decimal(0))),
        "high",
    ),
}
"""Rule → a household in which nothing but it is wrong."""


@pytest.mark.parametrize("rule", RULES)
def test_each_rule_finds_its_case_and_nothing_else(rule: str) -> None:
    home, case = CASES[rule]
    assert found(home) == {rule: {case}}


@pytest.mark.parametrize("rule", RULES)
def test_without_its_policy_values_a_rule_is_undecided(rule: str) -> None:
    home, _ = CASES[rule]
    limits = set(RULES[rule].limits)
    lacking = PolicyBook(value for value in BOOK.recorded() if value.name not in limits)
    assert (rule in found(home, book=lacking)) == (not limits)


def test_a_sound_household_has_no_finding() -> None:
    daughter = child(11, relation="之女", sex="female", school_stage="小学", resident_insurance=True)
    worker = member(work_place=True, work_months=8, resident_insurance=False, employee_insurance=True)
    assert found(family(worker, member("配偶", **WIFE), daughter)) == {}
    assert found(monitored(worker, causes=("illness",), measures=frozenset({"health", "industry"}))) == {}


def test_income_of_an_identified_household_is_measured_by_the_value_of_its_day() -> None:
    home, _ = CASES["high-income-identified"]
    rich = {"earned": home.earned, "identified_on": date(2022, 12, 31)}
    assert found(monitored(**rich)) == {}


def test_help_is_due_to_the_day() -> None:
    home, _ = CASES["no-measure"]
    early = monitored(identified_on=date(2024, 5, 31), measures=home.measures, development=False)
    assert months_after(date(2024, 5, 31), 1) == date(2024, 7, 1)
    assert "no-measure" not in found(early, date(2024, 6, 30))
    assert "no-measure" in found(early, date(2024, 7, 1))
    assert next_look(early, date(2024, 6, 30), BOOK) == date(2024, 7, 1)


def test_every_policy_value_is_named_read_and_seeded() -> None:
    read = {name for rule in RULES.values() for name in rule.limits}
    assert read == set(NAMES) == {value.name for value in BOOK.recorded()}
    assert NAMES.items() <= POLICY.items()
    assert all(limits_of(rule, PATH, ON, BOOK) is not None for rule in RULES.values())
    assert not {item.id for item in UNDECIDABLE} & set(RULES)


DAYS = st.dates(date(1930, 1, 1), date(2024, 6, 1))
MEMBERS = st.builds(
    Member,
    id=st.uuids(version=4),
    relation=st.sampled_from(sorted(RELATIONS)),
    sex=st.sampled_from(["male", "female"]),
    birth_date=DAYS,
    education=st.none() | st.sampled_from(sorted(EDUCATION)),
    school_stage=st.none() | st.sampled_from(["学龄前儿童", "小学", "七年级", "普通高中二年级", "本科四年级"]),
    health=st.lists(st.sampled_from(sorted(HEALTH)), unique=True).map(tuple),
    labour_skill=st.none() | st.sampled_from(["ordinary", "skilled", "weak", "lost", "none"]),
    disability=st.none() | st.sampled_from(["11", "24", "72"]),
    phone=st.none() | st.sampled_from(["138****1234", "*******"]),
    resident_insurance=st.none() | st.booleans(),
    employee_insurance=st.none() | st.booleans(),
    work_place=st.none() | st.booleans(),
    work_months=st.none() | st.integers(0, 12),
)
MONEY = st.decimals(0, 100_000, places=2)
FAMILIES = st.builds(
    Family,
    path=st.just(PATH),
    household_type=st.sampled_from(["lifted", "general"]),
    category=st.none() | st.sampled_from(["unstable", "borderline", "sudden"]),
    identified_on=st.none() | st.dates(date(2022, 1, 1), date(2024, 6, 1)),
    risk_eliminated=st.none() | st.booleans(),
    causes=st.lists(st.sampled_from(["illness", "water", "labour_shortage", "unstable_work"]), unique=True).map(tuple),
    no_labour=st.booleans(),
    members=st.lists(MEMBERS, min_size=1, max_size=5).map(tuple),
    measures=st.frozensets(st.sampled_from(["health", "water", "industry"])),
    development=st.booleans(),
    medical_expense=st.booleans(),
    earned=st.none() | st.builds(Earned, wage=MONEY, per_head=MONEY, self_paid=MONEY),
)


def outcome(home: Family, on: date) -> list[tuple[str, UUID | None, str]]:
    return sorted(
        ((rule.id, item.person_id, item.case) for rule, item in judge(home, on, BOOK)), key=lambda told: str(told)
    )


@given(FAMILIES, st.dates(date(2024, 6, 1), date(2027, 1, 1)), st.integers(0, 366))
def test_nothing_changes_before_the_next_look(home: Family, on: date, later: int) -> None:
    look = next_look(home, on, BOOK)
    assert look > on
    between = min(on + timedelta(days=later), look - timedelta(days=1))
    assert outcome(home, between) == outcome(home, on)


@given(FAMILIES, st.permutations(range(5)))
def test_the_order_of_members_does_not_matter(home: Family, order: list[int]) -> None:
    turned = [home.members[place] for place in order if place < len(home.members)]
    told = {name: getattr(home, name) for name in Family.__slots__ if name != "members"}
    assert outcome(Family(**told, members=tuple(turned)), ON) == outcome(home, ON)
    digests = {(rule.id, item.person_id): item.values for rule, item in judge(home, ON, BOOK)}
    again = {
        (rule.id, item.person_id): item.values for rule, item in judge(Family(**told, members=tuple(turned)), ON, BOOK)
    }
    assert again == digests


@given(DAYS, st.dates(date(2024, 1, 1), date(2031, 1, 1)))
def test_the_next_birthday_is_the_first_day_of_the_next_year_of_age(born: date, on: date) -> None:
    day = next_birthday(born, on)
    assert age(born, day) == age(born, on) + 1
    assert age(born, day - timedelta(days=1)) == age(born, on)


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)), st.integers(0, 40))
def test_some_months_after_a_day_never_come_early(day: date, months: int) -> None:
    after = months_after(day, months)
    count = (after.year - day.year) * 12 + after.month - day.month
    assert (count, after.day) in {(months, day.day), (months + 1, 1)}
