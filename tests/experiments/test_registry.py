"""Every kind of analysis comes back from its folder: the same tables and the same report, without a run."""

from __future__ import annotations

import io
import json
import re
import warnings
from pathlib import Path
from typing import Any

import pytest
from markupsafe import escape
from matplotlib.text import Text

import experiments
import sim
from experiments.analyses.result import Result
from experiments.core.store import checked_json
from experiments.registry import KINDS
from experiments.reporting.finding import Finding
from experiments.reporting.results_workbook import sheet_of
from experiments.reporting.template_rendering import HOME, labels
from sim import Scenario
from sim.core.errors import GongzhiError, ScenarioError, StoreError
from tests.support.drawn_texts import unreadable
from tests.support.every_analysis import EVERY, FAST, SERIAL, TINY, made, run


def written(folder: Path, ending: str) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob(f"*{ending}")}


def refuse(*_: Any, **__: Any) -> None:
    raise AssertionError("a run was made")


@pytest.mark.parametrize(
    "name",
    [name if name in ("compare", "sweep") else pytest.param(name, marks=pytest.mark.slow) for name in EVERY],
)
def test_a_folder_gives_back_its_result_and_the_same_report_in_both_languages(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "made"
    first = made(name, folder)
    told = {lang: first.report(lang).read_bytes() for lang in ("en", "zh")} if isinstance(first, Result) else {}
    tables, records = written(folder, ".csv"), written(folder, ".json")
    monkeypatch.setattr("experiments.core.run.executors.perform", refuse)
    moved = folder.rename(tmp_path / "moved")
    again = experiments.open(moved)
    assert again.finished and not again.failures and again.provenance["complete"]
    for table, content in again.tables.items():
        assert content.to_csv(index=False, lineterminator="\n").encode() == tables[f"{table}.csv"], table
    assert {lang: again.report(lang).read_bytes() for lang in told} == told
    again.write()
    assert written(moved, ".csv") == tables and written(moved, ".json") == records
    assert again.in_short("zh")
    for lang in ("en", "zh"):
        page = sim.show(again, lang)._repr_html_()
        assert "<table" in page and "http" not in page
        assert ("data:image/png" in page) == bool(again.figures), "the first figure is in it"
        assert all(escape(one.text(lang)) in page for one in again.findings[:3])
    monkeypatch.setattr("experiments.analyses.result.SHOWN_ROWS", 1)
    assert name != "compare" or re.search(r"table\.csv \(1 / \d+\)", sim.show(again)._repr_html_())
    assert type(again.spec).read(again.spec.record(), moved).record() == again.spec.record()
    assert_workbook(again)


def assert_workbook(result: Any) -> None:
    """A result is a workbook with a sheet for each table, numbers as numbers."""
    openpyxl = pytest.importorskip("openpyxl")
    if not isinstance(result, Result):
        return
    book = openpyxl.load_workbook(result.xlsx("zh"), read_only=True)
    sheets = {name: sheet_of(name, "zh")[:31] for name in (*result.tables, "runs")}
    assert {*sheets.values()} <= set(book.sheetnames)
    assert not [name for name in book.sheetnames if name.isascii()]
    for name, table in result.tables.items():
        rows = list(book[sheets[name]].iter_rows(values_only=True))
        assert list(rows[0]) == list(map(str, table.columns)) and len(rows) == len(table) + 1
        for column, values in table.select_dtypes("float").items():
            cells = [row[list(table.columns).index(column)] for row in rows[1:]]
            finite = [number for number in values if number == number and abs(number) != float("inf")]
            # A workbook holds sixteen digits of a number.
            numbers = [cell for cell in cells if isinstance(cell, int | float)]
            assert numbers == pytest.approx(finite, rel=1e-14), (name, column)
    if getattr(result.spec, "scenario", None) is not None:
        head, *rows = book["参数"].iter_rows(values_only=True)
        place = head.index(labels("zh", "workbook.parameters")["status"])
        assert {row[place] for row in rows} <= set(labels("zh", "parameters.status").values())


WITHOUT_SENTENCES = {"screening"}
"""Its list is what it finds, the same in every language."""


@pytest.mark.parametrize(
    "name",
    [
        name if name in FAST else pytest.param(name, marks=pytest.mark.slow)
        for name in EVERY
        if name not in WITHOUT_SENTENCES
    ],
)
def test_what_an_analysis_finds_is_data_that_the_report_says_in_either_language(name: str, tmp_path: Path) -> None:
    result = made(name, tmp_path)
    found = result.findings
    assert found and all(type(one) is Finding for one in found)
    for one in found:
        template, _, macro = one.id.partition(".")
        assert f"{{% macro {macro}(" in (HOME / "templates" / f"{template}.j2").read_text(encoding="utf-8"), one.id
        assert one.text("en") and one.text("zh") and one.text("en") != one.text("zh"), one.id
        assert not [text for text in map(one.text, ("en", "zh")) if re.search(r"\s[,.;:)，。；：）]|[(（]\s", text)], (
            one.id
        )
        assert json.loads(json.dumps(one.record(), allow_nan=False)) == one.record(), one.id
    for lang in ("en", "zh"):
        page = result.report(lang).read_text(encoding="utf-8")
        assert not [one.id for one in found if escape(one.text(lang)) not in page], lang
    stored = json.loads((tmp_path / "findings.json").read_text(encoding="utf-8"))
    assert stored == [one.record() for one in found] == [one.record() for one in experiments.open(tmp_path).findings]


def test_every_kind_is_tried_here(tmp_path: Path) -> None:
    from experiments import registry

    names = {registry.load(kind.spec).analysis for kind in KINDS.values()}
    assert names == set(KINDS)
    tried = {
        "compare": "comparison",
        "range": "comparison",
        "ablate": "ablation",
        "morris": "sensitivity",
        "sobol": "sensitivity",
        "tornado": "sensitivity",
        "calibrate": "calibration",
        "validate": "validation",
        "regions": "signs",
    }
    assert {tried.get(name, name) for name in EVERY} == set(KINDS)


def test_a_model_of_another_version_changes_no_folder_that_is_read(tmp_path: Path, monkeypatch: Any) -> None:
    first = made("sweep", tmp_path)
    monkeypatch.setattr("experiments.core.design.design.model_version", lambda model=None: "9.9 another")
    assert experiments.open(tmp_path).tables["table"].equals(first.table)


def test_a_folder_of_the_version_before_is_refused_with_the_way_over(tmp_path: Path) -> None:
    from experiments.core.store import checked_json

    made("sweep", tmp_path)
    path = tmp_path / "experiment.json"
    stored = checked_json.from_bytes(path.read_bytes())
    assert stored is not None
    del stored["spec"]
    path.write_bytes(checked_json.to_bytes(stored | {"command": "gongzhi sweep mine.toml"}))
    with pytest.raises(StoreError, match="earlier version(.|\n)*gongzhi sweep mine.toml"):
        experiments.open(tmp_path)
    made("sweep", tmp_path)
    assert experiments.open(tmp_path).finished, "the call that made it adds what is lacking"


def test_a_folder_of_several_steps_of_the_version_before_goes_on(tmp_path: Path) -> None:
    made("signmap", tmp_path)
    (tmp_path / "experiment.json").unlink()
    with pytest.raises(StoreError, match="does not say what its analysis is"):
        experiments.open(tmp_path)
    made("signmap", tmp_path)
    assert experiments.open(tmp_path).spec.analysis == "signmap"


def test_a_folder_of_one_analysis_is_refused_by_another(tmp_path: Path) -> None:
    made("signmap", tmp_path / "map")
    made("sweep", tmp_path / "sweep")
    with pytest.raises(StoreError, match="several steps"):
        made("sweep", tmp_path / "map")
    with pytest.raises(StoreError, match="sweep there, signmap now"):
        made("signmap", tmp_path / "sweep")
    with pytest.raises(StoreError, match="no sweep, but another"):
        from experiments.analyses.sweep.swept import stored_sweep

        stored_sweep(tmp_path / "map")


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        ({"replicate": 3}, 'Unknown field "replicate" of a comparison. Did you mean "replicates"'),
        ({"replicates": 0}, "replicates is 0: a whole number of at least 1 is needed"),
        ({"replicates": True}, "replicates is True: a whole number of at least 1 is needed"),
        ({"margin": 1.0}, "margin is 1.0: a number from 0 to below 1 is needed"),
        ({"seed": "one"}, "seed is 'one': a whole number is needed"),
        ({"scenario": "mine.toml"}, "mine.toml: there is no such file"),
    ],
)
def test_what_an_analysis_cannot_be_is_said_in_one_message(fields: dict[str, Any], says: str) -> None:
    with pytest.raises(ScenarioError) as error:
        experiments.compare(["none", "full"], **fields)
    assert says in str(error.value)


