"""Tables of village collectives; visible in the area of their village, a household's part also where it lives."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Numeric,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
)

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

_YUAN = Numeric(14, 2)
_SHARES = Numeric(14, 2)


def _of_collective() -> Column[object]:
    return Column("collective_id", Uuid, ForeignKey("collectives.id"), nullable=False)


collectives = Table(
    "collectives",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("region_code", String(12), nullable=False),
    Column("name", Text, nullable=False),
    Column("credit_code", String(18)),
    Column("total_shares", _SHARES, nullable=False),
    Index("uq_collectives_region_code", "region_code", unique=True),
    comment="村集体经济组织: one per village; total_shares holds those that it keeps itself",
)

share_holdings = Table(
    "share_holdings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    _of_collective(),
    Column("household_id", Uuid, nullable=False),
    Column("shares", _SHARES, nullable=False),
    Column("since", Date, nullable=False),
    Index("uq_share_holdings_collective_id_household_id", "collective_id", "household_id", unique=True),
    Index(None, "household_id"),
    comment="股份量化到户: as it stands; what it was before stands in the event log",
)

collective_incomes = Table(
    "collective_incomes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    _of_collective(),
    Column("year", SmallInteger, nullable=False),
    Column("source", Text, nullable=False),
    Column("amount", _YUAN, nullable=False),
    Index("uq_collective_incomes_collective_id_year_source", "collective_id", "year", "source", unique=True),
    comment="村集体收入: one row per year and source",
)

cadre_bonuses = Table(
    "cadre_bonuses",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    _of_collective(),
    Column("year", SmallInteger, nullable=False),
    Column("reference", Text, nullable=False),
    Column("amount", _YUAN, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("policy_id", Uuid, nullable=False),
    Index(None, "collective_id", "year"),
    comment="村组干部创收绩效奖励: policy_id is the county's cap that it kept to",
)

collective_assets = Table(
    "collective_assets",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    _of_collective(),
    Column("household_id", Uuid),
    Column("kind", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("idle", Boolean, nullable=False),
    Column("operator_id", Uuid),
    Column("since", Date, nullable=False),
    Column("yearly_rent", _YUAN, nullable=False),
    Index(None, "collective_id", "id"),
    comment="闲置资产: idle, or run since a day by an entity or by the collective itself",
)

distributions = Table(
    "distributions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    _of_collective(),
    Column("reference", Text, nullable=False),
    Column("amount", _YUAN, nullable=False),
    Column("kept", _YUAN, nullable=False),
    Column("total_shares", _SHARES, nullable=False),
    Column("households", Integer, nullable=False),
    Column("paid_on", Date, nullable=False),
    Column("first_month", String(7), nullable=False),
    Column("last_month", String(7), nullable=False),
    Column("state", Text, nullable=False),
    Column("set_aside_id", Uuid),
    Index("uq_distributions_collective_id_reference", "collective_id", "reference", unique=True),
    Index(None, "state"),
    Index(None, "set_aside_id"),
    comment="收益分配: a job; the worker pays its lines, a few hundred households per transaction",
)

distribution_lines = Table(
    "distribution_lines",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("distribution_id", Uuid, ForeignKey("distributions.id"), nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("payee_id", Uuid),
    Column("shares", _SHARES, nullable=False),
    Column("amount", _YUAN, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("told", Integer, nullable=False),
    CheckConstraint("told <= revision", name="told"),
    Index("uq_distribution_lines_distribution_id_household_id", "distribution_id", "household_id", unique=True),
    Index(None, "household_id"),
    Index(None, "payee_id"),
    comment="分配到户: shares of the day decided; told is the revision the household's ledger has, payee who was paid",
)
