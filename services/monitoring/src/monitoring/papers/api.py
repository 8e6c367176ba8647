"""The route of papers: the notice and the card of a case, as text and as HTML."""

from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Depends
from sqlalchemy import text

from kit.auth import Principal, needs
from kit.models import AnswerModel
from kit.route import TransactionRoute
from kit.running import Tx

from ..cases import queries as cases
from ..cases.rules.refusals import CaseUnknown
from ..cases.service import CASE
from .writing import Home, Paper, write

router = APIRouter(prefix="/v1", tags=["cases 个案"], route_class=TransactionRoute)

Read = Annotated[Principal, Depends(needs("cases:read"))]

# Names of regions as far as they have been heard, the code where they have not.
_HOME: Final = text("""
    SELECT (SELECT p.masked_name FROM directory_persons AS p WHERE p.household_id = :household AND p.head
            ORDER BY p.id LIMIT 1) AS head,
           (SELECT h.size FROM directory_households AS h WHERE h.id = :household) AS size,
           (SELECT string_agg(coalesce(r.name, place.code), '' ORDER BY place.rank)
            FROM unnest(string_to_array(rtrim(CAST(:path AS text), '/'), '/')) WITH ORDINALITY AS place(code, rank)
            LEFT JOIN directory_regions AS r ON r.code = rpad(place.code, 12, '0')
            WHERE length(place.code) <= 12) AS place,
           coalesce((SELECT r.name FROM directory_regions AS r WHERE r.code = CAST(:region AS text)),
                    CAST(:region AS text)) AS village,
           (SELECT s."on" FROM case_steps AS s WHERE s.case_id = :id AND s.move = 'post'
            ORDER BY s.number DESC LIMIT 1) AS posted_on
""")


class PaperOut(AnswerModel):
    """文书"""

    paper: Paper
    text: str
    html: str


@router.get("/cases/{case_id}/papers/{paper}")
async def read_paper(case_id: UUID, paper: Paper, tx: Tx, who: Read) -> PaperOut:
    """The public notice or the household's card: masked name, village, causes, measures; no number of anybody."""
    row = await cases.one(tx, case_id)
    if row is None:
        raise CaseUnknown
    asked = {"household": row.household_id, "path": row.path, "region": row.region, "id": row.id}
    found = (await tx.execute(_HOME, asked)).one()
    home = Home(head=found.head, size=found.size, place=found.place, village=found.village)
    written = write(paper, CASE.validate_python(row.body), home, found.posted_on)
    return PaperOut(paper=paper, text=written.text, html=written.html)
