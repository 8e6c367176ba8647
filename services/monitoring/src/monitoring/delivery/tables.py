"""Where alerts are sent to, and one row per change of an alert and target it is sent to."""

from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
    func,
    text,
)

from kit.tables import NAMING

metadata = MetaData(naming_convention=NAMING)

_MOMENT = DateTime(timezone=True)

# The address and the signing secrets are in `sealed` only; `shown` is what may be seen of the address.
delivery_targets = Table(
    "delivery_targets",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("channel", Text, CheckConstraint("channel IN ('webhook', 'apprise')", name="channel"), nullable=False),
    Column(
        "owner", Text, CheckConstraint("owner IN ('officer', 'helper', 'department')", name="owner"), nullable=False
    ),
    Column("account", Text),
    Column("organisation", Text),
    Column("path", Text, nullable=False),
    Column("least_level", Text, nullable=False),
    Column("host", Text, nullable=False),
    Column("shown", Text, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("made_by", Text, nullable=False),
    Column("made_at", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    CheckConstraint("(owner = 'officer') = (account IS NOT NULL)", name="account"),
    CheckConstraint("(owner = 'helper') = (organisation IS NOT NULL)", name="organisation"),
)

deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("target_id", Uuid, nullable=False),
    Column("alert_id", Uuid),
    Column("version", Integer),
    Column("change", Text, nullable=False),
    Column("household_id", Uuid),
    Column("rule", Text),
    Column("level", Text),
    Column("path", Text, nullable=False),
    Column(
        "state",
        Text,
        CheckConstraint("state IN ('pending', 'sent', 'failed', 'given_up')", name="state"),
        nullable=False,
        server_default=text("'pending'"),
    ),
    Column("attempts", Integer, nullable=False, server_default=text("0")),
    Column("problem", Text),
    Column("asked_by", Text),
    Column("written_at", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Column("since", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Column("next_at", _MOMENT, nullable=False, server_default=func.clock_timestamp()),
    Column("sent_at", _MOMENT),
    UniqueConstraint("alert_id", "target_id", "version"),
    Index("ix_deliveries_due", "next_at", postgresql_where=text("state IN ('pending', 'failed')")),
    Index(None, "written_at", "id"),
    Index(None, "household_id"),
)
