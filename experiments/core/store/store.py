"""The store: a folder that holds an experiment, whole at every moment.

::

    experiment.json    question, design, versions, revision, command, seeds, checksums, complete or not
    design.parquet     one row per run
    scenario.toml      the scenario that the arms change
    district-0.csv     the ground
    runs/<key>.parquet          a run's outcomes, one row per week
    runs/<key>.estates.parquet  its means per estate after the start, for maps
    runs/<key>.hours.npz        the hours that its policy took, where a control replays them
    runs/<key>.json             written last: the run is done or failed, with checksums of its files
    table.csv  runs.csv  figures/  report.html  timings.csv

The key is a hash of scenario, district, seed, strategies and model version, so a file that is there is the
answer to its question whoever asks.  A run exists when its `.json` does and all checksums agree; anything
else is run again.  What describes the experiment is made again from what is asked for, where it was damaged.  No
clock and no date of a file decides anything.  All tables are readable, while the experiment runs, by pandas,
Polars, DuckDB or R.
"""

from __future__ import annotations

import io
import json
import os
import shutil
import tempfile
import weakref
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
import pyarrow

from experiments.core.design.design import Design
from experiments.core.log import log
from experiments.core.store import checked_json, mismatch
from experiments.core.store.checked_json import checksum
from experiments.core.store.files import TEMPORARY, from_parquet, hold, remove_leftovers, replace_file, to_parquet
from experiments.core.store.shape import misfit
from sim.core.errors import StoreError, refusal
from sim.core.paths import expanded

FORMAT = 1
Status = Literal["done", "failed", "missing"]


class Tally(NamedTuple):
    """How many runs ended well, how many failed, and how many there are to be.

    Examples
    --------
    >>> Tally(done=9, failed=1, planned=12).failed
    1
    """

    done: int
    failed: int
    planned: int