def test_the_whole_spec_stands_in_the_folder(tmp_path: Path) -> None:
    result = experiments.compare(
        ["none", "full"],
        scenario=Scenario().replace(TINY),
        replicates=2,
        question="Is it so?",
        out=tmp_path,
        execution=SERIAL,
    )
    spec = json.loads((tmp_path / "experiment.json").read_text(encoding="utf-8"))["spec"]
    assert spec["analysis"] == "comparison" and spec["replicates"] == 2 and spec["question"] == "Is it so?"
    assert list(spec["arms"]) == ["none", "full"] and spec["scenario"]["run.weeks"] == 12
    result.extend(replicates=1)
    assert experiments.open(tmp_path).spec.record()["replicates"] == 3
    with pytest.raises(GongzhiError, match="Unknown figure"):
        experiments.open(made_sweep(tmp_path / "swept")).figure("conflict")


def made_sweep(folder: Path) -> Path:
    """A folder with a sweep in it."""
    made("sweep", folder)
    return folder


@pytest.mark.parametrize("step", ["spec", "design"])
def test_a_folder_whose_note_is_of_another_make_is_refused_with_the_entry(tmp_path: Path, step: str) -> None:
    """Of any entry that is gone or of another kind there is a result, or one message: no error of Python's."""
    folder = tmp_path / "made"
    experiments.compare(["own"], scenario=TINY, replicates=1, out=folder, execution=SERIAL)
    path = folder / "experiment.json"
    note = checked_json.from_bytes(path.read_bytes())
    assert note is not None
    whole, named = note[step], 0
    for entry in whole:
        for value in (None, -1.5, [], {}, {"a": 1}, ["a"]):
            note[step] = {**whole, entry: value}
            path.write_bytes(checked_json.to_bytes(note))
            try:
                experiments.open(folder)
            except GongzhiError as error:
                named += entry in str(error)
        note[step] = {name: value for name, value in whole.items() if name != entry}
        path.write_bytes(checked_json.to_bytes(note))
        try:
            experiments.open(folder)
        except GongzhiError as error:
            named += entry in str(error)
    assert named >= (10 if step == "spec" else 20), named


