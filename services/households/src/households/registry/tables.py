"""Tables of households and persons; what names a person is ciphertext, a blind index or a mask."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    text,
)

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

households = Table(
    "households",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("region_code", String(12), nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("household_type", Text, nullable=False),
    Column("category", Text),
    Column("identified_on", Date),
    Column("risk_eliminated", Boolean),
    Column("causes", ARRAY(Text), nullable=False),
    Column("no_labour", Boolean, nullable=False),
    Column("size", Integer, nullable=False),
    Column("stated_on", Date, nullable=False),
    Column("decided_on", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Column("updated_at", DateTime(timezone=True), nullable=False),
    Index("uq_households_number", "number", unique=True),
    Index(None, "path", "id"),
    Index(None, "region_code"),
    comment="户; stated_on and decided_on are the dates of the newest statement on it and on its category",
)

persons = Table(
    "persons",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("household_id", Uuid, ForeignKey("households.id"), nullable=False),
    Column("number", Text),
    Column("blind_index", Text, nullable=False),
    Column("certificate", LargeBinary, nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("masked_name", Text, nullable=False),
    Column("phone", LargeBinary),
    Column("masked_phone", Text),
    Column("birth_date", Date, nullable=False),
    Column("sex", Text, nullable=False),
    Column("disability", Text),
    Column("relation", Text, nullable=False),
    Column("labour_skill", Text),
    Column("education", Text),
    Column("school_stage", Text),
    Column("health", ARRAY(Text), nullable=False),
    Column("active", Boolean, nullable=False),
    Column("since", Date, nullable=False),
    Column("version", Integer, nullable=False),
    Index(None, "household_id"),
    Index("uq_persons_blind_index", "blind_index", unique=True),
    comment="人: household_id is the household the person belongs to, or belonged to last where not active",
)

memberships = Table(
    "memberships",
    metadata,
    Column("person_id", Uuid, ForeignKey("persons.id"), primary_key=True),
    Column("household_id", Uuid, ForeignKey("households.id"), primary_key=True),
    Column("since", Date, primary_key=True),
    Column("until", Date),
    Column("reason", Text),
    Index(None, "household_id"),
    Index("uq_memberships_open", "person_id", unique=True, postgresql_where=text("until IS NULL")),
    comment="成员史: until is the first day on which the person no longer belongs to the household",
)

identities = Table(
    "identities",
    metadata,
    Column("blind_index", Text, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    comment="Certificate (blind index) to person across all scopes; without row security, without anything else",
)
