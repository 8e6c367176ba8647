"""Keeping photographs and documents, content-addressed and sealed."""

import hashlib
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from events.ids import derived_id
from kit import clock
from kit.cipher import FieldCipher

from ..queries import Attachment, attachment
from ..rules import AttachmentMissing, check_attachment
from ..tables import attachments
from .recording import PURPOSE


async def keep_attachment(
    tx: AsyncConnection, content: bytes, media_type: str, *, uploader: str, cipher: FieldCipher
) -> UUID:
    """Keep a photograph or document under the digest of its content; the same content again gives the same id.

    Each uploader has an address space of its own: nobody learns whether somebody else has the same picture.

    Raises:
        AttachmentRefused: too large, or not what it says it is.
    """
    check_attachment(media_type, content)
    digest = hashlib.sha256(content).hexdigest()
    id_ = derived_id("attachment", uploader, digest)
    sealed = cipher.seal(PURPOSE, "attachments", "content", id_, content.decode("latin-1"))
    row = {
        "id": id_,
        "sha256": digest,
        "media_type": media_type,
        "size": len(content),
        "content": sealed,
        "uploader": uploader,
        "uploaded_at": clock.now(),
    }
    await tx.execute(insert(attachments).values(**row).on_conflict_do_nothing())
    return id_


async def opened(tx: AsyncConnection, attachment_id: UUID, *, cipher: FieldCipher) -> tuple[Attachment, bytes]:
    """An attachment and its content in clear.

    Raises:
        AttachmentMissing: there is none that one may see.
    """
    row = await attachment(tx, attachment_id)
    if row is None:
        raise AttachmentMissing
    return row, cipher.open(PURPOSE, "attachments", "content", row.id, row.content).encode("latin-1")
