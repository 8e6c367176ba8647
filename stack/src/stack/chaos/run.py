"""One run: start, load, strike at random by seed, come to rest, judge."""

import asyncio
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import asdict, dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from events.topology import SERVICES
from events.turns import stopped

from ..api import Api
from ..databases import connection
from ..demo.cast import Cast, draw_cast
from ..demo.clients import CITY
from ..demo.opening import EXPORTED_ON, load_households, load_regions, start_calendar
from ..demo.settling import Settling
from ..exits import ExitCode, StackError
from ..supervisor.telling import Tell
from .away import OUTAGES, Witness
from .backend import Backend, settled_down
from .disorder import SPOILT, Disorder
from .faults import KILLS, Faults
from .ledger import Ledger
from .load import Calendar, Desk, Worker
from .verdict import Verdict, judge, judge_letters
from .watching import TopicWatch

DESKS: Final = 12
PATIENCE: Final = 240.0
"""Seconds a department tries one write again: longer than anything here lasts."""
POISON_EVERY: Final = 1_000
"""Acknowledged writes between two poison events."""
BETWEEN: Final = 10
"""Writes that are acknowledged between two kills, as long as that does not take too long."""
_IMPATIENT: Final = 5.0
_CALM: Final = 3.0
_REST: Final = 300.0
_HOLD: Final = 60.0
_LEAST: Final = 10.0
"""Seconds: a shorter outage may take this long to catch up with, because processes must find each other again."""
_SHARES: Final = {"kill api": 5, "kill worker": 6, "kill gateway": 2, "restart broker": 2, "restart postgres": 2}


@dataclass(slots=True)
class Report:
    """运行报告 of one run, as `--json` writes it."""

    seed: int
    backend: str
    cannot: list[str] = field(default_factory=list)
    seconds: float = 0.0
    kills: int = 0
    faults: dict[str, int] = field(default_factory=dict)
    posted: dict[str, int] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    outage: dict[str, float] = field(default_factory=dict)
    verdict: Verdict = field(default_factory=Verdict)

    @property
    def holds(self) -> bool:
        """The promise was kept, nobody was turned away for good, and a single outage stayed within its bounds."""
        stood_still = self.outage.get("behind", 0) > self.outage.get("logged", 0)
        slow = self.outage.get("catch_up", 0) > 2 * max(self.outage.get("seconds", 0), _LEAST)
        return self.verdict.holds and not self.refused and not (slow or stood_still or self.outage.get("errors"))

    def to_json(self) -> dict[str, Any]:
        """With what follows from it."""
        lost, duplicated = len(self.verdict.lost), len(self.verdict.duplicated)
        return {**asdict(self), "lost": lost, "duplicated": duplicated, "holds": self.holds}


