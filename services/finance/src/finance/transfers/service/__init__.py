"""Use cases of public payments; none commits."""

from ..queries import Timeliness, batches_page, lines_of, timeliness, transfers_page
from ..rules import (
    Answer,
    AnsweredLine,
    Batch,
    BatchState,
    Line,
    LineState,
    Purpose,
    ReturnReason,
    Transfer,
    TransferState,
)
from .approvals import take_subsidies
from .batches import dissolve, get_batch, payment_file, prepare, release
from .files import FileLine, TransferFile, take_file
from .purpose_list import PURPOSES
from .reconciling import reconcile
from .single import get_transfer, retry, withdraw

__all__ = [
    "PURPOSES",
    "Answer",
    "AnsweredLine",
    "Batch",
    "BatchState",
    "FileLine",
    "Line",
    "LineState",
    "Purpose",
    "ReturnReason",
    "Timeliness",
    "Transfer",
    "TransferFile",
    "TransferState",
    "batches_page",
    "dissolve",
    "get_batch",
    "get_transfer",
    "lines_of",
    "payment_file",
    "prepare",
    "reconcile",
    "release",
    "retry",
    "take_file",
    "take_subsidies",
    "timeliness",
    "transfers_page",
    "withdraw",
]
