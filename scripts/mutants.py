"""`make mutants`: small errors are put into the pure rules one at a time, and the pure tests must notice each.

Works in `.mutants/`, on a copy of what it needs: `libs/income` and the rules of monitoring, one part for each of its
capabilities, with their tests that need no database. Only what changed since the last run is tried again, and where a
test changed what survived; that a test which noticed was weakened, only a run from nothing tells. Writes
docs/mutants.md, and fails where a mutant survives that `scripts/mutants.toml` does not explain.
"""

import json
import re
import subprocess
import sys
import tomllib
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.metadata import version
from os import chdir
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[1]
PLACE: Final = ROOT / ".mutants"
PAGE: Final = ROOT / "docs" / "mutants.md"
EXPLAINED: Final = ROOT / "scripts" / "mutants.toml"


@dataclass(frozen=True, slots=True)
class Part:
    """What is mutated, and the tests that judge it: all of the folder where none are named."""

    package: str
    source: str
    only: tuple[str, ...]
    tests: str
    judged_by: tuple[str, ...] = ()


# A part for each capability, judged by the tests of its own rules: stories that go through hundreds of days with every
# rule say little more, and reach everything, so that each survivor would take minutes, and finding out hours.
_JUDGED_BY: Final[dict[str, tuple[str, ...]]] = {
    "alerts": ("test_alert_steps.py", "test_care_rules.py"),
    "cases": ("test_case_steps.py", "test_case_rules.py", "test_taking_over_rules.py"),
    "dispatch": ("test_dispatch.py",),
    "help": ("test_help_rules.py",),
    "indicators": ("test_indicator_rules.py",),
    "profile": ("test_fold.py", "test_rules.py", "test_support_rules.py", "test_market_rules.py", "test_claims.py"),
    "risk": ("test_rules_on_*.py", "test_rules.py", "test_support_rules.py", "test_market_rules.py"),
    "whatif": ("test_whatif_rules.py", "test_candidates.py"),
}
PARTS: Final = {
    "income": Part("income", "libs/income/src/income", ("src/income/*.py",), "libs/income/tests"),
    **{
        f"monitoring.{name}": Part(
            "monitoring",
            "services/monitoring/src/monitoring",
            (f"src/monitoring/{name}/rules/*.py",),
            "services/monitoring/tests",
            tests,
        )
        for name, tests in _JUDGED_BY.items()
    },
}
_SETTINGS: Final = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = {only}
# Words of refusals and the table of indicators, which is what it says.
do_not_mutate = ["*/refusals.py", "*/catalogue.py"]
pytest_add_cli_args_test_selection = {tests}
use_setproctitle = false
use_git_change_detection = false
track_dependencies = false
# By the clock on the wall, which on a busy machine says little: only what runs on without end shall be taken for that.
timeout_constant = 30.0
timeout_multiplier = 4.0

[tool.pytest.ini_options]
addopts = "--import-mode=importlib -p no:cacheprovider"
asyncio_mode = "auto"
asyncio_default_fixture_loop_scope = "session"
"""
# The same few examples for every mutant: whether one survives must not be luck, and thousands have to be tried.
_CONFTEST: Final = """
import asyncio
import sys
from pathlib import Path

import hypothesis

sys.path.insert(0, str(Path(__file__).parent))
hypothesis.settings.register_profile("mutants", deadline=None, derandomize=True, database=None)
hypothesis.settings.load_profile("mutants")
REAL = {"feed", "dsns", "app"}


def pytest_collection_modifyitems(config, items):
    pure = [
        item for item in items
        if not asyncio.iscoroutinefunction(item.function) and REAL.isdisjoint(item.fixturenames)
    ]
    config.hook.pytest_deselected(items=[item for item in items if item not in pure])
    items[:] = pure
    for item in pure:
        if hasattr(item.function, "hypothesis"):
            item.function._hypothesis_internal_use_settings = hypothesis.settings(max_examples=8)
"""
_KILLED: Final = frozenset({1, 3, 24, -24, 36, 152, 255})
"""How pytest ends where a test failed, and how a mutant ends that runs on without end."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small error, and whether a test failed because of it; None = not tried yet."""

    module: str
    function: str
    change: str
    killed: bool | None


def prepare(name: str) -> Path:
    """Copy what is mutated and what judges it; a file that did not change keeps its time, so its results count on."""
    part, place = PARTS[name], PLACE / name
    _mirror(ROOT / part.source, place / "src" / part.package)
    tests = [file for file in sorted((ROOT / part.tests).glob("*.py")) if file.name != "conftest.py"]
    changed = [file.name for file in tests if _write(place / "tests" / file.name, file.read_text())]
    judges = [file.name for file in tests if any(fnmatch(file.name, pattern) for pattern in part.judged_by)]
    if any(name in judges or not name.startswith("test_") or not judges for name in changed):
        _doubt(place / "mutants")
    chosen = [f"tests/{name}" for name in judges] or ["tests"]
    settings = _SETTINGS.replace("{only}", json.dumps(part.only)).replace("{tests}", json.dumps(chosen))
    _write(place / "pyproject.toml", settings)
    _write(place / "tests" / "conftest.py", _CONFTEST)
    return place


