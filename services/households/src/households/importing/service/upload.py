"""Uploading: a file is read, shown as a preview, and kept household by household, sealed."""

import json
import os
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, insert
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import uuid7
from events.tracing import current_traceparent
from kit import clock, policy
from kit.aside import Aside
from kit.bulk import write_columns
from kit.cipher import FieldCipher
from kit.policy_book import PolicyBook

from ...checks import rules as checks
from ...regions import service as regions
from ..queries import Content, Job, contents
from ..rules import Gazetteer, JobState, NamedVillage, State
from ..tables import import_households, import_jobs
from .foreseen import foreseen
from .reading import Reader, Rows, read_file
from .records import PURPOSE, digest, seal_record

_ASIDE = Aside(most=min(2, os.cpu_count() or 1))
"""Two counties that upload at the same time do not wait for each other."""
_WRITTEN_AT_ONCE = 1000


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
    suspicions: Mapping[str, int]


async def gazetteer(tx: AsyncConnection) -> Gazetteer:
    """The villages that stand now, by their names; made anew only after a region changed."""
    database = tx.sync_engine
    edition = await regions.edition(tx)
    known = _GAZETTEERS.get(database)
    if known is None or known[0] != edition:
        rows = await regions.villages(tx)
        villages = (NamedVillage(row.code, row.path, row.county, row.township, row.village) for row in rows)
        known = _GAZETTEERS[database] = (edition, Gazetteer(villages))
    return known[1]


_GAZETTEERS: WeakKeyDictionary[Engine, tuple[object, Gazetteer]] = WeakKeyDictionary()


async def upload(
    tx: AsyncConnection, data: bytes, *, uploader: Uploader, exported_on: date | None, cipher: FieldCipher
) -> tuple[Job, Outlook]:
    """Read a file and keep it as a job that waits to be applied; nothing of a household is registered yet.

    Raises:
        Invalid: the file as a whole cannot be read.
    """
    reader = Reader(gazetteer=await gazetteer(tx), scope=uploader.scope)
    latest, job_id = await regions.today(tx), uuid7()
    book = PolicyBook((await policy.load(tx)).recorded(checks.PREFIX))
    kept = await _ASIDE.run(keep_file, data, reader, exported_on, latest, job_id, cipher, book)
    job = _job(job_id, kept, uploader)
    await tx.execute(insert(import_jobs).values(**{name: _plain(getattr(job, name)) for name in Job.__slots__}))
    for start in range(0, job.households, _WRITTEN_AT_ONCE):
        some = {name: values[start : start + _WRITTEN_AT_ONCE] for name, values in kept.columns.items()}
        await write_columns(tx, import_households, some)
    return job, _outlook(kept.columns, await contents(tx, kept.columns["number"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """文件: as it will be kept, its rows sealed already; this is what comes back from the process that read it."""

    exported_on: date
    title: str
    headers: tuple[str, ...]
    members: int
    columns: dict[str, list[Any]]


def keep_file(
    data: bytes,
    reader: Reader,
    exported_on: date | None,
    latest: date,
    job_id: UUID,
    cipher: FieldCipher,
    book: PolicyBook,
) -> Kept:
    """Read an uploaded file, seal its rows and see what the checks will find in them.

    Raises:
        Invalid, TooLarge: the file as a whole cannot be read.
    """
    preview = read_file(data, reader, exported_on, latest)
    found = preview.households
    columns: dict[str, list[Any]] = {
        "job_id": [job_id] * len(found),
        "position": list(range(1, len(found) + 1)),
        "number": [item.statement.record.number for item in found],
        "state": [State.PARKED.value if item.troubles else State.READY.value for item in found],
        "attempts": [0] * len(found),
        "digest": [digest(item.statement, cipher) for item in found],
        "rows": [seal_rows(item.rows, job_id, place, cipher) for place, item in enumerate(found, start=1)],
        "record": [
            None if item.troubles else seal_record(item.statement.record, job_id, place, cipher)
            for place, item in enumerate(found, start=1)
        ],
        "problems": [[trouble.told for trouble in item.troubles] for item in found],
        "suspicions": foreseen(found, paths=reader.gazetteer.paths, on=latest, book=book),
    }
    members = sum(len(item.rows) for item in found)
    return Kept(
        exported_on=preview.exported_on,
        title=preview.title,
        headers=preview.headers,
        members=members,
        columns=columns,
    )


def _job(job_id: UUID, kept: Kept, uploader: Uploader) -> Job:
    return Job(
        id=job_id,
        scope=uploader.scope,
        subject=uploader.subject,
        department=uploader.department,
        state=JobState.PREVIEWED,
        exported_on=kept.exported_on,
        title=kept.title,
        headers=kept.headers,
        households=len(kept.columns["number"]),
        members=kept.members,
        traceparent=current_traceparent(),
        created_at=clock.now(),
        heartbeat_at=None,
        finished_at=None,
        counts=Counter(map(State, kept.columns["state"])),
    )


def _plain(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def seal_rows(rows: Rows, job_id: UUID, position: int, cipher: FieldCipher) -> bytes:
    """The rows as they are kept."""
    text = json.dumps(list(rows.items()), ensure_ascii=False, separators=(",", ":"))
    return cipher.seal(PURPOSE, "import_households", "rows", f"{job_id}/{position}", text)


def open_rows(sealed: bytes, job_id: UUID, position: int, cipher: FieldCipher) -> Rows:
    """The rows that were kept."""
    text = cipher.open(PURPOSE, "import_households", "rows", f"{job_id}/{position}", sealed)
    return {number: tuple(cells) for number, cells in json.loads(text)}


def _outlook(columns: Mapping[str, Sequence[Any]], known: Mapping[str, Content]) -> Outlook:
    told = zip(columns["number"], columns["digest"], columns["state"], strict=True)
    ready = [(number, digest) for number, digest, state in told if state == State.READY]
    same = sum(number in known and known[number].digest == digest for number, digest in ready)
    new = sum(number not in known for number, _ in ready)
    parked = [trouble for troubles in columns["problems"] for trouble in troubles]
    found = {(trouble["kind"], trouble["row"], trouble["column"]) for trouble in parked}
    return Outlook(
        new=new,
        changed=len(ready) - same - new,
        unchanged=same,
        parked=len(columns["number"]) - len(ready),
        problems=dict(sorted(Counter(kind for kind, _, _ in found).items())),
        suspicions=dict(sorted(Counter(item["rule"] for items in columns["suspicions"] for item in items).items())),
    )
