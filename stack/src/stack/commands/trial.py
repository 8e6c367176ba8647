"""`zengshou trial`: who of the rules and plain thresholds sees the troubles of an invented city, and who cries wolf."""

from pathlib import Path
from typing import Annotated

import typer

from ..output import progress, show_json
from ..trial.page import page
from ..trial.run import trial as watched


def trial(
    households: Annotated[int, typer.Option(min=1, help="户数。 How many families.")] = 3_000,
    seed: Annotated[int, typer.Option(min=0, help="随机种子。 The same seed gives the same result.")] = 1,
    out: Annotated[Path | None, typer.Option("--page", help="另写成页面。 Write the page too.")] = None,
) -> None:
    """真相已知的虚构城市：各规则的查准率与查全率。 Precision and recall of each rule beside plain thresholds."""
    with progress() as tell:
        tell(f"监测 {households} 户一年", f"a year of {households} families")
        found = watched(households, seed)
    if out:
        out.write_text(page(found, households, seed))
    show_json(found)
