"""Routes of delivery: targets (their addresses are never shown again), what was sent, what is stuck."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from pydantic import Field, StringConstraints
from sqlalchemy import Row

from events.catalog.monitoring import RiskLevel
from kit.auth import Principal, needs
from kit.models import AnswerModel, Moment, RequestModel, SecretText
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Cipher, Tx, running

from . import queries, service
from .rules import Allowed, Change, SendProblem, SendState
from .rules.refusals import DeliveryUnknown, TargetUnknown

router = APIRouter(prefix="/v1", tags=["deliveries 推送"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("deliveries:read"))]
Write = Annotated[Principal, Depends(needs("deliveries:write"))]
Account = Annotated[str, StringConstraints(min_length=1, max_length=80, pattern=r"^[A-Za-z0-9._-]+$")]
Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
Channel = Literal["webhook", "apprise"]
Owner = Literal["officer", "helper", "department"]


async def _allowed(request: Request) -> Allowed:
    return Allowed.parse(getattr(running(request).settings, "delivery_allowed", ""))


Hosts = Annotated[Allowed, Depends(_allowed)]


class TargetIn(RequestModel):
    """推送目标."""

    channel: Channel
    """webhook: a signed POST; apprise: mailto(s), wecombot, dingtalk, feishu, lark"""
    owner: Owner
    """officer: alerts this account answers for; helper: of households this organisation helps; department: all below"""
    account: Account | None = None
    organisation: Words | None = None
    path: Annotated[str, Field(max_length=60)]
    """area whose alerts it gets"""
    least_level: RiskLevel = RiskLevel.YELLOW
    """this level and higher"""
    url: Annotated[SecretText, Field(min_length=5, max_length=2_000)]
    secret: Annotated[SecretText, Field(max_length=120)] | None = None
    """signing secret of a webhook; made by the platform where it is left out"""


class TargetOut(AnswerModel):
    """推送目标; of its address the masked form only."""

    id: UUID
    channel: Channel
    owner: Owner
    account: str | None
    organisation: str | None
    path: str
    least_level: RiskLevel
    host: str
    shown: str
    enabled: bool
    made_by: str
    made_at: Moment


class TargetMade(TargetOut):
    """新目标: its secret is told this once."""

    secret: str | None


class DeliveryOut(AnswerModel):
    """推送记录: one per change of an alert and target."""

    id: UUID
    """the `webhook-id`, the same however often it is sent"""
    target_id: UUID
    alert_id: UUID | None
    version: int | None
    change: Change
    household_id: UUID | None
    rule: str | None
    level: RiskLevel | None
    path: str
    state: SendState
    attempts: int
    problem: SendProblem | None
    asked_by: str | None
    """account that had it sent again"""
    written_at: Moment
    next_at: Moment
    sent_at: Moment | None


@router.post("/delivery-targets", status_code=201)
async def add_target(body: TargetIn, tx: Tx, who: Write, cipher: Cipher, allowed: Hosts) -> TargetMade:
    """Make a target; address and secret are kept encrypted and the secret is shown this once."""
    given = body.model_dump(exclude={"url", "secret"})
    secret = body.secret.get_secret_value() if body.secret else None
    wanted = service.Wanted(**given, url=body.url.get_secret_value(), secret=secret)
    row, told = await service.add_target(tx, wanted, cipher=cipher, allowed=allowed, paths=who.paths, by=who.subject)
    return TargetMade(**dict(_target(row)), secret=told)


@router.get("/delivery-targets")
async def list_targets(tx: Tx, who: Read, paging: Paging) -> Page[TargetOut]:
    """Targets in the order of their ids."""
    after = UUID(str(paging.after[0])) if paging.after else None
    rows = await queries.targets(tx, after=after, limit=paging.limit)
    return paging.page(rows, show=_target, place=lambda row: [str(row.id)])


@router.get("/delivery-targets/{target_id}")
async def read_target(target_id: UUID, tx: Tx, who: Read) -> TargetOut:
    """One target."""
    row = await queries.target(tx, target_id)
    if row is None:
        raise TargetUnknown
    return _target(row)


@router.post("/delivery-targets/{target_id}:disable")
async def disable_target(target_id: UUID, tx: Tx, who: Write) -> TargetOut:
    """Send nothing to it any more; what waits is given up."""
    return _target(await service.switch(tx, target_id, enabled=False))


@router.post("/delivery-targets/{target_id}:enable")
async def enable_target(target_id: UUID, tx: Tx, who: Write) -> TargetOut:
    """Send to it again, from the next change on."""
    return _target(await service.switch(tx, target_id, enabled=True))


@router.post("/delivery-targets/{target_id}:rotate")
async def rotate_secret(target_id: UUID, tx: Tx, who: Write, cipher: Cipher) -> TargetMade:
    """A new signing secret, shown this once; the one before signs beside it until the next rotation."""
    row, secret = await service.rotate(tx, target_id, cipher=cipher)
    return TargetMade(**dict(_target(row)), secret=secret)


@router.post("/delivery-targets/{target_id}:test", status_code=202)
async def test_target(target_id: UUID, tx: Tx, who: Write) -> DeliveryOut:
    """Have a test message sent within a second; what came of it: `GET /v1/deliveries/{id}`."""
    return _delivery(await service.test(tx, target_id, by=who.subject))


@router.get("/deliveries")
async def list_deliveries(
    tx: Tx,
    who: Read,
    paging: Paging,
    state: SendState | None = None,
    target_id: UUID | None = None,
    alert_id: UUID | None = None,
    household_id: UUID | None = None,
) -> Page[DeliveryOut]:
    """Deliveries, the newest first."""
    place = paging.after
    before = (datetime.fromisoformat(str(place[0])), UUID(str(place[1]))) if place else None
    filters = {"state": state, "target_id": target_id, "alert_id": alert_id, "household_id": household_id}
    rows = await queries.newest(tx, filters, before=before, limit=paging.limit)
    return paging.page(rows, show=_delivery, place=lambda row: [row.written_at.isoformat(), str(row.id)])


@router.get("/deliveries/{delivery_id}")
async def read_delivery_record(delivery_id: UUID, tx: Tx, who: Read) -> DeliveryOut:
    """One delivery."""
    row = await queries.one(tx, delivery_id)
    if row is None:
        raise DeliveryUnknown
    return _delivery(row)


@router.post("/deliveries/{delivery_id}:resend", status_code=202)
async def resend_delivery(delivery_id: UUID, tx: Tx, who: Write) -> DeliveryOut:
    """Have it sent once more, under the same id; one of a snoozed alert stays unsent."""
    return _delivery(await service.send_again(tx, delivery_id, by=who.subject))


def _target(row: Row[Any]) -> TargetOut:
    return TargetOut(**{name: getattr(row, name) for name in TargetOut.model_fields})


def _delivery(row: Row[Any]) -> DeliveryOut:
    return DeliveryOut(**{name: getattr(row, name) for name in DeliveryOut.model_fields})
