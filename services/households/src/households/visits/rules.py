"""Pure rules of visits and attachments."""

from typing import Final

from kit.errors import Conflict, Invalid, NotFound

LARGEST: Final = 1_500_000
"""Bytes of one attachment: what a phone makes of a photograph, and below what one request may carry."""

_SIGNATURES: Final = {
    "image/jpeg": (b"\xff\xd8\xff",),
    "image/png": (b"\x89PNG\r\n\x1a\n",),
    "application/pdf": (b"%PDF-",),
}
"""Media type → how such a file begins; nothing else is taken."""


class VisitUnknown(NotFound):
    """走访记录不存在或不在管辖范围."""

    code = "visit-unknown"
    zh, en = "没有此走访记录，或不在您的管理范围内", "no such visit in your area"


class VisitDiffers(Conflict):
    """同一编号的走访内容不同."""

    code = "visit-differs"
    zh, en = "该编号的走访已上传，且内容不同", "a visit with this client id was uploaded with other content"
    fix_zh, fix_en = "更正请先作废原记录，再用新编号上传", "void the recorded visit, then upload it under a new id"
    pointer = "/client_id"


class VisitNotYet(Invalid):
    """走访日期晚于业务日期."""

    code = "in-future"
    zh, en = "走访日期晚于业务日期", "the visit lies after the business date"
    pointer = "/visited_on"


class NotTheirHelper(Invalid):
    """该帮扶责任人不属于此户."""

    code = "not-their-helper"
    zh, en = "该帮扶责任人不属于此户", "the helper does not answer for this household"
    pointer = "/assignment_id"


class AttachmentUnknown(Invalid):
    """附件未上传."""

    code = "attachment-unknown"
    zh, en = "有附件尚未上传", "an attachment was not uploaded yet"
    fix_zh, fix_en = "先上传附件，再上传走访", "upload the attachments first"
    pointer = "/attachments"


class AttachmentMissing(NotFound):
    """附件不存在或不在管辖范围."""

    code = "attachment-missing"
    zh, en = "没有此附件，或不在您的管理范围内", "no such attachment in your area"


class AttachmentRefused(Invalid):
    """附件类型或大小不符."""

    code = "attachment-refused"
    zh, en = (
        f"附件须为 JPEG、PNG 或 PDF，内容与类型一致，不超过 {LARGEST // 1000} KB",
        f"an attachment is a JPEG, PNG or PDF whose content is of its type, {LARGEST // 1000} KB at most",
    )
    fix_zh, fix_en = "压缩或转换后再上传", "compress or convert it, then upload it"
    pointer = "header:Content-Type"


def check_attachment(media_type: str, content: bytes) -> None:
    """Refuse what is too large, of a type not taken, or not of the type it says.

    Raises:
        AttachmentRefused: so it is.
    """
    known = any(content.startswith(start) for start in _SIGNATURES.get(media_type, ()))
    if not known or not 0 < len(content) <= LARGEST:
        raise AttachmentRefused
