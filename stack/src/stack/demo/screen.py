"""What the demonstration shows while it plays: a live picture on a terminal, a line per month elsewhere."""

from collections import deque
from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import date
from time import monotonic
from typing import Any, Final

from rich.console import Console, Group
from rich.live import Live
from rich.table import Column, Table
from rich.text import Text

from .ledger import Ledger
from .stream import AlertStream

LEVELS: Final = {
    "red": ("红", "red"),
    "orange": ("橙", "dark_orange"),
    "yellow": ("黄", "yellow"),
    "green": ("绿", "green"),
    "unknown": ("未知", "bright_black"),
}
_KINDS: Final = {
    "AlertRaised": "预警",
    "AlertEscalated": "升级",
    "AlertRetracted": "撤回",
    "AlertClosed": "解除",
    "AlertHandedUp": "上报",
}


@dataclass(slots=True)
class Screen:
    """The picture; `refresh` takes what is new."""

    ledger: Ledger
    stream: AlertStream
    on: date | None = None
    events: int = 0
    levels: Mapping[str, int] = field(default_factory=dict)
    _rates: deque[tuple[float, int]] = field(default_factory=lambda: deque(maxlen=20))
    _console: Console = field(default_factory=lambda: Console(stderr=True))
    _live: Live | None = None
    _month: str = ""

    def show(self) -> AbstractContextManager[Any]:
        """Keep the picture on the terminal while the year is played."""
        if not self._console.is_terminal:
            return nullcontext()
        self._live = Live(self._picture(), console=self._console, refresh_per_second=4, transient=True)
        return self._live

    def refresh(self, on: date, events: int, levels: Mapping[str, int]) -> None:
        """Take the newest figures."""
        self.on, self.events, self.levels = on, events, levels
        self._rates.append((monotonic(), events))
        if self._live:
            self._live.update(self._picture())
        elif f"{on:%Y-%m}" != self._month:
            self._month = f"{on:%Y-%m}"
            self._console.print(self._line(), markup=False, highlight=False, soft_wrap=True)

    @property
    def rate(self) -> float:
        """Events a second over the last moments."""
        if len(self._rates) < 2:
            return 0.0
        (then, before), (now, after) = self._rates[0], self._rates[-1]
        return (after - before) / max(now - then, 1e-6)

    def _line(self) -> str:
        levels = " ".join(f"{name}{self.levels.get(level, 0)}" for level, (name, _) in LEVELS.items())
        newest = self.stream.newest[0]["reason_zh"] if self.stream.newest else ""
        return f"{self._month} 事件 {self.events} ({self.rate:.0f}/s)  {levels}  {self._latency()}  {newest}"

    def _latency(self) -> str:
        p50, p95, p99 = (self.ledger.latency(share) * 1000 for share in (0.5, 0.95, 0.99))
        return f"POST→状态 p50 {p50:.0f} p95 {p95:.0f} p99 {p99:.0f} ms"

    def _picture(self) -> Group:
        head = Text(f"业务日期 {self.on or '-'}   事件 {self.events}   每秒 {self.rate:.0f}   {self._latency()}")
        levels = Table(*(Column(Text(name, style=style)) for name, style in LEVELS.values()), title="户数 households")
        levels.add_row(*(str(self.levels.get(level, 0)) for level in LEVELS))
        alerts = Table("日期", "", "等级", "原因", title="最新预警 newest alerts", expand=True)
        for alert in self.stream.newest:
            name, style = LEVELS.get(alert["level"], (alert["level"], ""))
            kind = _KINDS.get(alert["event"], alert["event"])
            alerts.add_row(alert["business_date"], kind, Text(name, style=style), alert["reason_zh"])
        return Group(head, levels, alerts)
