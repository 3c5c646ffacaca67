"""The command ``gongzhi``.

Exit status 0: done.  1: some runs failed, and are named.  2: something asked for cannot be done; one message
says what and why.  130: stopped with Ctrl-C; the same command goes on from there.  Nothing typed gives a
traceback.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer

from experiments.commands import (
    ablate,
    budget,
    calibrate,
    compare,
    district,
    parameters,
    report,
    run,
    sensitivity,
    signmap,
    study,
    sweep,
    validate,
)

__all__ = ["app", "main"]

app = typer.Typer(
    name="gongzhi",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def guarded[**P](command: Callable[P, int | None]) -> Callable[P, None]:
    """Turn what a command returns into an exit status, and what a user can cause into one message."""

    @wraps(command)
    def guard(*arguments: P.args, **options: P.kwargs) -> None:
        from sim.errors import GongzhiError

        try:
            status = command(*arguments, **options) or 0
        except GongzhiError as error:
            complain(str(error))
            status = 2
        except KeyboardInterrupt as stop:
            complain(str(stop) or "Stopped.")
            status = 130
        except BrokenPipeError:
            # The reader, such as `head`, has seen enough; nothing more can be said to it.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = 0
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            complain(f"{where}{error.strerror or error}.")
            status = 2
        except MemoryError:
            complain("There is not enough memory. Use fewer --workers or fewer estates.")
            status = 1
        raise typer.Exit(status)

    return guard


def complain(text: str) -> None:
    """Print one message for a person to where errors go."""
    print(text, file=sys.stderr, flush=True)


def say_version(wanted: bool) -> None:
    """Print the version, with the hash of the model's code that results carry, and stop."""
    if wanted:
        from sim.about import code_version

        print(f"gongzhi {code_version()}")
        raise typer.Exit


@app.callback()
def every(
    version: Annotated[
        bool, typer.Option("--version", callback=say_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """A laboratory of community governance: what would estate branches change, at what cost, for whom?"""


def attach(name: str, command: Callable[..., Any], to: typer.Typer = app) -> None:
    """Make a function a command."""
    to.command(name)(guarded(command))


attach("compare", compare.compare)
attach("run", run.run)
attach("study", study.study)
attach("sweep", sweep.sweep)
attach("signmap", signmap.signmap)
attach("sensitivity", sensitivity.sensitivity)
attach("ablate", ablate.ablate)
attach("calibrate", calibrate.calibrate)
attach("budget", budget.budget)
attach("validate", validate.validate)
attach("parameters", parameters.parameters)
attach("report", report.report)
grounds = typer.Typer(
    help="The ground: check your own table, describe it, or make one up.", no_args_is_help=True
)
attach("check", district.check, grounds)
attach("describe", district.describe, grounds)
attach("generate", district.generate, grounds)
app.add_typer(grounds, name="district")


def main() -> None:
    """Run the command line."""
    # Before NumPy is read: processes share the work, and threads beneath them could change a last digit.
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    # Figures go to files: a backend that a notebook or a shell has named for itself is none of theirs.
    os.environ["MPLBACKEND"] = "Agg"
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        app()
    except KeyboardInterrupt:
        complain("Stopped.")
        raise SystemExit(130) from None
    except Exception as error:
        if os.environ.get("GONGZHI_DEBUG"):
            raise
        complain(
            f"gongzhi met an error that it did not expect: {type(error).__name__}: {error}\n"
            "This is a fault of the software. Please report it, with what it prints under GONGZHI_DEBUG=1."
        )
        raise SystemExit(1) from None
