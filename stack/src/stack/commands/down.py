"""`zengshou down`: stop the platform in order."""

from ..output import progress, show_json, show_line
from ..remote import stop_detached
from .options import Json, State, state_directory


def down(state: State = None, json: Json = False) -> None:
    """停止平台；数据保留。没有运行也算成功。 Stop the platform; data stay. Not running is fine too."""
    with progress() as tell:
        tell("停止平台", "stopping the platform")
        stopped = stop_detached(state_directory(state))
    if json:
        show_json({"stopped": stopped})
    else:
        show_line("平台已停止 stopped" if stopped else "平台没有运行 was not running")
