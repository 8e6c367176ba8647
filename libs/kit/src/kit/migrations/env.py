"""The alembic environment of every service; runs on the connection that `kit.migrations` opened."""

from typing import Any

from alembic import context
from sqlalchemy import Connection, text

_PARTITIONS = text("SELECT relname FROM pg_class WHERE relispartition")


def _run(connection: Connection) -> None:
    partitions = set(connection.scalars(_PARTITIONS))

    def ours(_object: Any, name: str | None, kind: str, reflected: bool, _compared: Any) -> bool:
        return not (kind == "table" and reflected and name in partitions)

    context.configure(
        connection=connection,
        target_metadata=context.config.attributes.get("metadata"),
        include_object=ours,
        compare_server_default=True,
    )
    with context.begin_transaction():
        context.run_migrations()


_run(context.config.attributes["connection"])
