"""Writing changes down, summing them up by area, and reading sums and the rows behind them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from json import dumps
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Row, func, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from directory.tables import regions

from .rules import Change, Indicator, MonthEnd, Period, Source, Sums
from .tables import indicator_values

_CHANGES = """
    INSERT INTO indicator_changes (path, month, "values")
    SELECT path, month, CAST(values_ AS jsonb)
    FROM unnest(CAST(:path AS text[]), CAST(:month AS date[]), CAST(:values AS text[])) AS new(path, month, values_)
"""
_WRITE = text(_CHANGES)
# The first change after a month says how it ended; what follows in the same month says nothing new of that.
_WRITE_WITH_ENDS = text(f"""
    WITH changes AS ({_CHANGES})
    INSERT INTO month_ends (household_id, path, month, "values")
    SELECT household_id, path, month, CAST(values_ AS jsonb)
    FROM unnest(CAST(:end_household_id AS uuid[]), CAST(:end_path AS text[]), CAST(:end_month AS date[]),
                CAST(:end_values AS text[])) AS new(household_id, path, month, values_)
    ON CONFLICT (household_id, path, month) DO NOTHING
""")  # noqa: S608 - constant text

# A change counts for every area it lies in, from the city down to the village; grids are below what anybody reports.
_SUM_UP = text("""
    WITH gone AS (
        DELETE FROM indicator_changes WHERE number IN (SELECT number FROM indicator_changes ORDER BY number LIMIT :most)
        RETURNING path, month, "values"
    ), areas AS (
        SELECT g.month, g."values", array_to_string(c.codes[1:depth], '/') || '/' AS path,
               CASE depth WHEN 1 THEN '' ELSE array_to_string(c.codes[1:depth - 1], '/') || '/' END AS above
        FROM gone AS g
        CROSS JOIN LATERAL (SELECT string_to_array(rtrim(g.path, '/'), '/') AS codes) AS c
        CROSS JOIN LATERAL generate_series(1, cardinality(c.codes)) AS depth
        WHERE char_length(c.codes[depth]) <= 12
    ), summed AS (
        INSERT INTO indicator_values AS v (path, part, month, above, value)
        SELECT a.path, e.key, a.month, a.above, sum(CAST(e.value AS numeric))
        FROM areas AS a CROSS JOIN LATERAL jsonb_each_text(a."values") AS e
        GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3
        ON CONFLICT (path, part, month) DO UPDATE SET value = v.value + excluded.value
    )
    SELECT count(*) FROM gone
""")
_TRY_ALONE = text("SELECT pg_try_advisory_xact_lock(20220823, 7)")
_ALONE = text("SELECT pg_advisory_xact_lock(20220823, 7)")

_SUMS = text("""
    SELECT path, part, sum(value) AS stock, coalesce(sum(value) FILTER (WHERE month >= :first), 0) AS flow
    FROM indicator_values
    WHERE path = ANY(CAST(:paths AS text[])) AND month <= :last
      AND (CAST(:parts AS text[]) IS NULL OR part = ANY(CAST(:parts AS text[])))
    GROUP BY 1, 2
""")
_SERIES = text("""
    SELECT part, month, value FROM indicator_values
    WHERE path = :path AND part = ANY(CAST(:parts AS text[])) AND month <= :last ORDER BY month
""")
_UNSETTLED = text("""
    SELECT EXISTS (SELECT FROM profiles WHERE gate < (SELECT coalesce(max(number), 0) FROM gates))
        OR EXISTS (SELECT FROM alert_acts WHERE NOT applied) OR EXISTS (SELECT FROM case_steps WHERE NOT applied)
        OR EXISTS (SELECT FROM indicator_changes)
""")

_PLACE: Final = "AND (path, id) > (:after_path, CAST(:after_id AS uuid)) ORDER BY path, id LIMIT :most"
# `part` = households that are counted; the rest = of what it is a part of, those that are not.
_HOUSEHOLDS = text(f"""
    SELECT * FROM (
        SELECT household_id AS id, household_id, number, path, level AS state,
               CAST(indicators ->> :shown AS numeric) AS amount
        FROM profiles
        WHERE path ^@ :area AND path <> '' AND indicators ? :shown AND (:without = '' OR NOT indicators ? :without)
    ) AS r WHERE true {_PLACE}
""")  # noqa: S608 - constant text
_CASES = text(f"""
    SELECT * FROM (
        SELECT c.id, c.household_id, coalesce(p.number, '') AS number, c.path, c.state, CAST(1 AS numeric) AS amount
        FROM cases AS c LEFT JOIN profiles AS p USING (household_id)
        WHERE c.path ^@ :area AND c.state = :shown
    ) AS r WHERE true {_PLACE}
""")  # noqa: S608 - constant text
_DECIDED = text(f"""
    SELECT * FROM (
        SELECT c.id, c.household_id, coalesce(p.number, '') AS number, c.path, c.state,
               CAST(c.decided_on - CAST(c.body ->> 'opened_on' AS date) AS numeric) AS amount
        FROM cases AS c LEFT JOIN profiles AS p USING (household_id)
        WHERE c.path ^@ :area AND c.decided_on BETWEEN :first AND :last AND c.body ->> 'channel' IS NOT NULL
    ) AS r WHERE true {_PLACE}
