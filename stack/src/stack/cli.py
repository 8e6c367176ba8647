"""The `zengshou` command: one small module per verb, stable exit codes, errors in Chinese and English."""

import sys

import typer

from .commands import (
    audit,
    bench,
    chaos,
    demo,
    doctor,
    down,
    events,
    explain,
    generate,
    import_,
    letters,
    rebuild,
    reconcile,
    status,
    token,
    trace,
    trial,
    up,
)
from .exits import ExitCode, StackError
from .output import show_error

_EXIT_CODES = "退出码 exit codes: " + ", ".join(
    f"{code.value} {code.name.lower().replace('_', '-')}" for code in ExitCode
)

app = typer.Typer(
    name="zengshou",
    help="增收平台：在一台机器上运行整个平台。 The whole Zengshou platform on one machine.",
    epilog=_EXIT_CODES,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for verb in (
    up.up,
    down.down,
    status.status,
    doctor.doctor,
    token.token,
    demo.demo,
    explain.explain,
    trace.trace,
    letters.replay,
    rebuild.rebuild,
    reconcile.reconcile,
    chaos.chaos,
    generate.generate,
    bench.bench,
    trial.trial,
):
    app.command(epilog=_EXIT_CODES)(verb)
app.command("import", epilog=_EXIT_CODES)(import_.import_)
app.add_typer(events.events, name="events")
app.add_typer(audit.audit, name="audit")
app.add_typer(letters.dead_letters, name="dead-letters")


def main() -> None:
    """Run the command line; a refusal ends with its own exit code."""
    try:
        app()
    except StackError as error:
        show_error(error, as_json="--json" in sys.argv)
        sys.exit(error.code)
    except KeyboardInterrupt:
        sys.exit(ExitCode.INTERRUPTED)


if __name__ == "__main__":
    main()
