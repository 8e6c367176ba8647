"""Uploading: a file is read, shown as a preview, and kept household by household, sealed."""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import uuid7
from events.tracing import current_traceparent
from kit import clock
from kit.aside import Aside
from kit.bulk import write_rows
from kit.cipher import FieldCipher

from ...regions import service as regions
from ..queries import Content, Job, contents
from ..rules import Gazetteer, JobState, NamedVillage, State
from ..tables import import_households, import_jobs
from .entries import Statement
from .reading import Found, Preview, Reader, Rows, read_file

PURPOSE = "importing"
TITLE = "（自定义）监测对象信息"
"""What the national system calls the sheet; a file's own first line could say anything."""

_ASIDE = Aside()
_WRITTEN_AT_ONCE = 1000
_CONTENT = 3
"""Raised when the same file comes to mean something else, so that importing it again takes effect."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Uploader:
    """上传人: account, department and area of who brings the file."""

    subject: str
    department: str
    scope: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """预计结果: what applying would do, as far as it can be told before."""

    new: int
    changed: int
    unchanged: int
    parked: int
    problems: Mapping[str, int]


async def gazetteer(tx: AsyncConnection) -> Gazetteer:
    """The villages that stand now, by their names."""
    return Gazetteer(
        NamedVillage(row.code, row.path, row.county, row.township, row.village) for row in await regions.villages(tx)
    )


async def upload(
    tx: AsyncConnection, data: bytes, *, uploader: Uploader, exported_on: date | None, cipher: FieldCipher
) -> tuple[Job, Outlook]:
    """Read a file and keep it as a job that waits to be applied; nothing of a household is registered yet.

    Raises:
        Invalid: the file as a whole cannot be read.
    """
    reader = Reader(gazetteer=await gazetteer(tx), scope=uploader.scope)
    latest = await regions.today(tx)
    preview = await _ASIDE.run(read_file, data, reader, exported_on, latest)
    job = _job(preview, uploader)
    rows = await asyncio.to_thread(lambda: list(_rows(job, preview.households, cipher)))
    await tx.execute(insert(import_jobs).values(**{name: _plain(getattr(job, name)) for name in Job.__slots__}))
    for start in range(0, len(rows), _WRITTEN_AT_ONCE):
        some = rows[start : start + _WRITTEN_AT_ONCE]
        await write_rows(tx, import_households, some)
    known = await contents(tx, [row["number"] for row in rows])
    return job, _outlook(rows, known)


def _job(preview: Preview, uploader: Uploader) -> Job:
    return Job(
        id=uuid7(),
        scope=uploader.scope,
        subject=uploader.subject,
        department=uploader.department,
        state=JobState.PREVIEWED,
        exported_on=preview.exported_on,
        title=TITLE,
        headers=preview.headers,
        households=len(preview.households),
        members=sum(len(found.rows) for found in preview.households),
        traceparent=current_traceparent(),
        created_at=clock.now(),
        heartbeat_at=None,
        finished_at=None,
    )


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _rows(job: Job, households: Sequence[Found], cipher: FieldCipher) -> Iterator[dict[str, Any]]:
    for position, found in enumerate(households, start=1):
        yield {
            "job_id": job.id,
            "position": position,
            "number": found.statement.record.number,
            "state": State.PARKED if found.troubles else State.READY,
            "attempts": 0,
            "digest": digest(found.statement, cipher),
            "rows": seal_rows(found.rows, job.id, position, cipher),
            "problems": [trouble.told for trouble in found.troubles],
        }


def digest(statement: Statement, cipher: FieldCipher) -> bytes:
    """A keyed digest of what a file says about a household."""
    told = json.dumps([_CONTENT, statement.content], ensure_ascii=False, sort_keys=True, default=str)
    return cipher.keys.signature("import-content", told.encode())


def seal_rows(rows: Rows, job_id: UUID, position: int, cipher: FieldCipher) -> bytes:
    """The rows as they are kept."""
    text = json.dumps(list(rows.items()), ensure_ascii=False, separators=(",", ":"))
    return cipher.seal(PURPOSE, "import_households", "rows", f"{job_id}/{position}", text)


def open_rows(sealed: bytes, job_id: UUID, position: int, cipher: FieldCipher) -> Rows:
    """The rows that were kept."""
    text = cipher.open(PURPOSE, "import_households", "rows", f"{job_id}/{position}", sealed)
    return {number: tuple(cells) for number, cells in json.loads(text)}


def _outlook(rows: Sequence[Mapping[str, Any]], known: Mapping[str, Content]) -> Outlook:
    ready = [row for row in rows if row["state"] is State.READY]
    same = sum(row["number"] in known and known[row["number"]].digest == row["digest"] for row in ready)
    new = sum(row["number"] not in known for row in ready)
    found = {(trouble["kind"], trouble["row"], trouble["column"]) for row in rows for trouble in row["problems"]}
    return Outlook(
        new=new,
        changed=len(ready) - same - new,
        unchanged=same,
        parked=len(rows) - len(ready),
        problems=dict(sorted(Counter(kind for kind, _, _ in found).items())),
    )
