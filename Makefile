PYTHON ?= python3
BIN = .venv/bin
# Every package is in the lock with its hash: nothing is resolved, so --no-deps.
INSTALL = $(BIN)/pip install --quiet --no-deps --require-hashes --disable-pip-version-check

.PHONY: dataset test check mutants lock readme clean

dataset: .venv/.installed
	$(BIN)/qantar build

test: .venv/.installed-test
	$(BIN)/pytest

check: .venv/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	rm -rf .venv/typing && mkdir -p .venv/typing/qantar
	ln -s $(CURDIR)/flows/* $(CURDIR)/expectations .venv/typing/qantar/
	$(BIN)/mypy
	$(BIN)/cog -P --check README.md

# The conditions of rules that no test needs, one by one; minutes.
mutants: .venv/.installed-test
	$(BIN)/python -m benchmarks.mutants --list

readme: .venv/.installed-test
	$(BIN)/cog -r -P README.md

.venv/.installed: requirements.lock pyproject.toml setup.py $(wildcard flows/stages/duplicates/native/*.[ch])
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(INSTALL) -r requirements.lock
	$(BIN)/pip install --quiet --no-deps --no-build-isolation --disable-pip-version-check --editable .
	touch $@

.venv/.installed-test: .venv/.installed requirements-test.lock
	$(INSTALL) -r requirements-test.lock
	touch $@

# Resolve anew; needs uv.
lock:
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --all-extras -c requirements.lock -o requirements-test.lock

clean:
	rm -rf processed/builds processed/latest processed/history.db processed/.cache processed/.prefect
