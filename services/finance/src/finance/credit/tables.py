"""The tables of ratings and outreach."""

from sqlalchemy import Column, Date, Index, Integer, MetaData, Numeric, String, Table, Text, Uuid, text

from directory.facts import awaited_index, fact_columns
from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

ratings = Table(
    "ratings",
    metadata,
    *fact_columns(),
    Column("grade", Text, nullable=False),
    Column("credit_line", Numeric(14, 2), nullable=False),
    Column("rated_on", Date, nullable=False),
    Column("department", Text, nullable=False),
    Index(
        "ix_ratings_standing", "household_id", text("rated_on DESC"), text("id DESC"), postgresql_where=text("NOT void")
    ),
    Index(None, "path", "id"),
    awaited_index("ratings"),
    comment="评级授信; the latest day of rating counts for the household",
)

outreach = Table(
    "outreach",
    metadata,
    Column("household_id", Uuid, primary_key=True),
    Column("region", String(12)),
    Column("path", Text(collation="C"), nullable=False),
    Column("status", Text, nullable=False),
    Column("contacted_on", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("department", Text, nullable=False),
    Index(None, "path"),
    comment="走访对接 of rated households without a loan, as last recorded",
)
