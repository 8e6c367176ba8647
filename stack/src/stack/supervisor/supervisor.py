"""Runs the whole platform on one machine: starts the parts in order, keeps them alive, stops them in order.

Starting:
1. hold the state directory, look at the ports, make the keys that are missing;
2. PostgreSQL and the broker, side by side; then a database and three roles per service, and the migrations;
3. gateway, APIs and workers, side by side; ready when every one of them says so.

When the broker dies its log is gone, and offsets of that life mean nothing in the next: all workers stop first, then
the broker starts under a new epoch, then the workers start with it. An embedded one that has grown is ended for that.
"""

import asyncio
import logging
import os
import subprocess
import time
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import asdict
from datetime import UTC, datetime

from aiokafka.errors import KafkaError

from events.broker import BrokerSettings, OtherPartitions, ensure_topics
from events.topology import SERVICES

from ..broker import Broker
from ..children import ended, log_tail
from ..credentials import ensure_secrets
from ..exits import ExitCode, StackError
from ..kafka import JoinedKafka
from ..logs import rotate_logs
from ..ports import Ports, free_port
from ..postgres import Cluster, Dsns, Postgres
from ..state import ProcessState, Running, StateDirectory, write_private
from .keeper import Keeper, prober
from .migrating import migrate
from .network import Direct, Network
from .program import Plan, Program
from .telling import Tell

_log = logging.getLogger("zengshou.supervisor")

_READY_WITHIN = 90.0
_ROTATE_EVERY = 60.0
_AGAIN = 0.5
# To stop a server in its recovery means that it begins anew.
_RECOVERED_WITHIN = 900.0


