"""The sheet 务工月监测 (已外出务工信息): one row is one spell of work of one person."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from .cells import compact, money, month, person_name, yes_no
from .limits import Limits
from .problems import Kind, Problem
from .row_reading import Certify, Notes, OwnCells
from .sheets import read_sheets
from .tables import Cell, Column, Layout, Table, find_table

WORK_COLUMNS = (
    Column("county", "县", ("县(市、区、旗)", "县(区)")),
    Column("township", "乡", ("乡(镇)", "乡镇")),
    Column("village", "行政村", ("村",)),
    Column("household", "户编号", ("户编码",)),
    Column("name", "姓名"),
    Column("certificate", "证件号码", ("身份证号码", "身份证号", "公民身份号码", "证件号")),
    Column("working", "是否已务工"),
    Column("from_month", "开始时间", ("务工开始时间",)),
    Column("to_month", "结束时间", ("务工结束时间",)),
    Column("work_province", "务工所在省"),
    Column("work_city", "务工所在市"),
    Column("work_county", "务工所在县"),
    Column("employer", "务工企业名称", ("务工单位",)),
    Column("industry", "所属行业", ("产业分类",)),
    Column("channel", "就业渠道"),
    Column("travel_subsidy", "年度交通费补助"),
)
WORK_LAYOUT = Layout("已外出务工信息", WORK_COLUMNS, needed=("household", "certificate", "from_month"))


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkRecord:
    """务工记录: a spell of work as the sheet states it.

    Attributes:
        row: number of the row.
        identity: the first 18 characters of the certificate once checked; empty where it was not checked or is wrong.
        to_month: last month of the spell; None while it lasts.
    """

    row: int = field(compare=False)
    household: str
    """户编号"""
    name: str = field(repr=False)
    """姓名"""
    certificate: str = field(repr=False)
    """证件号码"""
    identity: str = field(repr=False)
    county: str = ""
    township: str = ""
    village: str = ""
    working: bool | None = None
    """是否已务工"""
    from_month: str | None = None
    """开始时间, `YYYY-MM`"""
    to_month: str | None = None
    """结束时间, `YYYY-MM`"""
    work_province: str = ""
    """务工所在省"""
    work_city: str = ""
    """务工所在市"""
    work_county: str = ""
    """务工所在县"""
    employer: str = ""
    """务工企业名称"""
    industry: str = ""
    """所属行业"""
    channel: str = ""
    """就业渠道"""
    travel_subsidy: Decimal | None = None
    """年度交通费补助"""


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFile:
    """务工月监测表: everything read from one file; a row with a problem is parked."""

    table: Table
    records: tuple[WorkRecord, ...]
    problems: tuple[Problem, ...]

    @property
    def exported_on(self) -> date | None:
        """导出时间, if the file names it."""
        return self.table.exported_on

    @property
    def sound(self) -> tuple[WorkRecord, ...]:
        """The rows that may go in."""
        parked = {problem.row for problem in self.problems}
        return tuple(record for record in self.records if record.row not in parked)

    def cell(self, row: int, field: str) -> Cell:
        """Where a field of a row stands in the file."""
        return self.table.cell(row, field)


def read_work(data: bytes, certify: Certify | None = None, limits: Limits = Limits()) -> WorkFile:  # noqa: B008
    """Read a file in the layout of the monthly work sheet.

    Raises:
        Unreadable: the file as a whole cannot be read.
    """
    table = find_table(read_sheets(data, limits), WORK_LAYOUT)
    notes = Notes(table)
    records = tuple(_record(notes, row, certify) for row in table.records())
    return WorkFile(table=table, records=records, problems=tuple(notes.problems))


def _record(notes: Notes, row: int, certify: Certify | None) -> WorkRecord:
    household = compact(notes.table.text(row, "household"))
    own = OwnCells(notes, household, None, row)
    own.needed("household", compact)
    certificate = compact(notes.table.text(row, "certificate")).upper()
    record = WorkRecord(
        row=row,
        household=household,
        name=person_name(notes.table.text(row, "name")),
        certificate=certificate,
        identity=own.identity(certificate, certify),
        county=own.text("county"),
        township=own.text("township"),
        village=own.text("village"),
        working=own.value("working", yes_no, Kind.UNKNOWN_VALUE),
        from_month=own.value("from_month", month, Kind.BAD_MONTH),
        to_month=own.value("to_month", month, Kind.BAD_MONTH),
        work_province=own.text("work_province"),
        work_city=own.text("work_city"),
        work_county=own.text("work_county"),
        employer=own.text("employer"),
        industry=own.text("industry"),
        channel=own.text("channel"),
        travel_subsidy=own.value("travel_subsidy", money, Kind.INCOME_NOT_A_NUMBER),
    )
    _check_months(notes, record)
    return record


def _check_months(notes: Notes, record: WorkRecord) -> None:
    if record.from_month and record.to_month and record.to_month < record.from_month:
        notes.add(Kind.MONTHS_REVERSED, [record.row], "to_month", household=record.household)
    if record.working and not record.from_month and not compact(notes.table.text(record.row, "from_month")):
        notes.add(Kind.MISSING_VALUE, [record.row], "from_month", household=record.household)
