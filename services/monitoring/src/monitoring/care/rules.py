"""An act on an alert that waits for its household to take it up."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from ..alerts.rules import Act


@dataclass(frozen=True, slots=True)
class Pending:
    """待处理动作: an act, its number in the received log and the event that carried it."""

    number: int
    alert_id: UUID
    act: Act
    event: Any
