"""The tables of insurance policies and claims."""

from sqlalchemy import Column, Date, ForeignKey, Index, Integer, MetaData, Numeric, Table, Text, Uuid, text

from directory.facts import awaited_index, fact_columns
from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

insurance_policies = Table(
    "insurance_policies",
    metadata,
    *fact_columns(),
    Column("kind", Text, nullable=False),
    Column("policy_number", Text, nullable=False),
    Column("starts_on", Date, nullable=False),
    Column("ends_on", Date, nullable=False),
    Column("sum_insured", Numeric(14, 2), nullable=False),
    Column("paid_by_household", Numeric(14, 2), nullable=False),
    Column("paid_by_subsidy", Numeric(14, 2), nullable=False),
    Column("paid_by_donation", Numeric(14, 2), nullable=False),
    Column("department", Text, nullable=False),
    Index(
        "uq_insurance_policies_number", "department", "policy_number", unique=True, postgresql_where=text("NOT void")
    ),
    Index(
        "ix_insurance_policies_insured",
        "person_id",
        "ends_on",
        postgresql_where=text("kind = 'medical' AND NOT void"),
    ),
    Index(None, "household_id"),
    Index(None, "path", "id"),
    awaited_index("insurance_policies"),
    comment="保单",
)

insurance_claims = Table(
    "insurance_claims",
    metadata,
    *fact_columns(),
    Column("policy_id", Uuid, ForeignKey(insurance_policies.c.id), nullable=False),
    Column("claim_number", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("happened_on", Date, nullable=False),
    Column("filed_on", Date, nullable=False),
    Column("state", Text, nullable=False),
    Column("denied_on", Date),
    Column("denial", Text),
    Column("amount", Numeric(14, 2)),
    Column("paid_on", Date),
    Column("pay_revision", Integer, nullable=False),
    Column("department", Text, nullable=False),
    Index("uq_insurance_claims_number", "department", "claim_number", unique=True, postgresql_where=text("NOT void")),
    Index(None, "policy_id"),
    Index(None, "household_id"),
    Index(None, "path", "id"),
    awaited_index("insurance_claims"),
    comment="理赔; pay_revision counts what was told of the payment",
)
