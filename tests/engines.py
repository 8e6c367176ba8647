"""Apache Kafka, PostgreSQL 17 and the whole compose platform in containers, behind what the root fixtures promise.

Used when `TEST_BACKEND=containers`; needs a Docker engine and the images (`make test-containers` sees to both).
"""

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from subprocess import CalledProcessError
from uuid import uuid4

import httpx2
from testcontainers.community.postgres import PostgresContainer
from testcontainers.compose import DockerCompose
from testcontainers.core.config import testcontainers_config
from testcontainers.core.container import DockerContainer
from testcontainers.core.wait_strategies import LogMessageWaitStrategy

from events.broker import BrokerSettings
from stack.containers.secrets import new_cluster_id
from stack.ports import HOST, free_port

ROOT = Path(__file__).parents[1]
COMPOSE_FILE = ROOT / "docker-compose.yml"
PATIENCE = timedelta(minutes=5)
"""For an engine to start; it takes seconds on a machine that does nothing else."""

_LETTING_GO = 60.0

_FAST = "-c fsync=off -c full_page_writes=off -c max_connections=300 -c max_parallel_workers_per_gather=0"


def image(repository: str) -> str:
    """The image that docker-compose.yml uses unless told otherwise; the tests run on the same."""
    found = re.search(rf":-({re.escape(repository)}:[^}}]+)}}", COMPOSE_FILE.read_text())
    if found is None:
        raise LookupError(repository)
    return found.group(1)


@contextmanager
def postgres_server() -> Iterator[str]:
    """A PostgreSQL 17; gives the address of its administrator."""
    testcontainers_config.max_tries = int(PATIENCE.total_seconds())
    password = secrets.token_urlsafe(24)
    container = PostgresContainer(
        image("postgres"), username="postgres", password=password, dbname="postgres", driver=None
    )
    container.with_env(
        "POSTGRES_INITDB_ARGS", "--encoding=UTF8 --locale=C --locale-provider=builtin --builtin-locale=C.UTF-8"
    )
    container.with_command(f"postgres {_FAST}").with_tmpfs_mount("/var/lib/postgresql/data")
    with container:
        port = container.get_exposed_port(5432)
        yield f"postgresql://postgres:{password}@{HOST}:{port}/postgres"


class KafkaBroker:
    """One Apache Kafka node; like the embedded broker every start has an empty log and is a new epoch."""

    def __init__(self) -> None:
        self._port = free_port()
        self._epoch = ""
        self._container: DockerContainer | None = None

    @property
    def settings(self) -> BrokerSettings:
        """How to reach this life of the broker."""
        return BrokerSettings(bootstrap=f"{HOST}:{self._port}", epoch=self._epoch, cluster=self._epoch, idempotent=True)

    def start(self) -> None:
        """Start with an empty log on the same port as before; return when it answers."""
        self._epoch = new_cluster_id()
        container = DockerContainer(image("apache/kafka")).with_envs(**self._environment())
        container.ports[f"{self._port}/tcp"] = (HOST, self._port)
        ready = LogMessageWaitStrategy("Kafka Server started").with_startup_timeout(PATIENCE)
        self._container = container.waiting_for(ready).start()

    def stop(self) -> None:
        """End it and its log."""
        if self._container is not None:
            self._container.stop()
            self._container = None

    def kill_and_start_again(self) -> None:
        """As after a power cut: the same log, the same epoch; it may not answer yet on return."""
        if self._container is None:
            raise RuntimeError("not started")
        held = self._container.get_wrapped_container()
        held.kill()
        held.start()

    def _environment(self) -> dict[str, str]:
        return {
            "CLUSTER_ID": self._epoch,
            "KAFKA_NODE_ID": "1",
            "KAFKA_PROCESS_ROLES": "broker,controller",
            "KAFKA_LISTENERS": f"PLAINTEXT://:{self._port},CONTROLLER://:9093",
            "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{HOST}:{self._port}",
            "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT",
            "KAFKA_CONTROLLER_LISTENER_NAMES": "CONTROLLER",
            "KAFKA_CONTROLLER_QUORUM_VOTERS": "1@localhost:9093",
            "KAFKA_LOG_DIRS": "/var/lib/kafka/data",
            "KAFKA_AUTO_CREATE_TOPICS_ENABLE": "false",
            "KAFKA_OFFSETS_TOPIC_REPLICATION_FACTOR": "1",
            "KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS": "1",
            "KAFKA_TRANSACTION_STATE_LOG_REPLICATION_FACTOR": "1",
            "KAFKA_TRANSACTION_STATE_LOG_MIN_ISR": "1",
            "KAFKA_GROUP_INITIAL_REBALANCE_DELAY_MS": "0",
            "KAFKA_GROUP_MIN_SESSION_TIMEOUT_MS": "1000",
            "KAFKA_HEAP_OPTS": "-Xms128m -Xmx512m",
        }


class ComposePlatform:
    """The platform of docker-compose.yml under a project of its own, behind its gateway."""

    def __init__(self, directory: Path):
        project = f"zengshou-test-{uuid4().hex[:8]}"
        self._gateway = f"http://{HOST}:{(port := free_port())}"
        settings = directory / "compose.env"
        settings.write_text(f"COMPOSE_PROJECT_NAME={project}\nZENGSHOU_GATEWAY_PORT={port}\n")
        self._compose = DockerCompose(context=str(ROOT), compose_file_name=COMPOSE_FILE.name, env_file=[str(settings)])

    def start(self) -> None:
        """Return when every container is healthy."""
        self._compose.start()

    def stop(self) -> None:
        """Remove the containers and all they kept.

        Raises:
            CalledProcessError: something was still there after a minute. A busy engine lets go of the endpoint of a
                removed container late, and refuses until then to remove the network.
        """
        until = time.monotonic() + _LETTING_GO
        while True:
            try:
                return self._compose.stop()
            except CalledProcessError:
                if time.monotonic() > until:
                    raise
                time.sleep(1)

    def client(self, department: str = "city-rural") -> httpx2.AsyncClient:
        """An HTTP client at the gateway with the token of a department; close it."""
        asked = ["env", f"ZENGSHOU_DEPARTMENT={department}", "python", "-P", "-m", "stack.containers", "token"]
        token, _, _ = self._compose.exec_in_container(asked, "gateway")
        return httpx2.AsyncClient(
            base_url=self._gateway,
            headers={"authorization": f"Bearer {token.strip()}"},
            timeout=60,
            trust_env=False,
        )
