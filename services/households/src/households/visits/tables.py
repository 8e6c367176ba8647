"""Tables of visits and attachments; notes and photographs are ciphertext."""

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
    Table,
    Text,
    Uuid,
)

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

visits = Table(
    "visits",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("void", Boolean, nullable=False),
    Column("household_id", Uuid, nullable=False),
    Column("assignment_id", Uuid),
    Column("visited_on", Date, nullable=False),
    Column("met", Boolean, nullable=False),
    Column("needs", ARRAY(Text), nullable=False),
    Column("note", LargeBinary),
    Column("content", LargeBinary, nullable=False),
    Column("visitor", Text, nullable=False),
    Column("recorded_at", DateTime(timezone=True), nullable=False),
    Index(None, "household_id", "visited_on"),
    comment="走访; the id follows from the client's, content is a keyed digest of what was uploaded",
)

attachments = Table(
    "attachments",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("uploader", Text, nullable=False),
    Column("uploaded_at", DateTime(timezone=True), nullable=False),
    Index("uq_attachments_sha256_uploader", "sha256", "uploader", unique=True),
    comment="附件: content-addressed; seen by who uploaded it and by who sees a visit it belongs to",
)

visit_attachments = Table(
    "visit_attachments",
    metadata,
    Column("visit_id", Uuid, ForeignKey("visits.id"), primary_key=True),
    Column("attachment_id", Uuid, ForeignKey("attachments.id"), primary_key=True),
    Index(None, "attachment_id"),
    comment="走访附件",
)
