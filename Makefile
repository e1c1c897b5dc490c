# Everything a person or CI does here, each a name that reads as what it does. `make help` lists them.
# Paths are relative throughout: the checkout may lie in a folder with spaces in its name.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help install up check test test-long bench schema lock clean

python := .venv/bin/python
pytest := $(python) -m pytest

# A PostgreSQL 15 of the system, used by test-long beside the embedded one.
plain_postgres := $(firstword $(wildcard /usr/lib/postgresql/15/bin /opt/homebrew/opt/postgresql@15/bin))

help: ## List what can be made
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 20

install: .venv/.installed ## Make .venv with everything in requirements.lock

up: install ## Start the service and run the sample; Ctrl-C stops it
	@.venv/bin/ty-pipeline up

check: install ## Lint, format, types, layers, names in SQL, the lock against pyproject.toml
	$(python) -m ruff check .
	$(python) -m ruff format --check .
	$(python) -m mypy
	.venv/bin/lint-imports
	$(pytest) -q tests/unit/test_sql_names.py
	$(python) -m pip check

test: install ## Tests that need nothing but this checkout: under 10 minutes on 2 cores
	$(pytest) -q -m "not long" tests/unit tests/sql tests/dagster tests/acceptance

test-long: install ## What is slow: many random histories, browser, a plain PostgreSQL 15
	$(pytest) -q -m "long or histories" --hypothesis-profile=long
ifeq ($(plain_postgres),)
	@echo "No PostgreSQL 15 in /usr/lib/postgresql/15: the tests ran on the embedded one only."
else
	TY_TEST_POSTGRES_BIN=$(plain_postgres) $(pytest) -q -m "not long" tests/sql tests/acceptance
endif

bench: install ## Measure; ONLY=name for one benchmark
	@.venv/bin/python -m benchmarks $(ONLY)

schema: install ## Write sql/schema.sql from what the migrations make
	$(python) -m ty_pipeline.database.schema_dump

lock: ## Write requirements.lock anew (needs uv)
	scripts/lock

clean: ## Remove .venv and caches; your data in .ty stays
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache *.egg-info

# The stamps are the files themselves: nothing is done twice, and what was cut off is done again.
.venv/.installed: pyproject.toml .venv/.locked
	@$(python) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

# --no-deps: the lock is complete, and pip need not work out what uv has. Compiling afterwards on all
# cores saves half a minute.
.venv/.locked: requirements.lock
	@scripts/make-venv
	@echo "Installing the packages of requirements.lock into .venv: a minute or two."
	@$(python) -m pip install --quiet --disable-pip-version-check --no-compile --no-deps --require-hashes -r requirements.lock
	@$(python) -m compileall -q -j 0 -x '/tests?/' .venv/lib > /dev/null || true
	@touch $@
