"""Writes docs/chaos.md from the reports of `zengshou chaos --json`: fault, how often it struck, what came of it.

`python scripts/chaos_table.py docs/chaos/*.json`
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Final

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "chaos.md"
HEAD: Final = """# Chaos runs

Written by `scripts/chaos_table.py` from the reports in `docs/chaos/`; every line is a run that was made.
`zengshou chaos --seed N --kills N` makes one, `make chaos` one of 40 kills. What each fault is and what the verdict
looks at: [operations](operations.md#faults).
The backend `embedded` is `zengshou up`; `compose` is docker-compose.yml with three brokers: Apache Kafka
(replication 3, min.insync 2) and PostgreSQL 17 in containers.
"""

ALONE: Final = """## One outage at a time

`zengshou chaos --only OUTAGE --seconds N`, under the same load. Caught up means: everything
that was acknowledged is taken by every listener. Where a broker of three is lost, delivery goes on meanwhile: what was
still under way at the end of the outage is told beside what was logged during it.
"""


def faults_of(reports: list[dict[str, Any]]) -> list[str]:
    """The table by backend and fault: a run's outcome counts for every fault that struck in it."""
    struck: Counter[tuple[str, str]] = Counter()
    runs: Counter[tuple[str, str]] = Counter()
    kept: Counter[tuple[str, str]] = Counter()
    for report in reports:
        for fault, times in report["faults"].items():
            place = report["backend"], fault
            struck[place] += times
            runs[place] += 1
            kept[place] += report["holds"]
    rows = [
        f"| {' | '.join(place)} | {struck[place]} | {kept[place]} of {runs[place]} runs held |"
        for place in sorted(struck)
    ]
    return ["| backend | fault | times | outcome |", "|---|---|---|---|", *rows]


def cannot_of(reports: list[dict[str, Any]]) -> list[str]:
    """What a backend could not do in any of its runs; some could do less when they were made."""
    told: dict[str, set[str]] = {}
    for report in reports:
        cannot = set(report.get("cannot") or ())
        told[report["backend"]] = told.get(report["backend"], cannot) & cannot
    return [
        f"On `{name}` not possible: {', '.join(sorted(faults))}." for name, faults in sorted(told.items()) if faults
    ]


def runs_of(reports: list[dict[str, Any]]) -> list[str]:
    """The table by run."""
    rows = []
    for report in reports:
        found = report["verdict"]
        numbers = (report["backend"], report["seed"], report["kills"], f"{report['seconds']:.0f}",
                   sum(report["posted"].values()),
                   found["events"], found["deliveries"], found["repeated"], found["poison"], found["parked"],
                   report["lost"], report["duplicated"], "holds" if report["holds"] else "FAILS")  # fmt: skip
        rows.append("| " + " | ".join(map(str, numbers)) + " |")
    head = ("backend", "seed", "kills", "seconds", "acknowledged", "events", "deliveries", "repeated", "poison",
            "parked", "lost", "duplicated", "verdict")  # fmt: skip
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *rows]


def outages_of(reports: list[dict[str, Any]]) -> list[str]:
    """The table of single outages: what was measured in each."""
    rows = []
    for report in reports:
        [(outage, _)] = report["faults"].items()
        measured = report["outage"]
        refused = f"{measured['refused_503']:.0f}" if "refused_503" in measured else "–"
        behind = f"{measured['behind']:.0f} of {measured['logged']:.0f} events" if "behind" in measured else "–"
        length = "–" if outage == "rolling-restart" else f"{measured['seconds']:.0f}"
        told = (report["backend"], outage, length, f"{measured['errors']:.0f}", refused, behind,
                f"{measured['catch_up']:.1f}", sum(report["posted"].values()), report["lost"], report["duplicated"],
                "holds" if report["holds"] else "FAILS")  # fmt: skip
        rows.append("| " + " | ".join(map(str, told)) + " |")
    head = ("backend", "outage", "seconds", "errors", "503 with Retry-After", "deliveries behind",
            "caught up after, seconds", "acknowledged", "lost", "duplicated", "verdict")  # fmt: skip
    return [f"| {' | '.join(head)} |", "|" + "---|" * len(head), *rows]


def main(paths: list[str]) -> int:
    """Write the page."""
    reports = sorted((json.loads(Path(path).read_text()) for path in paths), key=lambda r: (r["backend"], r["seed"]))
    alone = [report for report in reports if report.get("outage")]
    reports = [report for report in reports if not report.get("outage")]
    kills = sum(report["kills"] for report in reports)
    lost, doubled = (sum(report[name] for report in reports) for name in ("lost", "duplicated"))
    told = f"{len(reports)} runs, {kills} kills, lost {lost}, duplicated {doubled}."
    cannot = cannot_of([*reports, *alone])
    PAGE.write_text(
        "\n".join(
            [HEAD, told, "", *faults_of(reports), "", *cannot, "", *runs_of(reports), "", ALONE, *outages_of(alone), ""]
        )
    )
    print(told)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
