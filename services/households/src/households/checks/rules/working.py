"""Rules about labour, health, work, insurance and phone of a member."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from .facts import HEAD, WORKING, Family, Found, Limits, Member, Rule, Severity, age, of_family, of_member

LABOUR_FROM: Final = "check.labour_age_from"
LABOUR_TO: Final = "check.labour_age_to"
LABOUR_MOST: Final = "check.labour_age_most"
SEVERE_GRADE: Final = "check.severe_disability_grade"

_HEALTHY: Final = "健康"
_DISABLED: Final = "残疾"
_PHONE_DIGITS: Final = 11


def _of_working_age(member: Member, on: date, limits: Limits) -> bool:
    return limits[LABOUR_FROM] <= age(member.birth_date, on) <= limits[LABOUR_TO]


def _able_without_labour(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        able = member.health == (_HEALTHY,) and not member.in_school and _of_working_age(member, on, limits)
        if able and member.labour_skill == "none":
            yield of_member(member, "able", "birth_date", "health", "school_stage", "labour_skill")


def _child_labour(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        if member.labour_skill in WORKING and age(member.birth_date, on) < limits[LABOUR_FROM]:
            yield of_member(member, "too-young", "birth_date", "labour_skill")


def _old_labour(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        if member.labour_skill in WORKING and age(member.birth_date, on) > limits[LABOUR_MOST]:
            yield of_member(member, "too-old", "birth_date", "labour_skill")


def _disabled_labour(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        severe = member.disability is not None and int(member.disability[-1]) <= limits[SEVERE_GRADE]
        if severe and member.labour_skill in WORKING:
            yield of_member(member, "severe", "disability", "labour_skill")


def _lost_but_healthy(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        if member.labour_skill == "lost" and member.health == (_HEALTHY,):
            yield of_member(member, "healthy", "health", "labour_skill")


def _healthy_and_ill(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        if _HEALTHY in member.health and len(member.health) > 1:
            yield of_member(member, "both", "health")


def _certificate_of_disability(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        if member.disability is not None and _DISABLED not in member.health:
            yield of_member(member, "not-said", "disability", "health")


def _one_insurance(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        told = (member.resident_insurance, member.employee_insurance)
        if told in ((True, True), (False, False)):
            yield of_member(
                member, "both" if member.resident_insurance else "neither", "resident_insurance", "employee_insurance"
            )


def _work_place_and_months(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        if member.work_place is not None and member.work_place != bool(member.work_months):
            case = "place-only" if member.work_place else "months-only"
            yield of_member(member, case, "work_place", "work_months")


def _no_labour_household(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    if family.no_labour and any(member.labour_skill in WORKING for member in family.members):
        skills = tuple(sorted((str(member.id), member.labour_skill or "") for member in family.members))
        found = of_family(family, "has-labour", "no_labour")
        yield Found(case=found.case, fields=("no_labour", "labour_skill"), values=(*found.values, *skills))


def _phone(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        if member.relation == HEAD and member.phone is not None and not _is_phone(member.phone):
            yield of_member(member, "length", "phone")


def _is_phone(masked: str) -> bool:
    return len(masked) == _PHONE_DIGITS and masked.replace("*", "").isdigit()


RULES: Final = (
    Rule(
        id="able-without-labour",
        zh="劳动年龄内、健康、不在校而填无劳动力",
        en="of working age, healthy, not in school, yet without labour",
        source="2.3 劳动技能",
        severity=Severity.ERROR,
        find=_able_without_labour,
        limits=(LABOUR_FROM, LABOUR_TO),
    ),
    Rule(
        id="child-labour",
        zh="未到劳动年龄而填有劳动力",
        en="below working age, yet a worker",
        source="2.3 劳动技能",
        severity=Severity.ERROR,
        find=_child_labour,
        limits=(LABOUR_FROM,),
    ),
    Rule(
        id="old-labour",
        zh="高龄而填普通或技能劳动力",
        en="of high age, yet a full worker",
        source="2.3 劳动技能",
        severity=Severity.SUSPICIOUS,
        find=_old_labour,
        limits=(LABOUR_MOST,),
    ),
    Rule(
        id="disabled-labour",
        zh="重度残疾而填普通或技能劳动力",
        en="severely disabled, yet a full worker",
        source="2.3 健康状况 劳动技能",
        severity=Severity.SUSPICIOUS,
        find=_disabled_labour,
        limits=(SEVERE_GRADE,),
    ),
    Rule(
        id="lost-but-healthy",
        zh="丧失劳动力而健康状况只填健康",
        en="labour is lost, yet the health is good",
        source="2.3 健康状况 劳动技能",
        severity=Severity.SUSPICIOUS,
        find=_lost_but_healthy,
    ),
    Rule(
        id="healthy-and-ill",
        zh="健康与患病、残疾同填",
        en="healthy and ill or disabled at once",
        source="2.3 健康状况",
        severity=Severity.ERROR,
        find=_healthy_and_ill,
    ),
    Rule(
        id="disability-not-said",
        zh="有残疾人证而健康状况未填残疾",
        en="a certificate of disability, yet the health does not say so",
        source="2.3 证件号码 健康状况",
        severity=Severity.ERROR,
        find=_certificate_of_disability,
    ),
    Rule(
        id="one-insurance",
        zh="居民医保与职工医保须有且仅有一项",
        en="insured either as a resident or as an employee, not both, not neither",
        source="2.3 医保",
        severity=Severity.ERROR,
        find=_one_insurance,
    ),
    Rule(
        id="work-place-and-months",
        zh="务工所在地与务工时间须同填或同空",
        en="place and months of work are both filled or both empty",
        source="2.3 务工",
        severity=Severity.ERROR,
        find=_work_place_and_months,
    ),
    Rule(
        id="no-labour-household",
        zh="整户无劳动能力而有普通或技能劳动力",
        en="a household without labour that has a full worker",
        source="2.3 劳动技能; 1.6",
        severity=Severity.ERROR,
        find=_no_labour_household,
    ),
    Rule(
        id="phone-digits",
        zh="户联系电话不是 11 位",
        en="the phone of the household has not 11 digits",
        source="2.3 户联系电话",
        severity=Severity.ERROR,
        find=_phone,
    ),
)
