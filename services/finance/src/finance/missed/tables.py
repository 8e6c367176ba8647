"""The table of missed repayments."""

from sqlalchemy import Column, Date, Index, Integer, MetaData, Numeric, Table, Text, text

from directory.facts import awaited_index, fact_columns
from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

missed_repayments = Table(
    "missed_repayments",
    metadata,
    *fact_columns(),
    Column("loan_number", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("amount", Numeric(14, 2), nullable=False),
    Column("cured_on", Date),
    Column("cure_revision", Integer, nullable=False),
    Column("department", Text, nullable=False),
    Index(
        "uq_missed_repayments_loan_due",
        "department",
        "loan_number",
        "due_on",
        unique=True,
        postgresql_where=text("NOT void"),
    ),
    Index(None, "household_id"),
    Index(None, "path", "id"),
    awaited_index("missed_repayments"),
    comment="逾期: one row per loan and due date; cure_revision counts publications of the cure",
)
