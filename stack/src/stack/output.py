"""What commands print: results on standard output, progress and errors on standard error."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.table import Table

from .exits import StackError
from .supervisor.telling import Tell


def show_json(result: Any) -> None:
    """The whole result as one JSON document."""
    sys.stdout.write(json.dumps(result, ensure_ascii=False, indent=1) + "\n")
    sys.stdout.flush()


def show_line(text: str) -> None:
    """One line of a result."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def show_table(columns: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Aligned columns, with colours on a terminal only."""
    table = Table(*columns, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*row)
    Console(soft_wrap=True).print(table)


def show_error(error: StackError, *, as_json: bool) -> None:
    """Both languages; with `--json` as a document on standard output, so that scripts need one parser only."""
    if as_json:
        show_json(
            {
                "error": error.code.name.lower().replace("_", "-"),
                "exit_code": int(error.code),
                "zh": error.zh,
                "en": error.en,
            }
        )
    else:
        sys.stderr.write(f"错误：{error.zh}\nerror: {error.en}\n")


@contextmanager
def progress() -> Iterator[Tell]:
    """A spinner on a terminal, plain lines elsewhere."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield lambda zh, en: console.print(f"== {zh} · {en}", markup=False, highlight=False, soft_wrap=True)
        return
    with console.status("") as spinner:

        def tell(zh: str, en: str) -> None:
            spinner.update(f"{zh} · {en}")

        yield tell
