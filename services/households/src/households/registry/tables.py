"""Tables of households and persons; what names a person is ciphertext, a blind index or a mask."""

from sqlalchemy import (
    ARRAY,
    Boolean,
    Column,
    Date,
    DateTime,
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
from sqlalchemy.dialects.postgresql import JSONB

from kit.tables import NAMING, copies

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
    Column("merged_into", Uuid),
    Column("grid", Text(collation="C")),
    Column("eliminated_on", Date),
    Column("elimination_way", Text),
    Column("case_id", Uuid),
    Column("case_version", Integer),
    Column("ended_on", Date),
    Column("recorded_on", Date),
    Index("ix_households_merged_into", "merged_into", postgresql_where=text("merged_into IS NOT NULL")),
    Index(
        "ix_households_lifted",
        "path",
        "id",
        postgresql_where=text(
            "merged_into IS NULL AND ended_on IS NULL AND household_type IN ('lifted', 'lifted_no_policy')"
        ),
    ),
    Index("ix_households_grid", "grid", postgresql_where=text("grid IS NOT NULL")),
    Index("uq_households_number", "number", unique=True),
    Index(None, "path", "id"),
    Index(None, "region_code"),
    comment="户; stated_on and decided_on are the dates of the newest statement on it and on its category; merged_into:"
    " an alias of that household; case_id and case_version: the step of a case that decided;"
    " ended_on: its registration was taken back; recorded_on: business date of the first version, null where"
    " household_versions has it",
)

persons = Table(
    "persons",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("household_id", Uuid, nullable=False),
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
    Column("name_index", Text),
    Column("phone_index", Text),
    Column("recorded_on", Date),
    Index(None, "household_id"),
    Index(None, "name_index"),
    Index("ix_persons_phone_index", "phone_index", postgresql_where=text("phone_index IS NOT NULL")),
    comment="人: household_id is the household the person belongs to, or belonged to last where not active;"
    " recorded_on: business date of the first version, null where person_versions has it",
)

memberships = Table(
    "memberships",
    metadata,
    Column("household_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("since", Date, primary_key=True),
    Column("until", Date),
    Column("reason", Text),
    Index("uq_memberships_open", "person_id", unique=True, postgresql_where=text("until IS NULL")),
    Index("ix_memberships_ended", "person_id", postgresql_where=text("until IS NOT NULL")),
    comment="成员史: until is the first day on which the person no longer belongs to the household",
)

identities = Table(
    "identities",
    metadata,
    Column("blind_index", Text, primary_key=True),
    Column("person_id", Uuid, nullable=False),
    comment="Certificate (blind index) to person across all scopes; without row security, without anything else",
)


household_versions = Table(
    "household_versions",
    metadata,
    Column("household_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("recorded_on", Date, nullable=False),
    *copies(households, "id", "version", "updated_at", "recorded_on"),
    comment="户历史: every version from the day there is a second, with the business date on which it was recorded;"
    " never changed",
)

person_versions = Table(
    "person_versions",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("recorded_on", Date, nullable=False),
    *copies(
        persons,
        "id",
        "version",
        "blind_index",
        "certificate",
        "name",
        "phone",
        "name_index",
        "phone_index",
        "number",
        "recorded_on",
    ),
    Column("number", Text),
    comment="人历史: every version of a person in each household from the day there is a second, masked;"
    " nothing sealed is kept twice",
)

membership_versions = Table(
    "membership_versions",
    metadata,
    Column("household_id", Uuid, primary_key=True),
    Column("person_id", Uuid, primary_key=True),
    Column("since", Date, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("until", Date),
    Column("reason", Text),
    Column("recorded_on", Date, nullable=False),
    comment="成员史的历史: each beginning and end as recorded, under the version the person then had; the beginning of"
    " a first version with person_versions",
)

household_merges = Table(
    "household_merges",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("household_id", Uuid, nullable=False),
    Column("into_id", Uuid, nullable=False),
    Column("merged_on", Date, nullable=False),
    Column("recorded_on", Date, nullable=False),
    Column("ended_on", Date),
    Column("places", JSONB, nullable=False),
    Index("uq_household_merges_open", "household_id", unique=True, postgresql_where=text("ended_on IS NULL")),
    comment="并户: places are the members with relation and beginning as they were, so that it can be undone",
)
