"""Tables of checks: findings, and the exemptions of those that were verified."""

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, MetaData, Table, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

findings = Table(
    "findings",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("person_id", Uuid),
    Column("rule", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("digest", LargeBinary, nullable=False),
    Column("evidence", JSONB, nullable=False),
    Index(None, "household_id", "id"),
    Index("ix_findings_rule_standing", "rule", postgresql_where=text("state <> 'gone'")),
    comment="疑点: one per rule and household or person; evidence names fields and cases, digest is keyed over their"
    " values; until is the first day on which it no longer stood",
)

finding_exemptions = Table(
    "finding_exemptions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("finding_id", Uuid, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("reason", Text, nullable=False),
    Column("officer", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("ended_on", Date),
    Column("ended_by", Text),
    Index("uq_finding_exemptions_standing", "finding_id", unique=True, postgresql_where=text("ended_on IS NULL")),
    Index(None, "household_id"),
    comment="免查名单: verified as correct with these values; until is its last day, ended_by why it ended",
)
