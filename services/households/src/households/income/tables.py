"""Tables of income: figures with every revision, and the ledger of department facts."""

from sqlalchemy import (
    Boolean,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

_YUAN = Numeric(14, 2)

income_figures = Table(
    "income_figures",
    metadata,
    Column("fact_id", Uuid, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("void", Boolean, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("window_from", Date, nullable=False),
    Column("window_to", Date, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("wage", _YUAN, nullable=False),
    Column("business", _YUAN, nullable=False),
    Column("property", _YUAN, nullable=False),
    Column("transfer", _YUAN, nullable=False),
    Column("business_cost", _YUAN, nullable=False),
    Column("claims", _YUAN, nullable=False),
    Column("self_paid", _YUAN, nullable=False),
    Column("parts", JSONB, nullable=False),
    Column("persons", Integer, nullable=False),
    Column("verified", Boolean, nullable=False),
    Column("evidence", Text),
    Column("collector", Text),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Column("recorded_on", Date, nullable=False),
    Index(None, "household_id", "window_to"),
    comment="收入登记: survey and official figures; a correction is the next revision, nothing is overwritten",
)

department_facts = Table(
    "department_facts",
    metadata,
    Column("source", Text, primary_key=True),
    Column("fact_id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("type", Text, nullable=False),
    Column("household_id", Uuid),
    Column("person_id", Uuid),
    Column("job_id", Uuid),
    Column("month", String(7), nullable=False),
    Column("last_month", String(7)),
    Column("kind", Text, nullable=False),
    Column("amount", _YUAN, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index(None, "household_id", "month"),
    Index(None, "person_id", "month"),
    comment="部门发放台账: what was paid, by months and kind; the highest revision of each fact",
)
