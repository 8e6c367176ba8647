"""Use cases of subsidies; none commits."""

from ..queries import Tally, batches_page, of_batch, subsidies_page, summary
from ..rules import (
    Ask,
    Batch,
    BatchState,
    CloseReason,
    Eligibility,
    Proof,
    Reason,
    State,
    Subsidy,
    SubsidyState,
    Verdict,
)
from .applying import apply, close, explain, get_subsidy
from .batches import approve, dissolve, get_batch, prepare
from .outcomes import take_outcomes

__all__ = [
    "Ask",
    "Batch",
    "BatchState",
    "CloseReason",
    "Eligibility",
    "Proof",
    "Reason",
    "State",
    "Subsidy",
    "SubsidyState",
    "Tally",
    "Verdict",
    "apply",
    "approve",
    "batches_page",
    "close",
    "dissolve",
    "explain",
    "get_batch",
    "get_subsidy",
    "of_batch",
    "prepare",
    "subsidies_page",
    "summary",
    "take_outcomes",
]
