"""The sheet 行政村信息: one row is one village.

Confidence: the sheet and its columns 县, 乡, 村 are known from code written against real exports; the other columns are
those of the older national form of a village (总户数, 总人口数, 自然村数, 村民小组数) and, unverified, 是否脱贫村.
"""

from dataclasses import dataclass, field
from datetime import date

from .cells import compact, money, trimmed, yes_no
from .household_reading import Locate
from .limits import Limits
from .problems import Kind, Problem
from .refusals import Unreadable
from .row_reading import Notes, OwnCells
from .sheets import read_sheets
from .tables import Column, Layout, Table, find_table

VILLAGE_COLUMNS = (
    Column("county", "县", ("县(市、区、旗)", "县(区)", "县(市、区)", "区县", "区(县)")),
    Column("township", "乡", ("乡(镇)", "乡镇", "乡(镇、街道)", "乡镇(街道)")),
    Column("village", "村", ("行政村", "行政村(社区)", "村(社区)", "行政村名称")),
    Column("lifted", "是否脱贫村", ("脱贫村",)),
    Column("households", "总户数", ("总户数(户)", "户数")),
    Column("persons", "总人口数", ("总人口数(人)", "总人口")),
    Column("hamlets", "自然村数", ("自然村(屯)数", "自然村(屯)数(个)", "自然村个数")),
    Column("groups", "村民小组数", ("村民小组数(个)", "村民小组个数")),
    Column("household", "户编号"),
)
VILLAGE_LAYOUT = Layout("行政村信息", VILLAGE_COLUMNS, needed=("county", "township", "village"))

VILLAGE_FACTS = ("lifted", "households", "persons", "hamlets", "groups")
"""What a row says of its village beyond where it is."""

_MOST = 10_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageRecord:
    """行政村: a village as the sheet states it; None where the cell is empty.

    Attributes:
        row: number of the row.
        region_code: 12-digit code of the village; empty where it was not found.
    """

    row: int = field(compare=False)
    region_code: str
    lifted: bool | None = None
    """是否脱贫村"""
    households: int | None = None
    """总户数"""
    persons: int | None = None
    """总人口数"""
    hamlets: int | None = None
    """自然村数"""
    groups: int | None = None
    """村民小组数"""


@dataclass(frozen=True, slots=True, kw_only=True)
class VillageFile:
    """行政村信息表: everything read from one file; a row with a problem is left out."""

    table: Table
    records: tuple[VillageRecord, ...]
    problems: tuple[Problem, ...]

    @property
    def exported_on(self) -> date | None:
        """导出时间, if the file names it."""
        return self.table.exported_on

    @property
    def facts(self) -> tuple[str, ...]:
        """The facts that the file has a column for; what it lacks it does not say."""
        return tuple(name for name in VILLAGE_FACTS if self.table.has(name))

    @property
    def sound(self) -> tuple[VillageRecord, ...]:
        """The rows that may go in."""
        wrong = {row for problem in self.problems for row in (problem.row, *problem.also)}
        return tuple(record for record in self.records if record.row not in wrong)


def read_villages(data: bytes, locate: Locate, limits: Limits = Limits()) -> VillageFile:  # noqa: B008
    """Read a file in the layout of the sheet of villages.

    Raises:
        Unreadable: the file as a whole cannot be read, or is a sheet of households.
    """
    table = find_table(read_sheets(data, limits), VILLAGE_LAYOUT)
    if table.has("household"):
        raise Unreadable(
            "another-sheet",
            zh="这是按户、人导出的表，不是行政村信息表",
            en="this is a sheet of households, not of villages",
            fix_zh="户信息请从“导入”上传；此处上传行政村信息表",
            fix_en="upload households as an import; here goes the sheet 行政村信息",
        )
    notes = Notes(table)
    records = tuple(_record(notes, row, locate) for row in table.records())
    _check_repeated(notes, records)
    return VillageFile(table=table, records=records, problems=tuple(notes.problems))


def _record(notes: Notes, row: int, locate: Locate) -> VillageRecord:
    own = OwnCells(notes, "", None, row)
    names = [own.needed(name, trimmed) for name in ("county", "township", "village")]
    code = locate(*names) if all(names) else None
    if all(names) and code is None:
        notes.add(Kind.UNKNOWN_VILLAGE, [row], "village", household="")
    return VillageRecord(
        row=row,
        region_code=code or "",
        lifted=own.value("lifted", yes_no, Kind.UNKNOWN_VALUE),
        **{name: own.value(name, _whole, Kind.BAD_NUMBER) for name in VILLAGE_FACTS[1:]},
    )


def _check_repeated(notes: Notes, records: tuple[VillageRecord, ...]) -> None:
    rows: dict[str, list[int]] = {}
    for record in records:
        if record.region_code:
            rows.setdefault(record.region_code, []).append(record.row)
    for found in rows.values():
        if len(found) > 1:
            notes.add(Kind.VILLAGE_TWICE, found, "village", household="")


def _whole(text: str) -> int | None:
    amount = money(compact(text).removesuffix("户").removesuffix("人").removesuffix("个"))
    if amount is None:
        return None
    if amount < 0 or amount != int(amount) or amount > _MOST:
        raise ValueError("not a count")
    return int(amount)
