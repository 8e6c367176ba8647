"""What areas gained and lost, as it was written down and as it is summed by area, part and month."""

from sqlalchemy import BigInteger, Column, Date, Identity, Index, Integer, MetaData, Numeric, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

# 待汇总增减: transactions that change households only add rows; the keeper sums them up and takes them out.
indicator_changes = Table(
    "indicator_changes",
    metadata,
    Column("number", BigInteger, Identity(always=True), primary_key=True),
    Column("path", Text, nullable=False),
    Column("month", Date, nullable=False),
    Column("values", JSONB, nullable=False),
)

# 指标增减: of an area (city to village), a part and a month; a stock is the sum of all months up to one, so what a
# month ended with stays as it was.
indicator_values = Table(
    "indicator_values",
    metadata,
    Column("path", Text, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("month", Date, primary_key=True),
    Column("above", Text, nullable=False),
    Column("value", Numeric(18, 2), nullable=False),
    Index(None, "above"),
)

# 月末计入: what a household added to a path as a month ended, and as those before it did since the row before; empty
# where it was not there. Since the last row it is as its profile says.
month_ends = Table(
    "month_ends",
    metadata,
    Column("household_id", Uuid, primary_key=True),
    Column("path", Text, primary_key=True),
    Column("month", Date, primary_key=True),
    Column("values", JSONB, nullable=False),
    Index(None, "path"),
)

# 六位一体位置: who holds a place in a village's team, in the highest revision; names stay with households.
team_places = Table(
    "team_places",
    metadata,
    Column("member_id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("path", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("since", Date),
    Column("until", Date),
    Index(None, "path"),
)
