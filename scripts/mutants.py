"""`make mutants`: small errors are put into the pure rules one at a time, and the pure tests must notice each.

Works in `.mutants/`, on a copy of what it needs: `libs/income` and the rules of monitoring, one part for each of its
capabilities, with their tests that need no database. Only what changed since the last run is tried again, and where a
test changed what survived; that a test which noticed was weakened, only a run from nothing tells. What a part came to
is kept in docs/mutants/, docs/mutants.md is written from all that is kept, and the run fails where a mutant survives
that `scripts/mutants.toml` does not explain.
"""

import json
import re
import subprocess
import sys
import tomllib
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from hashlib import sha256
from os import chdir
from pathlib import Path
from typing import Final, NamedTuple

ROOT: Final = Path(__file__).parents[1]
PLACE: Final = ROOT / ".mutants"
PAGE: Final = ROOT / "docs" / "mutants.md"
KEPT: Final = ROOT / "docs" / "mutants"
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
    "counterfactual": ("test_counterfactual.py",),
    "delivery": ("test_delivery_rules.py", "test_delivery.py"),
    "dispatch": ("test_dispatch.py",),
    "help": ("test_help_rules.py",),
    "indicators": ("test_indicator_rules.py", "test_indicator_counts.py"),
    "policy": ("test_policy.py",),
    "profile": ("test_fold.py", "test_rules.py", "test_support_rules.py", "test_market_rules.py", "test_claims.py"),
    "risk": ("test_rules_on_*.py", "test_rules.py", "test_support_rules.py", "test_market_rules.py"),
    "whatif": ("test_whatif_rules.py", "test_candidates.py", "test_kept.py"),
}
PARTS: Final = {
    "income": Part("income", "libs/income/src/income", ("src/income/*.py",), "libs/income/tests"),
    **{
        f"monitoring.{name}": Part(
            "monitoring",
            "services/monitoring/src/monitoring",
            (f"src/monitoring/{name}/rules/*.py", f"src/monitoring/{name}/rules.py"),
            "services/monitoring/tests",
            tests,
        )
        for name, tests in _JUDGED_BY.items()
    },
}
_NEVER: Final = ("*/refusals.py", "*/catalogue.py")
"""Words of refusals and the table of indicators, which is what it says."""

_SETTINGS: Final = """
[tool.mutmut]
source_paths = ["src"]
only_mutate = {only}
do_not_mutate = {never}
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
            # That a test fails is enough: nobody reads the smallest example, and looking for it takes most of the time.
            item.function._hypothesis_internal_use_settings = hypothesis.settings(
                max_examples=8, phases=(hypothesis.Phase.explicit, hypothesis.Phase.generate)
            )
"""
_KILLED: Final = frozenset({1, 3, 24, -24, 36, 152, 255})
"""How pytest ends where a test failed, and how a mutant ends that runs on without end."""


