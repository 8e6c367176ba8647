"""Tables of helpers; names and phones are ciphertext and masks."""

from sqlalchemy import Column, Date, Index, Integer, LargeBinary, MetaData, Table, Text, Uuid

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

helper_assignments = Table(
    "helper_assignments",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("name", LargeBinary, nullable=False),
    Column("masked_name", Text, nullable=False),
    Column("phone", LargeBinary),
    Column("masked_phone", Text),
    Column("organisation", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Index("ix_helper_assignments_household_id_since", "household_id", "since", "until"),
    comment="帮扶责任人: one row per helper and household; until is the first day without the help",
)

helper_versions = Table(
    "helper_versions",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("household_id", Uuid, nullable=False),
    Column("masked_name", Text, nullable=False),
    Column("masked_phone", Text),
    Column("organisation", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("recorded_on", Date, nullable=False),
    Index(None, "household_id"),
    comment="帮扶责任人历史: every revision of an assignment, masked, with the business date of its recording",
)
