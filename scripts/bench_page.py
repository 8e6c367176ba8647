"""Writes docs/performance.md from the reports of `zengshou bench --json`: what was measured, and on what.

`python scripts/bench_page.py docs/bench/*.json`
"""

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

PAGE: Final = Path(__file__).resolve().parent.parent / "docs" / "performance.md"
HEAD: Final = """# Measured

Written by `scripts/bench_page.py` from the reports in `docs/bench/`; every line was measured by `zengshou bench` on a
platform of its own, households of an invented city. Load, engines, services and the load's sender share the machine.
"""


def page(reports: Mapping[str, dict[str, Any]]) -> str:
    """The whole page; the name of a report is its heading."""
    parts = [HEAD.rstrip()]
    for name, report in reports.items():
        machine, asked = report["machine"], report["asked"]
        parts.append(
            f"## {name}\n\n{machine['cores']} cores{_speed(machine)}, Python {machine['python']}, load of 15 minutes "
            f"at the end {machine['load_15_min']}; asked for {asked['households']} households."
        )
        parts += ["\n".join(lines) for lines in _tables(report, asked)]
    return "\n\n".join(parts) + "\n"


def _speed(machine: Mapping[str, Any]) -> str:
    """Of a core, where the report tells it."""
    speed = machine.get("additions_a_second")
    return "" if speed is None else f" of {speed / 1_000_000:.0f} million additions a second"


def _tables(report: dict[str, Any], asked: dict[str, Any]) -> Iterator[list[str]]:
    if "golive" in report:
        yield [_gone_live(report["golive"])]
        yield _spreads({f"GET {name}": spread for name, spread in report["golive"]["lists"].items()})
    if "import" in report:
        yield _imported(report["import"])
    yield from _measured(report, asked)


def _gone_live(told: Mapping[str, Any]) -> str:
    memory = f"; none of them had more than {told['most_memory_mb']} MB" if told["most_memory_mb"] else ""
    return (
        f"An import with nothing else on the machine: {told['households']} households, {told['persons']} persons in "
        f"{told['files']} files, previewed in {told['preview_seconds']:g} s ({told['preview_persons_per_second']} "
        f"persons/s), applied by {told['processes']} processes in {told['apply_seconds']:g} s "
        f"({told['apply_persons_per_second']} persons/s){memory}."
    )


def _imported(told: Mapping[str, Any]) -> list[str]:
    return [
        "| imported | households | preview, persons/s | apply, persons/s | until all took it | most MB, api / worker |",
        "|---|---|---|---|---|---|",
        f"| {told['persons']} persons | {told['households']} | {told['preview_persons_per_second']} "
        f"| {told['apply_persons_per_second']} | {told['until_consumed_seconds']} s "
        f"| {' / '.join(f'{size}' for size in told['most_memory_mb'].values())} |",
    ]


def _measured(report: dict[str, Any], asked: dict[str, Any]) -> Iterator[list[str]]:
    if "lists" in report:
        yield _spreads({f"GET {name}": spread for name, spread in report["lists"].items()})
    if "flow" in report:
        for flow in report["flow"]:
            rows = {"POST of a batch": flow["post"], "fact → status": flow["status"]}
            yield [f"{flow['sent']} wages at {flow['rate']} a second, {flow['missing']} missing:", "", *_spreads(rows)]
    if "alerts" in report:
        told = report["alerts"]
        lead = f"{told['sent']} jobs lost at {told['rate']:g} a second, {told['missing']} alerts missing:"
        yield [lead, "", *_spreads({"loss sent → alert on the stream": told["seen"]})]
    if "rescore" in report:
        yield _rescored(report["rescore"])
    if "rebuild" in report:
        yield [_rebuilt(report["rebuild"])]
    if "years" in report:
        yield [
            f"A year of {report['years']['households']} households, in a database of its own, a process for each core. "
            + _rebuilt(report["years"])
        ]
    if "beside" in report:
        beside = report["beside"]
        rows = {
            "calls, quiet": beside["quiet"]["calls"],
            "calls beside an import": beside["importing"]["calls"],
            "fact → status, quiet": beside["quiet"]["status"],
            "fact → status beside an import": beside["importing"]["status"],
        }
        yield [
            f"An import of {beside['import']['persons']} persons beside {asked['officers']:g} calls a second "
            f"({beside['import']['apply_persons_per_second']} persons/s): p95 of calls × {beside['calls_p95_ratio']:g},"
            f" of fact → status × {beside['status_p95_ratio']:g}.",
            "",
            *_spreads(rows),
        ]


def _rescored(told: Mapping[str, Any]) -> list[str]:
    rows = {
        "calls, quiet": told["quiet"]["calls"],
        "calls beside a new line": told["beside"]["calls"],
        "fact → status, quiet": told["quiet"]["status"],
        "fact → status beside a new line": told["beside"]["status"],
    }
    turned = f", {told['turned']} of them of another level," if "turned" in told else ""
    later = f", of fact → status × {told['status_p95_ratio']:g}" if "status_p95_ratio" in told else ""
    lead = (
        f"A new monitoring line: {told['households']} households judged by it{turned} after {told['seconds']:g} s "
        f"({told['households_per_second']}/s), p95 of calls × {told['calls_p95_ratio']:g}{later}. A what-if "
        f"of the same line over all of them at the business date: {told['what_if_seconds']:g} s."
    )
    return [lead, "", *_spreads(rows)]


def _rebuilt(told: Mapping[str, Any]) -> str:
    outcome = "identical" if told["identical"] else "**different**"
    return (
        f"Rebuild of monitoring from its received log: {told['events']} events in {told['seconds']:g} s "
        f"({told['events_per_second']} events/s), {told['rows']} rows compared, {outcome}."
    )


def _spreads(rows: Mapping[str, Mapping[str, float]]) -> list[str]:
    columns = ("count", "p50", "p95", "p99", "most")
    lines = [f"| {name} | {' | '.join(f'{spread[at]:g}' for at in columns)} |" for name, spread in rows.items()]
    return ["| ms | times | p50 | p95 | p99 | most |", "|---|---|---|---|---|---|", *lines]


if __name__ == "__main__":
    files = [Path(name) for name in sys.argv[1:]]
    PAGE.write_text(page({file.stem: json.loads(file.read_text()) for file in files}))
