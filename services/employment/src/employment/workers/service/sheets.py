"""The national sheet of work (务工月监测) as reports of jobs, a part of the file at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

import workbook
from directory.naming import PersonNamed
from directory.people import today
from directory.tables import regions
from income.months import Month
from kit.cipher import FieldCipher
from kit.errors import Invalid
from kit.identity import normalise_certificate
from kit.models import SecretText

from ..rules import SheetUnreadable, Spell
from .outcomes import Outcome
from .spells import SpellReport, report_spells

TITLE: Final = "已外出务工信息"
AT_ONCE: Final = 400
"""Jobs of one part: a transaction may lock 500 keys."""

_LIMITS = workbook.Limits(rows=20_000)
_KINDS = {
    "certificate-checksum": workbook.Kind.BAD_CHECK_DIGIT,
    "certificate-damaged": workbook.Kind.FLOAT_DAMAGED_ID,
}
_CHANNELS = (("公益", "public_post"), ("车间", "workshop"), ("以工代赈", "work_relief"))
"""What 就业渠道 may name; mostly it says how the job was found, and then the place decides."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetPart:
    """一段: what became of the rows after one and up to another.

    Attributes:
        outcomes: by row of the file.
        problems: of the whole file; their rows are left out.
        waiting: rows recorded of somebody who is not registered yet; they wait for the registration.
        skipped: rows that say that the person does not work.
        last_row: the last row looked at.
        more: whether rows follow.
    """

    outcomes: Mapping[int, Outcome[Spell]]
    problems: Sequence[workbook.Problem]
    waiting: Sequence[workbook.WorkRecord]
    skipped: int
    last_row: int
    more: bool

    def covers(self, row: int, after_row: int) -> bool:
        """Whether a row of the file belongs to the part that begins after another."""
        return after_row < row and (row <= self.last_row or not self.more)


async def take_sheet(
    tx: AsyncConnection, data: bytes, *, after_row: int, cipher: FieldCipher, area: str, department: str
) -> SheetPart:
    """Record the jobs of the next 400 rows; taken again, they change nothing.

    Raises:
        SheetUnreadable: the file as a whole cannot be read.
    """
    on = await today(tx)
    file = read_sheet(data, on)
    sound = [record for record in file.sound if record.row > after_row]
    part = sound[:AT_ONCE]
    working = [record for record in part if record.working is not False and record.from_month]
    counties = await _counties(tx)
    reports = [_report(record, counties, on) for record in working]
    outcomes = await report_spells(tx, reports, cipher=cipher, area=area, department=department, fill=True)
    became = list(zip(working, outcomes, strict=True))
    return SheetPart(
        outcomes={record.row: outcome for record, outcome in became},
        waiting=[record for record, outcome in became if outcome.fact and outcome.fact.household_id is None],
        problems=file.problems,
        skipped=len(part) - len(working),
        last_row=part[-1].row if part else after_row,
        more=len(sound) > AT_ONCE,
    )


def read_sheet(data: bytes, on: date) -> workbook.WorkFile:
    """A file of the layout, certificates checked.

    Raises:
        SheetUnreadable: the file as a whole cannot be read.
    """

    def certify(text: str) -> str:
        try:
            return normalise_certificate(text, on=on).id18
        except Invalid as error:
            raise workbook.BadCertificate(_KINDS.get(error.code, workbook.Kind.BAD_CERTIFICATE)) from None

    try:
        return workbook.read_work(data, certify, _LIMITS)
    except workbook.Unreadable as error:
        raise SheetUnreadable(
            code=error.code, zh=error.zh, en=error.en, fix_zh=error.fix_zh, fix_en=error.fix_en
        ) from None


async def _counties(tx: AsyncConnection) -> Mapping[str, str]:
    """Codes of the counties we know, by name."""
    found = await tx.execute(select(regions.c.name, regions.c.code).where(regions.c.level == "county"))
    return {row.name: row.code[:6] for row in found}


def _report(record: workbook.WorkRecord, counties: Mapping[str, str], on: date) -> SpellReport:
    ended_on = Month.parse(record.to_month).last_day if record.to_month else None
    over = ended_on is not None and ended_on <= on
    # The reader has checked the certificate; whatever stands as 户编号 is only compared.
    person = PersonNamed.model_construct(certificate=SecretText(record.identity), household_number=record.household)
    return SpellReport(
        person=person,
        started_on=Month.parse(record.from_month or "").first_day,
        channel=_channel(record),
        place_code=counties.get(record.work_county),
        employer=record.employer[:100] or None,
        ended_on=ended_on if over else None,
        end_reason="other" if over else None,
        pointer=f"row:{record.row}",
    )


def _channel(record: workbook.WorkRecord) -> str:
    named = next((channel for word, channel in _CHANNELS if word in record.channel), None)
    return named or ("local" if record.work_county and record.work_county == record.county else "migrant")
