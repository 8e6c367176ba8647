"""Scope by management path: who may see which rows, enforced by the database itself.

A path is a chain of slash-closed region codes, city first: `5301/530128/530128104/530128104201/`. It follows who
manages, not the statutory code: 磨憨镇 is `5301/532823105/`. The closing slash keeps a path from covering one whose
code merely begins with the same digits.
"""

import re
from collections.abc import Iterable
from typing import Final

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from .errors import Invalid

_PATH: Final = re.compile(
    r"[0-9]{4}/(?:[0-9]{6}/(?:[0-9]{9}/(?:[0-9]{12}/(?:[0-9]{13,16}/)?)?)?|[0-9]{9}/(?:[0-9]{12}/(?:[0-9]{13,16}/)?)?)?"
)
"""City, county, township, village, grid; a township managed by the city directly stands right below it."""


class BadPath(Invalid):
    """管理路径有误: not a management path, or one above the city."""

    code = "bad-management-path"
    zh, en = "管理路径的格式不正确", "not a management path"
    fix_zh, fix_en = (
        "路径应形如 5301/530128/，每级以斜杠结束",
        "write it like 5301/530128/, each level closed by a slash",
    )


def validate_path(path: str) -> str:
    """The path itself, if it is one.

    Raises:
        BadPath: otherwise; a path shorter than a city is refused too.
    """
    if not _PATH.fullmatch(path):
        raise BadPath
    return path


def validate_paths(paths: Iterable[str]) -> tuple[str, ...]:
    """All paths, each checked.

    Raises:
        BadPath: one of them is not a path.
    """
    return tuple(validate_path(path) for path in paths)


def covers(paths: Iterable[str], path: str) -> bool:
    """Whether a row at `path` lies within one of the paths; the same rule as the database's."""
    return any(path.startswith(prefix) for prefix in paths if prefix)


# array_remove: without it the empty string after a trailing comma is a prefix of every path and opens the table.
# As a query of its own the scope is taken apart once in a statement, not once a row.
_SCOPE: Final = "array_remove(string_to_array(current_setting('app.scope', true), ','), '')"
_VISIBLE: Final = f"path ^@ ANY (CAST((SELECT {_SCOPE}) AS text[]))"


def scope_policy_ddl(table: str, service: str) -> list[str]:
    """The statements that put a table with a `path` column under scope.

    The app role sees and writes only rows within `app.scope`; the worker, which serves everybody, all of them. The
    owner of the table is bound too (FORCE).
    """
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY app_scope ON {table} TO {service}_app USING ({_VISIBLE}) WITH CHECK ({_VISIBLE})",
        f"CREATE POLICY worker_all ON {table} TO {service}_worker USING (true) WITH CHECK (true)",
    ]


def scope_read_once_ddl() -> str:
    """The statement that gives tables made before that their scope is taken apart once in a statement."""
    return f"""
        DO $$
        DECLARE found text;
        BEGIN
            FOR found IN
                SELECT tablename FROM pg_policies WHERE schemaname = current_schema()
                  AND policyname = 'app_scope' AND qual LIKE '(path ^@ ANY (array_remove(%'
            LOOP
                EXECUTE format('ALTER POLICY app_scope ON %I USING (%s) WITH CHECK (%s)',
                               found, $v${_VISIBLE}$v$, $v${_VISIBLE}$v$);
            END LOOP;
        END $$
    """  # noqa: S608 - constant expression


_UNPROTECTED: Final = text("""
    SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relkind IN ('r', 'p') AND a.attname = 'path' AND NOT a.attisdropped
      AND c.relnamespace = current_schema()::regnamespace AND NOT (c.relrowsecurity AND c.relforcerowsecurity)
    ORDER BY c.relname
""")


async def unprotected(tx: AsyncConnection) -> list[str]:
    """Tables with a management path that are not under forced row security; a check names those that may be."""
    return list(await tx.scalars(_UNPROTECTED))
