"""`zengshou up --kafka`: the platform on an Apache Kafka that somebody else runs, and never on another's log."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stack.api import Api
from stack.demo.opening import load_regions, start_calendar
from stack.demo.settling import Settling
from stack.exits import ExitCode, StackError
from stack.kafka import JoinedKafka
from stack.ports import HOST, Ports, free_port
from stack.state import StateDirectory
from stack.supervisor.supervisor import platform

pytestmark = pytest.mark.containers


def tell(_zh: str, _en: str) -> None:
    pass


async def the_calendar_begins(state: StateDirectory, kafka: JoinedKafka) -> None:
    """Every listener confirms the regions and the first business date."""
    async with platform(state, Ports.free(), tell, kafka=kafka) as running:
        api, settling = Api(state, running.running), Settling(running.running.databases)
        assert "broker" not in running.running.processes
        await load_regions(api)
        await start_calendar(api)
        await settling.until_taken()
        await settling.close()
        await api.close()


async def still_confirmed(state: StateDirectory, kafka: JoinedKafka) -> bool:
    async with platform(state, Ports.free(), tell, kafka=kafka) as running:
        settling = Settling(running.running.databases)
        await settling.until_taken()
        events = await settling.events()
        await settling.close()
        return events > 0


@pytest.mark.slow
async def test_it_joins_and_comes_back_but_refuses_the_log_of_another_installation(
    new_broker: Callable[[], Any], short_directory: Path
) -> None:
    broker = new_broker()
    kafka = broker.settings.bootstrap
    ours = StateDirectory(short_directory / "joined")
    await the_calendar_begins(ours, JoinedKafka(kafka))
    assert await still_confirmed(ours, JoinedKafka(kafka))
    with pytest.raises(StackError, match="another installation") as refused:
        async with platform(StateDirectory(short_directory / "stranger"), Ports.free(), tell, kafka=JoinedKafka(kafka)):
            pass
    assert refused.value.code is ExitCode.BROKER
    broker.stop()


def test_nobody_at_the_address_is_told_as_such(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("stack.kafka._WITHIN", 0.1)
    address = f"{HOST}:{free_port()}"
    with pytest.raises(StackError, match=address) as refused:
        JoinedKafka(address).wait_until_ready()
    assert refused.value.code is ExitCode.BROKER
