"""Handling reports: accept, find the household, settle; and what the receipt tells."""

import json
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import SelfReportSettled
from events.locks import locked
from kit import policy
from kit.cipher import FieldCipher
from kit.etag import require_version

from ...regions import service as regions
from ...registry import service as registry
from ..queries import Report, report
from ..rules import LinkedAlready, Opens, OutOfTurn, ReportOutcome, ReportState, ReportUnknown, due_on
from .filing import PURPOSE, filed
from .publishing import save_report
from .receipts import follow, open_door

ACCEPT_DAYS = "report.accept_days"
"""The policy value that says within how many days a report is accepted."""


async def get_report(tx: AsyncConnection, report_id: UUID) -> Report:
    """One report in scope.

    Raises:
        ReportUnknown: there is none.
    """
    found = await report(tx, report_id)
    if found is None:
        raise ReportUnknown
    return found


async def _locked(tx: AsyncConnection, report_id: UUID, version: int, *others: UUID) -> Report:
    seen = await get_report(tx, report_id)
    await locked(tx, {seen.household_id or seen.id, *others})
    row = await get_report(tx, report_id)
    require_version(row.version, version)
    return row


async def accept_report(tx: AsyncConnection, report_id: UUID, *, version: int) -> Report:
    """受理: somebody has taken it in hand."""
    row = await _locked(tx, report_id, version)
    if row.state is not ReportState.FILED:
        raise OutOfTurn
    after = replace(row, accepted_on=await regions.today(tx), version=row.version + 1)
    await save_report(tx, after, filed(after))
    return after


async def link_report(tx: AsyncConnection, report_id: UUID, household_id: UUID, *, version: int) -> Report:
    """对应到户: the next revision of the report goes out under the household's key."""
    row = await _locked(tx, report_id, version, household_id)
    if row.household_id is not None:
        raise LinkedAlready
    if row.state is ReportState.SETTLED:
        raise OutOfTurn
    home = await registry.get_standing(tx, household_id)
    after = replace(row, household_id=home.id, region_code=home.region_code, path=home.path, version=row.version + 1)
    await save_report(tx, after, filed(after))
    await follow(tx, after.id, after.path)
    return after


async def settle_report(tx: AsyncConnection, report_id: UUID, *, outcome: ReportOutcome, version: int) -> Report:
    """办结: with what came of it; whoever withdraws need not wait to be accepted."""
    row = await _locked(tx, report_id, version)
    ready = row.state is ReportState.ACCEPTED or (row.state is ReportState.FILED and outcome is ReportOutcome.WITHDRAWN)
    if not ready:
        raise OutOfTurn
    on = await regions.today(tx)
    after = replace(row, settled_on=on, outcome=outcome, version=row.version + 1)
    await save_report(tx, after, SelfReportSettled(report_id=after.id, outcome=outcome, settled_on=on))
    return after


async def status_of(tx: AsyncConnection, receipt: str, *, cipher: FieldCipher) -> Report:
    """The report of a receipt.

    Raises:
        KeyUnknown: the receipt is not valid.
    """
    return await get_report(tx, await open_door(tx, receipt, opens=Opens.REPORT, cipher=cipher))


def said(row: Report, cipher: FieldCipher) -> tuple[str | None, dict[str, str]]:
    """What was said and how to reach who said it, in clear."""
    told = cipher.open(PURPOSE, "self_reports", "text", row.id, row.text) if row.text else None
    contact = cipher.open(PURPOSE, "self_reports", "contact", row.id, row.contact) if row.contact else "{}"
    return told, dict(json.loads(contact))


async def last_day_to_accept(tx: AsyncConnection, rows: list[Report]) -> dict[UUID, date | None]:
    """Until when each report is to be accepted, by the policy of the day on which it was filed."""
    book = await policy.load(tx)
    values = {row.id: book.at(ACCEPT_DAYS, row.path, row.filed_on) for row in rows}
    return {row.id: due_on(row.filed_on, value.value if (value := values[row.id]) else None) for row in rows}
