"""Tables of village rules and of weddings and funerals; visible by region."""

from sqlalchemy import Boolean, Column, Date, Index, Integer, MetaData, String, Table, Text, Uuid
from sqlalchemy.dialects.postgresql import JSONB

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

village_rules = Table(
    "village_rules",
    metadata,
    Column("fact_id", Uuid, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("region_code", String(12), nullable=False),
    Column("since", Date, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("document", Text, nullable=False),
    Column("limits", JSONB, nullable=False),
    Index(None, "region_code", "since"),
    comment="村规民约: every wording with the day from which it stands; nothing is ever replaced",
)

ceremonies = Table(
    "ceremonies",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("region_code", String(12), nullable=False),
    Column("kind", Text, nullable=False),
    Column("held_on", Date, nullable=False),
    Column("held", Boolean, nullable=False),
    Column("figures", JSONB, nullable=False),
    Column("fit", Text, nullable=False),
    Index(None, "household_id"),
    Index(None, "region_code", "held_on"),
    comment="红白事: planned until held; fit is as judged when it was recorded, by the rule of the day it is held on",
)
