"""One trial: families, their reports, those who watch, the scores."""

from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import monitoring.policy
from kit.policy import PolicyBook, read_seeds
from monitoring.policy.rules import Remembering
from monitoring.risk.rules import CANDIDATES, with_candidates

from .judging import Score
from .reports import Reporter
from .truth import LAST, draw_family
from .watching import RULES, platform, thresholds

WATCHERS = ("platform", "candidate", "thresholds")
"""The candidate watches the rules in whose place one would stand."""

_TRIED = {candidate.id: name for name, candidate in CANDIDATES.items() if candidate.id in RULES}
"""Rule → the candidate for its place."""


def trial(households: int, seed: int) -> dict[str, dict[str, Any]]:
    """Watch so many families for a year under the seeds of the policy.

    Returns:
        Rule → watcher → score.
    """
    book = PolicyBook(read_seeds(Path(monitoring.policy.__file__).with_name("seeds.toml")))
    policy = Remembering(book)
    random = Random(seed)  # noqa: S311 - an invented city, no secret
    tried = with_candidates(_TRIED.values())
    scores = {rule: {name: Score() for name in WATCHERS if _watches(name, rule)} for rule in RULES}
    for number in range(households):
        family = draw_family(random)
        reporter = Reporter(family, number, random)
        reports = reporter.all()
        watch = partial(platform, reporter.household, reports, policy, lambda day: book.changes(day) or LAST)
        seen = {
            "platform": watch(),
            "candidate": watch(tried),
            "thresholds": thresholds(reports, family.persons, policy),
        }
        for rule, of in scores.items():
            for watcher, score in of.items():
                score.add([a for a in seen[watcher] if a.rule == rule], family.troubles[rule])
    return {rule: {name: score.to_json() for name, score in of.items()} for rule, of in scores.items()}


def _watches(watcher: str, rule: str) -> bool:
    return watcher != "candidate" or rule in _TRIED
