"""A department's file of what is owed: 地力, 农机, 森林, 低保 …; taken whole or refused whole."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy.ext.asyncio import AsyncConnection

from directory.household_naming import HouseholdNamed, place_households
from directory.naming import Placed
from directory.people import today
from events.ids import derived_id
from kit.cipher import FieldCipher
from kit.errors import Conflict, Refusal

from .. import queries
from ..rules import LineKnown, PurposeUnknown, Transfer, TransferState, check_file
from .purpose_list import PURPOSES


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """发放明细: what a household, or a person of it, is owed, under its number in the file."""

    number: int
    household: HouseholdNamed
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class TransferFile:
    """发放清册: a department's file, or a part of it; months by their first days."""

    reference: str
    purpose: str
    first_month: date
    last_month: date
    due_on: date | None
    lines: Sequence[FileLine]
    total: Decimal


async def take_file(
    tx: AsyncConnection, file: TransferFile, *, cipher: FieldCipher, area: str, department: str
) -> tuple[list[Transfer], int]:
    """Note what is owed; the same lines again change nothing. Gives the payments and how many are new.

    Whoever is not registered yet waits for that: the payment finds the household then.

    Raises:
        PurposeUnknown, MonthsReversed, LineTwice, TotalDiffers, LineKnown: as they say.
        Refusal: a household or person cannot be accepted.
    """
    on = await today(tx)
    purpose = (await PURPOSES.all(tx)).get(file.purpose)
    if purpose is None or not purpose.active:
        raise PurposeUnknown
    check_file(
        file.first_month, file.last_month, [line.number for line in file.lines], [line.amount for line in file.lines],
        file.total,
    )  # fmt: skip
    placed = await place_households(
        tx, [line.household for line in file.lines], cipher=cipher, area=area, on=on,
        pointers=[f"/lines/{place}/household" for place in range(len(file.lines))],
    )  # fmt: skip
    owed = [
        _owed(file, line, where, counts=purpose.counts_as_income, department=department)
        for line, where in zip(file.lines, placed, strict=True)
    ]
    new = await queries.add(tx, owed)
    standing = await queries.by_id(tx, [one.id for one in owed])
    refused: list[Refusal] = [
        LineKnown(pointer=f"/lines/{place}/number")
        for place, one in enumerate(owed)
        if one.id not in standing or _said(standing[one.id]) != _said(one)
    ]
    if refused:
        raise refused[0] if len(refused) == 1 else Conflict(several=refused)
    return [standing[one.id] for one in owed], len(new)


def _owed(file: TransferFile, line: FileLine, where: Placed, *, counts: bool, department: str) -> Transfer:
    return Transfer(
        id=derived_id("transfer-line", department, file.reference, line.number), revision=0, void=False,
        **where.values(), version=1, purpose=file.purpose, counts_as_income=counts,
        amount=line.amount.quantize(Decimal("0.01")), first_month=file.first_month, last_month=file.last_month,
        due_on=file.due_on, approval_id=None, approval_revision=0, reference=f"{file.reference}#{line.number}",
        department=department, state=TransferState.WAITING.value,
    )  # fmt: skip


def _said(transfer: Transfer) -> tuple[object, ...]:
    whose = transfer.person_id or transfer.blind_index or transfer.household_id
    return whose, transfer.purpose, transfer.amount, transfer.first_month, transfer.last_month, transfer.due_on
