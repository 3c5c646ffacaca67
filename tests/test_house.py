"""The house rules, as tests: who may import whom, what a file may hold, what the front page promises."""

from __future__ import annotations

import ast
import functools
import re
import subprocess
import sys
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

import sim
from tests.support.cross_writes import cross_writes, uses, written
from tests.support.import_graph import PACKAGES, circles, graph_of, imports, library, module_of, statements, tree
from tests.support.repository import ROOT, name_of, tracked

# The floors of sim/, lowest first.  A file may import from its own floor and from those below.
FLOORS: tuple[frozenset[str], ...] = tuple(
    frozenset(floor.split())
    for floor in (
        "core",
        "parameters agenda",
        "component agents district",
        "disputes",
        "residents",
        "stakeholders",
        "policies",
        "mechanisms",
        "outcomes",
        "scenario",
        "snapshot",
        "recovery",
        "mesa_views model_page",
        "model",
        "plot examples",
        "film",
        "__init__",
    )
)
MESA_IN = re.compile(r"^sim/(agents/\w+|model|mesa_views|district/grid)\.py$")
HEAVY = {
    "matplotlib",
    "solara",
    "dask",
    "distributed",
    "SALib",
    "ema_workbench",
    "sklearn",
    "scipy.stats",
    "scipy.optimize",
}


def floor_of(dotted: str) -> int:
    """Floor of `sim.x...`; `sim` itself, and a name that is no module of it, is the roof."""
    rest = dotted.split(".")[1:]
    top = rest[0] if rest else "__init__"
    for height, floor in enumerate(FLOORS):
        if top in floor:
            return height
    return len(FLOORS)


def test_every_file_of_sim_has_a_floor() -> None:
    strays = [name_of(path) for path in tracked(r"^sim/.*\.py$") if floor_of(module_of(path)) == len(FLOORS)]
    assert not strays, f"give these a floor in FLOORS (and in docs/extending.md): {strays}"


def test_imports_run_one_way() -> None:
    wrong = []
    for path in tracked(r"^sim/.*\.py$"):
        own = floor_of(module_of(path))
        for dotted in imports(path, into_functions=True):
            if dotted.split(".")[0] == "experiments" or (dotted.split(".")[0] == "sim" and floor_of(dotted) > own):
                wrong.append(f"{name_of(path)} imports {dotted}")
    assert not wrong, wrong


STOREYS: tuple[tuple[str, ...], ...] = (
    ("core",),
    ("reporting", "figures"),
    ("analyses",),
    ("adapters", "presets", "ready"),
    ("registry", "dashboard"),
    ("cli",),
    ("__main__",),
)
"""Of the laboratory, from the ground up: nothing is imported from above."""


def test_the_laboratory_is_built_from_the_ground_up() -> None:
    storey = {name: level for level, names in enumerate(STOREYS) for name in names}
    wrong = []
    for path in tracked(r"^experiments/\w+(/.*)?\.py$"):
        own = module_of(path).split(".")
        if len(own) > 1:
            wrong += [
                f"{name_of(path)} imports {dotted}"
                for dotted in imports(path, into_functions=True)
                if (parts := dotted.split("."))[0] == "experiments"
                and len(parts) > 1
                and storey.get(parts[1], 0) > storey[own[1]]
            ]
    assert not wrong, wrong


BACKWARD: dict[str, frozenset[str]] = {
    "sim": frozenset(),
    "experiments": frozenset(),
    "gongzhi": frozenset(),
}
"""Imports, for types or inside functions, that close a circle.  This list may only become shorter."""


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_close_no_circle(package: str) -> None:
    """Imports inside functions and those for type checkers count like any other."""
    graph = graph_of(tracked(rf"^{package}/.*\.py$"))
    forward = {
        module: {target for target in targets if f"{module} -> {target}" not in BACKWARD[package]}
        for module, targets in graph.items()
    }
    assert not circles(forward), "a new circle of imports: undo it"
    circle_of = {module: number for number, members in enumerate(circles(graph)) for module in members}
    closing = {
        f"{module} -> {target}"
        for module, targets in graph.items()
        for target in targets
        if module in circle_of and circle_of[module] == circle_of.get(target)
    }
    assert not BACKWARD[package] - closing, "no longer in any circle: take it off the list BACKWARD"


