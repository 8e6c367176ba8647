"""The events of this capability, made from rows; one place decides their keys, facts and revisions."""

from datetime import date
from typing import Any
from uuid import UUID

from directory.rows import event_of
from events.catalog.employment import (
    EmploymentEnded,
    EmploymentStarted,
    EndReason,
    WageMissed,
    WagePaid,
    WorkChannel,
)
from events.ids import derived_id
from events.log import NewEvent
from events.received import Received
from income.months import Month
from kit import clock

from ..rules import MissedWage, Spell, Wage


def end_id(spell_id: UUID) -> UUID:
    """The fact of a spell's end."""
    return derived_id("employment-ended", spell_id)


def missed_id(spell_id: UUID, month: date) -> UUID:
    """The fact of a wage that did not come."""
    return derived_id("wage-missed", spell_id, month.isoformat())


def started(spell: Spell, cause: Received[Any] | None = None) -> NewEvent:
    """The spell as it stands."""
    event = EmploymentStarted(
        person_id=spell.person_id,
        started_on=spell.started_on,
        channel=WorkChannel(spell.channel),
        place_code=spell.place_code,
        monthly_wage=spell.monthly_wage,
    )
    return event_of(event, spell, clock.midnight(spell.started_on), cause=cause)


def ended(spell: Spell, *, on: date, reason: str, void: bool = False, cause: Received[Any] | None = None) -> NewEvent:
    """The end of the spell, or that it did not end after all."""
    event = EmploymentEnded(person_id=spell.person_id, spell_id=spell.id, ended_on=on, reason=EndReason(reason))
    return NewEvent(
        event=event,
        key=spell.key,
        household_id=spell.household_id,
        region=spell.region,
        fact_id=end_id(spell.id),
        revision=spell.end_revision,
        void=void,
        occurred_at=clock.midnight(on),
        cause=cause,
    )


def paid(wage: Wage, cause: Received[Any] | None = None) -> NewEvent:
    """The wage as it stands."""
    event = WagePaid(
        person_id=wage.person_id,
        spell_id=wage.spell_id,
        month=str(Month.of(wage.month)),
        amount=wage.amount,
        channel=WorkChannel(wage.channel),
    )
    return event_of(event, wage, clock.now(), cause=cause)


def missed(fact: MissedWage, cause: Received[Any] | None = None, *, came_on: date | None = None) -> NewEvent:
    """A wage that did not come, or that it did come after all."""
    event = WageMissed(
        person_id=fact.person_id,
        spell_id=fact.spell_id,
        month=str(Month.of(fact.month)),
        expected=fact.expected,
        came_on=came_on,
    )
    return event_of(event, fact, clock.now(), cause=cause)
