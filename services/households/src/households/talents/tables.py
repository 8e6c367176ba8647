"""Tables of talents and their kinds; names of people who are not registered are ciphertext and masks."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, LargeBinary, MetaData, String, Table, Text, Uuid

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

talent_kinds = Table(
    "talent_kinds",
    metadata,
    Column("code", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("document", Text, nullable=False),
    Column("confidence", Text, nullable=False),
    Column("active", Boolean, nullable=False),
    comment="人才类别: an editable list; what the plan names is in it",
)

talents = Table(
    "talents",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("kind", Text, nullable=False),
    Column("region_code", String(12), nullable=False),
    Column("household_id", Uuid),
    Column("person_id", Uuid),
    Column("entity_id", Uuid),
    Column("name", LargeBinary),
    Column("masked_name", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date),
    Column("document", Text, nullable=False),
    Index(None, "region_code"),
    Index(None, "person_id"),
    Index(None, "entity_id"),
    comment="实用型人才: a person of a household, or by name somebody of an entity; until is the first day without",
)
