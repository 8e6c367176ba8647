"""Tables of imports; the rows of a household are ciphertext and are kept only while somebody must settle them."""

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
    SmallInteger,
    Table,
    Text,
    Uuid,
)
from sqlalchemy.dialects.postgresql import JSONB

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

import_jobs = Table(
    "import_jobs",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("scope", ARRAY(Text), nullable=False),
    Column("subject", Text, nullable=False),
    Column("department", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("exported_on", Date, nullable=False),
    Column("title", Text, nullable=False),
    Column("headers", ARRAY(Text), nullable=False),
    Column("households", Integer, nullable=False),
    Column("members", Integer, nullable=False),
    Column("traceparent", Text),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("heartbeat_at", DateTime(timezone=True)),
    Column("finished_at", DateTime(timezone=True)),
    Column("undone_by", Text),
    Column("undone_by_department", Text),
    Column("undone_at", DateTime(timezone=True)),
    Column("counts", JSONB),
    Index(None, "state"),
    comment="导入任务; scope is the area of who uploaded, and only who answers for all of it sees the job;"
    " counts are its households by state, null while they change",
)

import_households = Table(
    "import_households",
    metadata,
    Column("job_id", Uuid, ForeignKey("import_jobs.id"), primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("number", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", SmallInteger, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("rows", LargeBinary),
    Column("problems", JSONB, nullable=False),
    Column("household_id", Uuid),
    Column("trace", JSONB),
    Column("suspicions", JSONB),
    Column("record", LargeBinary),
    Index(None, "job_id", "state", "attempts", "position"),
    comment="导入的户: one per 户编号 of a file; problems name cells, never what stands in them;"
    " record is what the rows say, while it waits to be taken;"
    " trace is what stood before, names sealed, until it is undone; suspicions are what the checks will find",
)

import_contents = Table(
    "import_contents",
    metadata,
    Column("household_id", Uuid, primary_key=True),
    Column("number", Text, nullable=False),
    Column("digest", LargeBinary, nullable=False),
    Column("exported_on", Date, nullable=False),
    Column("helpers", ARRAY(Uuid), nullable=False),
    Index("uq_import_contents_number", "number", unique=True),
    comment="最近一次导入的内容: digest and helpers of the newest export",
)

import_members = Table(
    "import_members",
    metadata,
    Column("person_id", Uuid, primary_key=True),
    Column("household_id", Uuid, nullable=False),
    Column("resident_insurance", Boolean),
    Column("employee_insurance", Boolean),
    Column("work_place", Boolean),
    Column("work_months", Integer),
    comment="成员的参保与务工: as the newest export says; work_place is whether one is named",
)
