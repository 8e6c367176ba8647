"""What a container of the image runs: `python -m stack.containers <verb>`, the settings in `ZENGSHOU_*`."""

import argparse
import os
import sys
from collections.abc import Callable, Mapping

from kit import migrations
from kit.settings import ServiceSettings

from ..supervisor.program import uvicorn_command
from .databases import ensure_databases
from .secrets import Place, ensure_secrets
from .token import print_token

_GATEWAY_PORT = 8700


def _api() -> None:
    settings = _settings()
    _become(uvicorn_command(f"{settings.service}.app:create", settings.port, settings.host))


def _worker() -> None:
    _become((sys.executable, "-P", "-m", f"{_settings().service}.worker"))


def _gateway() -> None:
    host = os.environ.get("ZENGSHOU_HOST", "127.0.0.1")
    port = int(os.environ.get("ZENGSHOU_PORT", _GATEWAY_PORT))
    _become(uvicorn_command("stack.gateway.app:create", port, host))


def _migrations() -> None:
    settings = _settings()
    migrations.upgrade(settings.service, settings.dsn("owner"))


def _secrets() -> None:
    ensure_secrets(Place.from_environment())


def _databases() -> None:
    ensure_databases(Place.from_environment())


VERBS: Mapping[str, Callable[[], None]] = {
    "api": _api,
    "worker": _worker,
    "gateway": _gateway,
    "migrations": _migrations,
    "secrets": _secrets,
    "databases": _databases,
    "token": print_token,
}


def _settings() -> ServiceSettings:
    return ServiceSettings()


def _become(command: tuple[str, ...]) -> None:
    """The program takes the place of this process, so that it gets the signals."""
    os.execv(command[0], command)  # noqa: S606


def main() -> None:
    """Run one verb."""
    parser = argparse.ArgumentParser(prog="python -m stack.containers", description=__doc__)
    parser.add_argument("verb", choices=VERBS)
    VERBS[parser.parse_args().verb]()


if __name__ == "__main__":
    main()
