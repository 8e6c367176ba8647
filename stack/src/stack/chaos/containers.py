"""A compose project from outside: started, looked at, struck, removed, all by the `docker` command."""

import asyncio
import io
import os
import tarfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from ..exits import ExitCode, StackError

_WITHIN: Final = 120.0
_START_WITHIN: Final = 900
_LETTING_GO: Final = 60.0
_AGAIN: Final = 0.5
_SAID: Final = 1_500


@dataclass(frozen=True, slots=True)
class Project:
    """A compose project.

    Attributes:
        root: the directory of docker-compose.yml.
        options: of every `docker compose`: files and env files.
        environment: what they ask for.
    """

    name: str
    root: Path
    options: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)

    async def up(self, *services: str) -> None:
        """Start these (default: all) and what they need; return when all of it is healthy.

        Raises:
            StackError: it did not get there.
        """
        await self._compose(
            "up", "--detach", "--wait", f"--wait-timeout={_START_WITHIN}", *services, within=_START_WITHIN + _WITHIN
        )

    async def down(self) -> None:
        """Remove the containers and all they kept.

        Raises:
            StackError: something was still there after a minute. A busy engine lets go of the endpoint of a removed
                container late, and refuses until then to remove the network.
        """
        until = time.monotonic() + _LETTING_GO
        while True:
            try:
                await self._compose("down", "--volumes", "--remove-orphans", "--timeout=5")
                return
            except StackError:
                if time.monotonic() > until:
                    raise
                await asyncio.sleep(1)

    async def logs(self) -> str:
        """What every container said."""
        return (await self._compose("logs", "--no-color", "--timestamps")).decode(errors="replace")

    async def states(self) -> dict[str, str]:
        """Container → `running`, `exited` and so on; `healthy` once its health check says so."""
        own = f"label=com.docker.compose.project={self.name}"
        form = "{{.Names}}\t{{.State}}\t{{.Status}}"
        told = await docker("ps", "--all", "--filter", own, "--format", form)
        rows = (line.split("\t") for line in told.decode().splitlines())
        prefix, suffix = f"{self.name}-", "-1"
        return {
            name.removeprefix(prefix).removesuffix(suffix): "healthy" if "(healthy)" in status else state
            for name, state, status in rows
        }

    async def kill(self, service: str, by: str) -> None:
        """Send a signal and wait until the container has ended; whoever kills it must start it again.

        One that has just ended by itself is started, so that what was to be killed is; one that is held is waited for.
        """
        container = self._container(service)
        while not await docker("kill", "--signal", by, container, may_fail=True):
            await docker("start", container, may_fail=True)
            await asyncio.sleep(_AGAIN)
        await docker("wait", container)

    async def start(self, service: str) -> None:
        """Start a container that has ended."""
        await docker("start", self._container(service))

    async def pause(self, service: str) -> None:
        """Hold every process of a container; one that has just ended is left alone."""
        await docker("pause", self._container(service), may_fail=True)

    async def resume(self, service: str) -> None:
        """Let them go on."""
        await docker("unpause", self._container(service), may_fail=True)

    async def unplug(self, service: str, network: str) -> None:
        """Take a container off a network of the project, running or not."""
        await docker("network", "disconnect", "--force", f"{self.name}_{network}", self._container(service))

    async def plug(self, service: str, network: str) -> None:
        """Put it back."""
        await docker("network", "connect", f"{self.name}_{network}", self._container(service))

    async def run(self, service: str, name: str) -> None:
        """Start a further container of a service beside the one there is."""
        await self._compose("run", "--detach", "--no-deps", "--name", f"{self.name}-{name}", service)

    async def remove(self, name: str) -> None:
        """End in order what `run` started."""
        await docker("stop", "--time", "30", f"{self.name}-{name}", may_fail=True)
        await docker("rm", "--force", f"{self.name}-{name}")

    async def files(self, service: str, folder: str) -> dict[str, str]:
        """Every file of a folder of a container, running or not, by its path below that folder."""
        packed = await docker("cp", f"{self._container(service)}:{folder}/.", "-")
        with tarfile.open(fileobj=io.BytesIO(packed)) as tar:
            return {
                member.name.removeprefix("./"): content.read().decode()
                for member in tar if (content := tar.extractfile(member)) is not None
            }  # fmt: skip

    def _container(self, service: str) -> str:
        return f"{self.name}-{service}-1"

    async def _compose(self, *command: str, within: float = _WITHIN) -> bytes:
        where = ("compose", "--project-name", self.name, "--project-directory", str(self.root))
        return await docker(*where, *self.options, *command, environment=self.environment, within=within)


async def docker(
    *command: str, environment: Mapping[str, str] | None = None, within: float = _WITHIN, may_fail: bool = False
) -> bytes:
    """What the command wrote.

    Raises:
        StackError: there is no Docker here, it refused, or it did not end in time.
    """
    pipe = asyncio.subprocess.PIPE
    try:
        process = await asyncio.create_subprocess_exec(
            "docker", *command, env={**os.environ, **(environment or {})},
            stdin=asyncio.subprocess.DEVNULL, stdout=pipe, stderr=pipe,
        )  # fmt: skip
    except FileNotFoundError:
        raise StackError(
            ExitCode.UNSUITABLE,
            zh="本机没有 Docker。请安装 Docker 与 Compose v2，见 docs/operations.md。",
            en="There is no Docker here. Install Docker with Compose v2; see docs/operations.md.",
        ) from None
    try:
        async with asyncio.timeout(within):
            told, complaint = await process.communicate()
    except TimeoutError:
        told, complaint = b"", f"no answer within {within:.0f} s".encode()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode and not may_fail:
        said = f"docker {' '.join(command[:2])}: {complaint.decode(errors='replace').strip()[-_SAID:]}"
        raise StackError(ExitCode.FAILED, zh=f"Docker 拒绝：{said}", en=f"Docker refused: {said}")
    return told
