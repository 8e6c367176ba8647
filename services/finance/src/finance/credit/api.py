"""Routes of ratings, and of the households that have a credit line and no loan."""

from datetime import date
from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Response
from pydantic import StringConstraints

from directory.naming import PersonNamed, reporting_area
from directory.people import business_date
from kit import policy
from kit.auth import Principal, needs
from kit.etag import IfMatch, etag
from kit.models import AnswerModel, RequestModel, Yuan
from kit.paging import Page, Paging
from kit.route import TransactionRoute
from kit.running import Cipher, Tx
from kit.scope import validate_path

from . import service
from .rules import TARGET, Outreach, Rating, Unborrowed

router = APIRouter(prefix="/v1", tags=["credit 评级授信"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("credit:read"))]
Write = Annotated[Principal, Depends(needs("credit:write"))]
ReadOutreach = Annotated[Principal, Depends(needs("outreach:read"))]
WriteOutreach = Annotated[Principal, Depends(needs("outreach:write"))]

Grade = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=12)]
Area = Annotated[str | None, Query(max_length=60)]


class RatingIn(RequestModel):
    """评级授信登记: the household of the person gets the line."""

    person: PersonNamed
    grade: Grade
    credit_line: Yuan
    rated_on: date


class RatingPatch(RequestModel):
    """评级更正"""

    grade: Grade
    credit_line: Yuan


class RatingOut(AnswerModel):
    """评级授信: as it stands; `matched` is false while the person is not registered."""

    id: UUID
    matched: bool
    person_id: UUID | None
    household_id: UUID | None
    region: str | None
    grade: str
    credit_line: Decimal
    rated_on: date
    void: bool
    version: int


class ContactIn(RequestModel):
    """走访登记"""

    status: Outreach
    contacted_on: date


class ContactOut(AnswerModel):
    """走访登记, as it stands."""

    household_id: UUID
    status: Outreach
    contacted_on: date
    version: int


class UnborrowedOut(AnswerModel):
    """授信未用信户, with the state of its outreach; `version` goes into If-Match of the next contact."""

    household_id: UUID
    region: str
    grade: str
    credit_line: Decimal
    rated_on: date
    status: Outreach
    contacted_on: date | None
    version: int


class CreditSummary(AnswerModel):
    """授信用信情况: households of the area; `target` is the plan's, for the city (§22)."""

    on: date
    rated: int
    borrowed: int
    unborrowed: dict[str, int]
    target: int | None


@router.post("/ratings", status_code=201)
async def report_rating(body: RatingIn, who: Write, tx: Tx, cipher: Cipher, response: Response) -> RatingOut:
    """Record a rating (publishes CreditRated); the same again answers the same."""
    report = service.RatingReport(**{name: getattr(body, name) for name in RatingIn.model_fields})
    rating = await service.rate(tx, report, cipher=cipher, area=reporting_area(who.paths), department=who.department)
    response.headers["Location"] = f"/v1/ratings/{rating.id}"
    return _shown(rating, response)


@router.get("/ratings")
async def list_ratings(who: Read, tx: Tx, paging: Paging, household_id: UUID | None = None) -> Page[RatingOut]:
    """Ratings in one's area."""
    after = UUID(str(paging.after[0])) if paging.after else None
    found = await service.page(tx, household_id=household_id, after=after, limit=paging.limit)
    return paging.page(found, show=_shown, place=lambda rating: [str(rating.id)])


@router.get("/ratings/{rating_id}")
async def read_rating(rating_id: UUID, who: Read, tx: Tx, response: Response) -> RatingOut:
    """A rating."""
    return _shown(await service.get_rating(tx, rating_id), response)


@router.patch("/ratings/{rating_id}")
async def correct_rating(
    rating_id: UUID, body: RatingPatch, who: Write, tx: Tx, version: IfMatch, response: Response
) -> RatingOut:
    """Correct grade and line."""
    changed = await service.correct_rating(
        tx, rating_id, grade=body.grade, credit_line=body.credit_line, version=version
    )
    return _shown(changed, response)


@router.post("/ratings/{rating_id}:void")
async def void_rating(rating_id: UUID, who: Write, tx: Tx, version: IfMatch, response: Response) -> RatingOut:
    """It was not rated."""
    return _shown(await service.void_rating(tx, rating_id, version=version), response)


@router.get("/unborrowed-households")
async def list_unborrowed(
    who: ReadOutreach, tx: Tx, paging: Paging, status: Outreach | None = None, path: Area = None
) -> Page[UnborrowedOut]:
    """可贷尽贷: lifted households with a credit line and neither loan nor application."""
    after = UUID(str(paging.after[0])) if paging.after else None
    found = await service.unborrowed(
        tx, status=status, path=None if path is None else validate_path(path), after=after, limit=paging.limit
    )
    return paging.page(found, show=_unborrowed, place=lambda household: [str(household.household_id)])


@router.post("/unborrowed-households/{household_id}:contact")
async def record_contact(
    household_id: UUID, body: ContactIn, who: WriteOutreach, tx: Tx, version: IfMatch, response: Response
) -> ContactOut:
    """The household was spoken to; If-Match is its version in the list, `"0"` the first time."""
    said = await service.contact(
        tx, household_id, status=body.status, on=body.contacted_on, version=version, department=who.department
    )
    response.headers["ETag"] = etag(said.version)
    return ContactOut(
        household_id=said.household_id, status=said.status, contacted_on=said.contacted_on, version=said.version
    )


@router.get("/credit-summary")
async def read_credit_summary(who: ReadOutreach, tx: Tx, path: Area = None) -> CreditSummary:
    """How many are rated, how many borrowed, how far the others have been reached, beside the plan's target."""
    on = await business_date(tx)
    area = None if path is None else validate_path(path)
    found = await service.counts(tx, area)
    target = (await policy.load(tx)).at(TARGET, area or reporting_area(who.paths), on)
    return CreditSummary(
        on=on,
        rated=found.rated,
        borrowed=found.borrowed,
        unborrowed=found.by_status,
        target=None if target is None else int(target.value),
    )


def _shown(rating: Rating, response: Response | None = None) -> RatingOut:
    if response is not None:
        response.headers["ETag"] = etag(rating.revision)
    own = {name: getattr(rating, name) for name in RatingOut.model_fields if hasattr(rating, name)}
    return RatingOut(**own, matched=rating.household_id is not None, version=rating.revision)


def _unborrowed(household: Unborrowed) -> UnborrowedOut:
    return UnborrowedOut(**{name: getattr(household, name) for name in UnborrowedOut.model_fields})
