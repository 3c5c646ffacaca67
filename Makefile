# Gongzhi: the commands that README names. `make` alone lists them.
#   make compare ARGS="--quick"      passes options on to the command
#   make setup PYTHON=python3.12     sets up with an interpreter of your choice

.DEFAULT_GOAL := help
# `notebooks` is a folder too.
.PHONY: help setup compare test test-slow test-browser notebooks course bench figures figures-zh studies parameters fidelity claims golden font lint lock docs docs-catalogues clean

VENV := .venv
PY := $(VENV)/bin/python
READY := $(VENV)/.ready
DOCS_VENV := .venv-docs
DOCS_READY := $(DOCS_VENV)/.ready
BROWSER := .venv-browser
ARGS ?=
TEST_WORKERS ?= 2
# The others take longer than the tests have time for: `make test-slow` runs them.
QUICK_NOTEBOOKS := notebooks/01_first_week.ipynb
# Cadre hours a week for which `make figures` asks for the best coverage.
HOURS := 110 220 330

# One run uses one core: parallel work is done by processes, and threads beneath them only get in the way.
export OMP_NUM_THREADS := 1
export OPENBLAS_NUM_THREADS := 1
export MKL_NUM_THREADS := 1
export PYTHONUTF8 := 1
# Set-up compiles nothing in advance. What a process compiles is kept for the next one, even where the environment
# says otherwise: the tests start hundreds, and compiling takes three times as long as starting.
export PYTHONDONTWRITEBYTECODE :=

help:  ## list the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(READY)  ## make .venv with everything in requirements.lock (once)

$(READY): requirements.lock pyproject.toml .ci/setup
	@PYTHON="$(PYTHON)" sh .ci/setup $(VENV)
	@touch $@

compare: $(READY)  ## compare the coverage strategies; table, figures and report in results/compare
	@$(PY) -m experiments compare $(ARGS)

test: $(READY)  ## run the tests, most examples of the documentation and the first notebook
	@$(PY) -m pytest -q -n $(TEST_WORKERS) --dist loadfile -m "not slow" --doctest-modules --nbmake tests sim experiments \
	  $(QUICK_NOTEBOOKS) $(ARGS)

test-slow: $(READY)  ## run the tests that take long: calibration, killed and resumed sweeps, longer examples and notebooks
	@$(PY) -m pytest -q -n $(TEST_WORKERS) --dist loadfile -m slow tests $(ARGS)

notebooks: $(READY)  ## open the course of notebooks in the browser (installs JupyterLab once)
	@$(PY) -c "import jupyterlab" 2>/dev/null || uv pip install --quiet --python $(PY) -e ".[notebook]" 2>/dev/null \
	  || $(PY) -m pip install -q -e ".[notebook]"
	@$(PY) -m jupyter lab notebooks $(ARGS)

course: $(READY)  ## write the notebooks from notebooks/text, with today's outputs; ARGS=02 writes those that begin so
	@$(PY) -m tools.notebooks $(ARGS)

test-browser: $(BROWSER)/.ready  ## try the dashboard in Chromium, with an environment of its own beside .venv
	@$(BROWSER)/bin/python -m pytest -q -m slow tests/browser tests/experiments/dashboard $(ARGS)

$(BROWSER)/.ready: requirements.lock pyproject.toml .ci/setup
	@PYTHON="$(PYTHON)" sh .ci/setup $(BROWSER)
	@if command -v uv >/dev/null 2>&1; then uv pip install --quiet --python $(BROWSER)/bin/python --no-build-isolation -e '.[dashboard]' playwright; \
	  else $(BROWSER)/bin/python -m pip install -qq --disable-pip-version-check --no-build-isolation -e '.[dashboard]' playwright; fi
	@touch $@

bench: $(READY)  ## time and memory of a week, beside the same toy in plain Mesa; results/bench.csv
	@$(PY) -m benchmarks $(ARGS)

