"""What monitoring decided in its cases, taken into the register: 监测对象类别, risks and their elimination.

What monitoring took over from the register itself (`ruled_on` is told, and every withdrawal) is an echo: it says what a
statement said that stands here already, or that was taken back since.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from events.catalog.households import EliminationWay
from events.catalog.monitoring import CaseEliminated, CaseListed, CaseReentered, CaseWithdrawn
from events.received import Handlers, Received

from .service import Decided, Decision, take_decisions

CaseDecided = CaseListed | CaseEliminated | CaseReentered | CaseWithdrawn


async def on_case_decided(tx: AsyncConnection, received: Sequence[Received[Any]]) -> None:
    """Take over what was decided here in the city; the latest dated decision wins."""
    decisions = [
        Decision(
            household_id=event.household_id,
            decided=Decided(on=event.data.business_date, case_id=event.data.case_id, case_version=event.data.version),
            told=told,
        )
        for event in received
        if event.household_id is not None and (told := _told(event.data))
    ]
    if decisions:
        await take_decisions(tx, decisions)


def _told(data: CaseDecided) -> dict[str, Any]:
    """Fields of the household that the step decides; nothing where it is an echo."""
    if getattr(data, "ruled_on", None) is not None:
        return {}
    standing = {"risk_eliminated": False, "eliminated_on": None, "elimination_way": None}
    match data:
        case CaseListed():
            listed = {"category": data.category, "causes": data.causes, "identified_on": data.identified_on}
            return {**standing, **listed}
        case CaseReentered():
            return {**standing, "causes": data.causes}
        case CaseEliminated():
            way = EliminationWay(data.way)
            return {"risk_eliminated": True, "eliminated_on": data.eliminated_on, "elimination_way": way}
    return {}


HANDLERS: Handlers = dict.fromkeys((CaseListed, CaseEliminated, CaseReentered, CaseWithdrawn), (on_case_decided,))