def _mirror(source: Path, target: Path) -> None:
    for file in sorted(source.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            _write(target / file.relative_to(source), file.read_text())


def _write(file: Path, text: str) -> bool:
    if file.exists() and file.read_text() == text:
        return False
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return True


def _doubt(known: Path) -> None:
    """A result stands whatever becomes of the tests: forget what survived them, and which test reaches what."""
    (known / "mutmut-stats.json").unlink(missing_ok=True)
    for meta in known.rglob("*.meta"):
        told = json.loads(meta.read_text())
        codes = told["exit_code_by_key"]
        told["exit_code_by_key"] = {key: code if code in _KILLED else None for key, code in codes.items()}
        meta.write_text(json.dumps(told))


def read(place: Path) -> list[Mutant]:
    """All mutants of a part."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    chdir(place)
    found = []
    for meta in sorted(Path("mutants/src").rglob("*.meta")):
        source = Path(str(meta).removeprefix("mutants/").removesuffix(".meta"))
        if not source.exists():
            continue
        for key, code in json.loads(meta.read_text())["exit_code_by_key"].items():
            module, _, name = key.rpartition(".")
            killed = None if code is None else code in _KILLED
            change = _change(get_diff_for_mutant(key, path=source)) if killed is False else ""
            function = name.partition("__mutmut")[0].removeprefix("x").strip("_ǁ").replace("ǁ", ".")
            found.append(Mutant(module, function, change, killed))
    return found


def _change(diff: str) -> str:
    """What of the function is other, in a line: `was → is`."""
    lines = diff.splitlines()[2:]
    was, now = (
        " ".join(line[1:].strip() for line in lines if line.startswith(sign)).replace("`", "'") for sign in "-+"
    )
    return f"{was} → {now}"


def page(parts: dict[str, list[Mutant]], why: dict[tuple[str, str, str], str]) -> Iterator[str]:
    """docs/mutants.md, line by line."""
    mutants = [mutant for found in parts.values() for mutant in found if mutant.killed is not None]
    killed = sum(mutant.killed is True for mutant in mutants)
    yield "# Mutants"
    yield ""
    yield "Written by `make mutants`: mutmut " + version("mutmut") + " puts one small error at a time into the rules of"
    yield "monitoring and into `libs/income`, and the tests that need no database must fail. What a survivor is worth"
    yield "stands in `scripts/mutants.toml`; one that is not explained there fails the run."
    yield "A capability is judged by the tests of its own rules. Not mutated are the words of refusals and the"
    yield "catalogue of indicators."
    yield ""
    left = {name: sum(m.killed is None for m in found) for name, found in parts.items()}
    yield "Tried: " + _listed(name for name in PARTS if left.get(name) == 0) + "."
    if begun := [f"`{name}` ({number} of {len(parts[name])} left)" for name, number in left.items() if number]:
        yield "Begun: " + ", ".join(begun) + "."
    yield "Not tried: " + _listed(name for name in PARTS if name not in parts) + "."
    yield ""
    yield f"{len(mutants)} mutants, {killed} killed, {len(mutants) - killed} survived."
    yield ""
    yield "| module | mutants | killed | survivors |"
    yield "|---|---|---|---|"
    all_, dead = Counter(m.module for m in mutants), Counter(m.module for m in mutants if m.killed)
    for module in sorted(all_):
        yield f"| `{module}` | {all_[module]} | {dead[module]} | {all_[module] - dead[module]} |"
    yield ""
    yield "## Survivors"
    yield ""
    yield "| where | change | why it may live |"
    yield "|---|---|---|"
    for (module, function, change), number in sorted(Counter(_places(mutants)).items()):
        times = f" (×{number})" if number > 1 else ""
        reason = why.get((module, function, change), "**not explained**")
        yield f"| `{module}.{function}` | `{change.replace('|', chr(92) + '|')}`{times} | {reason} |"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"


def _places(mutants: Iterable[Mutant]) -> Iterator[tuple[str, str, str]]:
    return ((m.module, m.function, m.change) for m in mutants if m.killed is False)


def explanations(mutants: list[Mutant]) -> dict[tuple[str, str, str], str]:
    """Survivor → why; by its very change, else by a pattern for a family of them."""
    told = tomllib.loads(EXPLAINED.read_text())
    found = {}
    for place in set(_places(mutants)):
        module, function, change = place
        for entry in told.get("survivor", ()):
            if re.fullmatch(entry["where"], f"{module}.{function}") and re.search(entry["change"], change):
                found[place] = str(entry["why"])
                break
    return found


def main() -> int:
    """Run the parts that are named, or all; write the page of all that was ever run, tell what is not explained."""
    arguments = ArgumentParser()
    arguments.add_argument("--children", type=int, default=None, help="processes at once; one per core if left out")
    arguments.add_argument("parts", nargs="*", help="parts, or what their names begin with; all if left out")
    asked = arguments.parse_args()
    chosen = [name for name in PARTS if not asked.parts or any(f"{name}.".startswith(f"{p}.") for p in asked.parts)]
    if not chosen:
        arguments.error(f"no part is called so; there are {', '.join(PARTS)}")
    children = ["--max-children", str(asked.children)] if asked.children else []
    for name in chosen:
        ran = subprocess.run([sys.executable, "-m", "mutmut", "run", *children], cwd=prepare(name))
        if ran.returncode:
            return ran.returncode
    parts = {name: read(PLACE / name) for name in PARTS if (PLACE / name / "mutants").exists()}
    mutants = [mutant for found in parts.values() for mutant in found]
    why = explanations(mutants)
    PAGE.write_text("\n".join(page(parts, why)) + "\n")
    bare = sorted(set(_places(mutants)) - set(why))
    for module, function, change in bare:
        print(f"{module}.{function}: {change}", file=sys.stderr)
    print(f"{len(mutants)} mutants, {sum(m.killed is True for m in mutants)} killed, {len(bare)} not explained")
    return 1 if bare else 0


if __name__ == "__main__":
    raise SystemExit(main())
