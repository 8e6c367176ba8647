"""The directory's tables, the same in every service's database; a column is null until its event has arrived."""

from sqlalchemy import ARRAY, Boolean, Column, Date, Index, Integer, MetaData, String, Table, Text, Uuid, text

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

households = Table(
    "directory_households",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("number", Text, nullable=False),
    Column("region_code", String(12), nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("household_type", Text, nullable=False),
    Column("category", Text),
    Column("risk_eliminated", Boolean),
    Column("causes", ARRAY(Text), nullable=False),
    Column("no_labour", Boolean, nullable=False),
    Column("size", Integer, nullable=False),
    Column("grid", Text(collation="C")),
    Index(None, "number"),
    comment="户; row security by path",
)

persons = Table(
    "directory_persons",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("blind_index", Text, nullable=False),
    Column("masked_name", Text, nullable=False),
    Column("birth_date", Date, nullable=False),
    Column("sex", Text, nullable=False),
    Column("labour_skill", Text),
    Column("in_school", Boolean, nullable=False),
    Column("head", Boolean, nullable=False),
    Column("household_id", Uuid),
    Column("path", Text(collation="C")),
    Index(None, "household_id"),
    comment="人; household_id and path follow from memberships, departures and households, in whatever order they came",
)

# Joins and leaves are kept apart and as told, so that who belongs where is a function of their set, not of their order.
memberships = Table(
    "directory_memberships",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("household_id", Uuid, primary_key=True),
    Column("since", Date, primary_key=True),
    Column("revision", Integer, nullable=False),
    Index(None, "household_id"),
    comment="成员加入: revision is the person's newest under which this beginning was told",
)

departures = Table(
    "directory_departures",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("household_id", Uuid, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("until", Date, nullable=False),
    comment="成员离开: ends what was told of the same household under a lower revision; until is the first day outside",
)

identities = Table(
    "directory_identities",
    metadata,
    Column("blind_index", Text, primary_key=True),
    Column("person_id", Uuid),
    Index(None, "person_id"),
    comment="证件盲索引 to person across all scopes, without row security; null while the certificate is only awaited",
)

regions = Table(
    "directory_regions",
    metadata,
    Column("code", String(12), primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("parent_code", String(12)),
    Column("path", Text(collation="C"), nullable=False),
    Column("key_county", Boolean, nullable=False),
    Column("valid_from", Date, nullable=False),
    Column("valid_to", Date),
    Index(None, "path"),
    comment="区划",
)

staff = Table(
    "directory_staff",
    metadata,
    Column("assignment_id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("officer", Text, nullable=False),
    Column("path", Text(collation="C"), nullable=False),
    Column("since", Date),
    Column("until", Date),
    Column("role", Text),
    Index("ix_directory_staff_duty", "path", postgresql_where=text("until IS NULL")),
    comment="责任人",
)

leaves = Table(
    "directory_leaves",
    metadata,
    Column("leave_id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("officer", Text, nullable=False),
    Column("since", Date, nullable=False),
    Column("until", Date, nullable=False),
    Index(None, "officer"),
    comment="请假: until is the first day back",
)

# Kept apart from households: a merge may be heard before the household, and its undoing before the merge.
aliases = Table(
    "directory_aliases",
    metadata,
    Column("household_id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("into_id", Uuid),
    Index(None, "into_id"),
    comment="并户: household_id stands for into_id; null once the merge was undone",
)

business_days = Table(
    "directory_business_days",
    metadata,
    Column("business_date", Date, primary_key=True),
    comment="业务日期: every day the platform has been through; the last one is now",
)
