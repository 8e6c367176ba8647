"""`zengshou token`: an access token of a development department, for curl and scripts."""

from typing import Annotated

import typer

from ..output import show_json, show_line, show_table
from ..remote import request_token
from .options import Json, State, state_directory


def token(
    client: Annotated[str, typer.Argument(help="部门客户端，见 --list。 Client of a department.")] = "city-rural",
    scope: Annotated[str, typer.Option(help="只要这些权限，空格分隔。 Only these rights.")] = "",
    list_: Annotated[bool, typer.Option("--list", help="列出各部门。 List the departments.")] = False,
    state: State = None,
    json: Json = False,
) -> None:
    """取得开发用访问令牌（仅限单机版）。 Get an access token of the development issuer."""
    if list_:
        _show_departments(json=json)
        return
    answer = request_token(state_directory(state), client, scope)
    if json:
        show_json(answer)
    else:
        show_line(str(answer["access_token"]))


def _show_departments(*, json: bool) -> None:
    from ..gateway.departments import DEPARTMENTS

    if json:
        shown = [
            {"client": who.client, "name": who.name, "paths": who.paths, "rights": sorted(who.rights)}
            for who in DEPARTMENTS
        ]
        show_json(shown)
    else:
        show_table(
            ("客户端 client", "部门 department", "范围 paths"),
            [(w.client, w.name, " ".join(w.paths)) for w in DEPARTMENTS],
        )