@dataclass(slots=True)
class Run:
    """运行: its parts, once the platform is up and the households are loaded.

    Args:
        pace: mean seconds between two kills.
    """

    backend: Backend
    seed: int
    kills: int
    pace: float
    tell: Tell
    ledger: Ledger = field(default_factory=Ledger)
    calendar: Calendar = field(default_factory=lambda: Calendar(EXPORTED_ON))
    started: float = field(default_factory=time.monotonic)

    async def play(self, only: str | None = None, seconds: float = 0) -> Report:
        """Load and strike until enough was killed, then judge.

        Args:
            only: one outage instead of all faults (`away.OUTAGES`).
            seconds: how long it lasts.

        Raises:
            StackError: the platform did not come to rest.
        """
        running = self.backend.running
        random = Random(self.seed)  # noqa: S311 - chance by seed, no secret
        async with AsyncExitStack() as closing:
            api = Witness(self.backend.state, running, patience=PATIENCE)
            closing.push_async_callback(api.close)
            settling = Settling(running.databases, deadline=_REST)
            closing.push_async_callback(settling.close)
            await self._open(api, settling)
            cast = await draw_cast(api, random, EXPORTED_ON)
            watch = TopicWatch(lambda: (self.backend.running.kafka, self.backend.running.epoch))
            following = asyncio.create_task(watch.follow())
            closing.push_async_callback(_end, following)
            faults = Faults(self.backend, api, random, self._clock, self._log_end)
            disorder = Disorder(running.databases, random)
            desks = self._desks(api, cast, random)
            self.tell("施加负载并破坏", "load on, breaking things")
            outage: dict[str, float] = {}
            if only:
                outage = await self._one_outage(only, seconds, api, settling, desks)
                faults.note(only, f"{seconds:.0f} s")
            else:
                await self._storm(faults, disorder, settling, api, desks, cast, random)
            report = await self._judged(api, settling, watch, faults, disorder, desks)
            report.outage = outage
            return report

    def _clock(self) -> float:
        return time.monotonic() - self.started

    async def _open(self, api: Api, settling: Settling) -> None:
        self.tell("载入区划与样表", "loading regions and households")
        await load_regions(api)
        await start_calendar(api)
        await settling.until_taken("households")
        await load_households(api)
        await settling.until_taken()
        self.started = time.monotonic()

    def _desks(self, api: Api, cast: Cast, random: Random) -> list[Desk]:
        spare = max(1, len(cast.households) // 4)
        households = cast.households[spare:]
        workers = [Worker(e.household_id, e.person_id) for e in cast.earners]
        return [
            Desk(api, self.ledger, self.calendar, Random(random.random()), workers[n::DESKS], households[n::DESKS], n)  # noqa: S311
            for n in range(DESKS)
        ]

    async def _storm(
        self,
        faults: Faults,
        disorder: Disorder,
        settling: Settling,
        api: Api,
        desks: Sequence[Desk],
        cast: Cast,
        random: Random,
    ) -> None:
        stop = asyncio.Event()
        busy = [household for desk in desks for household in {w.household_id for w in desk.workers}]
        spare = cast.households[: max(1, len(cast.households) // 4)]
        quiet = [household for household in spare if household not in set(busy)]
        broken = asyncio.ensure_future(self.backend.broken())
        async with asyncio.TaskGroup() as group:
            writing = [group.create_task(desk.write(stop)) for desk in desks]
            group.create_task(self._advance(api, settling, stop))
            for fault, strike in {"cut": faults.cut, "slow": faults.slow, "broker lost": faults.lose}.items():
                if fault not in self.backend.cannot:
                    group.create_task(_keep_on(strike, random, 4 * self.pace, stop))
            group.create_task(_keep_on(faults.rebalance, random, 4 * self.pace, stop))
            group.create_task(_keep_on(faults.repeat, random, 3 * self.pace, stop))
            group.create_task(self._poison(faults, disorder, busy, random, stop))
            group.create_task(_keep_on(lambda: self._wrong_clock(faults, disorder), random, 12 * self.pace, stop))
            group.create_task(_keep_on(lambda: self._forget(faults, disorder, quiet), random, 8 * self.pace, stop))
            killing = group.create_task(self._kill(faults, random))
            await asyncio.wait([killing, broken], return_when=asyncio.FIRST_COMPLETED)
            stop.set()
            if not killing.done():
                await broken  # it says itself what is wrong, if it can
                raise StackError(ExitCode.FAILED, zh="监督进程自身失败。", en="The supervisor itself has failed.")
            await asyncio.gather(*writing)
        broken.cancel()

    async def _one_outage(
        self, only: str, seconds: float, api: Witness, settling: Settling, desks: Sequence[Desk]
    ) -> dict[str, float]:
        stop = asyncio.Event()
        async with asyncio.TaskGroup() as group:
            for desk in desks:
                group.create_task(desk.write(stop))
            await asyncio.sleep(_CALM)
            measured = await OUTAGES[only](self.backend, api, settling, seconds)
            stop.set()
        written = time.monotonic()
        await settling.until_taken()
        catch_up = time.monotonic() - measured.pop("back")
        return {
            "seconds": seconds,
            **measured,
            "catch_up": round(catch_up, 1),
            "last_write_after": round(catch_up - (time.monotonic() - written), 1),
        }

    async def _kill(self, faults: Faults, random: Random) -> None:
        done = 0
        while done < self.kills:
            written = self.ledger.count
            await asyncio.sleep(random.uniform(0.2, 1.8) * self.pace)
            await self._until_written(written + BETWEEN)
            [fault] = random.choices(KILLS, weights=[_SHARES[kind] for kind in KILLS])
            done += faults.kill(fault)
            if done and done % 20 == 0:
                self.tell(f"{done} 次，{self.ledger.count} 条已确认", f"{done} kills, {self.ledger.count} acknowledged")

    async def _until_written(self, count: int) -> None:
        """On a slow machine faults wait for the load: what is never up cannot lose anything."""
        until = time.monotonic() + _IMPATIENT * self.pace
        while self.ledger.count < count:
            if time.monotonic() > until:
                return
            await asyncio.sleep(0.1)

    async def _advance(self, api: Api, settling: Settling, stop: asyncio.Event) -> None:
        """A business day now and then; facts of the day are posted once everybody has taken it.

        How long that may take is not judged here: one fault follows another, and a worker may never be up for long.
        """
        while not await stopped(stop, 6 * self.pace):
            tomorrow: date = self.calendar.today + timedelta(days=1)
            await api.post(CITY, "/households/v1/business-date:advance", {"to": tomorrow.isoformat()})
            while not stop.is_set():
                with suppress(StackError):
                    await settling.until_taken("households")
                    self.calendar.today = tomorrow
                    break

    async def _poison(
        self, faults: Faults, disorder: Disorder, households: Sequence[UUID], random: Random, stop: asyncio.Event
    ) -> None:
        """Of every thousand acknowledged writes one: a bad publisher's, a bad migration's, then both at one household.

        What the migration refused can be handled once it is mended; not all that waits behind it can be read even then.
        """
        done = 0
        while not await stopped(stop, 1):
            if self.ledger.count < done * POISON_EVERY + 50:
                continue
            done += 1
            household = random.choice(disorder.refused_households if done % 3 == 0 else households)
            if done % 3 == 2:
                await disorder.bad_migration(household)
                faults.note("poison", "monitoring constraint")
            else:
                faults.note("poison", await disorder.bad_publisher(household))

    async def _wrong_clock(self, faults: Faults, disorder: Disorder) -> None:
        async with disorder.wrong_clock(disorder.random.choice(list(SPOILT))) as told:
            faults.note("clock skew", told)
            await asyncio.sleep(10)

    async def _forget(self, faults: Faults, disorder: Disorder, households: Sequence[UUID]) -> None:
        seconds = min(_HOLD, self.kills * self.pace / 4)
        told = await disorder.forgotten(disorder.random.choice(households), seconds)
        faults.note("open transaction", f"{told} after {seconds:.0f} s")

    async def _log_end(self, service: str) -> int:
        try:
            async with connection(self.backend.running.databases[service]["worker"]) as look:
                return int((await look.execute(text("SELECT coalesce(max(seq), 1) FROM event_log"))).scalar_one())
        except (DBAPIError, OSError):
            return 1

    async def _judged(
        self,
        api: Api,
        settling: Settling,
        watch: TopicWatch,
        faults: Faults,
        disorder: Disorder,
        desks: Sequence[Desk],
    ) -> Report:
        report = Report(self.seed, self.backend.name, sorted(self.backend.cannot))
        report.faults = dict(Counter(struck.fault for struck in faults.struck))
        report.kills = sum(report.faults.get(kind, 0) for kind in KILLS)
        report.refused = [line for desk in desks for line in desk.refused]
        self.tell("等待全部送达", "waiting until everything is taken")
        if not await settled_down(self.backend, _REST):
            raise StackError(ExitCode.NOT_READY, zh="平台没有恢复。", en="The platform did not recover.")
        await settling.until_taken()
        await asyncio.sleep(1)
        running = self.backend.running
        await judge_letters(running, disorder, report.verdict)
        await disorder.mend()
        await _settle_letters(api, settling)
        self.tell("逐条核对", "judging")
        await judge(running, self.ledger, watch, report.verdict)
        report.posted = dict(self.ledger.posted)
        report.seconds = round(self._clock(), 1)
        return report


async def _settle_letters(api: Api, settling: Settling) -> None:
    """As an operator would: try everything again; what is still poison has no remedy and is given up.

    Raises:
        StackError: letters wait after five minutes.
    """
    until = time.monotonic() + _REST
    while time.monotonic() < until:
        waiting = False
        for service in SERVICES:
            await api.post(CITY, f"/{service}/v1/dead-letters:redrive")
        await asyncio.sleep(2)
        for service in SERVICES:
            for letter in await api.get(CITY, f"/{service}/v1/dead-letters", waiting=True):
                waiting = True
                if letter["state"] == "poison" and letter["redrive_requested_at"] is None:
                    path = f"/{service}/v1/dead-letters/{letter['id']}:dismiss"
                    await api.call(CITY, "POST", path, accept=frozenset({409}))
        if not waiting:
            await settling.until_taken()
            return
    raise StackError(ExitCode.AUDIT, zh="仍有死信未处理。", en="Dead letters still wait.")


async def _keep_on(strike: Callable[[], Awaitable[None]], random: Random, every: float, stop: asyncio.Event) -> None:
    while not await stopped(stop, random.uniform(0.5, 1.5) * every):
        await strike()


async def _end(task: asyncio.Task[None]) -> None:
    """The Kafka client may swallow a cancellation that comes together with an answer: asked until it ends."""
    while not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=1)
