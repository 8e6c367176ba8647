"""Before the year: regions, the business date and the sample workbook, through the API."""

from datetime import date
from pathlib import Path
from typing import Any, Final

from ..api import Api
from ..importing import import_workbook
from .clients import CITY

DATA: Final = Path(__file__).resolve().parents[4] / "data"
WORKBOOK: Final = DATA / "samples" / "luquan_2023.xlsx"
KEY_COUNTIES: Final = ("530113000000", "530128000000", "530129000000")
EXPORTED_ON: Final = date(2023, 10, 15)


async def load_regions(api: Api) -> dict[str, Any]:
    """The 1,912 regions of Kunming, with 磨憨镇 under its custody."""
    content = (DATA / "kunming_regions.csv").read_bytes()
    answer = await api.call(
        CITY,
        "POST",
        "/households/v1/regions:import",
        params={"valid_from": "2022-01-01", "key_county": list(KEY_COUNTIES)},
        content=content,
        headers={"content-type": "text/csv"},
    )
    told: dict[str, Any] = answer.json()
    return told


async def start_calendar(api: Api) -> None:
    """The business date starts on the day the workbook was exported."""
    await api.post(CITY, "/households/v1/business-date:advance", {"to": EXPORTED_ON.isoformat()})


async def load_households(api: Api) -> dict[str, Any]:
    """The sample workbook of 400 households; ten of them are parked for their problems."""
    return await import_workbook(api, CITY, WORKBOOK)
