"""Filing 申报: from the door or the hotline; the report is a clue, and it is told at once."""

import json
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import ReportChannel, ReportKind, SelfReportFiled
from events.ids import uuid7
from events.locks import locked
from kit.cipher import FieldCipher
from kit.door import enter

from ...regions import service as regions
from ...registry import service as registry
from ..queries import Report
from ..rules import Opens, PlaceUnknown
from .publishing import save_report
from .receipts import issue

PURPOSE = "reports"
"""The purpose key of what families say; monitoring opens it with the same."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """申报: what somebody says, and how to reach them."""

    region_code: str
    kind: ReportKind
    channel: ReportChannel
    text: str | None = field(default=None, repr=False)
    name: str | None = field(default=None, repr=False)
    phone: str | None = field(default=None, repr=False)
    certificate: str | None = field(default=None, repr=False)
    household_id: UUID | None = None


async def file_report(
    tx: AsyncConnection, filing: Filing, *, cipher: FieldCipher, by_door: bool = False
) -> tuple[Report, str]:
    """Take a report down; gives it with its receipt.

    Args:
        tx: the open transaction; from the door it sees nothing yet, and is let into the village named.
        filing: what is said.
        cipher: seals text and contact.
        by_door: whether it comes without login.

    Raises:
        PlaceUnknown: no such village.
        Invalid: the certificate is none.
        HouseholdUnknown: the household named is not in scope.
    """
    village = (await regions.current_regions(tx, [filing.region_code])).get(filing.region_code)
    if village is None or village.level != "village":
        raise PlaceUnknown
    if by_door:
        await enter(tx, village.path)
    home = await _household(tx, filing, cipher)
    row = _row(uuid7(), filing, home, village.path, await regions.today(tx), cipher)
    await locked(tx, [row.household_id or row.id])
    await save_report(tx, row, filed(row))
    receipt = await issue(tx, row.id, row.path, opens=Opens.REPORT, cipher=cipher)
    return row, receipt


async def _household(tx: AsyncConnection, filing: Filing, cipher: FieldCipher) -> registry.Household | None:
    """The household named, or that of the certificate; who is registered elsewhere is not told so at the door."""
    if filing.household_id is not None:
        return await registry.get_standing(tx, filing.household_id)
    if filing.certificate is None:
        return None
    try:
        return await registry.household_of_certificate(tx, filing.certificate, cipher=cipher)
    except registry.RegisteredElsewhere:
        return None


def _row(
    id_: UUID, filing: Filing, home: registry.Household | None, path: str, on: date, cipher: FieldCipher
) -> Report:
    contact = {name: getattr(filing, name) for name in ("name", "phone", "certificate") if getattr(filing, name)}
    return Report(
        id=id_,
        version=1,
        region_code=home.region_code if home else filing.region_code,
        path=home.path if home else path,
        household_id=home.id if home else None,
        kind=filing.kind,
        channel=filing.channel,
        filed_on=on,
        text=cipher.seal(PURPOSE, "self_reports", "text", id_, filing.text) if filing.text else None,
        contact=cipher.seal(PURPOSE, "self_reports", "contact", id_, json.dumps(contact)) if contact else None,
    )


def filed(row: Report) -> SelfReportFiled:
    """The event of a report: its kind, and what was said as ciphertext."""
    return SelfReportFiled(
        report_id=row.id,
        kind=row.kind,
        channel=row.channel,
        filed_on=row.filed_on,
        text_sealed=b64encode(row.text).decode() if row.text else None,
    )
