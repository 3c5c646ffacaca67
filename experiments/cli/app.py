"""The command ``gongzhi``.

Exit status 0: done.  1: some runs failed, and are named.  2: something asked for cannot be done; one message
says what and why.  130: stopped with Ctrl-C, 143 by a SIGTERM, 129 by a closed terminal; the same command goes on from
there.  Nothing typed gives a traceback.
"""

import ast
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from functools import wraps
from importlib import import_module
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

from experiments.registry import KINDS

ALIASES = {"parameters": "parameter"}
"""Old spellings of options, which are still understood."""

SETTINGS: Any = {
    "add_completion": False,
    "pretty_exceptions_enable": False,
    "rich_markup_mode": None,
    "context_settings": {
        "help_option_names": ["-h", "--help"],
        "token_normalize_func": lambda word: ALIASES.get(word, word),
    },
}


COMMANDS = {
    **{name: name for name in "compare run study sweep signmap sensitivity ablate calibrate budget validate".split()},
    **dict.fromkeys(("parameters", "outcomes", "glossary"), "reference"),
    **dict.fromkeys(("diff", "merge"), "folders"),
    "fidelity": "fidelity",
    "film": "film_command",
    "report": "folders",
    "dashboard": "dashboard",
}
"""Module in which each is a function of its name."""

DISTRICT = ("check", "describe", "export", "generate", "template")
"""Of the ground, in `district_commands`."""

ARMS = ("arms", "baseline", "policy", "strategies", "strategy", "under")
"""Options and arguments that name arms, which may be typed as pages in Chinese call them."""

LONG = re.compile(r"[^\s\u3000-\u303f\uff00-\uffef]{161,}")
"""A word, name or path that would fill more than two lines of a terminal."""


UsageError: Any = typer.BadParameter.__bases__[0]
"""What is wrong with the words of a command, as the reader of options says it."""


class Stopped(KeyboardInterrupt):
    """A signal that asks the program to end: it ends as with Ctrl-C, with a status of its own."""

    status = 130


def guarded[**P](command: Callable[P, int | None]) -> Callable[P, None]:
    """Turn what a command returns into an exit status, and what a user can cause into one message."""

    @wraps(command)
    def guard(*arguments: P.args, **given: P.kwargs) -> None:
        from experiments.core.log import lines_on_stderr
        from sim.core.errors import GongzhiError, ScenarioError
        from sim.core.paths import expanded

        value: Any
        for name, value in given.items():
            if isinstance(value, Path):  # a quoted ~ was seen by no shell
                given[name] = expanded(value)
            elif name in ARMS and value and not str(value).isascii():
                from experiments.cli.arm_names import arm_of

                given[name] = arm_of(value) if isinstance(value, str) else [arm_of(word) for word in value]
        lang = language(str(given.get("lang", "en")))
        if lang != "en":
            from experiments.reporting import catalogue  # noqa: F401  adds the laboratory's messages
        try:
            if given.get("lang", "en") not in ("en", "zh"):
                raise ScenarioError(f'"{given["lang"]}" is not a language here: en or zh.')
            with lines_on_stderr("WARNING" if given.get("quiet") else "INFO", lang):
                status = command(*arguments, **given) or 0
        except GongzhiError as error:
            complain(error.text(lang), "en")
            status = 2
        except KeyboardInterrupt as stop:
            complain(str(stop) or "Stopped.", lang)
            status = Stopped.status
        except BrokenPipeError:
            # The reader, such as `head`, has seen enough; nothing more can be said to it.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = 0
        except OSError as error:
            where = f"{error.filename}: " if error.filename else ""
            complain(f"{where}{error.strerror or error}.", "en")
            status = 2
        except MemoryError:
            complain("There is not enough memory. Use fewer --workers or fewer estates.", lang)
            status = 1
        raise typer.Exit(status)

    return guard


