"""Stub services that a keeper keeps alive."""

import sys
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest

from stack.ports import free_port
from stack.supervisor.keeper import Keeper, prober
from stack.supervisor.program import Program, inherited


@pytest.fixture(scope="session")
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    async with prober() as client:
        yield client


def stub_program(port: int) -> Program:
    here = str(Path(__file__).parent)
    command = (sys.executable, "-m", "uvicorn", "stub_service:app", "--app-dir", here, "--port", str(port))
    return Program(name="stub", command=command, env=inherited(), port=port)


@pytest.fixture
async def stub(http: httpx2.AsyncClient, tmp_path: Path) -> AsyncIterator[Keeper]:
    keeper = Keeper(stub_program(free_port()), log=tmp_path / "stub.log", http=http, on_change=lambda: None)
    keeper.start()
    await keeper.was_ready.wait()
    yield keeper
    await keeper.stop()
