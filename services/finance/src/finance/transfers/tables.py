"""Tables of public payments: purposes, what is owed, batches and their lines."""

from sqlalchemy import Boolean, CheckConstraint, Column, Date, Index, Integer, MetaData, Numeric, Table, Text, Uuid

from directory.facts import awaited_index, fact_columns
from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

_YUAN = Numeric(14, 2)

purposes = Table(
    "transfer_purposes",
    metadata,
    Column("code", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("counts_as_income", Boolean, nullable=False),
    Column("document", Text, nullable=False),
    Column("confidence", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    comment="资金用途: an editable list",
)

transfers = Table(
    "transfers",
    metadata,
    *fact_columns(),
    Column("version", Integer, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("counts_as_income", Boolean, nullable=False),
    Column("amount", _YUAN, nullable=False),
    Column("first_month", Date, nullable=False),
    Column("last_month", Date, nullable=False),
    Column("due_on", Date),
    Column("approval_id", Uuid),
    Column("approval_revision", Integer, nullable=False),
    Column("reference", Text),
    Column("department", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("batch_id", Uuid),
    Column("paid_on", Date),
    Column("returned_on", Date),
    Column("return_reason", Text),
    Index(None, "household_id"),
    Index(None, "path", "id"),
    Index(None, "state", "purpose", "due_on", "id"),
    awaited_index("transfers"),
    comment="应发款项: revision counts publications, version changes",
)

batches = Table(
    "payment_batches",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("lines", Integer, nullable=False),
    Column("amount", _YUAN, nullable=False),
    Column("paid", _YUAN, nullable=False),
    Column("returned", _YUAN, nullable=False),
    Column("prepared_on", Date, nullable=False),
    Column("prepared_by", Text, nullable=False),
    Column("released_on", Date),
    Column("released_by", Text),
    Column("settled_on", Date),
    CheckConstraint("paid >= 0 AND returned >= 0 AND paid + returned <= amount", name="closes"),
    Index(None, "path", "id"),
    comment="支付批次: path is the area of whoever prepared it; paid and returned are of its own lines",
)

lines = Table(
    "payment_lines",
    metadata,
    Column("batch_id", Uuid, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("transfer_id", Uuid, nullable=False),
    Column("amount", _YUAN, nullable=False),
    Column("state", Text, nullable=False),
    Column("happened_on", Date),
    Column("reason", Text),
    Index(None, "transfer_id"),
    comment="支付明细: one attempt to pay a transfer; seen by whoever sees the batch",
)