class Store:
    """An experiment's folder, which need not exist before something is written.

    Examples
    --------
    >>> from experiments import Store
    >>> Store("results/none-yet").folder.name
    'none-yet'
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = expanded(folder)
        self.runs = self.folder / "runs"

    def __repr__(self) -> str:
        return f"Store({str(self.folder)!r})"

    @contextmanager
    def claim(self, design: Design, extend: bool = False) -> Iterator[Design]:
        """Make or join the folder's experiment and keep others out of it.

        Yields the design to run: the given one in the stored order, and what the folder has besides.  With `extend`,
        more replicates, districts or arms may be given than the folder holds; they are run beside those.  A folder that
        cannot be written, in which another process is at work, or that holds another experiment is refused.
        """
        try:
            self.runs.mkdir(parents=True, exist_ok=True)
            for folder in (self.folder, self.runs):
                trial = folder / ".trial"
                trial.write_bytes(b"")
                trial.unlink()
        except OSError as error:
            raise unwritable(self.folder, error) from None
        with hold(self.folder / ".lock"):
            undescribed = self._is_undescribed()
            listed = self._listed() if undescribed else set()
            if listed or (undescribed and any(self.runs.glob("*.json"))):
                self._take_over({run.key for run in design.runs}, listed, extend)
            elif (self.folder / "experiment.json").exists():
                design = self._checked_against_stored(design, self.read().get("design"), extend)
            else:
                refuse_strangers(self.folder)
            remove_leftovers(self.runs)
            remove_leftovers(self.folder)
            yield design
            # A worker that was killed while it wrote, and whose run another one did, has left half a file.
            remove_leftovers(self.runs)

    def _is_undescribed(self) -> bool:
        """Return whether nothing that can be read says of what experiment the folder is."""
        try:
            return checked_json.is_damaged((self.folder / "experiment.json").read_bytes())
        except FileNotFoundError:
            return True
        except OSError:
            return False

    def _take_over(self, keys: set[str], listed: set[str], extend: bool) -> None:
        """Put a damaged `experiment.json` aside, if the folder's runs are those that are asked for.

        A run's file is named by a hash of all that it depends on, so that the command that began the experiment finds
        its runs again.  Another one is refused: what is left are the keys of runs, which are `listed` as far as the
        design can be read, and nothing that could tell what else the folder was for.
        """
        path = self.folder / "experiment.json"
        state = "is damaged" if path.exists() else "is gone"
        held = listed or {place.stem for place in self.runs.glob("*.json")}
        if held - keys or (listed and not extend and keys - held):
            raise StoreError(
                f"{path} {state}, and what is asked for is not what {self.folder} holds: {len(held - keys)} of its "
                f"{len(held)} runs are not asked for, and {len(keys - held)} are new. Give the command that began it, "
                "or another folder (--out, or out= in Python)."
            )
        if path.exists():
            os.replace(path, path.with_name("experiment.json.damaged"))
            state += " (it is kept as experiment.json.damaged)"
        log.warning(f"{path} {state}. It is made again from what is asked for; the runs that ended are kept.")

    def _listed(self) -> set[str]:
        """Keys of all runs that the folder was for, as far as its design can be read."""
        try:
            return set(self.design_table()["run"])
        except (StoreError, KeyError, ValueError):  # a changed byte may be no text
            return set()

    def _checked_against_stored(self, design: Design, stored: Mapping[str, Any] | None, extend: bool) -> Design:
        if stored is None:
            raise StoreError(
                f"{self.folder} holds an analysis of several steps, each in a folder of its own. "
                "Give another folder (--out, or out= in Python)."
            )
        # As it looks once it has been written and read.
        record = json.loads(json.dumps(design.record()))
        firm, growth = mismatch.design_differences(stored, record)
        if firm or (growth and not extend):
            advice = refusal("Give another folder (--out, or out= in Python).")
            if not firm:
                advice = refusal(
                    "Give another folder (--out, or out= in Python), or add to what is there with --extend (compare, "
                    "sweep, validate)."
                )
            differences = "".join(f"\n  - {text}" for text in [*firm, *growth])
            raise StoreError(f"{self.folder} holds another experiment. It differs in:{differences}\n{advice}")
        return design.joined(stored["arms"], stored["replicates"])

    def read(self) -> dict[str, Any]:
        """Return what `experiment.json` says.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().store.read()["baseline"]
        'none'
        """
        path = self.folder / "experiment.json"
        try:
            data = path.read_bytes()
            content = json.loads(data)
        except FileNotFoundError:
            raise StoreError(f"{self.folder} holds no experiment: there is no {path}.") from None
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{path} cannot be read: {error}. Give another folder (--out, or out= in Python)."
            ) from None
        if not isinstance(content, dict) or content.get("format") != FORMAT:
            raise StoreError(f"{path} is not an experiment of this version of the laboratory.")
        if checked_json.is_damaged(data):
            raise StoreError(f"{path} is damaged. The command that made it makes it again; the runs are kept.")
        if entry := misfit(content):
            raise StoreError(
                f"{path} is not as this version of the laboratory writes it: {entry} is missing or of another kind. "
                "Give another folder (--out, or out= in Python)."
            )
        return content

    def write(self, name: str, data: bytes | str) -> Path:
        """Write a file of the experiment, whole or not at all.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().store.write("notes.txt", "Asked on Monday.").name
        'notes.txt'
        """
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        self._put(path, data.encode() if isinstance(data, str) else data)
        return path

    def _put(self, path: Path, data: bytes, listed: bool = True) -> None:
        try:
            replace_file(path, data, listed)
        except OSError as error:
            raise self._cannot(error) from error

    def _cannot(self, error: OSError) -> Exception:
        return StoreError(
            f"Results could not be written to {self.folder}: {error.strerror or error}. What was finished is kept; "
            "once the folder can be written, the same command goes on from there."
        )

    def begin(self, design: Design, info: Mapping[str, Any]) -> None:
        """Write down what is going to be run.

        `experiment.json` comes first, since it makes the folder one of ours, to be continued after any
        interruption; the others are written again as long as runs are missing.
        """
        self.describe(design, info, complete=False)
        self.mend(design)

    def mend(self, design: Design) -> list[str]:
        """Write what lies beside `experiment.json` where it is not as it should be; return the names."""
        written = []
        table = design.to_frame()
        try:  # by its content, since other versions of a library write other bytes
            listed = self.design_table().equals(table)
        except StoreError:
            listed = False
        if not listed:
            self.write("design.parquet", to_parquet(table))
            written.append("design.parquet")
        for number, ground in enumerate(design.grounds):
            written += self.write_through(f"district-{number}.csv", ground.to_csv)
        return written + self.write_through("scenario.toml", design.scenario.save)

    def write_through(self, name: str, save: Callable[[Path], Any]) -> list[str]:
        """Write what `save` writes to a path, unless it is there already; return the name where it was not."""
        temporary = self.folder / f".{name}.tmp{Path(name).suffix}"
        try:
            save(temporary)
            data, path = temporary.read_bytes(), self.folder / name
            if path.exists() and path.read_bytes() == data:
                return []
            self.write(name, data)
            return [name]
        except OSError as error:
            raise self._cannot(error) from error
        finally:
            with suppress(OSError):
                temporary.unlink()

    def describe(self, design: Design, info: Mapping[str, Any], complete: bool) -> None:
        """Write `experiment.json`."""
        seeds = sorted({(run.district, run.replicate, run.seed) for run in design.runs})
        ended = filter(None, map(self.record, sorted({run.key for run in design.runs})))
        content = {
            "format": FORMAT,
            **info,
            "complete": complete,
            "baseline": design.baseline,
            "warmup": design.start,
            "design": design.record(),
            "seeds": [{"district": d, "replicate": r, "seed": str(seed)} for d, r, seed in seeds],
            "checksums": {name: kept for record in ended for name, kept in record["files"].items()},
        }
        self.write("experiment.json", checked_json.to_bytes(content))

    def status(self, key: str) -> Status:
        """Return whether a run is done, has failed or is missing; half-written and damaged ones are missing.

        Examples
        --------
        >>> from experiments import ready
        >>> result = ready.comparison()
        >>> result.store.status(result.design["run"][0]), result.store.status("another")
        ('done', 'missing')
        """
        record = self.record(key)
        if record is None:
            return "missing"
        try:
            sound = all(checksum((self.runs / name).read_bytes()) == kept for name, kept in record["files"].items())
        except OSError:
            sound = False
        return "missing" if not sound else "done" if record["status"] == "done" else "failed"

    def tally(self) -> Tally:
        """Count the runs of the design by what was noted of them.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().store.tally()
        Tally(done=4, failed=0, planned=4)
        """
        keys = set(self.design_table()["run"])
        ended = [record["status"] for key in keys if (record := self.record(key)) is not None]
        return Tally(ended.count("done"), ended.count("failed"), len(keys))

    def damaged(self, keys: Iterable[str]) -> list[str]:
        """Name the runs that were finished and whose files are not what they were.

        Examples
        --------
        >>> from experiments import ready
        >>> result = ready.comparison()
        >>> result.store.damaged(result.design["run"])
        []
        """
        return [key for key in keys if (self.runs / f"{key}.json").exists() and self.status(key) == "missing"]

    def record(self, key: str) -> dict[str, Any] | None:
        """Return what was noted of a run when it ended: status, message, warnings, checksums.

        Examples
        --------
        >>> from experiments import ready
        >>> result = ready.comparison()
        >>> result.store.record(result.design["run"][0])["status"]
        'done'
        """
        try:
            return checked_json.from_bytes((self.runs / f"{key}.json").read_bytes())
        except OSError:
            return None

    def save(
        self,
        key: str,
        outcomes: pd.DataFrame,
        estates: pd.DataFrame | None = None,
        hours: np.ndarray | None = None,
        warnings: Sequence[str] = (),
    ) -> None:
        """Store a finished run; its record comes last, so that a run is there whole or not at all.

        Examples
        --------
        >>> from experiments import ready
        >>> store = ready.comparison().store
        >>> store.save("saved", pd.DataFrame({"week": [0, 1], "filed": [2.0, 3.0]}))
        >>> store.status("saved")
        'done'
        """
        files = {f"{key}.parquet": to_parquet(outcomes)}
        if estates is not None:
            files[f"{key}.estates.parquet"] = to_parquet(estates)
        if hours is not None:
            buffer = io.BytesIO()
            np.savez_compressed(buffer, hours=hours)
            files[f"{key}.hours.npz"] = buffer.getvalue()
        for name, data in files.items():
            self._put(self.runs / name, data, listed=False)
        sums = {name: checksum(data) for name, data in files.items()}
        self._note(key, {"status": "done", "warnings": list(warnings), "files": sums})

    def fail(self, key: str, message: str, warnings: Sequence[str] = ()) -> None:
        """Store that a run failed, and why.

        Examples
        --------
        >>> from experiments import ready
        >>> store = ready.comparison().store
        >>> store.fail("failed", "no hours")
        >>> store.status("failed"), store.record("failed")["message"]
        ('failed', 'no hours')
        """
        self._note(key, {"status": "failed", "message": message, "warnings": list(warnings), "files": {}})

    def _note(self, key: str, record: Mapping[str, Any]) -> None:
        self._put(self.runs / f"{key}.json", checked_json.to_bytes(record))

    def copy(self, key: str, other: Store) -> None:
        """Copy a run that has ended from another store; its record comes last.

        Examples
        --------
        >>> from experiments import ready
        >>> store = ready.comparison().store
        >>> store.copy(store.design_table()["run"][0], store)
        >>> store.tally().done
        4
        """
        for name in (other.record(key) or {"files": {}})["files"]:
            self._put(self.runs / name, (other.runs / name).read_bytes(), listed=False)
        self._put(self.runs / f"{key}.json", (other.runs / f"{key}.json").read_bytes())

    def forget(self, key: str) -> None:
        """Remove the record of a run, so that it is run again.

        Examples
        --------
        >>> from experiments import ready
        >>> store = ready.comparison().store
        >>> store.fail("forgotten", "no hours")
        >>> store.forget("forgotten")
        >>> store.status("forgotten")
        'missing'
        """
        with suppress(FileNotFoundError):
            (self.runs / f"{key}.json").unlink()

    def outcomes(self, key: str, columns: Sequence[str] | None = None) -> pd.DataFrame:
        """Read a run's outcomes, one row per week; all columns, or some.

        Examples
        --------
        >>> from experiments import ready
        >>> result = ready.comparison()
        >>> result.store.outcomes(result.design["run"][0], ["week", "filed"]).shape
        (8, 2)
        """
        return self._table(self.runs / f"{key}.parquet", columns).to_pandas(use_threads=False)

    def means(self, key: str, columns: Sequence[str], start: int) -> np.ndarray:
        """Means of a run's outcomes over weeks from `start` on that are known, shape (columns,); NaN where none is.

        Examples
        --------
        >>> from experiments import ready
        >>> result = ready.comparison()
        >>> result.store.means(result.design["run"][0], ["filed", "conflicts"], start=4).shape
        (2,)
        """
        table = self._table(self.runs / f"{key}.parquet", ["week", *columns])
        late = table["week"].to_numpy() >= start
        columns_late = (table[name].to_numpy().astype(np.float64)[late] for name in columns)
        known = [values[~np.isnan(values)] for values in columns_late]
        return np.array([values.mean() if values.size else np.nan for values in known], dtype=np.float64)

    def estates(self, key: str) -> pd.DataFrame | None:
        """Read a run's means per estate, where they were recorded.

        Examples
        --------
        >>> from experiments import ready
        >>> result = ready.comparison()
        >>> len(result.store.estates(result.design["run"][0]))
        3
        """
        path = self.runs / f"{key}.estates.parquet"
        return self._table(path).to_pandas(use_threads=False) if path.exists() else None

    def design_table(self) -> pd.DataFrame:
        """Read the design, a row per run.

        Examples
        --------
        >>> from experiments import ready
        >>> ready.comparison().store.design_table()["arm"].tolist()
        ['none', 'full', 'none', 'full']
        """
        return self._table(self.folder / "design.parquet").to_pandas(use_threads=False)

    def _table(self, path: Path, columns: Sequence[str] | None = None) -> pyarrow.Table:
        try:
            return from_parquet(path, columns)
        except KeyError as error:
            raise StoreError(f"{path}: {error.args[0]}.") from None
        except (OSError, pyarrow.ArrowException) as error:
            why = "there is none" if isinstance(error, FileNotFoundError) else "it is damaged"
            raise StoreError(f"{path} cannot be read: {why}. The command that made it makes it again.") from None

    def has_hours(self, key: str) -> bool:
        """Return whether the hours of a run were kept.

        Examples
        --------
        >>> from experiments import ready
        >>> result = ready.comparison()
        >>> result.store.has_hours(result.design["run"][0])
        False
        """
        record = self.record(key)
        return record is not None and f"{key}.hours.npz" in record["files"]

    def hours(self, key: str) -> np.ndarray:
        """Read the hours that a run's policy took, by week and estate.

        Examples
        --------
        >>> from experiments import ready
        >>> store = ready.comparison().store
        >>> store.save("control", pd.DataFrame({"week": [0, 1]}), hours=np.zeros((2, 3)))
        >>> store.hours("control").shape
        (2, 3)
        """
        with np.load(self.runs / f"{key}.hours.npz", allow_pickle=False) as file:
            return file["hours"]


def housed[Result](folder: str | Path | None, make: Callable[[Store], Result]) -> Result:
    """Make a result that is kept in a store; in a temporary one, that goes with the result, where no folder is named.

    Examples
    --------
    >>> housed("results/none-yet", lambda store: store).folder.name
    'none-yet'
    """
    if folder is not None:
        return make(Store(folder))
    place = tempfile.mkdtemp(prefix=TEMPORARY)
    try:
        result = make(Store(place))
    except BaseException:
        shutil.rmtree(place, ignore_errors=True)
        raise
    weakref.finalize(result, shutil.rmtree, place, ignore_errors=True)
    return result


def held(folder: str | Path) -> tuple[dict[str, Any], str]:
    """Return what a folder says of its analysis, and the command that made it; where it says nothing, an error names
    the way over.
    """
    place = expanded(folder)
    if (place / "experiment.json").exists():
        stored = Store(place).read()
    else:
        inside = sorted(place.glob("*/experiment.json"))
        if not inside:
            raise StoreError(f"{place} holds no experiment: there is no {place / 'experiment.json'}.")
        stored = {**Store(inside[0].parent).read(), "spec": None}
    record, command = stored.get("spec"), str(stored.get("command") or "")
    if isinstance(record, dict):
        return record, command
    ending = f":\n  {command}" if command else ", or the call that made it in Python."
    raise StoreError(
        f"{place} does not say what its analysis is: it was made by an earlier version, or is a step within another "
        "analysis' folder. The command that made it adds what is lacking, and runs nothing again that has ended"
        f"{ending}"
    )


def unwritable(folder: Path, error: OSError) -> StoreError:
    """Return the error that says why a folder cannot take results."""
    return StoreError(
        f"Results cannot be written to {folder}: {error.strerror or error}. "
        "Give a folder that can be written (--out, or out= in Python)."
    )


def refuse_strangers(folder: Path) -> None:
    """Raise StoreError where a folder that is no experiment's holds anything but hidden files."""
    strangers = sorted(
        path.name
        for path in folder.iterdir()
        if not path.name.startswith(".") and (path.name != "runs" or any(path.iterdir()))
    )
    if strangers:
        names = ", ".join(strangers[:3]) + (", ..." if len(strangers) > 3 else "")
        raise StoreError(
            f"{folder} holds other files ({names}) and no experiment.json. "
            "Give a new or an empty folder (--out, or out= in Python), so that nothing of yours is overwritten."
        )
