"""What a target is told: household number, rule, level and a link; never a name, an id number or a reason. Pure."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from ...alerts.texts import LEVEL_NAMES, RULE_NAMES
from .fate import Change

_CHANGES: Final[dict[Change, tuple[str, str]]] = {
    Change.RAISED: ("新预警", "New alert"),
    Change.ESCALATED: ("预警升级", "Alert escalated"),
    Change.HANDED_UP: ("预警上报", "Alert handed up"),
    Change.RETRACTED: ("预警撤回", "Alert retracted"),
    Change.CLOSED: ("预警解除", "Alert closed"),
    Change.TEST: ("推送测试", "Delivery test"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """推送内容; `id` and `at` stay the same however often it is sent, so that a receiver can drop repetitions."""

    id: UUID
    change: Change
    at: datetime
    number: str | None = None
    rule: str | None = None
    level: str | None = None
    link: str | None = None

    @property
    def body(self) -> str:
        """JSON as Standard Webhooks has it: type, timestamp, data."""
        data = {"household_number": self.number, "rule": self.rule, "level": self.level, "link": self.link}
        told = {"type": f"alert.{self.change}", "timestamp": self.at.isoformat(), "data": data}
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    @property
    def title(self) -> str:
        """The first line of a message to people."""
        zh, en = _CHANGES[self.change]
        return f"【增收】{zh} {en}"

    @property
    def text(self) -> str:
        """A message to people, in Chinese and English; a level is always written out."""
        if self.rule is None or self.level is None:
            return "这是一条测试消息。 This is a test."
        rule, level = RULE_NAMES[self.rule], LEVEL_NAMES[self.level]
        lines = (f"户编号 household {self.number}", f"{rule[0]} {rule[1]}", f"等级 level {level[0]} {level[1]}")
        return "\n".join([*lines, *([self.link] if self.link else [])])


def link_to(base: str, alert_id: UUID) -> str:
    """The page of an alert; an alert's id names nobody."""
    return f"{base.rstrip('/')}/v1/alerts/{alert_id}"
