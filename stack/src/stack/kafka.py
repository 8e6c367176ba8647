"""An Apache Kafka that runs already: the platform joins it, and neither starts nor ends it."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import KafkaError

from events.broker import BrokerSettings, await_cluster_id, read_cluster_id
from events.topology import PARTITIONS, all_topics

from .exits import ExitCode, StackError
from .state import write_private

_WITHIN: Final = 15.0
_EVERY: Final = 5.0
_FETCH_WAIT_MS: Final = 500


class JoinedKafka:
    """Stands where the embedded broker does; the epoch of its log is the id of its cluster."""

    def __init__(self, bootstrap: str):
        self._bootstrap = bootstrap
        self._cluster = ""

    @property
    def settings(self) -> BrokerSettings:
        """How to reach the log that was found at the last look."""
        return BrokerSettings(
            bootstrap=self._bootstrap,
            epoch=self._cluster,
            cluster=self._cluster,
            idempotent=True,
            fetch_wait_ms=_FETCH_WAIT_MS,
        )

    def launch(self) -> None:
        """It runs already."""

    def stop(self) -> None:
        """It goes on."""

    def wait_until_ready(self) -> None:
        """Return when it answers.

        Raises:
            StackError: it does not.
        """
        # The caller may be a thread of a running loop.
        with ThreadPoolExecutor(1) as thread:
            try:
                self._cluster = thread.submit(asyncio.run, await_cluster_id(self._bootstrap, _WITHIN)).result()
            except KafkaError as error:
                raise StackError(
                    ExitCode.BROKER,
                    zh=f"{self._bootstrap} 上没有可用的 Kafka（{type(error).__name__}）。",
                    en=f"No Kafka answers at {self._bootstrap} ({type(error).__name__}).",
                ) from None

    def wrote(self, known: Path) -> bool:
        """Whether the log is ours by this file; see `refuse_log_of_others`."""
        return known.exists() and known.read_text() == self._cluster

    async def refuse_log_of_others(self, known: Path) -> None:
        """Note the cluster as ours; the events of another installation have the numbers that ours will have.

        Args:
            known: the file that names the cluster whose log is ours.

        Raises:
            StackError: its topics hold records.
        """
        places = [TopicPartition(topic, number) for topic in all_topics() for number in range(PARTITIONS)]
        async with AIOKafkaConsumer(bootstrap_servers=self._bootstrap) as look:
            if any((await look.end_offsets(places)).values()):
                raise StackError(
                    ExitCode.BROKER,
                    zh=f"{self._bootstrap} 上的主题已有其他安装的事件；请用空的 Kafka。",
                    en=f"The topics at {self._bootstrap} hold events of another installation; use an empty Kafka.",
                )
        write_private(known, self._cluster)

    async def over(self) -> bool:
        """Return when another log answers there; one that is away for a while keeps its log. It always has ended."""
        while True:
            await asyncio.sleep(_EVERY)
            try:
                if await read_cluster_id(self._bootstrap) != self._cluster:
                    return True
            except (KafkaError, OSError):
                continue
