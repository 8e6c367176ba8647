"""核实无误: an officer says that a finding is right as it is; and takes that back."""

from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import insert, update
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import uuid7
from events.locks import locked
from kit.etag import require_version

from ...rechecks import service as rechecks
from ...regions import service as regions
from ..queries import Finding, finding, standing_exemptions
from ..rules import ExemptionEnds, FindingGone, FindingState, FindingUnknown, NotExempt, UntilPast
from ..tables import finding_exemptions, findings
from .checking import end_exemptions


async def exempt(
    tx: AsyncConnection, finding_id: UUID, *, reason: str, until: date | None, officer: str, version: int
) -> Finding:
    """Verify a finding as correct: it stands no more among the open ones while its values stay.

    Args:
        tx: the open transaction.
        finding_id: the finding.
        reason: what was verified.
        until: last day of the exemption; None for good.
        officer: who verified.
        version: of the finding as the officer saw it.

    Raises:
        FindingUnknown, FindingGone, UntilPast, PreconditionFailed: as they say.
    """
    row, on = await _held(tx, finding_id, version)
    if row.state is not FindingState.OPEN:
        raise FindingGone
    if until is not None and until < on:
        raise UntilPast
    await tx.execute(
        insert(finding_exemptions).values(
            id=uuid7(),
            finding_id=row.id,
            household_id=row.household_id,
            digest=row.digest,
            reason=reason,
            officer=officer,
            since=on,
            until=until,
        )
    )
    # a household that changed a moment ago is judged before this counts
    await rechecks.mark(tx, [row.household_id])
    return await _next(tx, replace(row, state=FindingState.EXEMPT))


async def withdraw_exemption(tx: AsyncConnection, finding_id: UUID, *, version: int) -> Finding:
    """Take an exemption back: the finding is open again.

    Raises:
        FindingUnknown, NotExempt, PreconditionFailed: as they say.
    """
    row, on = await _held(tx, finding_id, version)
    exemption = (await standing_exemptions(tx, [row.household_id])).get(row.id)
    if exemption is None:
        raise NotExempt
    await end_exemptions(tx, {exemption.id: ExemptionEnds.WITHDRAWN}, on=on)
    return await _next(tx, replace(row, state=FindingState.OPEN))


async def _held(tx: AsyncConnection, finding_id: UUID, version: int) -> tuple[Finding, date]:
    on = await regions.today(tx)
    seen = await finding(tx, finding_id)
    if seen is None:
        raise FindingUnknown
    await locked(tx, [seen.household_id])
    row = await finding(tx, finding_id)
    if row is None:
        raise FindingUnknown
    require_version(row.version, version)
    return row, on


async def _next(tx: AsyncConnection, wanted: Finding) -> Finding:
    row = replace(wanted, version=wanted.version + 1)
    change = update(findings).where(findings.c.id == row.id)
    await tx.execute(change.values(state=row.state, version=row.version))
    return row
