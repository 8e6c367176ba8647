"""Options that several verbs share."""

from pathlib import Path
from typing import Annotated

import typer

from ..state import StateDirectory

Json = Annotated[bool, typer.Option("--json", help="以 JSON 输出结果。 Print the result as JSON.")]
State = Annotated[
    Path | None,
    typer.Option("--state", envvar="ZENGSHOU_STATE", help="状态目录，默认 .zengshou/。 State directory."),
]
PortBase = Annotated[
    int,
    typer.Option(
        "--port-base",
        envvar="ZENGSHOU_PORT_BASE",
        min=1024,
        max=65_000,
        help="第一个端口；网关用它，其余依次往后。 First port: the gateway's; the others follow.",
    ),
]
Kafka = Annotated[
    str | None,
    typer.Option(
        "--kafka",
        envvar="ZENGSHOU_KAFKA",
        metavar="HOST:PORT",
        help="使用已在运行的 Apache Kafka，而非内置代理。 An Apache Kafka that runs already, not the embedded broker.",
    ),
]


def state_directory(chosen: Path | None) -> StateDirectory:
    """The directory that an option or the checkout names."""
    return StateDirectory(chosen.absolute()) if chosen else StateDirectory.default()
