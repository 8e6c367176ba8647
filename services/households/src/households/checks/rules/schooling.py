"""Rules about schooling and age."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from .facts import PRESCHOOL, Family, Found, Limits, Rule, Severity, age, of_member

PRESCHOOL_MOST: Final = "check.preschool_age_to"
COMPULSORY_FROM: Final = "check.compulsory_age_from"
COMPULSORY_TO: Final = "check.compulsory_age_to"
STUDENT_MOST: Final = "check.student_age_to"
PRIMARY: Final = "check.stage_age_primary"
JUNIOR: Final = "check.stage_age_junior"
SENIOR: Final = "check.stage_age_senior"
COLLEGE: Final = "check.stage_age_college"
GRADUATE: Final = "check.stage_age_graduate"
_LEVELS: Final = (PRIMARY, JUNIOR, SENIOR, COLLEGE, GRADUATE)

_BEFORE_SCHOOL: Final = frozenset({PRESCHOOL, "学前教育"})
_EDUCATION: Final = {"小学": PRIMARY, "初中": JUNIOR, "高中": SENIOR, "大专": COLLEGE, "本科及以上": COLLEGE}
_STAGES: Final = (
    ("小学", PRIMARY),
    ("七年级", JUNIOR),
    ("八年级", JUNIOR),
    ("九年级", JUNIOR),
    ("普通高中", SENIOR),
    ("中职", SENIOR),
    ("高职高专", COLLEGE),
    ("本科", COLLEGE),
    ("硕士", GRADUATE),
)
"""How a 在校生状况 begins, and the level it means; 技师学院 takes pupils of both levels."""


def _education_or_stage(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        if (member.education is None) == (member.school_stage is None):
            case = "neither" if member.education is None else "both"
            yield of_member(member, case, "education", "school_stage")


def _out_of_school(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        school_age = limits[COMPULSORY_FROM] <= age(member.birth_date, on) <= limits[COMPULSORY_TO]
        if school_age and not member.in_school:
            yield of_member(member, "not-in-school", "birth_date", "school_stage")


def _before_school(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        if member.school_stage in _BEFORE_SCHOOL and age(member.birth_date, on) > limits[PRESCHOOL_MOST]:
            yield of_member(member, "too-old", "birth_date", "school_stage")


def _stage_age(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        stage = member.school_stage or ""
        level = next((level for begins, level in _STAGES if stage.startswith(begins)), None)
        if level is not None and age(member.birth_date, on) < limits[level]:
            yield of_member(member, "too-young", "birth_date", "school_stage")


def _education_age(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        level = _EDUCATION.get(member.education or "")
        if level is not None and age(member.birth_date, on) < limits[level]:
            yield of_member(member, "too-young", "birth_date", "education")


def _old_student(family: Family, on: date, limits: Limits) -> Iterator[Found]:
    for member in family.members:
        if member.in_school and age(member.birth_date, on) > limits[STUDENT_MOST]:
            yield of_member(member, "too-old", "birth_date", "school_stage")


RULES: Final = (
    Rule(
        id="education-or-stage",
        zh="文化程度与在校生状况须填且只填一项",
        en="either education or the stage of school is filled, not both, not neither",
        source="2.3 文化程度 在校生状况",
        severity=Severity.ERROR,
        find=_education_or_stage,
    ),
    Rule(
        id="school-age-out-of-school",
        zh="义务教育阶段适龄而不在校",
        en="of the age of compulsory schooling and not in school",
        source="2.3 在校生状况; 1.9",
        severity=Severity.SUSPICIOUS,
        find=_out_of_school,
        limits=(COMPULSORY_FROM, COMPULSORY_TO),
    ),
    Rule(
        id="preschool-age",
        zh="超过学龄前年龄",
        en="too old to be before school",
        source="2.3 在校生状况",
        severity=Severity.SUSPICIOUS,
        find=_before_school,
        limits=(PRESCHOOL_MOST,),
    ),
    Rule(
        id="stage-age",
        zh="年龄小于在校阶段应有的年龄",
        en="too young for the stage of school",
        source="2.3 在校生状况",
        severity=Severity.SUSPICIOUS,
        find=_stage_age,
        limits=_LEVELS,
    ),
    Rule(
        id="education-age",
        zh="年龄小于文化程度应有的年龄",
        en="too young for the education",
        source="2.3 文化程度",
        severity=Severity.SUSPICIOUS,
        find=_education_age,
        limits=_LEVELS,
    ),
    Rule(
        id="student-age",
        zh="在校生年龄偏大",
        en="rather old for somebody in school",
        source="2.3 在校生状况",
        severity=Severity.SUSPICIOUS,
        find=_old_student,
        limits=(STUDENT_MOST,),
    ),
)
