# make run: the hall with demonstration data.  make test: every check.  (Python 3.11 or newer and make; nothing else.)
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export HALL_ENVIRONMENT ?= development

.PHONY: run test setup setup-dev programs lint audit bench fuzz soak mutants clean lock translations messages styles screenshot pages lighthouse

run: setup
	@exec $(BIN)/python -m scenario_hall serve --demo

# One process more than there are cores, since a test waits for its browser, database or server half of its time.
PROCESSES ?= $(shell $(PYTHON) -c 'import os; print(min(6, (os.cpu_count() or 1) + 1))')
test: setup-dev programs translations styles lint
	$(BIN)/python -m pytest tests -n $(PROCESSES) --dist worksteal

setup: $(VENV)/.installed translations styles

setup-dev: $(VENV)/.installed-dev

$(VENV)/.installed: requirements.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed; this is $$($(PYTHON) --version)"; exit 1; }
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.installed-dev: requirements-dev.txt $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

# Chromium, Chinese fonts, PostgreSQL, npm, nginx, Java and OpenSearch: installed where this user may, else named, and their
# tests are left out.
programs: setup-dev
	@$(BIN)/python -m tools.install_programs
	@if command -v npm >/dev/null; then $(MAKE) --no-print-directory tests/foreign/node_modules/.installed; fi

# Others' verifiers of credentials.
tests/foreign/node_modules/.installed: tests/foreign/package-lock.json
	npm ci --prefix tests/foreign --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

# The Traditional catalogue is made from the Simplified one, so it is never edited and never out of step.
translations: $(VENV)/.installed
	@$(BIN)/python translations/build.py

# Texts that the sources gained or lost, into the catalogues; people then write the translations that are empty.
messages: $(VENV)/.installed
	@$(BIN)/python -m translations.messages

# One style sheet, named after its content, from static/css and Bootstrap; an old one is removed.
styles: $(VENV)/.installed
	@$(BIN)/python static/build.py

# Types take half of the time, so they are checked beside the rest.
lint: setup-dev
	@$(MAKE) --no-print-directory -j 2 -O lint-types lint-rest

.PHONY: lint-types lint-rest
lint-types:
	$(BIN)/mypy

lint-rest:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/lint-imports
	$(BIN)/djlint templates --check --lint --quiet
	$(BIN)/deptry .
	$(BIN)/python -m tools.check_texts
	$(BIN)/python -m tools.check_punctuation
	$(BIN)/python -m tools.check_shape

# Known faults of pinned packages (where PyPI can be asked), ruff's rules of security, and who succeeds where they should not.
audit: setup-dev styles
	$(BIN)/python -m tools.audit

# Plants faults that tests once let through, then changes the rules one spot at a time and says which changes no test
# noticed: a sample of 150 takes most of an hour.
mutants: setup-dev translations styles
	$(BIN)/python -m tools.planted
	$(BIN)/python -m tools.mutants

# Requests of every shape over the whole API, and chains of them, for long; the suite runs a short form.
fuzz: setup-dev translations styles
	$(BIN)/python -m tests.api.fuzzing

# 2,000 open feeds and 50 people for ten minutes, 100,000 odd requests, 200 kills, 2,000 races and 40 backups, as one table:
# some hours.
# For a part of it: python -m tests.soak --only fuzz --scale 0.1
soak: setup-dev programs translations styles
	$(BIN)/python -m tests.soak

bench: setup-dev styles
	$(BIN)/python -m scenario_hall bench

screenshot: setup-dev translations styles
	$(BIN)/python -m tests.browser.screenshot docs/hall.png

# Axe over every route × person × colours × language, and pictures of all of it, which are not committed: about an hour.
# For a part of it: python -m tests.browser.pages screenshots/pages --only /scenarios --locales pt
pages: setup-dev programs translations styles
	$(BIN)/python -m tests.browser.pages screenshots/pages

# Lighthouse (Node 20 and npm) on eight public pages, served as in production: about ten minutes.
lighthouse: setup-dev programs translations styles tools/lighthouse/node_modules
	$(BIN)/python -m tests.browser.lighthouse

tools/lighthouse/node_modules: tools/lighthouse/package-lock.json
	npm ci --prefix tools/lighthouse --ignore-scripts --no-audit --no-fund
	@touch $@

# Needs uv on the path (pip install uv).
lock:
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements.in -o requirements.txt
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate requirements-dev.in -o requirements-dev.txt

# Takes away what was installed and built, and the demonstration's data.
clean:
	rm -rf $(VENV) .opensearch tests/foreign/node_modules tools/lighthouse/node_modules data screenshots .mypy_cache .ruff_cache .hypothesis .import_linter_cache translations/zh_Hant static/built messages.pot
	find translations -name '*.mo' -delete
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
	find search_index -mindepth 1 ! -name README.md -delete
