# `make` alone lists what there is to do.
.DEFAULT_GOAL := help
.PHONY: help run dev check test tests style types layers migrations templates bench mutants migrate clean
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

# What holds without running anything.
STATIC := style types layers migrations templates

check: .venv/.tests ## While you work: style, types, migrations and the tests that need neither Chromium nor PostgreSQL
	@$(MAKE) --no-print-directory --keep-going --jobs 2 tests $(STATIC)

test: .venv/.tests ## Before you hand over: all flavours and the browser; BROWSER=0, POSTGRES=0 leave those tests out
	@STATIC="$(STATIC)" exec ./tests/all

tests: .venv/.tests # The tests of `make check`
	@$(VENV)/python -m pytest -n 2 --dist loadgroup --ignore tests/browser -m "not postgres"

style: .venv/.tests ## Style only
	@$(VENV)/ruff check --quiet . && $(VENV)/ruff format --quiet --check .

types: .venv/.tests ## Types only
	@$(VENV)/mypy

layers: .venv/.tests ## Who imports whom
	@$(VENV)/lint-imports

migrations: .venv/.tests ## Whether a model changed without its migration
	@DJANGO_SETTINGS_MODULE=tests.settings $(VENV)/python manage.py makemigrations --check --dry-run

templates: .venv/.tests ## Style of the templates
	@$(VENV)/djlint --quiet --lint templates

bench: .venv/.tests ## How fast it is, beside what was promised; never fails. OPTIONS="--only list --patience 3"
	@exec $(VENV)/python -m tests.bench $(OPTIONS)

mutants: .venv/.tests ## Which small changes to the guarding modules no test notices; EACH=400 tries that many of each room
	@test -x $(VENV)/mutants/bin/cosmic-ray || { $(VENV)/python -m venv $(VENV)/mutants && \
		$(VENV)/mutants/bin/python -m pip install --quiet --disable-pip-version-check cosmic-ray==8.7.0; }
	@exec $(VENV)/mutants/bin/python -m tests.mutants

migrate: .venv/.runs ## Tables and static files, for a start without `make run`
	@$(VENV)/python manage.py prepare

clean: ## Takes away what was installed and made, the data in var/ too
	rm -rf .venv var .import_linter_cache .mypy_cache .pytest_cache .ruff_cache .hypothesis
