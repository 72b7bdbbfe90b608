# `make` alone lists what there is to do.
.DEFAULT_GOAL := help
.PHONY: help run dev test lint types migrate shots clean
PYTHON ?= python3
VENV := .venv/bin

help: ## What there is to do
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

.venv/.runs: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed.")'
	@test -x $(VENV)/python || $(PYTHON) -m venv .venv
	@echo "Installing what is needed …"
	@$(VENV)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/.tests: .venv/.runs tests/requirements.txt
	@echo "Installing what the tests need …"
	@$(VENV)/python -m pip install --quiet --disable-pip-version-check -r tests/requirements.txt
	@touch $@

run: .venv/.runs ## The whole product, on the embedded sandbox unless FLOWTLY_BASE_URL names an API
	@exec $(VENV)/python -m dashboard.run

dev: .venv/.runs ## The same, reloading when a file changes
	@exec $(VENV)/python -m dashboard.run --dev

test: .venv/.tests ## Lint, types and all tests; BROWSER=0, POSTGRES=0 leave out what needs Chromium, PostgreSQL
	@exec ./tests/all

lint: .venv/.tests ## Style only
	@$(VENV)/ruff check . && $(VENV)/ruff format --check .

types: .venv/.tests ## Types only
	@$(VENV)/mypy

migrate: .venv/.runs ## Tables and static files, for a start without `make run`
	@$(VENV)/python manage.py prepare

clean: ## Takes away what was installed and made, the data in var/ too
	rm -rf .venv var .mypy_cache .pytest_cache .ruff_cache .hypothesis