def test_a_folder_without_a_finished_run_has_no_report(gongzhi: Any, tmp_path: Path) -> None:
    folder = made_sweep(tmp_path / "swept")
    for path in (folder / "runs").iterdir():
        path.unlink()
    status, _, err = gongzhi("report", folder)
    assert status == 2 and "No run" in err
    status, _, err = gongzhi("report", tmp_path)
    assert status == 2 and "gongzhi" not in err.partition("does not say")[0]


@pytest.mark.slow
def test_all_figures_are_drawn_where_they_are_wanted(tmp_path: Path) -> None:
    result = made("compare", tmp_path / "made")
    paths = result.plot(tmp_path / "slides")
    assert list(paths) == list(result.figures)
    assert all(path.parent == tmp_path / "slides" and path.stat().st_size > 1000 for path in paths.values())


LEARNT = [name if name in FAST else pytest.param(name, marks=pytest.mark.slow) for name in EVERY]

NAMED = re.compile(r"`[^`]*`|--[a-z-]+|\S*[/_.=:]\S*|Clark-Evans")
"""Code in a sentence, options, names of files and parameters, and of people."""


@pytest.mark.parametrize("name", LEARNT)
def test_a_screen_in_chinese_says_as_much_and_nothing_in_english(name: str, tmp_path: Path) -> None:
    made(name, tmp_path)
    result = experiments.open(tmp_path)
    english, chinese = (result.in_short(lang) for lang in ("en", "zh"))
    assert len(english) == len(chinese) and str(tmp_path) in english[-1] and str(tmp_path) in chinese[-1]
    own = {*result.spec.record().get("arms", ()), *sim.outcomes.COLUMNS, "policy", "figures"}
    for line in chinese:
        plain = NAMED.sub(" ", line.replace(str(tmp_path), ""))
        assert not set(re.findall(r"[A-Za-z]{2,}", plain)) - own, line


