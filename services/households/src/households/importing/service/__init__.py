"""Use cases of imports; none of them commits."""

from ..queries import (
    Imported,
    Job,
    imported_page,
    jobs_page,
    next_job,
    progress,
    suspicion_counts,
    suspicions_of,
)
from ..rules import AT_ONCE, JobState, State, Trouble, from_refusal
from .apply import apply_some, give_up
from .asking import start_undo, stop_undo
from .export import export_households
from .report import problem_workbook
from .settle import Correction, drop, known_job, start, take_after_all
from .undo import give_up_undo, undo_some
from .upload import Outlook, Uploader, gazetteer, upload

__all__ = [
    "AT_ONCE",
    "Correction",
    "Imported",
    "Job",
    "JobState",
    "Outlook",
    "State",
    "Trouble",
    "Uploader",
    "apply_some",
    "drop",
    "export_households",
    "from_refusal",
    "gazetteer",
    "give_up",
    "give_up_undo",
    "imported_page",
    "jobs_page",
    "known_job",
    "next_job",
    "problem_workbook",
    "progress",
    "start",
    "start_undo",
    "stop_undo",
    "suspicion_counts",
    "suspicions_of",
    "take_after_all",
    "undo_some",
    "upload",
]
