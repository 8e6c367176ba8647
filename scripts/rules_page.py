"""The page of the monitoring rules, made from the rules and the policy seeds; `check_contracts` keeps it current."""

from datetime import date
from pathlib import Path
from typing import Final

import monitoring.policy
from kit.policy import PolicyBook, read_seeds
from monitoring.alerts.texts import LEVEL_NAMES, RULE_NAMES
from monitoring.risk.rules import CANDIDATES, MARKS, RULES, Rule

_CITY: Final = "5301/"
_HEAD: Final = """# The monitoring rules

Made from `services/monitoring` by `make contracts`; do not edit. Clauses are named as in `policy-coverage.md`.
Dwell: calendar days that a rule must be false before its level falls. Policy values are data, effective-dated; the
dwell shown is the newest seed. Sources: whose silence beyond their rhythm makes the rule's figures old (`data.stale`);
what comes when it happens has no rhythm. `income.below_line` is red beside any rule of work, expense, shock, guarantee,
debt or market. A value that is not set for a day makes a rule *unknown*, never clear.
`services/monitoring/tests/test_rule_table.py` runs each row: raises, clears, retracts, stale.

| rule | name | when | levels | dwell | policy values | sources | clause |
|---|---|---|---|---|---|---|---|
"""
_CANDIDATES: Final = """
## Candidates

Rules as code that decide nothing (`CANDIDATES` in `monitoring/risk/rules`). A shadow (`POST /v1/shadows`, `candidates`)
judges them every business date beside the rules in force, `GET /v1/shadows/{id}/days/{day}/townships` says who would
come and go; a what-if asks about them for any period. One is put in force by moving its line to `RULES`.

| candidate | in the place of | when | clause |
|---|---|---|---|
"""


def rules_page() -> str:
    """The page as Markdown."""
    seeds = PolicyBook(read_seeds(Path(monitoring.policy.__file__).with_name("seeds.toml")))
    in_force = "".join(_line(id_, rule, seeds) for id_, rule in RULES.items())
    tried = (
        f"| `{name}` | `{item.id}` | {item.rule.when.rstrip('.')} | {item.rule.clause} |\n"
        for name, item in CANDIDATES.items()
    )
    return _HEAD + in_force + _CANDIDATES + "".join(tried)


def _line(id_: str, rule: Rule, seeds: PolicyBook) -> str:
    levels = " / ".join(LEVEL_NAMES[level.wire][0] for level in rule.levels) or "marks only"
    dwell = seeds.at(f"dwell.{id_}", _CITY, date.max)
    days = "–" if id_ in MARKS else "unset" if dwell is None else str(int(dwell.value))
    cells = (
        f"`{id_}`",
        RULE_NAMES[id_][0],
        rule.when.rstrip("."),
        levels,
        days,
        ", ".join(f"`{name}`" for name in rule.reads) or "–",
        ", ".join(rule.fed_by) or "–",
        rule.clause,
    )
    return f"| {' | '.join(cells)} |\n"
