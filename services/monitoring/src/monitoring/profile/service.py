"""Taking facts and ticks into the profiles.

Per household, in the order of the received log: the missed ticks and policy changes, then its next event; so live
flow, the sweep and a replay arrive at the same rows whatever the batches were.
"""

import asyncio
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row
from sqlalchemy.ext.asyncio import AsyncConnection

from events.gate import gate_shared
from events.locks import locked
from events.log import append
from events.received import Received

from ..alerts.service import save
from ..care import service as care
from ..cases import service as cases
from ..delivery import outbox
from ..help import service as help_
from ..indicators import service as indicators
from ..policy.service import Worlds
from ..risk.rules import Fact
from . import kept, queries
from .book import FactBook
from .intake import fact_of
from .rendering import Showing
from .rules import MEMBERSHIP, Household, partner
from .watch import Watch

MOST_REMEMBERED: Final = 4_000
"""Households whose facts are kept in memory between batches."""
_IN_ONE_GO: Final = 10
"""Households stepped before others of the process get their turn: some milliseconds."""


Remembered = tuple[int, Household, Showing]
"""The fold of a household as of a number of the received log, and what was written of it."""


class Profiles:
    """家庭画像: all households, as one process works on them.

    Args:
        keeping: profiles are kept for the next policy change; a rebuild goes the whole way.
        most: households that are remembered between batches, some 80 KB each.
        give_way: called before each household is stepped; by a process that shall be in nobody's way.
    """

    def __init__(
        self, *, keeping: bool = True, most: int | None = None, give_way: Callable[[], None] | None = None
    ) -> None:
        self._keeping, self._give_way = keeping, give_way
        self._most = MOST_REMEMBERED if most is None else most
        self._worlds = Worlds()
        self._remembered: OrderedDict[UUID, Remembered] = OrderedDict()
        self._rebuilds = 0

    async def take(self, tx: AsyncConnection, events: Sequence[Received[Any]]) -> None:
        """Fold the facts of a batch and append what follows from them; a handler of the consumer."""
        facts = [fact_of(event) for event in events]
        concerned, loose = await self._lock_all(tx, facts)
        await self._refresh(tx)
        book, watches = await self._load(tx, concerned, facts, loose)
        now = self._worlds.newest
        accepted: dict[UUID, Fact] = {}
        acted_on = [watch for watch in watches.values() if watch.pending]
        for event, fact in zip(events, facts, strict=True):
            # Before the fact is in the book: an act looks at what was known when it was done.
            for watch in acted_on:
                watch.act_before(event.number, self._worlds.at)
            touched = book.accept(fact)
            if touched is None:
                continue
            accepted[fact.id] = fact
            for household_id in sorted(touched):
                watches[household_id].take(event, fact, now)
        await queries.write_facts(tx, accepted.values())
        await self._save(tx, watches.values())
        self._remember(watches.values())

    async def catch_up(self, tx: AsyncConnection, most: int) -> int:
        """Take up to `most` households past ticks, policy changes and what officers did; how many they were."""
        await gate_shared(tx)
        await self._refresh(tx)
        now = self._worlds.newest
        passed = 0
        if now.on is not None:
            passed = await queries.pass_over(tx, gate=now.number, policy=self._worlds.last_policy, on=now.on)
        behind = await queries.behind(tx, gate=now.number, most=most)
        await locked(tx, behind)
        _, watches = await self._load(tx, behind, ())
        for watch in watches.values():
            watch.act_before(None, self._worlds.at)
        await self._save(tx, watches.values())
        self._remember(watches.values())
        return passed + len(behind)

    async def _refresh(self, tx: AsyncConnection) -> None:
        """Learn of new ticks and policy; forget everything where a rebuild has replaced the rows. Holds the gate."""
        rebuilds, gates = await queries.rebuilds_and_gates(tx)
        if rebuilds != self._rebuilds:
            self._rebuilds, self._worlds = rebuilds, Worlds()
            self._remembered.clear()
        if gates != self._worlds.newest.number:
            await self._worlds.refresh(tx)

    async def _lock_all(self, tx: AsyncConnection, facts: Sequence[Fact]) -> tuple[set[UUID], Collection[UUID]]:
        """Lock every household whose fold may change, beyond the keys of the batch: a person may have moved.

        Gives them, and the facts of which an earlier revision may have been nobody's.
        """
        concerned = {fact.household_id for fact in facts if fact.household_id is not None}
        others = {other for fact in facts if (other := partner(fact)) is not None}
        persons = {fact.person_id for fact in facts if fact.person_id is not None}
        ids = {fact.id for fact in facts}
        while True:
            found, loose = await queries.concerned(tx, ids, concerned | others, persons)
            if found == concerned:
                return concerned, ids if loose else ()
            await locked(tx, found - concerned)
            concerned = found

    async def _load(
        self, tx: AsyncConnection, households: Collection[UUID], facts: Sequence[Fact], loose: Collection[UUID] = ()
    ) -> tuple[FactBook, dict[UUID, Watch]]:
        rows = await queries.profiles(tx, households)
        book = FactBook()
        now = self._worlds.newest
        watches = {id_: Watch.of(id_, rows.get(id_), now, book) for id_ in sorted(households)}
        for event in await queries.pending(tx, watches):
            watches[event.key].pending.append(care.pending(event) if isinstance(event.data, care.ACTS) else event)
        due = [w for w in watches.values() if facts or w.pending or w.needs_facts(self._worlds.after(w.status.gate))]
        await self._fill(tx, book, due if facts else await self._recall(tx, due), facts, loose)
        for number, watch in enumerate(watches.values()):
            if number % _IN_ONE_GO == 0:
                await asyncio.sleep(0)
            if self._give_way is not None:
                self._give_way()
            watch.pass_gates(self._worlds.after(watch.status.gate), self._worlds.cause, self._worlds.at)
        return book, watches

    async def _recall(self, tx: AsyncConnection, watches: Sequence[Watch]) -> list[Watch]:
        """Give each the profile that is kept of it, where nothing is to be added to its facts; the others are left."""
        on = self._worlds.newest.on
        if on is None or not self._keeping:
            return list(watches)
        known = await kept.read(tx, [watch.status.household_id for watch in watches if not watch.files], on)
        for watch in watches:
            watch.kept = known.get(watch.status.household_id)
        return [watch for watch in watches if watch.kept is None]

    async def _fill(
        self,
        tx: AsyncConnection,
        book: FactBook,
        watches: Sequence[Watch],
        facts: Sequence[Fact],
        loose: Collection[UUID],
    ) -> None:
        missing = set()
        for watch in watches:
            # Taken out, as it takes in the facts of this batch: where the batch fails, nothing is remembered.
            known = self._remembered.pop(watch.status.household_id, None)
            if known is not None and known[0] == watch.received:
                watch.household, watch.showing = known[1:]
                book.add(watch.household.facts)
            elif watch.before is not None:
                missing.add(watch.status.household_id)
        joining = {fact.person_id for fact in facts if fact.kind in MEMBERSHIP and fact.person_id is not None}
        joined = {other for fact in facts if partner(fact) is not None for other in (fact.household_id,) if other}
        if missing or joined:
            missing |= joined | await queries.merged_into(tx, missing)
        if missing or joining or loose:
            book.add(await queries.facts_of(tx, missing, joining, loose))

    async def _save(self, tx: AsyncConnection, watches: Collection[Watch]) -> None:
        rows = [(watch, watch.row) for watch in watches]
        changed = [row for _, row in rows if row is not None]
        counts: dict[tuple[str, str], int] = defaultdict(int)
        moved: dict[UUID, str] = {}
        for watch, row in rows:
            if row is not None:
                _count(counts, watch.before, row)
                if _moved(watch, row["path"]):
                    moved[watch.status.household_id] = str(row["path"])
        await queries.write_profiles(tx, changed)
        await queries.mark_read(tx, [watch.mark for watch, row in rows if row is None])
        if self._keeping:
            await kept.write(tx, [kept_ for watch in watches if (kept_ := watch.to_keep) is not None])
        await save(tx, [alert for watch in watches for alert in watch.alerts], moved)
        await care.apply(tx, [a for w in watches for a in w.applied], [a for w in watches for a in w.late])
        await care.move(tx, moved)
        await help_.move(tx, moved)
        filed = [step for watch in watches for step in watch.filed]
        await queries.write_facts(tx, map(fact_of, filed))
        await cases.mark_applied(tx, filed)
        news = [told for watch in watches for told in watch.tell]
        told = [event for _, event in sorted(news, key=lambda item: item[0])]
        await append(tx, *told)
        await help_.withdraw_of_alerts(tx, told)
        await outbox.record(tx, told)
        await queries.count(tx, counts)
        # A replay may read steps of a case in the batch that brings its household.
        new = {watch.status.household_id: str(row["path"]) for watch, row in rows if row and watch.before is None}
        changes = await cases.move(tx, {**new, **moved}, self._worlds.newest.on)
        for watch in watches:
            changes.merge(watch.changes)
        await indicators.record(tx, changes)

    def _remember(self, watches: Iterable[Watch]) -> None:
        for watch in watches:
            if watch.household is not None:
                self._remembered[watch.status.household_id] = watch.received, watch.household, watch.showing
        while len(self._remembered) > self._most:
            self._remembered.popitem(last=False)


async def facts_by_household(tx: AsyncConnection, households: Collection[UUID]) -> dict[UUID, list[Fact]]:
    """Everything the folds of these households read, as it stands now."""
    wanted = set(households) | await queries.merged_into(tx, households)
    book = FactBook()
    if wanted:
        book.add(await queries.facts_of(tx, wanted, (), ()))
    return {household_id: list(book.of(household_id)) for household_id in households}


def _moved(watch: Watch, path: object) -> bool:
    """Whether alerts stand, or were just raised, where the household is not any more."""
    here = watch.before.path if watch.before is not None else path
    return here != path or any(alert.get("path", path) != path for alert in watch.alerts)


def _count(counts: dict[tuple[str, str], int], before: Row[Any] | None, row: dict[str, object]) -> None:
    if before is not None and before.path:
        counts[before.path, before.level] -= 1
    if row["path"]:
        counts[str(row["path"]), str(row["level"])] += 1
