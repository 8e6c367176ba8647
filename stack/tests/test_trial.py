"""The trial: the truth is drawn by seed, and the platform's step goes fewer ways in vain than plain thresholds."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from stack.trial.judging import Score
from stack.trial.page import page
from stack.trial.run import trial
from stack.trial.truth import Span
from stack.trial.watching import RULES, Alarm


def test_an_alarm_taken_back_costs_no_way_and_a_short_trouble_is_no_miss() -> None:
    score = Score()
    lasting, short = Span(date(2023, 3, 1), date(2023, 5, 1)), Span(date(2023, 7, 1), date(2023, 7, 9))
    taken_back = Alarm("r", date(2023, 1, 5), date(2023, 1, 8))
    in_vain, right = Alarm("r", date(2023, 2, 1)), Alarm("r", date(2023, 3, 11))
    score.add([taken_back, in_vain, right], [lasting, short])
    assert (score.alarms, score.ways, score.right) == (3, 2, 1)
    assert (score.troubles, score.found, score.delays) == (1, 1, [0])


def test_the_step_goes_fewer_ways_in_vain_and_misses_no_more() -> None:
    found = trial(70, 5)
    assert set(found) == set(RULES)
    ours, theirs = (_sum(found, watcher) for watcher in ("platform", "thresholds"))
    assert ours["ways"] - ours["right"] < (theirs["ways"] - theirs["right"]) / 2
    assert ours["found"] >= theirs["found"] > 0
    assert trial(5, 5) == trial(5, 5) != trial(5, 6)
    assert all(f"| `{rule}` | platform |" in page(found, 70, 5) for rule in RULES)
    tried = found["work.wage_missing"]
    assert tried["candidate"]["alarms"] <= tried["platform"]["alarms"], "the candidate only ever waits"
    assert {rule for rule, of in found.items() if "candidate" in of} == {"work.wage_missing"}


def _sum(found: Mapping[str, Mapping[str, Any]], watcher: str) -> dict[str, int]:
    return {name: sum(of[watcher][name] for of in found.values()) for name in ("ways", "right", "found")}
