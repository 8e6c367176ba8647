"""Rules about who the members are to each other."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from .facts import HEAD, SPOUSE, Family, Found, Limits, Rule, Severity, age, of_member

GENERATION: Final = "check.generation_years"
MARRIAGE_MALE: Final = "check.marriage_age_male"
MARRIAGE_FEMALE: Final = "check.marriage_age_female"
ADULT: Final = "check.adult_age"

_GENERATIONS: Final = {
    **dict.fromkeys(("之子", "之女"), 1),
    **dict.fromkeys(("之孙子", "之孙女", "之外孙子", "之外孙女"), 2),
    **dict.fromkeys(("之曾孙子", "之曾孙女"), 3),
    **dict.fromkeys(("之父", "之母"), -1),
    **dict.fromkeys(("之祖父", "之祖母", "之外祖父", "之外祖母"), -2),
}
"""How many generations a relative by blood comes after the head."""

_MALE: Final = (
    *("之子", "之女婿", "之孙子", "之外孙子", "之曾孙子", "之侄儿"),
    *("之父", "之岳父", "之公公", "之祖父", "之外祖父"),
)
_FEMALE: Final = (
    *("之女", "之儿媳", "之孙女", "之外孙女", "之曾孙女", "之侄女", "之兄弟媳妇"),
    *("之母", "之岳母", "之婆婆", "之祖母", "之外祖母"),
)
_SEXES: Final = {**dict.fromkeys(_MALE, "male"), **dict.fromkeys(_FEMALE, "female")}


def _one_head(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    heads = sum(member.relation == HEAD for member in family.members)
    if family.members and heads != 1:
        told = tuple(sorted((str(member.id), member.relation) for member in family.members))
        yield Found(case="none" if heads == 0 else "several", fields=("relation",), values=told)


def _one_spouse(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    spouses = sorted(str(member.id) for member in family.members if member.relation == SPOUSE)
    if len(spouses) > 1:
        yield Found(case="several", fields=("relation",), values=tuple(spouses))


def _spouse_sex(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    head = family.head
    for member in family.members:
        if head is not None and member.relation == SPOUSE and member.sex == head.sex:
            values = (member.relation, member.sex, head.sex)
            yield Found(person_id=member.id, case="same", fields=("relation", "sex"), values=values)


def _relation_sex(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        if member.sex != _SEXES.get(member.relation, member.sex):
            yield of_member(member, "other", "relation", "sex")


def _generations(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    head = family.head
    for member in family.members:
        generations = _GENERATIONS.get(member.relation)
        if head is None or generations is None:
            continue
        elder, younger = (head, member) if generations > 0 else (member, head)
        # the age of the one on the day the other was born, so that no day to come changes it
        if age(elder.birth_date, younger.birth_date) < abs(generations) * limits[GENERATION]:
            values = (member.relation, member.birth_date, head.birth_date)
            yield Found(person_id=member.id, case="too-close", fields=("relation", "birth_date"), values=values)


def _spouse_age(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        least = limits[MARRIAGE_MALE if member.sex == "male" else MARRIAGE_FEMALE]
        if member.relation == SPOUSE and age(member.birth_date, on) < least:
            yield of_member(member, "too-young", "relation", "sex", "birth_date")


def _head_age(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    adults = any(age(member.birth_date, on) >= limits[ADULT] for member in family.members)
    for member in family.members:
        # a family of children only has nobody else to be its head
        if adults and member.relation == HEAD and age(member.birth_date, on) < limits[ADULT]:
            yield of_member(member, "minor", "relation", "birth_date")


RULES: Final = (
    Rule(
        id="one-head",
        zh="一户须有且仅有一名户主",
        en="a household has exactly one head",
        source="2.3 与户主关系",
        severity=Severity.ERROR,
        find=_one_head,
    ),
    Rule(
        id="one-spouse",
        zh="一户至多一名配偶",
        en="a household has at most one spouse of the head",
        source="2.3 与户主关系",
        severity=Severity.ERROR,
        find=_one_spouse,
    ),
    Rule(
        id="spouse-sex",
        zh="配偶与户主性别应不同",
        en="spouse and head are of different sex",
        source="2.3 与户主关系",
        severity=Severity.ERROR,
        find=_spouse_sex,
    ),
    Rule(
        id="relation-sex",
        zh="与户主关系和性别不符",
        en="the relation to the head does not fit the sex",
        source="2.3 与户主关系",
        severity=Severity.ERROR,
        find=_relation_sex,
    ),
    Rule(
        id="generation-gap",
        zh="与户主的辈分和年龄差不符",
        en="the years between two generations are too few",
        source="2.3 与户主关系",
        severity=Severity.SUSPICIOUS,
        find=_generations,
        limits=(GENERATION,),
    ),
    Rule(
        id="spouse-age",
        zh="配偶未到法定婚龄",
        en="the spouse is below the age of marriage",
        source="2.3 与户主关系; 民法典第一千零四十七条",
        severity=Severity.SUSPICIOUS,
        find=_spouse_age,
        limits=(MARRIAGE_MALE, MARRIAGE_FEMALE),
    ),
    Rule(
        id="head-minor",
        zh="家中有成年人而户主未成年",
        en="the head is a minor though there are adults",
        source="2.3 与户主关系; 民法典第十七条",
        severity=Severity.SUSPICIOUS,
        find=_head_age,
        limits=(ADULT,),
    ),
)
