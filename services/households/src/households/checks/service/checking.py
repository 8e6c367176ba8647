"""Checking the households that are due, some per transaction.

1. Look which households are due on the business date, by the edition of rules and policy values that stands.
2. Lock their keys; what is read from then on stands.
3. Judge each; write findings that are new, changed or gone; end exemptions whose values changed or whose time is over.
4. Note when each is due again. A crash before the commit leaves all of it as it was.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import derived_id
from events.locks import locked
from kit import audit, policy
from kit.bulk import write_rows
from kit.cipher import FieldCipher
from kit.policy_book import PolicyBook

from ...rechecks import service as rechecks
from ...regions import service as regions
from ...registry import service as registry
from ..queries import Exemption, Finding, findings_of, standing_exemptions
from ..rules import EDITION, PREFIX, ExemptionEnds, Family, FindingState, Found, judge, next_look
from ..tables import finding_exemptions, findings
from .families import families

AT_ONCE: Final = 50
"""Households per transaction: an officer who changes one of them waits for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Terms:
    """Under which date and policy values is checked; `edition` tells rules and values from earlier ones."""

    on: date
    book: PolicyBook
    edition: int


async def _terms(tx: AsyncConnection) -> _Terms:
    on = await regions.today(tx)
    values = (await policy.load(tx)).recorded(PREFIX)
    # values are added and never changed, so their number tells whether there are new ones
    return _Terms(on=on, book=PolicyBook(values), edition=EDITION * 1_000_000 + len(values))


async def check_some(tx: AsyncConnection, *, cipher: FieldCipher, limit: int = AT_ONCE) -> int:
    """Check the next households that are due; gives how many, 0 when none is."""
    ids = await next_due(tx, limit=limit)
    await check(tx, ids, cipher=cipher)
    return len(ids)


async def next_due(tx: AsyncConnection, *, limit: int = AT_ONCE) -> list[UUID]:
    """Some of the households that are due."""
    terms = await _terms(tx)
    return await rechecks.due(tx, terms.on, terms.edition, limit=limit)


async def check(tx: AsyncConnection, household_ids: Sequence[UUID], *, cipher: FieldCipher) -> None:
    """Check these households, at most 250 at once."""
    terms = await _terms(tx)
    ids = await _with_standing(tx, household_ids)
    await locked(tx, ids)
    stand = await families(tx, ids)
    step = _Check(
        on=terms.on,
        book=terms.book,
        cipher=cipher,
        before=await findings_of(tx, ids),
        exempt=await standing_exemptions(tx, ids),
    )
    rows = [row for id_ in ids for row in step.findings_now(id_, stand.get(id_))]
    await write_rows(tx, findings, [_values(row) for row in rows], conflict="replace")
    await end_exemptions(tx, step.ended(rows), on=terms.on)
    looks = {id_: step.due_again(id_, stand.get(id_)) for id_ in ids}
    await rechecks.settle(tx, looks, edition=terms.edition)


async def postpone(tx: AsyncConnection, household_id: UUID) -> None:
    """Check a household on the next business day, because today it could not be for a reason we did not foresee."""
    terms = await _terms(tx)
    await locked(tx, [household_id])
    await rechecks.settle(tx, {household_id: terms.on + timedelta(days=1)}, edition=terms.edition)


async def _with_standing(tx: AsyncConnection, ids: Sequence[UUID]) -> list[UUID]:
    """What was recorded for a household that was merged away speaks of the one that stands."""
    homes = await registry.households_by_id(tx, ids)
    return sorted({*ids, *(home.merged_into for home in homes.values() if home.merged_into)})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Check:
    """One step: what stood before, and under which date and book it is judged."""

    on: date
    book: PolicyBook
    cipher: FieldCipher
    before: Mapping[UUID, Finding]
    exempt: Mapping[UUID, Exemption]

    def findings_now(self, household_id: UUID, family: Family | None) -> list[Finding]:
        """Findings that are new or another than before."""
        found: dict[tuple[str, UUID | None], list[Found]] = {}
        for rule, item in judge(family, self.on, self.book) if family else ():
            found.setdefault((rule.id, item.person_id), []).append(item)
        now = {row.id: row for key, items in found.items() for row in [self._finding(household_id, key, items)]}
        own = [row for row in self.before.values() if row.household_id == household_id]
        gone = [self._gone(row) for row in own if row.id not in now and row.state is not FindingState.GONE]
        return [row for row in now.values() if row != self.before.get(row.id)] + gone

    def _finding(self, household_id: UUID, key: tuple[str, UUID | None], items: Sequence[Found]) -> Finding:
        rule, person_id = key
        id_ = derived_id("finding", household_id, person_id or "", rule)
        before = self.before.get(id_)
        new = Finding(
            id=id_,
            version=before.version if before else 1,
            household_id=household_id,
            person_id=person_id,
            rule=rule,
            state=FindingState.OPEN,
            since=before.since if before and before.state is not FindingState.GONE else self.on,
            until=None,
            digest=self._digest(items),
            evidence={
                "cases": sorted({item.case for item in items}),
                "fields": sorted({field for item in items for field in item.fields}),
            },
        )
        if id_ in self.exempt and self._end(new) is None:
            new = replace(new, state=FindingState.EXEMPT)
        return new if before is None or new == before else replace(new, version=before.version + 1)

    def _gone(self, row: Finding) -> Finding:
        return replace(row, state=FindingState.GONE, until=self.on, version=row.version + 1)

    def _digest(self, items: Sequence[Found]) -> bytes:
        told = json.dumps([[item.case, item.values] for item in items], ensure_ascii=False, default=str)
        return self.cipher.keys.signature("finding", told.encode())

    def _end(self, row: Finding) -> ExemptionEnds | None:
        """Why the exemption of a finding does not stand any more; None while it does."""
        exemption = self.exempt[row.id]
        if row.state is FindingState.GONE:
            return ExemptionEnds.GONE
        if row.digest != exemption.digest:
            return ExemptionEnds.CHANGED
        lapsed = exemption.until is not None and exemption.until < self.on
        return ExemptionEnds.LAPSED if lapsed else None

    def ended(self, rows: Sequence[Finding]) -> dict[UUID, ExemptionEnds]:
        """Exemptions that end now, with why."""
        ends = {self.exempt[row.id].id: self._end(row) for row in rows if row.id in self.exempt}
        return {id_: end for id_, end in ends.items() if end is not None}

    def due_again(self, household_id: UUID, family: Family | None) -> date:
        """The first day on which it could look otherwise."""
        if family is None:
            return rechecks.NEVER
        ends = [item.until for item in self.exempt.values() if item.household_id == household_id and item.until]
        lapses = [day + timedelta(days=1) for day in ends if day >= self.on]
        return min([next_look(family, self.on, self.book), *lapses])


async def end_exemptions(tx: AsyncConnection, ends: Mapping[UUID, ExemptionEnds], *, on: date) -> None:
    """Note when and why exemptions end; each is audited."""
    for why in set(ends.values()):
        ids = [id_ for id_, end in ends.items() if end is why]
        row = update(finding_exemptions).where(finding_exemptions.c.id.in_(ids))
        await tx.execute(row.values(ended_on=on, ended_by=why))
    for id_, why in ends.items():
        await audit.record(tx, action="end_exemption", entity="findings", entity_id=id_, detail={"why": why.value})


def _values(row: Finding) -> dict[str, object]:
    return {name: getattr(row, name) for name in Finding.__slots__}
