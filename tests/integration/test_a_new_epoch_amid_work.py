"""The embedded broker keeps all it was ever sent, so it is begun anew amid work; nothing is lost by it."""

import asyncio
from pathlib import Path

from stack.api import Api
from stack.demo.opening import load_regions, start_calendar
from stack.demo.settling import Settling
from stack.ports import Ports
from stack.state import StateDirectory
from stack.supervisor.supervisor import Supervisor, platform


async def test_what_is_written_meanwhile_is_confirmed_by_every_listener(short_directory: Path) -> None:
    state = StateDirectory(short_directory / "renewed")
    async with platform(state, Ports.free(), lambda _zh, _en: None) as supervisor:
        await waited_in_vain(supervisor)
        before = supervisor.running
        api, settling = Api(state, before), Settling(before.databases)
        await asyncio.gather(load_regions(api), supervisor.renew_broker())
        await start_calendar(api)
        await settling.until_taken()
        assert await settling.events() > 0
        after = supervisor.running
        assert after.epoch != before.epoch
        assert after.processes["broker"].restarts == 0, "it did not die"
        await settling.close()
        await api.close()


async def waited_in_vain(supervisor: Supervisor) -> None:
    """Whoever asked whether the supervisor fails, and gives up, must not end its duties: it has work to do below."""
    waiting = asyncio.ensure_future(supervisor.wait())
    await asyncio.wait([waiting], timeout=0)
    waiting.cancel()
    await asyncio.wait([waiting])