class Supervisor:
    """The processes of one platform."""

    def __init__(
        self,
        state: StateDirectory,
        ports: Ports,
        tell: Tell,
        network: Network | None = None,
        kafka: JoinedKafka | None = None,
    ):
        self._state = state
        self._network = network or Direct()
        self._ports = ports
        self._tell = tell
        self._started_at = datetime.now(UTC).isoformat(timespec="seconds")
        self._cluster = Cluster(state.root / "postgres", log=state.logs / "postgres.log")
        self._broker = kafka or Broker(log=state.logs / "broker.log", port=ports.broker)
        self._restarts = {"postgres": 0, "broker": 0}
        self._workers: list[Keeper] = []
        self._epoch_stands = asyncio.Lock()
        """held from the end of one epoch to the start of the next: nobody joins between"""
        self._others: list[Keeper] = []
        self._plan: Plan | None = None
        self._http = prober()
        self._duties: list[asyncio.Task[None]] = []

    @property
    def running(self) -> Running:
        """What the other commands are told."""
        databases = self._plan.databases if self._plan else {}
        return Running(
            pid=os.getpid(),
            started_at=self._started_at,
            ready=bool(self._others) and all(keeper.state.state == "ready" for keeper in self._keepers),
            base=self._ports.base,
            gateway=f"http://127.0.0.1:{self._ports.gateway}",
            kafka=self._broker.settings.bootstrap,
            epoch=self._broker.settings.epoch,
            processes=self._engines() | {keeper.program.name: keeper.state for keeper in self._keepers},
            databases={service: asdict(dsns) for service, dsns in databases.items()},
        )

    async def start(self) -> None:
        """Start everything and return when all of it is ready.

        Raises:
            StackError: something cannot start; nothing is left running after `stop`.
        """
        ensure_secrets(self._state)
        await self._start_engines()
        databases = await asyncio.to_thread(self._provision)
        self._tell("更新数据库结构", "migrating the databases")
        await migrate({service: dsns.owner for service, dsns in databases.items()}, self._state.logs / "migrations.log")
        self._plan = Plan(state=self._state, ports=self._ports, databases=databases, network=self._network)
        self._tell("启动各服务", "starting the services")
        self._others = self._keep([self._plan.gateway(), *map(self._plan.api, SERVICES)])
        self._start_workers(self._broker.settings)
        await self._until_all_ready()
        watched = (self._watch_postgres(), self._watch_broker(), self._keep_logs_small())
        self._duties = [asyncio.create_task(duty) for duty in watched]
        self._publish()

    async def stop(self) -> None:
        """Stop everything, the callers before what they call; safe after a start that failed halfway."""
        for duty in self._duties:
            duty.cancel()
        await asyncio.gather(*self._duties, return_exceptions=True)
        await asyncio.gather(*(keeper.stop() for keeper in self._others))
        await asyncio.gather(*(keeper.stop() for keeper in self._workers))
        await asyncio.to_thread(self._broker.stop)
        await asyncio.to_thread(self._cluster.stop)
        await self._http.aclose()
        self._state.running.unlink(missing_ok=True)
        for left in self._state.pids.glob("*.pid"):
            left.unlink()

    async def renew_broker(self) -> None:
        """Begin a new epoch now, as a broker that has grown does in a quiet moment; return when all are ready in it.

        Raises:
            StackError: they are not ready in time.
        """
        if not isinstance(self._broker, Broker):
            return
        before, within = self._broker.settings.epoch, time.monotonic() + _READY_WITHIN
        self._broker.retire()
        while self.running.epoch == before or not self.running.ready or self._epoch_stands.locked():
            if time.monotonic() > within:
                raise StackError(
                    ExitCode.NOT_READY,
                    zh="消息代理未能换新，见日志。",
                    en="The broker did not begin anew; see the logs.",
                )
            await asyncio.sleep(_AGAIN)

    async def join(self, service: str) -> Keeper:
        """Start one more worker of a service; a new epoch of the broker ends it with all the others."""
        if self._plan is None:
            raise RuntimeError("not started")
        async with self._epoch_stands:
            program = self._plan.second_worker(service, self._broker.settings, free_port())
            [keeper] = self._keep([program])
            self._workers.append(keeper)
        return keeper

    async def leave(self, keeper: Keeper) -> None:
        """Stop such a worker."""
        await keeper.stop()
        if keeper in self._workers:
            self._workers.remove(keeper)
        self._publish()

    async def wait(self) -> None:
        """Return only if a duty of the supervisor itself fails; who gives up waiting does not end the duties."""
        await asyncio.gather(*map(asyncio.shield, self._duties))

    @property
    def _keepers(self) -> list[Keeper]:
        return [*self._others, *self._workers]

    async def _start_engines(self) -> None:
        self._tell("启动 PostgreSQL 和消息代理", "starting PostgreSQL and the broker")
        self._broker.launch()
        await asyncio.to_thread(self._cluster.prepare)
        self._cluster.launch()
        await asyncio.to_thread(self._broker.wait_until_ready)
        await asyncio.to_thread(self._cluster.wait_until_ready)
        await self._prepare_topics()
        self._publish()

    async def _prepare_topics(self) -> None:
        await ensure_topics(self._broker.settings)
        if isinstance(self._broker, JoinedKafka) and not self._broker.wrote(self._state.kafka):
            await self._broker.refuse_log_of_others(self._state.kafka)

    def _provision(self) -> dict[str, Dsns]:
        server = Postgres(self._cluster.admin_dsn)
        return {service: server.ensure_service_database(service, service) for service in SERVICES}

    def _keep(self, programs: Iterable[Program]) -> list[Keeper]:
        made = [
            Keeper(program, log=self._state.logs / f"{program.name}.log", http=self._http, on_change=self._publish)
            for program in programs
        ]
        for keeper in made:
            keeper.start()
        return made

    def _start_workers(self, broker: BrokerSettings) -> None:
        plan = self._plan
        if plan is None:
            raise RuntimeError("not started")
        self._workers = self._keep(plan.worker(service, broker) for service in SERVICES)

    async def _until_all_ready(self) -> None:
        ready = asyncio.create_task(self._all_were_ready())
        hopeless = [asyncio.create_task(keeper.hopeless.wait()) for keeper in self._keepers]
        await asyncio.wait({ready, *hopeless}, timeout=_READY_WITHIN, return_when=asyncio.FIRST_COMPLETED)
        for waiting in hopeless:
            waiting.cancel()
        if not ready.done():
            ready.cancel()
            raise self._not_ready()

    async def _all_were_ready(self) -> None:
        for keeper in self._keepers:
            await keeper.was_ready.wait()

    def _not_ready(self) -> StackError:
        late = [keeper for keeper in self._keepers if not keeper.was_ready.is_set()]
        worst = max(late, key=lambda keeper: keeper.deaths)
        names = ", ".join(keeper.program.name for keeper in late)
        told = f"{worst.log}:\n{log_tail(worst.log)}"
        return StackError(
            ExitCode.NOT_READY, zh=f"未能就绪：{names}。日志 {told}", en=f"Not ready: {names}. Log {told}"
        )

    async def _watch_postgres(self) -> None:
        while True:
            await ended(self._cluster.process)
            _log.error("PostgreSQL ended and is started again")
            self._restarts["postgres"] += 1
            # What a killed server left of itself must go first: it holds the shared memory.
            await asyncio.to_thread(self._cluster.prepare)
            self._cluster.launch()
            try:
                await asyncio.to_thread(self._cluster.wait_until_ready, _RECOVERED_WITHIN)
            except StackError as error:
                _log.error("PostgreSQL did not start and is tried again: %s", error.en)
                await asyncio.sleep(_AGAIN)
            self._publish()

    async def _watch_broker(self) -> None:
        while True:
            if await self._broker.over():
                _log.error("the broker ended; all workers stop before a new epoch begins")
                self._restarts["broker"] += 1
            else:
                _log.info("the log of the broker has grown; all workers stop before a new epoch begins")
            async with self._epoch_stands:
                await asyncio.gather(*(worker.stop(within=5) for worker in self._workers))
                await asyncio.to_thread(self._broker.stop)
                began = False
                while not began:
                    began = await self._broker_began()
                self._start_workers(self._broker.settings)
            self._publish()

    async def _broker_began(self) -> bool:
        """Begin a new life of the broker; false if it ended before its topics were made, to be tried again."""
        try:
            self._broker.launch()
            await asyncio.to_thread(self._broker.wait_until_ready)
            await self._prepare_topics()
        except (StackError, KafkaError, OtherPartitions, OSError) as error:
            _log.error("the broker did not start and is tried again: %s", error)
            await asyncio.to_thread(self._broker.stop)
            await asyncio.sleep(_AGAIN)
            return False
        return True

    async def _keep_logs_small(self) -> None:
        while True:
            await asyncio.sleep(_ROTATE_EVERY)
            await asyncio.to_thread(rotate_logs, self._state.logs)

    def _engines(self) -> dict[str, ProcessState]:
        engines = {"postgres": _engine_state(self._cluster.child, self._restarts["postgres"], None)}
        if isinstance(self._broker, Broker):
            engines["broker"] = _engine_state(self._broker.child, self._restarts["broker"], self._ports.broker)
        return engines

    def _publish(self) -> None:
        running = self.running
        write_private(self._state.running, running.to_json())
        for name, process in running.processes.items():
            file = self._state.pids / f"{name}.pid"
            file.write_text(f"{process.pid}\n") if process.pid else file.unlink(missing_ok=True)


def _engine_state(child: subprocess.Popen[bytes] | None, restarts: int, port: int | None) -> ProcessState:
    alive = child is not None and child.poll() is None
    return ProcessState("ready" if alive else "restarting", child.pid if child and alive else None, restarts, port)


@asynccontextmanager
async def platform(
    state: StateDirectory,
    ports: Ports,
    tell: Tell,
    network: Network | None = None,
    kafka: JoinedKafka | None = None,
) -> AsyncIterator[Supervisor]:
    """The running platform, ready at the start of the block and gone at its end; call it from the main thread.

    Args:
        state: held as long as it runs.
        ports: which it uses.
        tell: is told what goes on.
        network: what stands between the services and the engines.
        kafka: instead of an embedded broker.

    Raises:
        StackError: it runs already, a port is taken, or a part does not start.
    """
    state.make()
    with state.locked():
        ports.refuse_taken()
        supervisor = Supervisor(state, ports, tell, network, kafka)
        try:
            await supervisor.start()
            yield supervisor
        finally:
            await asyncio.shield(supervisor.stop())
