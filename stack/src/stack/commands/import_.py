"""`zengshou import`: a workbook of the national system, uploaded, applied, its problems named."""

from pathlib import Path
from typing import Annotated, Any

import typer

from ..api import Api
from ..importing import import_workbook
from ..output import progress, show_json, show_line, show_table
from .letters import run
from .options import Json, State, state_directory


def import_(
    file: Annotated[Path, typer.Argument(help="xlsx、xls 或 CSV。 A workbook or CSV file.")],
    department: Annotated[str, typer.Option(help="以哪个部门的名义。 On whose behalf.")] = "city-rural",
    state: State = None,
    json: Json = False,
) -> None:
    """导入全国系统导出的表格；有问题的户暂存，其余照常导入。 Import a workbook; households with problems wait."""

    async def load(api: Api) -> dict[str, Any]:
        with progress() as tell:
            job = await import_workbook(
                api, department, file, watch=lambda j: tell(f"导入 {j['done']}/{j['households']}", "importing")
            )
        path = f"/households/v1/imports/{job['id']}/households"
        parked = await api.get(department, path, state="parked", page_size=200)
        return {"job": job, "parked": parked["items"]}

    found = run(state_directory(state), load)
    if json:
        show_json(found)
        return
    states = ", ".join(f"{name} {count}" for name, count in found["job"]["states"].items())
    show_line(f"户 households {found['job']['households']}: {states}")
    show_table(
        ("户编号", "单元格 cell", "原因", "处理"),
        [
            (row["number"], trouble["reference"], trouble["cause_zh"], trouble["remedy_zh"])
            for row in found["parked"]
            for trouble in row["problems"]
        ],
    )
