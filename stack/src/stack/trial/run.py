"""One trial: families, their reports, both watchers, the scores."""

from pathlib import Path
from random import Random
from typing import Any

import monitoring.policy
from kit.policy import PolicyBook, read_seeds
from monitoring.policy.rules import Remembering

from .judging import Score
from .reports import Reporter
from .truth import LAST, draw_family
from .watching import RULES, platform, thresholds

WATCHERS = ("platform", "thresholds")


def trial(households: int, seed: int) -> dict[str, dict[str, Any]]:
    """Watch so many families for a year under the seeds of the policy.

    Returns:
        Rule → watcher → score.
    """
    book = PolicyBook(read_seeds(Path(monitoring.policy.__file__).with_name("seeds.toml")))
    policy = Remembering(book)
    random = Random(seed)  # noqa: S311 - an invented city, no secret
    scores = {rule: {watcher: Score() for watcher in WATCHERS} for rule in RULES}
    for number in range(households):
        family = draw_family(random)
        reporter = Reporter(family, number, random)
        reports = reporter.all()
        seen = {
            "platform": platform(reporter.household, reports, policy, lambda day: book.changes(day) or LAST),
            "thresholds": thresholds(reports, family.persons, policy),
        }
        for rule in RULES:
            for watcher, alarms in seen.items():
                scores[rule][watcher].add([a for a in alarms if a.rule == rule], family.troubles[rule])
    return {rule: {name: score.to_json() for name, score in of.items()} for rule, of in scores.items()}
