"""Tables of the plan; tasks are read by everybody, what a region does about them within its area."""

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
    Uuid,
)

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

plan_tasks = Table(
    "plan_tasks",
    metadata,
    Column("code", Text, primary_key=True),
    Column("place", SmallInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Column("clause", Text, nullable=False),
    Column("part", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("stated", Text, nullable=False),
    Column("lead_unit", Text, nullable=False),
    Column("due_on", Date),
    comment="方案任务: 27 measures and 6 safeguards; stated is what the plan's text says of the time",
)

work_items = Table(
    "work_items",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("task", Text, ForeignKey("plan_tasks.code"), nullable=False),
    Column("project_id", Uuid, ForeignKey("work_items.id")),
    Column("region_code", String(12), nullable=False),
    Column("title", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("planned_on", Date, nullable=False),
    Column("due_on", Date),
    Column("state", Text, nullable=False),
    Column("done_on", Date),
    Index(None, "task", "id"),
    Index(None, "due_on"),
    comment="项目和清单事项: an entry of a list names its project",
)

progress_notes = Table(
    "progress_notes",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("task", Text, ForeignKey("plan_tasks.code"), nullable=False),
    Column("item_id", Uuid, ForeignKey("work_items.id")),
    Column("region_code", String(12), nullable=False),
    Column("noted_on", Date, nullable=False),
    Column("percent", SmallInteger),
    Column("words", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index(None, "task", "id"),
    comment="任务进展: notes are added, never changed",
)

plan_reports = Table(
    "plan_reports",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("kind", Text, nullable=False),
    Column("period", String(7), nullable=False),
    Column("region_code", String(12), nullable=False),
    Column("unit", Text, nullable=False),
    Column("words", Text, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("submitted_on", Date, nullable=False),
    Index(None, "period", "id"),
    comment="工作报告: half-yearly by lead units, at year end by counties; sent again, the next version",
)
