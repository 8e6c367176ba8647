"""The result of a trial as a page."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from .judging import BY_THEN, FOUND_WITHIN, LASTING, VISIT

_HEAD: Final = """# Seen and cried wolf

Written by `zengshou trial --households {households} --seed {seed} --page docs/trial.md`: an invented city whose
troubles are known, reports that are late, sometimes wrong and then corrected, and silent on informal work
(`stack/src/stack/trial/`). The platform's own step watches under the seeds of the policy; beside it, plain thresholds
on whatever has come in, silence taken for nothing. Where a rule has a candidate (`GET /v1/candidate-rules`), that
watches too. The share of errors is invented as well: the table compares the watchers, it does not foretell a county.

A way is an alarm still open after {visit} days; it was worth it if the trouble was there within {by_then} days of the
alarm. Troubles count from {lasting} days; one is found if an alarm stood or came within {found} days of its begin.
"""
_COLUMNS: Final = ("alarms", "ways", "right", "precision", "troubles", "found", "recall", "median_days")


def page(found: Mapping[str, Mapping[str, Mapping[str, Any]]], households: int, seed: int) -> str:
    """All of it."""
    head = _HEAD.format(
        households=households,
        seed=seed,
        visit=VISIT.days,
        by_then=BY_THEN.days,
        lasting=LASTING,
        found=FOUND_WITHIN.days,
    )
    return head + "\n" + "\n".join(_table(found)) + "\n"


def _table(found: Mapping[str, Mapping[str, Mapping[str, Any]]]) -> Iterator[str]:
    yield f"| rule | watcher | {' | '.join(name.replace('_', ' ') for name in _COLUMNS)} |"
    yield f"|---|---{'|---' * len(_COLUMNS)}|"
    for rule, of in found.items():
        for watcher, score in of.items():
            told = ("–" if score[name] is None else f"{score[name]:g}" for name in _COLUMNS)
            yield f"| `{rule}` | {watcher} | {' | '.join(told)} |"
