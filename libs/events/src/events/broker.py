"""What differs between brokers: addresses, the epoch of their log, the client settings; and making the topics."""

import asyncio
from dataclasses import dataclass
from time import monotonic
from typing import Any, Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.errors import KafkaError, TopicAlreadyExistsError, for_code

from .topology import PARTITIONS, all_topics

_REQUEST_MS: Final = 10_000
_LONGER_MS: Final = 5_000
_AGAIN: Final = 0.5


class AnotherCluster(RuntimeError):
    """The broker began anew under this process: what it knows of the log is void, and a new process must begin."""


class OtherPartitions(RuntimeError):
    """Somebody else made a topic (a broker may, for whoever asks for one): keys would not find their partitions."""

    def __init__(self, topics: list[str]):
        super().__init__(f"not of {PARTITIONS} partitions: {', '.join(topics)}; delete them while no worker runs")


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerSettings:
    """How to reach a Kafka-protocol broker.

    Attributes:
        bootstrap: `host:port[,host:port]`.
        epoch: names one life of the broker's log; offsets of another epoch mean nothing.
        cluster: the id of the cluster that holds this log; None = whatever answers is taken for it.
        idempotent: ask for an idempotent producer (Apache Kafka; the embedded broker has none).
        replication: copies of each partition.
        fetch_wait_ms: how long a fetch may wait. Apache Kafka answers as soon as there is something. The embedded
            broker looks at once, after half of it, after half of what is left …: with 200 ms, facts that came while
            earlier ones were worked on waited 100 ms though nothing was to be done. Idle, 50 ms cost a twelfth of a
            core more than 200 ms. Consumers for whom nobody waits wait longer.
        heartbeat_ms, session_ms: group membership; short ones make joining fast on one machine. Every 300 ms instead of
            every second, five consumers cost the embedded broker a quarter more when nothing happens.
    """

    bootstrap: str
    epoch: str
    cluster: str | None = None
    idempotent: bool = False
    replication: int = 1
    fetch_wait_ms: int = 50
    heartbeat_ms: int = 1000
    session_ms: int = 6_000

    def producer_options(self) -> dict[str, Any]:
        """Options of every producer: nothing counts before all in-sync replicas have it."""
        return {
            "bootstrap_servers": self.bootstrap,
            "acks": "all",
            "enable_idempotence": self.idempotent,
            "request_timeout_ms": _REQUEST_MS,
            "max_batch_size": 256 * 1024,
            "metadata_max_age_ms": 60_000,
        }

    def consumer_options(self, *, at_least: float = 0.0) -> dict[str, Any]:
        """Options of every consumer: the database keeps the offsets, Kafka's are for the operators' tools.

        A consumer for whom nobody waits lets a fetch wait `at_least` so many seconds.

        While the client dials a broker that has vanished it asks no other one who leads now, so it must give up soon;
        but a join may wait as long as the session of a member that died.
        """
        return {
            "bootstrap_servers": self.bootstrap,
            "enable_auto_commit": False,
            "auto_offset_reset": "earliest",
            "heartbeat_interval_ms": self.heartbeat_ms,
            "session_timeout_ms": self.session_ms,
            "request_timeout_ms": self.session_ms + _LONGER_MS,
            "fetch_max_wait_ms": max(self.fetch_wait_ms, int(1_000 * at_least)),
            "metadata_max_age_ms": 60_000,
        }


async def read_cluster_id(bootstrap: str) -> str:
    """The id under which the broker's log was formatted.

    Raises:
        KafkaError: the broker does not answer.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap, request_timeout_ms=_REQUEST_MS)
    try:
        await admin.start()
        found: str = (await admin.describe_cluster())["cluster_id"]
    finally:
        await admin.close()
    return found


async def await_cluster_id(bootstrap: str, within: float) -> str:
    """The same as soon as a broker answers: a worker may start before its broker does.

    Raises:
        KafkaError: none answered within so many seconds.
    """
    until = monotonic() + within
    while True:
        try:
            return await read_cluster_id(bootstrap)
        except KafkaError:
            if monotonic() > until:
                raise
        await asyncio.sleep(_AGAIN)


async def refuse_another_cluster(broker: BrokerSettings) -> None:
    """Go on only with the log that the settings name.

    Raises:
        AnotherCluster: something else answers at the address now.
        KafkaError: nothing answers.
    """
    if broker.cluster is not None and await read_cluster_id(broker.bootstrap) != broker.cluster:
        raise AnotherCluster


async def ensure_topics(broker: BrokerSettings) -> None:
    """Make the topics that are missing; safe to call from every process at once.

    Raises:
        KafkaError: the broker refused a topic.
        OtherPartitions: a topic was there before and is cut in another way.
    """
    admin = AIOKafkaAdminClient(bootstrap_servers=broker.bootstrap, request_timeout_ms=_REQUEST_MS)
    try:
        await admin.start()
        missing = sorted(set(all_topics()) - set(await admin.list_topics()))
        if missing:
            await _create(admin, missing, broker.replication)
        told = {topic["topic"]: topic["partitions"] for topic in await admin.describe_topics(list(all_topics()))}
        # One that was made a moment ago may not show its partitions yet.
        if other := [name for name, partitions in told.items() if len(partitions) not in (0, PARTITIONS)]:
            raise OtherPartitions(sorted(other))
    finally:
        await admin.close()


async def _create(admin: AIOKafkaAdminClient, names: list[str], replication: int) -> None:
    # One copy may be away without stopping the writers, and no record counts that only one broker has.
    configs = {"min.insync.replicas": str(replication - 1)} if replication > 2 else {}
    topics = [NewTopic(name, PARTITIONS, replication, topic_configs=configs) for name in names]
    try:
        response = await admin.create_topics(topics)
    except TopicAlreadyExistsError:
        return
    for topic_error in response.topic_errors:
        error = for_code(topic_error[1])
        if error.errno and error is not TopicAlreadyExistsError:
            raise error(topic_error[0])
