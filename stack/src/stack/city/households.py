"""From a village to its households, one after the other: the same seed and village give the same households."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Final

from workbook import Helper, HouseholdRecord

from . import people
from .families import member, shaped
from .incomes import amounts
from .people import Registrar
from .places import Village
from .truth import ONE_TO_ONE

_NUMBERS: Final = 10**9
_STRIDE: Final = 387_420_489
"""Prime to `_NUMBERS`: every household of the city gets a number of its own, in no order that shows."""

_HAMLETS: Final = ("上村", "下村", "大村", "小村", "新村", "河边", "坡头", "水井")
_OFFICES: Final = ("农业农村局", "水务局", "教育体育局", "林业和草原局", "人力资源和社会保障局", "卫生健康局")
_MONITORED: Final = 0.13


def households_of(
    village: Village, registrar: Registrar, *, seed: int, first: int, exported_on: date
) -> Iterator[HouseholdRecord]:
    """The households of a village.

    Args:
        village: with its number of households.
        registrar: of the village's area code.
        seed: of the city.
        first: how many households the city has before these.
        exported_on: the day their ages and incomes are told for.
    """
    draw = random.Random(f"{seed}/{village.code}")  # noqa: S311  invented on purpose
    for place in range(village.households):
        number = f"53{((first + place) * _STRIDE + seed * 7919) % _NUMBERS:09d}"
        yield _household(draw, village, registrar, number, exported_on)


def _household(
    draw: random.Random, village: Village, registrar: Registrar, number: str, exported_on: date
) -> HouseholdRecord:
    shape = shaped(draw)
    family, kin = people.surname(draw), people.ethnicity(draw)
    members = tuple(
        member(draw, person, registrar, exported_on, number=f"{number}{place:02d}", family=family, kin=kin)
        for place, person in enumerate(shape, start=1)
    )
    fortune = draw.lognormvariate(0.0, 0.35)
    told = amounts(draw, members, [person.age for person in shape], fortune=fortune)
    record = HouseholdRecord(
        number=number, members=members, province="云南省", city="昆明市", county=village.county,
        township=village.township, village=village.village, region_code=village.code, hamlet=draw.choice(_HAMLETS),
        household_type="脱贫户", size=len(members), phone=people.phone(draw), safe_water=True, unsafe_housing=False,
        no_labour=all(one.labour_skill in ("无劳动力", "丧失劳动力") for one in members),
        year=str(exported_on.year), amounts=told,
    )  # fmt: skip
    return _helped(draw, _monitored(draw, record, exported_on))


def _monitored(draw: random.Random, record: HouseholdRecord, exported_on: date) -> HouseholdRecord:
    """Some are 监测对象, the poorer the likelier; those who are named have the causes that their members show."""
    per_head = record.amounts.per_head or Decimal(0)
    chance = _MONITORED * (2.2 if per_head < ONE_TO_ONE else 0.55)
    if draw.random() >= chance:
        return record
    category = draw.choices(("脱贫不稳定户", "边缘易致贫户", "突发严重困难户"), (45, 40, 15))[0]
    identified = _months_before(exported_on, draw.randint(1, 26))
    return replace(
        record,
        household_type="一般农户" if category == "边缘易致贫户" else "脱贫户",
        category=category,
        identified_in=identified,
        causes=_causes(draw, record),
        eliminated=False,
    )


def _causes(draw: random.Random, record: HouseholdRecord) -> tuple[str, ...]:
    members, found = record.members, list[str]()
    if any("患有大病" in one.health for one in members) and record.amounts.self_paid:
        found.append("因病")
    if any("残疾" in one.health for one in members):
        found.append("因残")
    if any(one.school_stage.startswith(("普通高中", "中职", "高职", "本科")) for one in members):
        found.append("因学")
    able = sum(one.labour_skill in ("普通劳动力", "技能劳动力") for one in members)
    if able * 4 <= len(members):
        found.append("缺劳动力")
    elif any(one.work_months for one in members):
        found.append("因务工就业不稳")
    chosen = draw.sample(found, min(len(found), draw.choice((1, 1, 2))))
    return tuple(chosen) or (draw.choice(("因自然灾害", "因产业项目失败", "因意外事故")),)


def _helped(draw: random.Random, record: HouseholdRecord) -> HouseholdRecord:
    """Most have a named helper; a few of those who should have one have none yet."""
    if draw.random() < 0.05:
        return record
    male = draw.random() < 0.6
    helper = Helper(
        name=people.name(draw, people.surname(draw), male=male),
        organisation=f"{record.county}{draw.choice(_OFFICES)}",
        phone=people.phone(draw),
    )
    return replace(record, helpers=(helper,))


def _months_before(day: date, months: int) -> str:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return f"{year}-{month + 1:02d}"
