BIN = .venv/bin
# What cog renews from the code and from the latest build.
PAGES = README.md docs/reference/*.md docs/explanation/accuracy.md

.PHONY: dataset test check mutants lock readme docs clean

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
	$(BIN)/qantar build  # README.md and docs/ show rows of it
	$(BIN)/cog -P --check $(PAGES)
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# The conditions of rules that no test needs, one by one; minutes.
mutants: .venv/.installed-test
	$(BIN)/python -m benchmarks.mutants --list

readme: .venv/.installed-test
	$(BIN)/qantar build
	$(BIN)/cog -r -P $(PAGES)

# The documentation as pages that ask no other host: site/index.html. Broken links end it.
docs: .venv/.installed-test
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "docs: site/index.html; its search needs a server: python3 -m http.server -b 127.0.0.1 -d site"

.venv/.installed: requirements.lock pyproject.toml setup.py $(wildcard flows/stages/duplicates/native/*.[ch] flows/model/native/*.[ch])
	@PYTHON="$(PYTHON)" sh tools/install.sh run
	@touch $@

.venv/.installed-test: .venv/.installed requirements-test.lock
	@sh tools/install.sh test
	@sh tools/browser.sh
	@touch $@

# Resolve anew; needs uv.
lock:
	echo uv | uv pip compile - --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements-uv.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --all-extras -c requirements.lock -o requirements-test.lock

clean:
	rm -rf processed/builds processed/latest processed/history.db processed/.cache processed/.prefect
