"""Invented people: names, and certificate numbers that are valid and never the same twice, without remembering any."""

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from stdnum.cn import ric

_SURNAMES: Final = "张王李杨赵陈刘周毕马普陶何罗唐龙沙尹邓吕段施郭孙朱高胡林徐吴"
_MALE: Final = "明强福军华平文武建国志春林海东永光学正荣贵发云龙顺兴"
_FEMALE: Final = "琼芳英兰珍凤翠美莲菊香花秀丽梅霞玉仙惠琴会萍红艳燕"
_PEOPLES: Final = ("汉族", "彝族", "苗族", "回族", "傈僳族", "白族")
_SHARES: Final = (62, 16, 9, 9, 2, 2)

_SERIALS: Final = 500
_DAYS: Final = 365
MOST_PERSONS: Final = _SERIALS * _DAYS
"""Of one area code: each has a day of the year and a serial number of its own, whatever its year of birth."""

_STRIDE: Final = 96_493
"""Prime to `MOST_PERSONS`: neighbours in the count are born far apart in the year."""


@dataclass(slots=True)
class Registrar:
    """发证: gives the next person of an area code a certificate; only how many there were is remembered."""

    area_code: str
    given: int = 0

    def certificate(self, age: int, *, male: bool, on: date) -> str:
        """The number of somebody who is so many years old on a day.

        Raises:
            OverflowError: the area has no number left.
        """
        if self.given >= MOST_PERSONS:
            raise OverflowError(f"{self.area_code}: {MOST_PERSONS} persons at most")
        place = self.given * _STRIDE % MOST_PERSONS
        self.given += 1
        day, serial = divmod(place, _SERIALS)
        born = date(2001, 1, 1) + timedelta(days=day)
        year = on.year - age - ((born.month, born.day) > (on.month, on.day))
        body = f"{self.area_code}{year}{born:%m%d}{serial * 2 + male:03d}"
        return body + str(ric.calc_check_digit(f"{body}0"))


def surname(draw: random.Random) -> str:
    """姓"""
    return draw.choice(_SURNAMES)


def name(draw: random.Random, family: str, *, male: bool) -> str:
    """姓名"""
    given = _MALE if male else _FEMALE
    return family + draw.choice(given) + (draw.choice(given) if draw.random() < 0.6 else "")


def ethnicity(draw: random.Random) -> str:
    """民族"""
    return draw.choices(_PEOPLES, _SHARES)[0]


def phone(draw: random.Random) -> str:
    """联系电话"""
    return f"1{draw.choice('3578')}{draw.randrange(10**9):09d}"