figures: compare  ## renew the figures on the front page and in docs (several hours)
	@mkdir -p docs/figures
	@$(PY) -m experiments sweep docs/examples/least-known.toml --quiet
	@for name in reporting crowding-out secretary new-door members causes early regions; do $(PY) -m experiments signmap $$name --quiet || exit 1; done
	@for name in coverage arrangement; do $(PY) -m experiments sensitivity $$name --quiet || exit 1; done
	@for name in full arrangement; do $(PY) -m experiments ablate $$name --quiet || exit 1; done
	@$(PY) -m experiments calibrate --quiet
	@$(PY) -m experiments validate --quiet --docs docs/validation.md
	@$(PY) -m experiments budget $(HOURS) --quiet
	@while read folder figure name; do \
	  cp results/$$folder/figures/$$figure.png docs/figures/$$name.png || exit 1; done < docs/figures/made.txt
	@cp results/signmap-regions/signs.md results/signmap-regions/signs.zh.md docs
	@$(MAKE) --no-print-directory figures-zh

figures-zh: $(READY)  ## draw the figures of docs in Chinese from the folders in results, without any run
	@mkdir -p docs/figures/zh_CN
	@for made in $$(cut -d' ' -f1 docs/figures/made.txt | sort -u); do \
	  test -e results/$$made/experiment.json || continue; \
	  $(PY) -m experiments report results/$$made --lang zh --quiet || exit 1; \
	  while read folder figure name; do test $$folder != $$made || \
	    cp results/$$folder/figures/$$figure.png docs/figures/zh_CN/$$name.png || exit 1; done < docs/figures/made.txt; \
	  $(PY) -m experiments report results/$$made --quiet || exit 1; done

studies: $(READY)  ## run all studies and sweeps, and renew their pages in docs (an hour or more)
	@for name in channels empowerment deliberation supervision couriers enterprises emergency systems \
	  assumptions; do \
	  $(PY) -m experiments study $$name --quiet || exit 1; done
	@$(PY) -m experiments study --collect docs/studies.md

parameters: $(READY)  ## write the pages of parameters, outcomes and terms from what is declared
	@$(PY) -m experiments parameters --out docs/parameters.md
	@$(PY) -m experiments outcomes --out docs/outcomes.md
	@$(PY) -m experiments glossary --out docs/glossary.md
	@$(PY) -m tools.docs_site.reference_pages

fidelity: $(READY)  ## write docs/fidelity.md, the study sentence by sentence; ARGS="--measure" measures sizes anew
	@$(PY) -m experiments fidelity $(ARGS)

claims: $(READY)  ## hold every number and verdict of the pages to what makes it; ARGS="--write" renews them
	@$(PY) -m tools.claims $(ARGS)

golden: $(READY)  ## freeze today's results in tests/golden, and say which of them changed
	@$(PY) -m tests.golden

font: $(READY)  ## renew the Chinese font of the figures from an installed Noto Sans CJK
	@$(PY) tools/font.py $(ARGS)

lint: $(READY)  ## check style and types
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check --quiet .
	@$(PY) -m mypy

$(DOCS_READY): docs/requirements.lock pyproject.toml .ci/setup
	@PYTHON="$(PYTHON)" sh .ci/setup $(DOCS_VENV) docs/requirements.lock
	@touch $@

docs: $(DOCS_READY)  ## build the documentation site in build/site, English and Chinese, and check its links
	@$(DOCS_VENV)/bin/python -m tools.docs_site $(ARGS)

docs-catalogues: $(DOCS_READY)  ## bring the site's translations in docs/locale up to date with the pages
	@$(DOCS_VENV)/bin/python -m tools.docs_site.translations

lock:  ## renew requirements.lock and docs/requirements.lock from pyproject.toml (needs uv)
	uv pip compile --universal --python-version 3.12 --extra dev --upgrade --no-emit-index-url \
	  --no-emit-find-links --no-annotate --custom-compile-command "make lock" -o requirements.lock pyproject.toml
	uv pip compile --universal --python-version 3.12 --extra docs --upgrade --no-emit-index-url \
	  --no-emit-find-links --no-annotate --custom-compile-command "make lock" -c requirements.lock \
	  -o docs/requirements.lock pyproject.toml

clean:  ## remove caches and build products; .venv and results stay
	@rm -rf build dist *.egg-info .pytest_cache .hypothesis .ruff_cache .mypy_cache .coverage
	@find sim experiments tests benchmarks notebooks -name __pycache__ -o -name .ipynb_checkpoints | xargs rm -rf
