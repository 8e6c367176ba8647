"""`zengshou generate`: an invented city in the national layout, with the truth about every household."""

from pathlib import Path
from typing import Annotated

import typer

from ..city.writing import MOST_HOUSEHOLDS, City, write_city
from ..output import progress, show_json, show_line
from .options import Json


def generate(
    out: Annotated[Path, typer.Option("--out", help="写入该目录。 Directory to write into.")],
    seed: Annotated[int, typer.Option(min=0, help="随机种子。 The same seed gives the same bytes.")] = 1,
    households: Annotated[int, typer.Option(min=1, max=MOST_HOUSEHOLDS, help="户数。 How many households.")] = 95_000,
    json: Json = False,
) -> None:
    """生成虚构的城市：每个乡镇一个国家版式工作簿，另附真相文件。 An invented city: workbooks and a truth file."""
    with progress() as tell:
        tell(f"生成 {households} 户", f"drawing {households} households")
        told = write_city(City(seed=seed, households=households), out)
    if json:
        show_json(told)
        return
    show_line(f"户 households {told['households']}, 人 persons {told['persons']}, 监测 monitored {told['monitored']}")
    show_line(f"{len(told['files'])} 个工作簿 workbooks, 真相 truth: {out / 'truth.jsonl'}")