def test_a_circle_is_found_wherever_its_imports_stand(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One import at the top, one for types and one inside a function make a circle of three."""
    monkeypatch.setattr("tests.support.import_graph.ROOT", tmp_path)
    for name, source in {
        "__init__": "",
        "a": "from p import b",
        "b": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from p.c import C",
        "c": "class C:\n    def f(self):\n        from . import a, d",
        "d": "import p.b as b",
    }.items():
        (tmp_path / "p").mkdir(exist_ok=True)
        (tmp_path / "p" / f"{name}.py").write_text(source, encoding="utf-8")
    paths = sorted(tmp_path.glob("p/*.py"))
    assert circles(graph_of(paths)) == [["p.a", "p.b", "p.c", "p.d"]]
    (tmp_path / "p" / "e.py").write_text("from p import a", encoding="utf-8")
    assert circles(graph_of([*paths, tmp_path / "p" / "e.py"])) == [["p.a", "p.b", "p.c", "p.d"]]


def test_imports_at_the_top_of_files_run_in_one_order() -> None:
    """What Python itself would stumble over has no allowance."""
    modules = {module_of(path): path for path in library()}
    graph: dict[str, set[str]] = {}
    for module, path in modules.items():
        targets = set()
        for dotted in imports(path, into_functions=False):
            while dotted and dotted not in modules:
                dotted = dotted.rpartition(".")[0]
            if dotted and dotted != module:
                targets.add(dotted)
        graph[module] = targets
    assert not circles(graph)


def test_mesa_is_touched_in_three_places_only() -> None:
    wrong = [
        name_of(path)
        for path in tracked(r"^sim/.*\.py$")
        if not MESA_IN.match(name_of(path))
        and any(dotted.split(".")[0] == "mesa" for dotted in imports(path, into_functions=True))
    ]
    assert not wrong, wrong


BARS_IN = ["experiments/core/run/progress.py", "sim/core/progress_bar.py"]
"""The first has the lines of a log from tqdm, the second makes every bar."""
FILES_IN = ["sim/core/archive.py", "sim/core/paths.py"]
"""The first streams arrays, the second writes every other file of the model."""


def test_bars_and_whole_files_are_made_in_one_place() -> None:
    code = {name_of(path): path.read_text(encoding="utf-8") for path in tracked(r"^(sim|experiments)/.*\.py$")}
    assert sorted(name for name, text in code.items() if re.search(r"\b(import|from) tqdm\b", text)) == BARS_IN
    moved = re.compile(r"\bos\.replace\(|\b(unfinished|temporary|beside)\.replace\(")
    assert sorted(name for name, text in code.items() if name.startswith("sim/") and moved.search(text)) == FILES_IN


def test_no_heavy_import_at_the_top_of_a_file() -> None:
    wrong = [
        f"{name_of(path)} imports {dotted}"
        for path in library()
        for dotted in imports(path, into_functions=False)
        if any(dotted == heavy or dotted.startswith(heavy + ".") for heavy in HEAVY)
    ]
    assert not wrong, wrong


def test_importing_sim_loads_no_plotting() -> None:
    unwanted = ("matplotlib.pyplot", "scipy.stats", "experiments")
    code = f"import sys, sim; print([name for name in {unwanted} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_the_front_door_of_the_laboratory_loads_no_extra() -> None:
    unwanted = ("ema_workbench", "SALib", "sklearn", "seaborn", "statsmodels", "distributed", "matplotlib", "pandas")
    code = f"import sys, experiments, experiments.cli.app; print([name for name in {unwanted} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_no_global_randomness_pickle_or_evaluation() -> None:
    modules = {"random", "pickle", "dill", "shelve", "marshal"}
    # Own state; looking at the state; an exception's name.
    harmless = {"random.Random", "random.getstate", "pickle", "pickle.PicklingError"}
    makers = {"default_rng", "Generator", "SeedSequence", "PCG64", "Philox", "BitGenerator", "get_state"}
    wrong = []
    for path in library():
        wrong += [
            f"{name_of(path)} imports {dotted}"
            for dotted in sorted(imports(path, into_functions=True))
            if dotted.split(".")[0] in modules and dotted not in harmless
        ]
        for node in statements(tree(path), into_functions=True):
            if isinstance(node, ast.Attribute) and ast.unparse(node.value) in {"np.random", "numpy.random"}:
                if node.attr not in makers:
                    wrong.append(f"{name_of(path)}:{node.lineno} uses np.random.{node.attr}")
            elif isinstance(node, ast.Attribute) and ast.unparse(node.value) == "pickle":
                if ast.unparse(node) not in harmless:
                    wrong.append(f"{name_of(path)}:{node.lineno} uses pickle.{node.attr}")
            elif isinstance(node, ast.Call):
                called = ast.unparse(node.func)
                keywords = {word.arg: ast.unparse(word.value) for word in node.keywords}
                if called == "eval" or keywords.get("allow_pickle") == "True":
                    wrong.append(f"{name_of(path)}:{node.lineno} evaluates or unpickles")
                if called.endswith("default_rng") and not (node.args or node.keywords):
                    wrong.append(f"{name_of(path)}:{node.lineno} draws without a seed")
    assert not wrong, wrong


def test_no_broad_or_bare_except_that_says_nothing() -> None:
    wrong = []
    for path in library():
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ExceptHandler):
                broad = node.type is None or ast.unparse(node.type) in {"Exception", "BaseException"}
                if broad and all(isinstance(line, ast.Pass) for line in node.body):
                    wrong.append(f"{name_of(path)}:{node.lineno}")
    assert not wrong, wrong


def test_every_module_says_what_it_is_for() -> None:
    """The texts of notebooks open with their goals instead (tests/test_notebooks.py)."""
    modules = [path for path in tracked(r"\.py$") if not name_of(path).startswith("notebooks/")]
    silent = [name_of(path) for path in modules if not ast.get_docstring(tree(path))]
    assert not silent, silent


def test_what_tests_share_lies_in_support() -> None:
    """A file of tests holds tests and fixtures; none imports from another one."""
    own = r"^tests/(support|golden)/|/(test_\w+|conftest)\.py$"
    names = [name_of(path) for path in tracked(r"^tests/.*\.py$")]
    assert not [name for name in names if not re.search(own, name)]
    wrong = [
        f"{name_of(path)} imports {dotted}"
        for path in tracked(r"^tests/.*\.py$")
        for dotted in imports(path, into_functions=True)
        if re.search(r"^tests\.(?!golden\b).*\b(test_\w+|conftest)\b", dotted)
    ]
    assert not wrong, wrong


def test_public_functions_and_classes_have_docstrings() -> None:
    silent = []
    for path in library():
        for node in ast.iter_child_nodes(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                overload = any(ast.unparse(mark).endswith("overload") for mark in node.decorator_list)
                if not (overload or ast.get_docstring(node)):
                    silent.append(f"{name_of(path)}: {node.name}")
    assert not silent, silent


def test_no_two_files_have_the_same_name() -> None:
    """Except for the names that Python gives."""
    given = {"__init__.py", "__main__.py"}
    names = Counter(path.name for path in library() if path.name not in given)
    assert not {name for name, count in names.items() if count > 1}, "needs another name"
    tests = Counter(path.name for path in tracked(r"^tests/.*\.py$") if path.name not in given | {"conftest.py"})
    assert not {name for name, count in tests.items() if count > 1}


SAY_NOTHING = frozenset(
    (
        "told",
        "made",
        "found",
        "wanted",
        "asked",
        "said",
        "here",
        "there",
        "some",
        "one",
        "others",
        "apart",
        "alone",
        "looks",
        "thirds",
    )
)
KEPT: dict[str, int] = {
    "experiments/__init__.py": 1,
    "experiments/analyses/budget/cost_model.py": 4,
    "experiments/analyses/signmap/sign_map.py": 2,
    "experiments/analyses/sweep/sweep_spec.py": 1,
    "experiments/analyses/validation/patterns.py": 5,
    "experiments/cli/calibrate.py": 1,
    "experiments/core/design/plan.py": 1,
}
"""Where such names are left: fields that stand in folders, options, and code by which stored runs are known.  This list
may only become shorter."""


def test_names_of_the_laboratory_say_what_a_thing_is_and_not_what_was_done_to_it() -> None:
    counts = Counter(
        name_of(path) for path in tracked(r"^experiments/.*\.py$") for name in _bound(tree(path)) if name in SAY_NOTHING
    )
    assert not {name: count for name, count in counts.items() if count > KEPT.get(name, 0)}
    assert not {name: count for name, count in KEPT.items() if count > counts[name]}, "shorten KEPT"


def _bound(module: ast.AST) -> Iterator[str]:
    """Names of variables, parameters, functions and classes."""
    for node in ast.walk(module):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id
        elif isinstance(node, ast.arg):
            yield node.arg
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.name


def test_the_formatter_has_written_every_file() -> None:
    sources = [str(path) for path in tracked(r"\.py$")]
    done = subprocess.run(
        [sys.executable, "-m", "ruff", "format", "--check", "--quiet", *sources], cwd=ROOT, check=False
    )
    assert done.returncode == 0, "run ruff format"
    assert not [
        name_of(path)
        for path in tracked(r"\.py$")
        if re.search(r"fmt: (?:skip|off)\s*$", path.read_text(encoding="utf-8"), re.MULTILINE)
    ]


WEEKLY = r"^sim/(disputes|residents|outcomes)/.*\.py$"
"""Components in which all that happens in a week happens to columns."""


def test_a_week_has_no_loop_over_rows() -> None:
    """Few rows would go faster one by one, and a whole district's slower."""
    loops = [
        f"{path}: {ast.unparse(node.iter)}"
        for path in tracked(WEEKLY)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.For | ast.comprehension) and "tolist()" in ast.unparse(node.iter)
    ]
    assert not loops