def language(figures: str = "en") -> str:
    """Return the language in which refusals are said: that of the figures, else that of a Chinese terminal.

    English that is asked for in words is English everywhere.
    """
    languages = re.findall(r"(?<=\x00--lang[=\x00])\w+", "\x00" + "\x00".join(sys.argv))
    if languages:
        return "zh" if "zh" in (figures, languages[-1]) else "en"
    terminal = next((os.environ[name] for name in ("LC_ALL", "LC_MESSAGES", "LANG") if os.environ.get(name)), "")
    return "zh" if figures == "zh" or terminal.casefold().startswith("zh") else "en"


def complain(text: str, lang: str = "") -> None:
    """Print one message for a person to where errors go; what is very long is shortened in its middle."""
    lang = lang or language()
    if lang != "en":
        from experiments.reporting import catalogue  # noqa: F401  adds the laboratory's messages
        from sim.core.refusals import said

        text = said(text, lang)
    print(LONG.sub(lambda match: f"{match[0][:70]}…{match[0][-70:]}", text), file=sys.stderr, flush=True)


def given_nothing(words: Sequence[str]) -> str:
    """Name the first option or word that is an empty text, which as a folder would be the one where we are.

    Examples
    --------
    >>> given_nothing(["--seed=1", "--out", ""]), given_nothing(["--out="]), given_nothing(["--set=run.name="])
    ('--out ""', '--out ""', '')
    """
    for place, word in enumerate(words):
        if word.startswith("--") and word.endswith("=") and word.count("=") == 1:
            return f'{word[:-1]} ""'
        if not word.strip():
            before = words[place - 1] if place else ""
            return f'{before} "{word}"' if before.startswith("-") else f'"{word}"'
    return ""


def value_of(names: Sequence[str], words: Sequence[str]) -> str:
    """Return an option with what was typed for it, by its last mention; the name alone of what has no dashes.

    Examples
    --------
    >>> value_of(["--seed"], ["--seed", "1", "--seed=x"]), value_of(["hours"], ["x"])
    ('--seed "x"', 'hours')
    """
    for place in reversed(range(len(words))):
        name, equals, value = words[place].partition("=")
        if name in names and (equals or place + 1 < len(words)):
            return f'{name} "{value if equals else words[place + 1]}"'
    return names[0]


