"""`zengshou status`: which processes run, and whether each can work."""

import typer

from ..exits import ExitCode
from ..output import show_json, show_line, show_table
from .options import Json, State, state_directory


def status(state: State = None, json: Json = False) -> None:
    """查看各进程的状态；有进程未就绪时退出码为 10。 Show every process; exit code 10 if one is not ready."""
    running = state_directory(state).need_running()
    if json:
        processes = {
            name: {"state": found.state, "pid": found.pid, "restarts": found.restarts, "port": found.port}
            for name, found in running.processes.items()
        }
        told = {"ready": running.ready, "gateway": running.gateway, "since": running.started_at, "epoch": running.epoch}
        show_json(told | {"processes": processes})
    else:
        show_line(f"{'就绪 ready' if running.ready else '未全部就绪 degraded'}: {running.gateway}")
        show_table(
            ("进程 process", "状态 state", "pid", "端口 port", "重启 restarts"),
            [
                (name, found.state, str(found.pid or "-"), str(found.port or "-"), str(found.restarts))
                for name, found in running.processes.items()
            ],
        )
    if not running.ready:
        raise typer.Exit(ExitCode.DEGRADED)