def test_no_component_assigns_into_anothers_attributes() -> None:
    """What one may change of another is a method of the other, or one of its `inputs`."""
    assert not cross_writes()


def test_what_is_used_of_a_component_is_there() -> None:
    """Components know the others as `Any`, so that no type checker sees a name that is wrong."""
    model = sim.GovernanceModel({"district.estates": 12}, seed=1)
    found = uses()
    assert len(found) > 200
    wrong = {".".join(used): place for used, place in found.items() if not hasattr(getattr(model, used[0]), used[1])}
    assert not wrong, wrong


def test_a_write_into_another_component_is_found_whatever_its_form() -> None:
    source = """
def act(self):
    model, desks = self.model, self.model.desks
    office = desks.hours[desks.block("firm")]
    office *= 2.0
    self.model.voice.access[3] = 0.0
    np.multiply(1.0, 2.0, out=model.hazards.source)
    np.add.at(model.residents.grievance, [1], 1.0)
    for column, value in ((model.contracts.burden, 0.0), (desks.skill, 1.0)):
        column.fill(value)
    self.hours[:] = desks.hours
    model.seen[3] = model.week
    desks.set_hours("firm", office)
"""
    function = next(node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef))
    names = {"desks", "voice", "hazards", "residents", "contracts"}
    assert [target for _, target in sorted(written(function, names))] == [
        "desks.hours",
        "voice.access",
        "hazards.source",
        "residents.grievance",
        "contracts.burden",
        "desks.skill",
    ]


