"""The house rules, as tests: who may import whom, what a file may hold, what the front page promises."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent

# The floors of sim/, lowest first.  A file may import from its own floor and from those below.
FLOORS: tuple[frozenset[str], ...] = tuple(
    frozenset(floor.split())
    for floor in (
        "about errors paths terms parameter scenario_file settings chance ledger agenda costs arrangement catalogue",
        "room population archive",
        "desk disputes district",
        "everyday",
        "stakeholders",
        "institutions",
        "outcomes",
        "scenario",
        "snapshot",
        "model",
        "plot",
        "__init__",
    )
)
MESA_IN = re.compile(r"^sim/(population/\w+|model|district/grid)\.py$")
HEAVY = {
    "matplotlib", "solara", "dask", "distributed", "SALib", "ema_workbench", "sklearn", "scipy.stats", "scipy.optimize",
}  # fmt: skip


def tracked(pattern: str = "") -> list[Path]:
    """Files that are, or would be, in the repository; `pattern` is a regular expression on the path."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )
    if listing.returncode == 0:
        names = [name for name in listing.stdout.split("\0") if name]
    else:  # an unpacked archive
        aside = {line.strip("/") for line in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()}
        found = (path.relative_to(ROOT) for path in ROOT.rglob("*") if path.is_file())
        names = [path.as_posix() for path in found if not aside & set(path.parts)]
    wanted = sorted(name for name in set(names) if re.search(pattern, name))
    return [ROOT / name for name in wanted if (ROOT / name).is_file()]


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def library() -> list[Path]:
    return tracked(r"^(sim|experiments|gongzhi)/.*\.py$")


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def is_typing_only(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def statements(node: ast.AST, *, into_functions: bool) -> Iterator[ast.AST]:
    """Statements below `node` that run, leaving out those for type checkers only."""
    for child in ast.iter_child_nodes(node):
        if is_typing_only(child):
            continue
        yield child
        if into_functions or not isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            yield from statements(child, into_functions=into_functions)


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(path: Path, *, into_functions: bool) -> set[str]:
    """Dotted names that a file imports; `from a import b` counts as `a.b`."""
    found: set[str] = set()
    package = module_of(path) if path.name == "__init__.py" else module_of(path).rpartition(".")[0]
    for node in statements(tree(path), into_functions=into_functions):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parents = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parents, base]).strip(".")
            found |= {f"{base}.{alias.name}" for alias in node.names}
    return found


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
            if dotted.split(".")[0] == "experiments" or (
                dotted.split(".")[0] == "sim" and floor_of(dotted) > own
            ):
                wrong.append(f"{name_of(path)} imports {dotted}")
    assert not wrong, wrong


def test_the_laboratory_does_not_import_its_own_command_line_or_studies() -> None:
    wrong = [
        f"{name_of(path)} imports {dotted}"
        for path in tracked(r"^experiments/lab/.*\.py$")
        for dotted in imports(path, into_functions=True)
        if re.match(r"experiments\.(?!lab\b|reporting\b)\w", dotted)
    ]
    assert not wrong, wrong


def test_no_circular_imports() -> None:
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
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as circle:
        pytest.fail("circular import: " + " -> ".join(circle.args[1]))


def test_mesa_is_touched_in_three_places_only() -> None:
    wrong = [
        name_of(path)
        for path in tracked(r"^sim/.*\.py$")
        if not MESA_IN.match(name_of(path))
        and any(dotted.split(".")[0] == "mesa" for dotted in imports(path, into_functions=True))
    ]
    assert not wrong, wrong


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
    code = f"import sys, experiments, experiments.cli; print([name for name in {unwanted} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "[]", done.stdout + done.stderr


def test_no_global_randomness_pickle_or_evaluation() -> None:
    modules = {"random", "pickle", "dill", "shelve", "marshal"}
    harmless = {"random.Random", "pickle", "pickle.PicklingError"}  # own state; an exception's name
    makers = {"default_rng", "Generator", "SeedSequence", "PCG64", "Philox", "BitGenerator"}
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
    silent = [name_of(path) for path in tracked(r"\.py$") if not ast.get_docstring(tree(path))]
    assert not silent, silent


def test_public_functions_and_classes_have_docstrings() -> None:
    silent = []
    for path in library():
        for node in ast.iter_child_nodes(tree(path)):
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                overload = any(ast.unparse(mark).endswith("overload") for mark in node.decorator_list)
                if not (overload or ast.get_docstring(node)):
                    silent.append(f"{name_of(path)}: {node.name}")
    assert not silent, silent


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
    used = ("cluster", "sensitivity", "calibration", "ema")
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
    return {"sklearn" if name == "scikit_learn" else name for name in names}  # the one that is imported by another name


def test_versions_agree() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    import sim

    assert sim.__version__ == project
    assert f"version: {project}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert f"## {project}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")


def test_notebooks_are_kept_without_outputs() -> None:
    stale = []
    for path in tracked(r"\.ipynb$"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        if any(cell.get("outputs") or cell.get("execution_count") for cell in cells):
            stale.append(name_of(path))
    assert not stale, f"clear the outputs of {stale}: the tests run them"


def test_numbers_are_written_for_people_in_one_module() -> None:
    """A true minus, the digits that count, no sign before zero: where this is done twice it is done in two ways."""
    home = ROOT / "experiments" / "lab" / "plots" / "numbers.py"
    others = [path for path in (ROOT / "experiments").rglob("*.py") if path != home]
    assert not [path for path in others if 'replace("-", "−")' in path.read_text(encoding="utf-8")]


WITH_CHINESE = {"sim/district/columns.py", "sim/district/kinds.py", "experiments/lab/validate/observed.py"}
"""Files that read what a user calls a column or a kind; all other Chinese is in the catalogues."""


def test_chinese_is_in_the_catalogues_alone() -> None:
    letters = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
    found = {name_of(path) for path in library() if letters.search(path.read_text(encoding="utf-8"))}
    assert found == WITH_CHINESE
