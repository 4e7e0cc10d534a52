# One command to try it (`make run`), one to trust it (`make check`). `make help` lists the rest.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
# Python compiles what is imported, when it is; to compile all that is installed takes a third of the time.
PIP    := $(BIN)/python -m pip --disable-pip-version-check install --quiet --no-compile
ARGS   ?=

# What is installed is remembered by stamp files: a second `make run` starts at once.
RUNTIME := $(VENV)/.installed-runtime
DEV     := $(VENV)/.installed-dev

.DEFAULT_GOAL := help
.PHONY: help run install dev test check lint format types imports drift collect spec examples redocly verifier release bench lock clean
.DELETE_ON_ERROR:

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(RUNTIME) ## install what is missing, then serve the demo
	@$(BIN)/tracker demo --serve $(ARGS)

install: $(RUNTIME) ## make .venv with the runtime, each package checked by its hash

dev: $(DEV) ## the same with all that the checks need

test: $(DEV) ## run the tests on all cores (ARGS="tests/domain -k deadline")
	@$(BIN)/python -m pytest -n auto --dist worksteal $(ARGS)

check: lint types imports drift test ## every check, the cheap ones first

lint: $(DEV) ## style, likely mistakes, layout, dead code
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/vulture

format: $(DEV) ## lay out the code, sort the imports
	@$(BIN)/ruff check --fix-only --quiet .
	@$(BIN)/ruff format .

types: $(DEV) ## mypy, strict
	@$(BIN)/mypy

imports: $(DEV) ## the floors: who may import whom
	@$(BIN)/lint-imports

drift: $(DEV) ## is the committed OpenAPI document the one the code declares?
	@$(BIN)/tracker openapi --check openapi/tracker-v1.yaml

collect: $(DEV) ## can every test be imported? It compiles them, too
	@found="$$($(BIN)/python -m pytest --collect-only -q 2>&1)" || { echo "$$found"; exit 1; }; echo "$$found" | tail -n 1

spec: $(RUNTIME) ## write the OpenAPI document again
	@$(BIN)/tracker openapi > openapi/.tracker-v1.yaml.new && mv openapi/.tracker-v1.yaml.new openapi/tracker-v1.yaml

examples: $(DEV) ## record the examples of every operation again, and write the document with them
	@$(BIN)/python -m tests.contract.examples
	@$(MAKE) --no-print-directory spec

redocly: ## what a second linter says of the document (needs node; not part of the gate)
	@npx --yes @redocly/cli@2.77.0 lint --extends recommended-strict openapi/tracker-v1.yaml

verifier: $(RUNTIME) ## write dist/tracker-verify.pyz: anybody can verify a log with it
	@mkdir -p dist
	@$(BIN)/python -m tracker.tlog.pack dist/tracker-verify.pyz
	@sha256sum dist/tracker-verify.pyz

release: $(DEV) ## write dist/: wheel, source, verifier, what they consist of, checksums; built twice and tried out
	@$(BIN)/python -m tests.house.release dist

bench: $(RUNTIME) ## measure it on this machine
	@$(BIN)/python -m bench $(ARGS)

# Order matters: what runs is resolved first, and the rest must agree with it.
LOCK := uv pip compile --quiet --generate-hashes --no-emit-index-url --universal --python-version 3.11 --no-header
lock: ## resolve the lock files again (needs uv; ARGS=--upgrade for newer releases)
	$(LOCK) $(ARGS) pyproject.toml -o requirements.lock
	$(LOCK) $(ARGS) -c requirements.lock pyproject.toml --all-extras -o requirements-extras.lock
	$(LOCK) $(ARGS) -c requirements.lock --group build -o requirements-build.lock
	$(LOCK) $(ARGS) -c requirements-extras.lock -c requirements-build.lock pyproject.toml --all-extras --group dev \
	    -o requirements-dev.lock

clean: ## remove .venv, caches and builds; never your data in var/
	rm -rf $(VENV) build dist htmlcov .coverage .coverage.* .pytest_cache .mypy_cache .ruff_cache .hypothesis \
	    .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# ---------------------------------------------------------------- installing

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	    echo "The tracker needs Python 3.11 or newer; '$(PYTHON)' is: $$($(PYTHON) --version 2>&1)." >&2; \
	    echo "Name a newer one: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	    echo "'$(PYTHON)' cannot make a virtual environment (Debian: apt install python3-venv)." >&2; exit 1; }

# The locks name everything, so pip resolves nothing (--no-deps): asked to resolve, it takes a newer release that an extra
# like coverage[toml] admits for the one to install, and then refuses it for having no hash.
$(RUNTIME): requirements.lock requirements-build.lock pyproject.toml | $(BIN)/python
	@echo "Installing what the tracker runs on ..."
	@$(PIP) --no-deps --require-hashes -r requirements.lock
	@$(PIP) --no-deps --require-hashes -r requirements-build.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@$(BIN)/python -m pip --disable-pip-version-check check
	@touch $@

$(DEV): requirements-dev.lock $(RUNTIME)
	@echo "Installing what the checks need ..."
	@$(PIP) --no-deps --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip --disable-pip-version-check check
	@touch $@