MOST_PARAMETERS = 6
LONG: dict[str, int] = {
    # A declaration: each fact about a parameter has its name, and none goes with another.
    "sim.parameters.parameter.parameter": 9,
}
"""Public functions with more parameters than that, and how many.  This list may only become shorter."""


def test_no_public_function_has_more_than_six_parameters() -> None:
    counts = {name: count for path in library() for name, count in _public(tree(path).body, module_of(path))}
    long = {name: count for name, count in counts.items() if count > MOST_PARAMETERS}
    assert not {name: count for name, count in long.items() if count > LONG.get(name, 0)}, "pass a specification"
    assert not {name: count for name, count in LONG.items() if count > long.get(name, 0)}, "shorten LONG"


def _public(body: list[ast.stmt], within: str) -> Iterator[tuple[str, int]]:
    """Count the parameters of public functions and methods, `self` left out; `*rest` and `**rest` are one each."""
    for node in body:
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
            yield from _public(node.body, f"{within}.{node.name}")
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            continue
        if node.name == "__init__" or not node.name.startswith("_"):
            given = node.args
            names = [one.arg for one in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
            rest = [one for one in (given.vararg, given.kwarg) if one is not None]
            yield f"{within}.{node.name}", len(names) + len(rest) - (names[:1] in (["self"], ["cls"]))


def test_parameters_are_counted_as_a_caller_would() -> None:
    source = """
def plain(a, b, /, c, *rest, d=1, **others): ...
def _hidden(a, b, c): ...
class Public:
    def __init__(self, a): ...
    @classmethod
    def of(cls, a, b): ...
    @staticmethod
    def alone(a): ...
class _Hidden:
    def method(self, a): ...
"""
    counts = {"m.plain": 6, "m.Public.__init__": 1, "m.Public.of": 2, "m.Public.alone": 1}
    assert dict(_public(ast.parse(source).body, "m")) == counts


def test_no_package_index_address_and_no_path_of_one_machine() -> None:
    index = re.compile(r"pypi\.(org|tuna)|pythonhosted\.|index-url\s+http|/simple/?[\"'\s]|find-links\s+\S*/")
    machine = re.compile(r"(^|[\s\"'=:(`])/(opt|root|home|work|Users)/\w", re.MULTILINE)
    wrong = []
    for path in tracked():
        if path.suffix in {".png", ".svg", ".pdf", ".otf"} or path == Path(__file__).resolve():
            continue
        text = path.read_text(encoding="utf-8")
        hits = [*index.finditer(text), *machine.finditer(text)]
        wrong += [f"{name_of(path)}: {hit.group().strip()}" for hit in hits]
    assert not wrong, wrong


def test_no_unfinished_words() -> None:
    words = re.compile(r"\b(TO" r"DO|FIX" r"ME|X" r"XX|NotImplemented" r"Error|not imple" r"mented)\b")
    wrong = [
        f"{name_of(path)}: {hit.group()}"
        for path in tracked(r"\.(py|md|toml|yml|ipynb)$|^Makefile$|^\.ci/")
        for hit in words.finditer(path.read_text(encoding="utf-8"))
    ]
    assert not wrong, wrong


def test_every_third_party_import_is_declared() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    core = _distributions(project["dependencies"])
    # What is an extra may be missing: it is imported where it is used, and nowhere else.
    used = ("cluster", "sensitivity", "calibration", "ema", "excel", "dashboard")
    declared = core | _distributions([line for name in used for line in extras[name]])
    own = {"sim", "experiments", "gongzhi"}
    wrong = [
        f"{name_of(path)} imports {top}"
        for path in library()
        for into_functions, known in ((True, declared), (False, core))
        for top in {dotted.split(".")[0] for dotted in imports(path, into_functions=into_functions)}
        if top not in sys.stdlib_module_names and top not in own and top.lower() not in known
    ]
    assert not wrong, wrong


def _distributions(lines: list[str]) -> set[str]:
    names = {re.split(r"[^\w-]", line)[0].replace("-", "_").lower() for line in lines}
    otherwise = {"scikit_learn": "sklearn", "pillow": "pil"}  # those that are imported by another name
    return {otherwise.get(name, name) for name in names}


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    import sim

    assert sim.__version__ == project
    assert f"version: {project}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {project}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_numbers_are_written_for_people_in_one_module() -> None:
    """A true minus, the digits that count, no sign before zero: where this is done twice it is done in two ways."""
    home = ROOT / "experiments" / "reporting" / "numbers.py"
    others = [path for path in (ROOT / "experiments").rglob("*.py") if path != home]
    assert not [path for path in others if 'replace("-", "−")' in path.read_text(encoding="utf-8")]


WITH_CHINESE = {
    "sim/district/columns.py",
    "sim/district/estate_kinds.py",
    "sim/district/reading/cells.py",
    "sim/district/reading/headings.py",
    "sim/district/reading/vocabulary.py",
    "experiments/analyses/validation/observed.py",
}
"""Files that read what a user calls a column or a kind."""


def _chinese_of_outcome(node: ast.AST) -> list[str]:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Outcome"):
        return []
    return [ast.literal_eval(word.value) for word in node.keywords if word.arg in ("zh", "unit_zh")]


def test_chinese_is_in_the_catalogues_alone() -> None:
    """But for the words of an outcome, which a mechanism declares in its class, whoever wrote it."""
    letters = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
    found = set()
    for path in library():
        text = path.read_text(encoding="utf-8")
        if letters.search(text):
            words = [word for node in ast.walk(ast.parse(text)) for word in _chinese_of_outcome(node)]
            if letters.search(functools.reduce(lambda left, word: left.replace(f'"{word}"', ""), words, text)):
                found.add(name_of(path))
    assert found == WITH_CHINESE
