"""Acting for somebody: a worker writes in the area of the uploader, and audit rows name who asked for it."""

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from ..queries import Job

_ACT = text("""
    SELECT set_config('app.scope', :scope, true), set_config('app.subject', :subject, true),
           set_config('app.department', :department, true)
""")


async def act_as(tx: AsyncConnection, job: Job, *, subject: str, department: str) -> None:
    """Act in the area of the job for this account."""
    await tx.execute(_ACT, {"scope": ",".join(job.scope), "subject": subject, "department": department})
