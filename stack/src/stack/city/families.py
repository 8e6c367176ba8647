"""Plausible families: who lives in a household, how old they are, what they learn and how they work."""

import random
from dataclasses import dataclass
from datetime import date
from typing import Final

from workbook import MemberRecord

from . import people
from .people import Registrar

_SIZES: Final = (1, 2, 3, 4, 5, 6)
_SIZE_SHARES: Final = (5, 11, 19, 31, 22, 12)
_WORK_PLACES: Final = ("昆明市", "浙江省", "广东省", "上海市", "本县")
_WORK_SHARES: Final = (45, 18, 12, 6, 19)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A member before it has a number: relation, sex and age on the day of the export."""

    relation: str
    male: bool
    age: int


def shaped(draw: random.Random) -> list[Person]:
    """A family, the head first."""
    size = draw.choices(_SIZES, _SIZE_SHARES)[0]
    male = draw.random() < 0.82
    if size == 1:
        return [Person(relation="户主", male=male, age=draw.randint(45, 82))]
    if size >= 5 and draw.random() < 0.45:
        return _three_generations(draw, size, male=male)
    head = Person(relation="户主", male=male, age=draw.randint(28, 66))
    spouse = Person(relation="配偶", male=not male, age=max(23, head.age + draw.randint(-6, 4)))
    family = [head, spouse] if size > 2 or draw.random() < 0.7 else [head]
    mother = spouse if male else head
    elders = _parents(draw, head, 2 if size >= 5 else draw.choice((0, 0, 1)), room=size - len(family))
    children = _children(draw, mother, size - len(family) - len(elders))
    return [*family, *children, *elders]


def _children(draw: random.Random, mother: Person, count: int) -> list[Person]:
    found = list[Person]()
    age = mother.age - draw.randint(20, 26)
    while len(found) < count and (age >= 0 or not found):
        male = draw.random() < 0.51
        found.append(Person(relation="之子" if male else "之女", male=male, age=max(0, min(age, 38))))
        age -= draw.randint(2, 5)
    return found


def _parents(draw: random.Random, head: Person, wanted: int, room: int) -> list[Person]:
    count = min(wanted, room - 1 if room > 1 else room)
    mother = Person(relation="之母", male=False, age=min(92, head.age + draw.randint(20, 28)))
    father = Person(relation="之父", male=True, age=min(93, mother.age + draw.randint(0, 5)))
    return [mother, father][:count] if count > 0 else []


def _three_generations(draw: random.Random, size: int, *, male: bool) -> list[Person]:
    head = Person(relation="户主", male=male, age=draw.randint(52, 70))
    spouse = Person(relation="配偶", male=not male, age=head.age + draw.randint(-4, 2))
    son = Person(relation="之子", male=True, age=spouse.age - draw.randint(22, 27))
    daughter = Person(relation="之儿媳", male=False, age=max(21, son.age - draw.randint(0, 4)))
    grandchildren = []
    for number in range(size - 4):
        boy = draw.random() < 0.51
        age = max(0, daughter.age - 21 - draw.randint(0, 4) - 3 * number)
        grandchildren.append(Person(relation="之孙子" if boy else "之孙女", male=boy, age=age))
    return [head, spouse, son, daughter, *grandchildren]


def member(
    draw: random.Random, person: Person, registrar: Registrar, on: date, *, number: str, family: str, kin: str
) -> MemberRecord:
    """The row of a person.

    Args:
        draw: of the village.
        person: as shaped.
        registrar: gives the certificate.
        on: the day of the export.
        number: 人口编号.
        family: surname of the head's line.
        kin: 民族 of the household.
    """
    own = family if person.relation not in ("配偶", "之儿媳", "之母") else people.surname(draw)
    identity = registrar.certificate(person.age, male=person.male, on=on)
    health = _health(draw, person.age)
    stage = _school(draw, person.age)
    skill = _skill(draw, person.age, health, in_school=bool(stage))
    certificate, kind = _certificate(draw, identity, health, skill)
    place, months = _work(draw, person.age, skill)
    employee = months >= 9 and draw.random() < 0.12
    return MemberRecord(
        row=0, number=number, name=people.name(draw, own, male=person.male), sex="男" if person.male else "女",
        certificate_kind=kind, certificate=certificate, identity=identity, ethnicity=kin, relation=person.relation,
        politics="中共党员" if person.age >= 25 and draw.random() < 0.06 else "群众",
        education="" if stage else _education(draw, person.age), school_stage=stage, health=health, labour_skill=skill,
        resident_insurance=not employee, employee_insurance=employee, work_place=place, work_months=months or None,
    )  # fmt: skip


def _health(draw: random.Random, age: int) -> tuple[str, ...]:
    chance = draw.random()
    if chance < (0.03 if age < 60 else 0.09):
        return ("残疾",)
    if chance < (0.05 if age < 50 else 0.26):
        return ("长期慢性病",)
    return ("患有大病",) if chance > 0.985 else ("健康",)


def _school(draw: random.Random, age: int) -> str:
    if age < 6:
        return "学龄前儿童"
    if age < 12:
        return "小学"
    if age < 15:
        return ("七年级", "八年级", "九年级")[age - 12]
    year = ("一年级", "二年级", "三年级")
    if age < 18:
        return (("普通高中" if draw.random() < 0.55 else "中职") + year[age - 15]) if draw.random() < 0.93 else ""
    if age < 22 and draw.random() < 0.42:
        return ("本科" if draw.random() < 0.4 else "高职高专") + year[min(age - 18, 2)]
    return ""


def _education(draw: random.Random, age: int) -> str:
    if age >= 60:
        return draw.choices(("文盲或半文盲", "小学", "初中"), (45, 45, 10))[0]
    if age >= 40:
        return draw.choices(("文盲或半文盲", "小学", "初中", "高中"), (8, 47, 40, 5))[0]
    return draw.choices(("小学", "初中", "高中", "大专", "本科及以上"), (14, 52, 18, 11, 5))[0]


def _skill(draw: random.Random, age: int, health: tuple[str, ...], *, in_school: bool) -> str:
    if age < 16 or in_school or age >= 75:
        return "无劳动力"
    if "残疾" in health or "患有大病" in health:
        return "丧失劳动力" if draw.random() < 0.4 else "弱劳动力或半劳动力"
    if age > 60:
        return "弱劳动力或半劳动力"
    return "技能劳动力" if draw.random() < 0.16 else "普通劳动力"


def _certificate(draw: random.Random, identity: str, health: tuple[str, ...], skill: str) -> tuple[str, str]:
    """残疾人证 of 20 or 22 characters for most of the disabled: 18, kind, grade, and the re-issue."""
    if "残疾" not in health or draw.random() < 0.35:
        return identity, "居民身份证"
    grade = draw.choice("12") if skill == "丧失劳动力" else draw.choice("34")
    again = f"B{draw.randint(1, 3)}" if draw.random() < 0.2 else ""
    return f"{identity}{draw.choice('1234567')}{grade}{again}", "残疾人证"


def _work(draw: random.Random, age: int, skill: str) -> tuple[str, int]:
    able = {"普通劳动力": 0.68, "技能劳动力": 0.85, "弱劳动力或半劳动力": 0.1}.get(skill, 0.0)
    if age > 66 or draw.random() >= able:
        return "", 0
    return draw.choices(_WORK_PLACES, _WORK_SHARES)[0], draw.randint(3, 12)
