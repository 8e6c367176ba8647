"""Importing a workbook through the API and following the job to its end."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from .api import Api
from .exits import ExitCode, StackError

_WITHIN: Final = 600.0
_OVER: Final = frozenset({"applied", "done", "failed", "cancelled"})


async def import_workbook(
    api: Api, who: str, path: Path, *, watch: Callable[[dict[str, Any]], None] = lambda _job: None
) -> dict[str, Any]:
    """Upload, apply, and return the finished job.

    Raises:
        StackError: the file is refused, or the job fails or does not end.
    """
    try:
        content = await asyncio.to_thread(path.read_bytes)
    except OSError as error:
        why = error.strerror
        raise StackError(ExitCode.USAGE, zh=f"无法读取 {path}（{why}）。", en=f"Cannot read {path} ({why}).") from None
    job: dict[str, Any] = await api.post(who, "/households/v1/imports", files={"file": (path.name, content)})
    watch(job)
    await api.post(who, f"/households/v1/imports/{job['id']}:apply")
    until = time.monotonic() + _WITHIN
    while (job := await api.get(who, f"/households/v1/imports/{job['id']}"))["state"] not in _OVER:
        watch(job)
        if time.monotonic() > until:
            raise StackError(
                ExitCode.NOT_READY, zh=f"导入 {job['id']} 没有结束。", en=f"Import {job['id']} did not end."
            )
        await asyncio.sleep(0.2)
    if job["state"] in ("failed", "cancelled"):
        raise StackError(ExitCode.REFUSED, zh=f"导入失败：{job['state']}。", en=f"The import ended as {job['state']}.")
    return job
