"""Reading and writing the national layouts: xlsx, xls, GB18030 CSV."""

from .household_layout import HOUSEHOLD_LAYOUT, REGISTRATION_COLUMNS
from .household_reading import Checks, Locate, households_of, read_households
from .household_writing import household_rows, write_households, write_households_csv
from .households import Amounts, Helper, HouseholdFile, HouseholdRecord, MemberRecord
from .limits import Limits
from .problem_writing import problems_of, write_problems
from .problems import Kind, Problem
from .refusals import Unreadable
from .row_reading import BadCertificate, Certify
from .sheets import Sheet, read_sheets
from .tables import Cell, Table, find_table, require, table_of
from .villages import VILLAGE_FACTS, VILLAGE_LAYOUT, VillageFile, VillageRecord, read_villages
from .work import WORK_LAYOUT, WorkFile, WorkRecord, read_work
from .writing import write_csv, write_xlsx

__all__ = [
    "HOUSEHOLD_LAYOUT",
    "REGISTRATION_COLUMNS",
    "VILLAGE_FACTS",
    "VILLAGE_LAYOUT",
    "WORK_LAYOUT",
    "Amounts",
    "BadCertificate",
    "Cell",
    "Certify",
    "Checks",
    "Helper",
    "HouseholdFile",
    "HouseholdRecord",
    "Kind",
    "Limits",
    "Locate",
    "MemberRecord",
    "Problem",
    "Sheet",
    "Table",
    "Unreadable",
    "VillageFile",
    "VillageRecord",
    "WorkFile",
    "WorkRecord",
    "find_table",
    "household_rows",
    "households_of",
    "problems_of",
    "read_households",
    "read_sheets",
    "read_villages",
    "read_work",
    "require",
    "table_of",
    "write_csv",
    "write_households",
    "write_households_csv",
    "write_problems",
    "write_xlsx",
]
