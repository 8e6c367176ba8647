"""National workbooks made up for tests, and a worker that is killed over them."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import date
from pathlib import Path
from time import monotonic
from typing import Any

import workbook
from stack.postgres import Dsns

from .conftest import Clerk

SAMPLES = Path(__file__).parents[3] / "data" / "samples"
HEADERS = (
    *("县", "乡", "村", "户编号", "人口编号", "户类型", "监测对象类别", "姓名", "证件号码", "与户主关系"),
    *("劳动技能", "文化程度", "在校生状况", "健康状况", "识别监测时间", "致贫/返贫风险1", "风险是否已消除"),
    *("整户无劳动能力兜底保障户", "是否解决安全饮用水"),
    *("是否参加城乡居民基本医疗保险", "是否参加城镇职工基本医疗保险"),
    *("工资性收入", "生产经营性收入", "财产性收入", "转移性收入", "生产经营性支出", "家庭纯收入", "合规自付支出"),
    *("帮扶责任人", "帮扶责任人单位", "帮扶责任人联系电话"),
)
AMOUNTS = {
    "工资性收入": "24000",
    "生产经营性收入": "18000",
    "财产性收入": "800",
    "转移性收入": "5000",
    "生产经营性支出": "6000",
}


def row(person: dict[str, Any], **told: str) -> dict[str, str]:
    """A row of a household in 屏山街道; what is told stands over it."""
    return {
        "县": "禄劝彝族苗族自治县", "乡": "屏山街道", "村": VILLAGE, "户类型": "脱贫户", "姓名": person["name"],
        "证件号码": person["certificate"], "与户主关系": person["relation"], "健康状况": "健康", **AMOUNTS, **told,
    }  # fmt: skip


VILLAGE = next(
    line.split(",")[1]
    for line in (SAMPLES.parent / "kunming_regions.csv").read_text(encoding="utf-8").splitlines()
    if line.startswith("530128001001,")
)


def sheet(*rows: dict[str, str], on: date = date(2023, 10, 15), headers: tuple[str, ...] = HEADERS) -> bytes:
    cells = [[told.get(name, "") for name in headers] for told in rows]
    return workbook.write_xlsx(headers, cells, title="（自定义）监测对象信息", exported_on=on)


async def household(clerk: Clerk, number: str) -> dict[str, Any]:
    [found] = (await clerk.post("/v1/households:search", {"number": number})).json()
    return dict(found)


async def until(count: Callable[[], Awaitable[int]], *, least: int) -> None:
    deadline = monotonic() + 90
    while await count() < least:
        assert monotonic() < deadline, "nothing happened within 90 s"
        await asyncio.sleep(0.02)


@asynccontextmanager
async def killed_worker(database: Dsns, keys: Path) -> AsyncIterator[None]:
    """A process that works on imports, three households at a time, until it is killed at the end of the block."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", _WORKER, database.worker, str(keys), env=dict(os.environ)
    )
    try:
        yield
    finally:
        process.send_signal(signal.SIGKILL)
        await process.wait()


_WORKER = """
import asyncio, sys
from pathlib import Path
from households.importing.runner import ImportRunner
from kit.cipher import FieldCipher
from kit.database import engine
from kit.keys import Keys

async def main():
    runner = ImportRunner(engine(sys.argv[1]), FieldCipher(Keys.load(Path(sys.argv[2]))), at_once=3)
    await runner.run(asyncio.Event())

asyncio.run(main())
"""
