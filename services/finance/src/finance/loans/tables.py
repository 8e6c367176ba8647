"""The tables of loans; instalments are computed from the contract and the repayments, so none are kept."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, MetaData, Numeric, Table, Text, Uuid, text

from directory.facts import awaited_index, fact_columns
from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

loans = Table(
    "loans",
    metadata,
    *fact_columns(),
    Column("product", Text, nullable=False),
    Column("amount", Numeric(14, 2), nullable=False),
    Column("months", Integer, nullable=False),
    Column("use", Text, nullable=False),
    Column("method", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("applied_on", Date, nullable=False),
    Column("decided_on", Date),
    Column("rejection", Text),
    Column("annual_rate", Numeric(7, 4)),
    Column("loan_number", Text),
    Column("disbursed_on", Date),
    Column("settled_on", Date),
    Column("principal_left", Numeric(14, 2), nullable=False),
    Column("overdue_since", Date),
    Column("look_on", Date),
    Column("department", Text, nullable=False),
    Index(
        "uq_loans_open",
        "household_id",
        "product",
        unique=True,
        postgresql_where=text("stage IN ('approved', 'disbursed')"),
    ),
    Index("uq_loans_number", "department", "loan_number", unique=True),
    Index(None, "household_id"),
    Index(None, "path", "id"),
    Index("ix_loans_look_on", "look_on", postgresql_where=text("look_on IS NOT NULL")),
    Index("ix_loans_overdue_since", "overdue_since", postgresql_where=text("overdue_since IS NOT NULL")),
    awaited_index("loans"),
    comment="贷款; look_on is the first day on which time alone makes another instalment overdue",
)

repayments = Table(
    "repayments",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("loan_id", Uuid, ForeignKey(loans.c.id), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("amount", Numeric(14, 2), nullable=False),
    Column("early", Boolean, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("principal", Numeric(14, 2), nullable=False),
    Column("interest", Numeric(14, 2), nullable=False),
    Column("department", Text, nullable=False),
    Index("uq_repayments_receipt", "loan_id", "receipt", unique=True, postgresql_where=text("NOT void")),
    Index(None, "loan_id"),
    comment="还款; principal and interest are how the ledger splits the amount now; seen with their loan",
)

delays = Table(
    "delays",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("loan_id", Uuid, ForeignKey(loans.c.id), nullable=False),
    Column("number", Integer, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("amount", Numeric(14, 2), nullable=False),
    Column("cured_on", Date),
    Column("cure_revision", Integer, nullable=False),
    Index("uq_delays_number", "loan_id", "number", unique=True),
    comment="逾期 of own loans as told; the id follows from loan and number; seen with their loan",
)