class Survivor(NamedTuple):
    """One small error that no test noticed."""

    module: str
    function: str
    change: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What a part came to.

    Attributes:
        sources: digest of what was mutated.
        modules: module → how many `mutants` it had, and how many were `killed`.
        survivors: those that were not, in order.
    """

    sources: str
    modules: dict[str, dict[str, int]]
    survivors: list[Survivor]


def prepare(name: str) -> Path:
    """Copy what is mutated and what judges it; a file that did not change keeps its time, so its results count on."""
    part, place = PARTS[name], PLACE / name
    _mirror(ROOT / part.source, place / "src" / part.package)
    tests = [file for file in sorted((ROOT / part.tests).glob("*.py")) if file.name != "conftest.py"]
    changed = [file.name for file in tests if _write(place / "tests" / file.name, file.read_text())]
    judges = [file.name for file in tests if any(fnmatch(file.name, pattern) for pattern in part.judged_by)]
    chosen = [f"tests/{name}" for name in judges] or ["tests"]
    settings = _SETTINGS
    for mark, value in (("{only}", part.only), ("{never}", _NEVER), ("{tests}", chosen)):
        settings = settings.replace(mark, json.dumps(value))
    other = _write(place / "pyproject.toml", settings) | _write(place / "tests" / "conftest.py", _CONFTEST)
    if other or any(name in judges or not name.startswith("test_") or not judges for name in changed):
        _doubt(place / "mutants")
    return place


def _mirror(source: Path, target: Path) -> None:
    for file in sorted(source.rglob("*")):
        if file.is_file() and "__pycache__" not in file.parts:
            _write(target / file.relative_to(source), file.read_text())
    # What is gone from the sources is no longer a part of what is tried.
    for file in target.rglob("*.py"):
        if not (source / file.relative_to(target)).exists():
            file.unlink()


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


def read(name: str) -> Tried | None:
    """What a part came to; None where it was not tried to the end."""
    from mutmut.mutation.diff_apply import get_diff_for_mutant

    chdir(PLACE / name)
    mutants, killed, survivors = Counter[str](), Counter[str](), []
    for meta in sorted(Path("mutants/src").rglob("*.meta")):
        source = Path(str(meta).removeprefix("mutants/").removesuffix(".meta"))
        if not source.exists():
            continue
        for key, code in json.loads(meta.read_text())["exit_code_by_key"].items():
            if code is None:
                return None
            module, _, mutant = key.rpartition(".")
            mutants[module] += 1
            if code in _KILLED:
                killed[module] += 1
            else:
                function = mutant.partition("__mutmut")[0].removeprefix("x").strip("_ǁ").replace("ǁ", ".")
                survivors.append(Survivor(module, function, _change(get_diff_for_mutant(key, path=source))))
    modules = {module: {"mutants": mutants[module], "killed": killed[module]} for module in sorted(mutants)}
    return Tried(digest(PLACE / name, PARTS[name]), modules, sorted(survivors))


def digest(place: Path, part: Part) -> str:
    """Of the sources of a part that are mutated, in the repository or in a copy."""
    found = sha256()
    for file in sorted(file for pattern in part.only for file in place.glob(pattern)):
        if not any(fnmatch(str(file), pattern) for pattern in _NEVER):
            found.update(f"{file.name}\n{file.read_text()}\n".encode())
    return found.hexdigest()


def _change(diff: str) -> str:
    """What of the function is other, in a line: `was → is`."""
    lines = diff.splitlines()[2:]
    was, now = (
        " ".join(line[1:].strip() for line in lines if line.startswith(sign)).replace("`", "'") for sign in "-+"
    )
    return f"{was} → {now}"


def keep(name: str, tried: Tried) -> None:
    """In the repository, since `.mutants/` is forgotten with the clone: the next run tries other parts elsewhere."""
    told = asdict(tried) | {"survivors": [survivor._asdict() for survivor in tried.survivors]}
    KEPT.mkdir(exist_ok=True)
    (KEPT / f"{name}.json").write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n")


def kept() -> dict[str, Tried]:
    """All that was ever tried, by part."""
    found = {}
    for name in PARTS:
        if (file := KEPT / f"{name}.json").exists():
            told = json.loads(file.read_text())
            survivors = [Survivor(**survivor) for survivor in told["survivors"]]
            found[name] = Tried(told["sources"], told["modules"], survivors)
    return found


def page(parts: dict[str, Tried], why: dict[Survivor, str]) -> Iterator[str]:
    """docs/mutants.md, line by line."""
    now = {name: digest((ROOT / part.source).parents[1], part) for name, part in PARTS.items()}
    older = [name for name, tried in parts.items() if tried.sources != now[name]]
    yield "# Mutants"
    yield ""
    yield "Written by `make mutants`: mutmut puts one small error at a time into the rules of monitoring and into"
    yield "`libs/income`, and the tests that need no database must fail. What a survivor is worth stands in"
    yield "`scripts/mutants.toml`; one that is not explained there fails the run. What each part came to is kept in"
    yield "`docs/mutants/`. A capability is judged by the tests of its own rules. Not mutated are the words of refusals"
    yield "and the catalogue of indicators."
    yield ""
    yield "Tried: " + _listed(name for name in parts if name not in older) + "."
    yield "Tried on older code, and changed since: " + _listed(older) + "."
    yield "Not tried: " + _listed(name for name in PARTS if name not in parts) + "."
    yield ""
    modules = {module: counts for tried in parts.values() for module, counts in tried.modules.items()}
    mutants, killed = (sum(counts[what] for counts in modules.values()) for what in ("mutants", "killed"))
    yield f"{mutants} mutants, {killed} killed, {mutants - killed} survived."
    yield ""
    yield "| module | mutants | killed | survivors |"
    yield "|---|---|---|---|"
    for module, counts in sorted(modules.items()):
        survived = counts["mutants"] - counts["killed"]
        yield f"| `{module}` | {counts['mutants']} | {counts['killed']} | {survived} |"
    yield ""
    yield "## Survivors"
    yield ""
    yield "| where | change | why it may live |"
    yield "|---|---|---|"
    for survivor, number in sorted(Counter(_survivors(parts)).items()):
        times = f" (×{number})" if number > 1 else ""
        change = survivor.change.replace("|", "\\|")
        reason = why.get(survivor, "**not explained**")
        yield f"| `{survivor.module}.{survivor.function}` | `{change}`{times} | {reason} |"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"


def _survivors(parts: dict[str, Tried]) -> list[Survivor]:
    return [survivor for tried in parts.values() for survivor in tried.survivors]


def explanations(survivors: Iterable[Survivor]) -> dict[Survivor, str]:
    """Survivor → why; by its very change, else by a pattern for a family of them."""
    told = tomllib.loads(EXPLAINED.read_text())
    found = {}
    for survivor in survivors:
        where = f"{survivor.module}.{survivor.function}"
        for entry in told.get("survivor", ()):
            if re.fullmatch(entry["where"], where) and re.search(entry["change"], survivor.change):
                found[survivor] = str(entry["why"])
                break
    return found


def main() -> int:
    """Run the parts that are named, or all; write the page of all that was ever run, tell what is not explained."""
    arguments = ArgumentParser()
    arguments.add_argument("--children", type=int, default=None, help="processes at once; one per core if left out")
    arguments.add_argument("--page", action="store_true", help="run nothing, write the page from what is kept")
    arguments.add_argument("parts", nargs="*", help="parts, or what their names begin with; all if left out")
    asked = arguments.parse_args()
    chosen = [name for name in PARTS if not asked.parts or any(f"{name}.".startswith(f"{p}.") for p in asked.parts)]
    if not chosen:
        arguments.error(f"no part is called so; there are {', '.join(PARTS)}")
    children = ["--max-children", str(asked.children)] if asked.children else []
    for name in () if asked.page else chosen:
        ran = subprocess.run([sys.executable, "-m", "mutmut", "run", *children], cwd=prepare(name))
        tried = read(name) if ran.returncode == 0 else None
        if tried is None:
            print(f"{name} was not tried to the end; the next run goes on there", file=sys.stderr)
            return ran.returncode or 1
        keep(name, tried)
    return tell(kept())


def tell(parts: dict[str, Tried]) -> int:
    """Write the page, and name what nobody explained."""
    survivors = _survivors(parts)
    why = explanations(survivors)
    PAGE.write_text("\n".join(page(parts, why)) + "\n")
    bare = sorted(set(survivors) - set(why))
    for module, function, change in bare:
        print(f"{module}.{function}: {change}", file=sys.stderr)
    print(f"{len(survivors)} survived, {len(bare)} not explained")
    return 1 if bare else 0


if __name__ == "__main__":
    raise SystemExit(main())
