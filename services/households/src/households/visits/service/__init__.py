"""Use cases of visits; none of them commits."""

from ..queries import Attachment, Visit, attached_to, visits_of
from .attachments import keep_attachment, opened
from .recording import Outcome, Taken, VisitForm, note_of, record_visits, void_visit

__all__ = [
    "Attachment",
    "Outcome",
    "Taken",
    "Visit",
    "VisitForm",
    "attached_to",
    "keep_attachment",
    "note_of",
    "opened",
    "record_visits",
    "visits_of",
    "void_visit",
]
