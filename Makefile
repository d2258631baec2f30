# `make` alone lists the commands. Only run and test are needed; the rest serve those who change the code.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
SCHEMA_SQL := db/sql/migrations db/sql/triggers db/sql/functions
# A user's pip settings must not decide what is installed: the lock file does, with hashes.
PIP    := $(BIN)/python -m pip --disable-pip-version-check --quiet install --require-virtualenv

# Where the environment forbids it, each of the hundreds of processes of the tests would compile every module anew.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test quick coverage proof bench bench-db bench-search bench-feeds bench-people bench-driver bench-memory bench-attacks bench-purges bench-tracing check lint format schema contracts lock clean

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: $(VENV)/runtime.stamp ## set up what is missing, then database, migrations, demo data and the server
	@$(BIN)/vrss run

test: $(VENV)/dev.stamp ## set up what is missing, then run every test, or what T='pytest arguments' names
	@$(BIN)/python -m pytest $(or $(T),$(WORKERS))

# Each file is one worker's, in the order of tests/conftest.py. Three on two processors, since many tests wait.
WORKERS := -n 3 --dist loadfile --no-loadscope-reorder

quick: $(VENV)/dev.stamp lint ## all linters, then the tests of what changed since origin/main (tests/changed.py)
	@tests=$$($(BIN)/python -m tests.changed) && $(BIN)/python -m pytest $(WORKERS) $$tests

coverage: $(VENV)/dev.stamp ## every test once more, with what it runs of db and api; under 80 % of db is a failure
	@$(BIN)/python -m pytest $(WORKERS) --cov --cov-report=
	@$(BIN)/coverage report --include='api/*' | tail -1
	@$(BIN)/coverage report --include='db/*' --fail-under=80

check: $(VENV)/dev.stamp lint test ## all linters, then every test; what CI runs

lint: $(VENV)/dev.stamp ## all linters, two at a time
	@$(MAKE) --no-print-directory -j2 $(if $(filter output-sync,$(.FEATURES)),--output-sync=target) _lint-types _lint-sql _lint-text _lint-tests

# The longest first. Each is quiet or says at its end what it found, and none writes what another reads.
.PHONY: _lint-types _lint-sql _lint-text _lint-tests
_lint-types:
	@$(BIN)/basedpyright --warnings

_lint-sql:
	@$(BIN)/sqlfluff lint $(SCHEMA_SQL)
	@$(BIN)/sqlfluff lint --templater placeholder db/sql/queries
	@$(BIN)/squawk db/sql/migrations/*.up.sql

_lint-text:
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/python -m tests.prose
	@$(BIN)/lint-imports --no-cache

# That every test can be collected; workers that do so at once afterwards find its modules compiled.
_lint-tests:
	@found=$$($(BIN)/python -m pytest --collect-only -qqq) || { echo "$$found" | sed -n '/= ERRORS =/,$$p'; exit 1; }

proof: $(VENV)/dev.stamp ## the heavy proofs: thousands of random cases, minutes long
	@VRSS_PROOF=1 $(BIN)/python -m pytest -m proof
	@VRSS_EXECUTOR=stock $(BIN)/python -m pytest tests/api

bench: $(VENV)/dev.stamp bench/peers/node_modules ## measure this server and Node's in one run (needs npm)
	@$(BIN)/python -m bench.serving

bench/peers/node_modules: bench/peers/package.json
	@echo "Installing the other servers from npm …"
	@cd bench/peers && npm install --ignore-scripts --no-audit --no-fund --no-package-lock --loglevel error
	@touch $@

bench-db: $(VENV)/dev.stamp ## measure the hot statements on a million posts, or SCALE=5 on five
	@SCALE=$(SCALE) $(BIN)/python -m bench.database

bench-search: $(VENV)/dev.stamp ## measure search and discovery at a million posts and 200 000 people
	@SCALE=$(SCALE) $(BIN)/python -m bench.search

bench-feeds: $(VENV)/dev.stamp ## measure ten pages of each kind of custom feed at a million posts
	@SCALE=$(SCALE) $(BIN)/python -m bench.feeds

bench-driver: $(VENV)/dev.stamp ## measure the feed page's statements through both drivers
	@$(BIN)/python -m bench.driver

bench-memory: $(VENV)/dev.stamp ## ask one server 200 000 times and see whether its memory is flat
	@$(BIN)/python -m bench.memory

bench-attacks: $(VENV)/dev.stamp ## measure how fast attacks are refused, and how long others wait meanwhile
	@$(BIN)/python -m bench.attacked

bench-people: $(VENV)/dev.stamp ## measure suggestions for people with a hundred friends of a hundred each, and more
	@$(BIN)/python -m bench.suggestions

bench-purges: $(VENV)/dev.stamp ## measure what others feel while an account with a million rows is purged, or SCALE=5 with five
	@SCALE=$(SCALE) $(BIN)/python -m bench.purges

bench-tracing: $(VENV)/dev.stamp ## measure what tracing adds to the feed page
	@$(BIN)/python -m bench.tracing

SCALE := 1

format: $(VENV)/dev.stamp ## rewrite the code in the house style
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .
	@$(BIN)/sqlfluff fix $(SCHEMA_SQL)
	@$(BIN)/sqlfluff fix --templater placeholder db/sql/queries

schema: $(VENV)/dev.stamp ## write api/schema.graphql and db/schema.sql anew
	@$(BIN)/vrss schema export

contracts: $(VENV)/dev.stamp ## record the answers of tests/api/operations and of the examples anew
	@VRSS_RECORD_CONTRACTS=1 $(BIN)/python -m pytest -q tests/api/test_operations.py tests/api/test_examples.py -k recorded

lock: ## resolve the lock files of Python's packages anew (needs uv)
	echo 'setuptools>=80' | uv pip compile --quiet $(LOCK_FLAGS) - -o requirements-build.lock
	printf 'hatchling>=1.27\neditables>=0.5\n' | uv pip compile --quiet $(LOCK_FLAGS) pyproject.toml - -o requirements.lock
	uv pip compile --quiet $(LOCK_FLAGS) --group dev -c requirements.lock -o requirements-dev.lock
	echo 'ariadne-codegen>=0.19' | uv pip compile --quiet $(LOCK_FLAGS) - -o tests/clients/requirements.lock

LOCK_FLAGS := --universal --python-version 3.11 --generate-hashes --no-header --no-emit-index-url --no-emit-find-links --no-annotate

clean: ## remove the virtual environment and caches, keep the data
	rm -rf $(VENV) build .pytest_cache .ruff_cache .hypothesis .coverage*

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Name another with: make PYTHON=python3.12 …")'
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "python -m venv failed; on Debian: apt install python3-venv" >&2; exit 1; }

$(VENV)/runtime.stamp: requirements-build.lock requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "Installing the server's packages into $(VENV) …"
	@$(PIP) --require-hashes --no-deps -r requirements-build.lock
	@$(PIP) --require-hashes --no-deps --no-build-isolation -r requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.lock $(VENV)/runtime.stamp
	@echo "Installing the packages for tests and linters …"
	@$(PIP) --require-hashes --no-deps -r requirements-dev.lock
	@touch $@
