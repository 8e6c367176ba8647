"""Table of rechecks: when each household is to be checked again."""

from sqlalchemy import Column, Date, Index, Integer, MetaData, Table, Uuid

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

household_checks = Table(
    "household_checks",
    metadata,
    Column("household_id", Uuid, primary_key=True),
    Column("due_on", Date, nullable=False),
    Column("edition", Integer, nullable=False),
    Index(None, "due_on"),
    Index(None, "edition"),
    comment="户查验: due_on is the first business day on which anything could be found otherwise than it was; edition"
    " is that of the rules and their policy values",
)