@contextmanager
def stoppable() -> Iterator[None]:
    """End on SIGTERM and on a closed terminal as on Ctrl-C: workers are ended, and one line says what is kept."""
    Stopped.status = 130
    before: dict[int, Any] = {}

    def stop(number: int, _frame: FrameType | None) -> None:
        Stopped.status = 128 + number
        signal.signal(number, signal.SIG_DFL)  # a second one need not wait for anything
        raise Stopped

    if threading.current_thread() is threading.main_thread():
        for name in ("SIGTERM", "SIGHUP"):
            number = getattr(signal, name, None)
            # What the caller has set aside, as nohup does, stays so.
            if number is not None and signal.getsignal(number) is signal.SIG_DFL:
                before[number] = signal.signal(number, stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


class Commands(TyperGroup):
    """The commands; one that there is not is answered with the nearest."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command that the words begin with."""
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            near = next(iter(get_close_matches(args[0], self.commands, 1)), "")
            hint = f' Did you mean "{near}"?' if near else ""
            complain(f'There is no command "{args[0]}".{hint} Choose from: {", ".join(self.commands)}.')
            raise SystemExit(2)
        return super().resolve_command(ctx, args)


app = typer.Typer(name="gongzhi", cls=Commands, no_args_is_help=True, **SETTINGS)


def say_version(value: bool) -> None:
    """Print the version, with the hash of the model's code that results carry, and stop."""
    if value:
        from sim.core.version import code_version

        print(f"gongzhi {code_version()}")
        raise typer.Exit


@app.callback()
def every(
    version: Annotated[
        bool, typer.Option("--version", callback=say_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    """A laboratory of community governance: what would estate branches change, at what cost, for whom?"""


def misread(error: Any, command: str, typed: Sequence[str]) -> bool:
    """Say in the house's words what is wrong with those of a command; return whether it is known."""
    message = error.format_message()
    value = value_of(error.param.opts, typed) if getattr(error, "param", None) else ""
    near = next(iter(getattr(error, "possibilities", None) or ()), "")
    hint = f' Did you mean "{near}"?' if near else ""
    if "valid integer" in message and value:
        complain(f"{value} must be a whole number.")
    elif "valid number" in message and value:
        complain(f"{value} must be a number.")
    elif "null character" in message and value:
        complain(f"{value} must be a name without a null.")
    elif "requires an argument" in message:
        complain(f"{error.option_name} needs a value. What it may be is listed by: gongzhi {command} --help")
    elif option := getattr(error, "option_name", ""):
        complain(f"{command} has no option {option}.{hint} All are listed by: gongzhi {command} --help")
    elif extra := re.search(r"unexpected extra arguments?(?:\(s\))? \((.*)\)", message):
        complain(f'"{extra[1]}" is more than {command} takes. What it takes is listed by: gongzhi {command} --help')
    else:
        return False
    return True


def attach(name: str, text: str | None, module: str = "", to: typer.Typer = app) -> None:
    """Add a command, with its text in the list of commands, whose module is imported when it is used.

    In the module a function of its name takes its options in groups; without one, the command of an analysis of the
    registry is made from its spec.
    """

    class Late(TyperCommand):
        def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
            from experiments.cli.from_spec import command_of, grouped

            if nothing := given_nothing(args):
                complain(f"{nothing} is empty: give a text, or leave it out. A variable that stands there is not set.")
                raise SystemExit(2)
            if sum(word == "--plugin" or word.startswith("--plugin=") for word in args) > 1:
                complain("--plugin was given twice, and one file is read: put all strategies and components into it.")
                raise SystemExit(2)
            command = getattr(import_module(f"experiments.cli.{module}"), name) if module else command_of(name)
            application = typer.Typer(**SETTINGS)
            application.command(name)(guarded(grouped(command)))
            typed = list(args)  # those that are read leave the list
            try:
                return get_command(application).make_context(info_name, args, parent, **extra)
            except UsageError as error:
                if not misread(error, name, typed):
                    raise
                raise SystemExit(2) from None

    to.command(name, cls=Late, help=text)(lambda: None)


def docstring(module: str, name: str) -> str | None:
    """Return what a command says of itself, without importing what it needs."""
    body = ast.parse(Path(__file__).with_name(f"{module}.py").read_text(encoding="utf-8")).body
    return next(ast.get_docstring(part) for part in body if isinstance(part, ast.FunctionDef) and part.name == name)


for name, module in COMMANDS.items():
    attach(name, docstring(module, name), module)
for name, kind in KINDS.items():
    if kind.command:
        attach(name, kind.command)
grounds = typer.Typer(
    help="The ground: check your own table, describe it, or make one up.", cls=Commands, no_args_is_help=True
)
for name in DISTRICT:
    attach(name, docstring("district_commands", name), "district_commands", grounds)
app.add_typer(grounds, name="district")


def main() -> None:
    """Run the command line."""
    # Before NumPy is read: processes share the work, and threads beneath them could change a last digit.
    for library in ("OMP", "OPENBLAS", "MKL"):
        os.environ[f"{library}_NUM_THREADS"] = "1"
    # Figures go to files: a backend that a notebook or a shell has named for itself is none of theirs.
    os.environ["MPLBACKEND"] = "Agg"
    # What is started from here looks for its libraries in no folder of the user's, where a `queue.py` may lie.
    os.environ["PYTHONSAFEPATH"] = "1"
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        with stoppable():
            app()
    except KeyboardInterrupt:
        complain("Stopped.")
        raise SystemExit(Stopped.status) from None
    except Exception as error:
        if os.environ.get("GONGZHI_DEBUG"):
            raise
        complain(
            f"gongzhi met an error that it did not expect: {type(error).__name__}: {error}\n"
            "This is a fault of the software. Please report it, with what it prints under GONGZHI_DEBUG=1."
        )
        raise SystemExit(1) from None
