"""The tables of funds: what came in and on which conditions, who asked, and which gift each grant draws on.

Funds and donations concern nobody's household and are public, so they carry an area, not a path under row security.
"""

from sqlalchemy import (
    ARRAY,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Numeric,
    String,
    Table,
    Text,
    Uuid,
    text,
)

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

aid_funds = Table(
    "aid_funds",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("area", Text(collation="C"), nullable=False),
    Column("opened_on", Date, nullable=False),
    Column("department", Text, nullable=False),
    comment="慈善和防返贫基金",
)

aid_donations = Table(
    "aid_donations",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("fund_id", Uuid, ForeignKey(aid_funds.c.id), nullable=False),
    Column("amount", Numeric(14, 2), nullable=False),
    Column("left", Numeric(14, 2), nullable=False),
    Column("purposes", ARRAY(Text, as_tuple=True), nullable=False),
    Column("area", Text(collation="C"), nullable=False),
    Column("use_by", Date),
    Column("received_on", Date, nullable=False),
    Column("receipt", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("donor", Text),
    CheckConstraint('"left" >= 0 AND "left" <= amount', name="left_within_amount"),
    Index("uq_aid_donations_receipt", "fund_id", "receipt", unique=True, postgresql_where=text("NOT void")),
    comment="捐赠 with the donor's conditions; left is what no grant has drawn",
)

aid_applications = Table(
    "aid_applications",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("region", String(12), nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("fund_id", Uuid, ForeignKey(aid_funds.c.id), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("amount", Numeric(14, 2), nullable=False),
    Column("state", Text, nullable=False),
    Column("applied_on", Date, nullable=False),
    Column("applied_by", Text, nullable=False),
    Column("decided_on", Date),
    Column("decided_by", Text),
    Column("reason", Text),
    Column("paid_on", Date),
    Column("receipt", Text),
    Column("revoked_on", Date),
    Column("department", Text, nullable=False),
    Index(
        "uq_aid_applications_open",
        "household_id",
        "fund_id",
        "purpose",
        unique=True,
        postgresql_where=text("state IN ('applied', 'granted')"),
    ),
    Index(None, "household_id"),
    Index(None, "path", "id"),
    comment="救助申请, as it stands",
)

aid_draws = Table(
    "aid_draws",
    metadata,
    Column("application_id", Uuid, ForeignKey(aid_applications.c.id), primary_key=True),
    Column("donation_id", Uuid, ForeignKey(aid_donations.c.id), primary_key=True),
    Column("amount", Numeric(14, 2), nullable=False),
    Column("returned", Boolean, nullable=False),
    Index(None, "donation_id"),
    comment="支取: what a grant takes of a donation",
)
