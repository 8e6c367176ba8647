"""The citizens' door 群众之门: routes without login, limited; a receipt or a household code is the only proof."""

from datetime import date
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import Field

from events.catalog.households import ReportChannel, ReportKind
from kit.door import DoorRoute
from kit.models import AnswerModel, Moment, RequestModel, SecretText
from kit.running import Cipher, Tx

from . import service
from .models import ContestIn, Receipt, ReportIn
from .rules import ContestOutcome, Opens, ReportOutcome, ReportState

router = APIRouter(prefix="/v1/door", tags=["door 群众之门"], route_class=DoorRoute)

Proof = Annotated[SecretText, Field(min_length=16, max_length=40)]


class WithReceipt(RequestModel):
    """凭回执号"""

    receipt: Proof


class WithCode(RequestModel):
    """凭户码"""

    code: Proof


class DoorContest(ContestIn):
    """凭户码提出异议"""

    code: Proof


class Status(AnswerModel):
    """申报进度"""

    kind: ReportKind
    state: ReportState
    filed_on: date
    accepted_on: date | None
    settled_on: date | None
    outcome: ReportOutcome | None


class DoorReading(AnswerModel):
    """查阅记录: which department looked, when, and at what."""

    at: Moment
    department: str
    what: str


class DoorContested(AnswerModel):
    """异议进度"""

    fact_id: UUID
    raised_on: date
    settled_on: date | None
    outcome: ContestOutcome | None


class AboutOut(AnswerModel):
    """本户知情"""

    readings: tuple[DoorReading, ...]
    contests: tuple[DoorContested, ...]


@router.post("/self-reports", status_code=201)
async def file_report(body: ReportIn, tx: Tx, cipher: Cipher) -> Receipt:
    """Report trouble yourself; keep the receipt."""
    row, receipt = await service.file_report(tx, body.filing(ReportChannel.DOOR), cipher=cipher, by_door=True)
    return Receipt(receipt=receipt, filed_on=row.filed_on)


@router.post("/self-reports:status")
async def read_status(body: WithReceipt, tx: Tx, cipher: Cipher) -> Status:
    """How far a report is."""
    row = await service.status_of(tx, body.receipt.get_secret_value(), cipher=cipher)
    return Status(**{name: getattr(row, name) for name in Status.model_fields})


@router.post("/households:about")
async def read_about(body: WithCode, tx: Tx, cipher: Cipher) -> AboutOut:
    """Who read your household's data, and how your contests stand."""
    household_id = await _household(body.code, tx, cipher)
    found = await service.about(tx, household_id)
    return AboutOut(
        readings=tuple(
            DoorReading(at=item.at, department=item.department, what=service.ACTIONS[item.action])
            for item in found.readings
        ),
        contests=tuple(
            DoorContested(**{name: getattr(item, name) for name in DoorContested.model_fields})
            for item in found.contests
        ),
    )


@router.post("/contests", status_code=201)
async def contest_fact(body: DoorContest, tx: Tx, cipher: Cipher) -> DoorContested:
    """Say that a fact recorded about your household is wrong."""
    household_id = await _household(body.code, tx, cipher)
    text = body.text.get_secret_value() if body.text else None
    row = await service.raise_contest(tx, household_id, body.fact_id, text=text, cipher=cipher)
    return DoorContested(**{name: getattr(row, name) for name in DoorContested.model_fields})


async def _household(code: SecretText, tx: Tx, cipher: Cipher) -> UUID:
    return await service.open_door(tx, code.get_secret_value(), opens=Opens.HOUSEHOLD, cipher=cipher)
