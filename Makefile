# What a newcomer, a contributor and CI run. Python 3.11 or newer and make are all it needs.

PYTHON ?= python3
UV ?= uv
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-input
# Two at a time: the suite's own processes and its PostgreSQL want the rest of a small machine.
WORKERS ?= 2
PYTEST := $(BIN)/python -m pytest
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	--no-header --no-annotate

.DEFAULT_GOAL := help
.PHONY: help demo test test-guarantees check format bench lock

help: ## this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 18

demo: $(VENV)/.runtime ## a made-up school on 127.0.0.1:8000, with a phone to text from
	$(BIN)/howwasschool demo

test: $(VENV)/.test ## the whole suite, on a real SQLite and a real PostgreSQL
	$(PYTEST) -n $(WORKERS)

test-guarantees: $(VENV)/.test ## the promises about messages, in short form
	$(PYTEST) tests/guarantees

check: $(VENV)/.check ## format, lint, types, import contracts
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.check ## puts the code into its format and mends what a linter can mend
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

bench: $(VENV)/.test ## the benchmarks: a table of ratios, and bench.json
	$(BIN)/howwasschool bench --json bench.json

lock: ## pins the requirements anew, with hashes and without the address of any index
	$(COMPILE) --group build --output-file requirements/build.txt
	$(COMPILE) pyproject.toml --constraint requirements/build.txt --output-file requirements/runtime.txt
	$(COMPILE) pyproject.toml --extra test --constraint requirements/runtime.txt --output-file requirements/test.txt
	$(COMPILE) pyproject.toml --extra test --extra check --constraint requirements/test.txt \
		--output-file requirements/check.txt

# Stamps: a lock that did not change is not installed again. Each names the file that it installed.

$(VENV)/.made:
	$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0]) \
		if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.project: requirements/build.txt pyproject.toml hatch_build.py $(VENV)/.made
	$(PIP) --require-hashes -r requirements/build.txt
	$(PIP) --no-deps --no-build-isolation --no-index --editable .
	@touch $@

$(VENV)/.runtime $(VENV)/.test $(VENV)/.check: $(VENV)/.%: requirements/%.txt $(VENV)/.project
	$(PIP) --require-hashes -r $<
	@touch $@