""")  # noqa: S608 - constant text
_VERDICTS = text(f"""
    SELECT * FROM (
        SELECT a.alert_id AS id, a.household_id, coalesce(p.number, '') AS number, a.path, a.verdict AS state,
               CAST(count(*) AS numeric) AS amount
        FROM alert_acts AS a LEFT JOIN profiles AS p USING (household_id)
        WHERE a.path ^@ :area AND a.verdict IS NOT NULL AND a.acted_on BETWEEN :first AND :last
        GROUP BY a.alert_id, a.household_id, p.number, a.path, a.verdict
    ) AS r WHERE true {_PLACE}
""")  # noqa: S608 - constant text
_NOBODY: Final = "00000000-0000-0000-0000-000000000000"


async def write(tx: AsyncConnection, changes: Iterable[Change], ends: Sequence[MonthEnd]) -> None:
    """Write changes down, in rows of their own, so that no two transactions wait for each other.

    And how months ended for households, once for each.
    """
    new = list(changes)
    columns = _columns(new, "path", "month")
    if ends:
        ended = _columns(ends, "household_id", "path", "month")
        await tx.execute(_WRITE_WITH_ENDS, columns | {f"end_{name}": column for name, column in ended.items()})
    elif new:
        await tx.execute(_WRITE, columns)


def _columns(new: Sequence[Change | MonthEnd], *names: str) -> dict[str, list[Any]]:
    values = [dumps({part: str(value) for part, value in sorted(item.values.items())}) for item in new]
    return {"values": values} | {name: [getattr(item, name) for item in new] for name in names}


async def sum_up(tx: AsyncConnection, most: int) -> int:
    """Sum up to `most` changes; how many they were. The caller is alone."""
    return int((await tx.execute(_SUM_UP, {"most": most})).scalar_one())


async def alone(tx: AsyncConnection, *, wait: bool = False) -> bool:
    """Whether nobody else sums up until this transaction ends."""
    if wait:
        await tx.execute(_ALONE)
        return True
    return bool((await tx.execute(_TRY_ALONE)).scalar_one())


async def sums(
    tx: AsyncConnection, paths: Sequence[str], period: Period, parts: Sequence[str] | None = None
) -> dict[str, Sums]:
    """The sums of areas at the end of a period and within it; an area of which nothing is known is left out."""
    given = {"paths": list(paths), "first": period.first, "last": period.last, "parts": parts and list(parts)}
    stock: dict[str, dict[str, Any]] = {}
    flow: dict[str, dict[str, Any]] = {}
    for row in await tx.execute(_SUMS, given):
        stock.setdefault(row.path, {})[row.part] = row.stock
        flow.setdefault(row.path, {})[row.part] = row.flow
    return {path: Sums(stock[path], flow[path]) for path in stock}


async def series(tx: AsyncConnection, path: str, parts: Sequence[str], last: date) -> Sequence[Row[Any]]:
    """What an area gained and lost up to a month, oldest first."""
    return (await tx.execute(_SERIES, {"path": path, "parts": list(parts), "last": last})).all()


async def below(tx: AsyncConnection, area: str) -> list[str]:
    """The areas right below one of which something is known."""
    query = select(indicator_values.c.path).where(indicator_values.c.above == area).distinct()
    return sorted((await tx.execute(query)).scalars())


async def of_level(tx: AsyncConnection, area: str, level: str, on: date) -> list[str]:
    """The areas of a level within one, on a day."""
    query = select(regions.c.path).where(
        regions.c.path.startswith(area, autoescape=True),
        regions.c.level == level,
        regions.c.valid_from <= on,
        func.coalesce(regions.c.valid_to, date.max) > on,
    )
    return sorted((await tx.execute(query)).scalars())


async def names(tx: AsyncConnection, paths: Sequence[str]) -> dict[str, str]:
    """What areas are called."""
    query = select(regions.c.path, regions.c.name).where(regions.c.path.in_(paths)).order_by(regions.c.valid_from)
    return {row.path: row.name for row in await tx.execute(query)}


async def unsettled(tx: AsyncConnection) -> bool:
    """Whether something of what was received is not in the values yet, within one's own area."""
    return bool((await tx.execute(_UNSETTLED)).scalar_one())


async def rows(
    tx: AsyncConnection,
    indicator: Indicator,
    area: str,
    *,
    rest: bool,
    period: Period,
    after: tuple[str, UUID] | None,
    limit: int,
) -> Sequence[Row[Any]]:
    """The rows a number of an area consists of, by path; `rest`: of what it is a part of, those it leaves out."""
    given: Mapping[str, object] = {
        "area": area,
        "after_path": after[0] if after else "",
        "after_id": str(after[1]) if after else _NOBODY,
        "most": limit,
    }
    within = {"first": period.first, "last": period.ends_on}
    match indicator.source:
        case Source.CASES:
            return (await tx.execute(_CASES, {**given, "shown": indicator.part.partition(".")[2]})).all()
        case Source.DECIDED:
            return (await tx.execute(_DECIDED, {**given, **within})).all()
        case Source.VERDICTS:
            return (await tx.execute(_VERDICTS, {**given, **within})).all()
    shown, without = (indicator.of, indicator.part) if rest and indicator.of else (indicator.part, "")
    return (await tx.execute(_HOUSEHOLDS, {**given, "shown": shown, "without": without})).all()