@pytest.mark.parametrize("name", LEARNT)
def test_where_every_run_failed_an_analysis_says_so_and_reports_nothing(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> None:
        raise ValueError("no hours")

    monkeypatch.setattr("sim.GovernanceModel.step", broken)
    with pytest.raises((experiments.FailedRunsError, StoreError), match="no hours|experiment.json"):
        run(name, tmp_path)
    try:
        result = experiments.open(tmp_path)
    except StoreError as error:
        assert str(error)
        return
    says_nothing(result, "failed", "失败")
    assert result.failures and result.complaints()


@pytest.mark.parametrize("name", LEARNT)
def test_before_the_first_run_has_ended_an_analysis_says_so_and_reports_nothing(name: str, tmp_path: Path) -> None:
    made(name, tmp_path)
    for path in [*tmp_path.glob("runs/*"), *tmp_path.glob("*/runs/*"), *tmp_path.rglob("*.csv")]:
        if not path.name.startswith("district-"):
            path.unlink()
    try:
        result = experiments.open(tmp_path)
    except StoreError as error:
        assert "missing" in str(error)
        return
    says_nothing(result, "No run has ended yet.", "尚无运行完成。")


def says_nothing(result: Any, english: str, chinese: str) -> None:
    """See that a result has one sentence in the place of findings, and that it shows itself but reports nothing."""
    assert not result.finished and repr(result) and english in result._repr_html_()
    for lang, word in (("en", english), ("zh", chinese)):
        said, place = result.in_short(lang)
        assert word in said and not re.search(r"nan|\b0 of|– ", said), said
        assert str(result.folder) in place
    for show in (result.report, result.plot, result.figure):
        with pytest.raises(StoreError, match="No run in .* has ended well"):
            show()


@pytest.mark.parametrize("name", ["compare", "study", "ablate", pytest.param("systems", marks=pytest.mark.slow)])
def test_where_no_pair_has_ended_nothing_is_told_and_nothing_breaks(name: str, tmp_path: Path) -> None:
    result = made(name, tmp_path)
    result.__dict__["table"] = result.table.iloc[:0]
    assert not result.finished
    for lang, word in (("en", "Nothing can be compared yet"), ("zh", "尚无可供比较的结果")):
        said, _ = result.in_short(lang)
        assert word in said
    with pytest.raises(StoreError, match="No pair of runs"):
        result.report()


@pytest.mark.parametrize(
    "name", [name if name in ("sweep", "ablate") else pytest.param(name, marks=pytest.mark.slow) for name in EVERY]
)
def test_a_figure_shows_itself_in_either_language_with_all_its_letters(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made(name, tmp_path)
    result = experiments.open(tmp_path)
    for draw in result.figures:
        figure = result.figure(draw, "zh")
        # As a notebook would do it, outside of the settings in which the figure was drawn.
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            figure.savefig(io.BytesIO(), format="png")
        assert any(letter >= "\u4e00" for text in figure.findobj(Text) for letter in text.get_text()), draw
        assert figure._repr_png_().startswith(b"\x89PNG")
        assert not unreadable(figure) and not unreadable(result.figure(draw, "en")), draw
    monkeypatch.setattr("experiments.figures.style.chinese_font", lambda: None)
    for draw in result.figures:
        texts = "".join(text.get_text() for text in result.figure(draw, "zh").findobj(Text))
        assert not any("\u4e00" <= letter <= "\u9fff" for letter in texts), draw
