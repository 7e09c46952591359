BIN = .venv/bin
# What cog renews from the code and from the latest build.
PAGES = README.md docs/reference/*.md docs/how-to/query.md docs/how-to/serve.md docs/how-to/collect.md docs/explanation/accuracy.md docs/explanation/faults.md docs/explanation/scale.md

.PHONY: dataset test check mutants size lock readme words docs changelog release-data sbom clean

dataset: .venv/.installed
	$(BIN)/qantar build

test: .venv/.installed-test
	$(BIN)/pytest -n 3 --dist loadfile --no-loadscope-reorder  # a file's tests share what they build; many wait for servers, so that two cores are idle with two

check: .venv/.installed-test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	rm -rf .venv/typing && mkdir -p .venv/typing/qantar
	ln -s $(CURDIR)/flows/* $(CURDIR)/expectations .venv/typing/qantar/
	$(BIN)/mypy
	$(BIN)/qantar build  # README.md and docs/ show rows of it
	$(BIN)/cog -P --check $(PAGES)
	$(BIN)/python tools/notebooks.py --check
	$(BIN)/python tools/words.py --check
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

# The conditions of rules that no test needs, one by one; minutes. .ci/run holds the shares of benchmarks/mutants.py's HELD.
mutants: .venv/.installed-test
	$(BIN)/python -m benchmarks.mutants --list

readme: .venv/.installed-test
	$(BIN)/qantar build
	$(BIN)/cog -r -P $(PAGES)
	$(BIN)/python tools/notebooks.py
	$(BIN)/python tools/words.py
	$(BIN)/python tools/read_patterns.py

# All messages of the explorer's pages, to be translated: docs/how-to/translate.md.
words: .venv/.installed-test
	$(BIN)/python tools/words.py

# The documentation as pages that ask no other host: site/index.html. Broken links end it.
docs: .venv/.installed-test
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict
	@echo "docs: site/index.html; its search needs a server: python3 -m http.server -b 127.0.0.1 -d site"

# What `make dataset` installs, in MB, without bytecode; ends with 1 from 700 on.
size: .venv/.installed
	@du -sm --exclude=__pycache__ .venv | awk '{ print "installed: " $$1 " MB"; exit $$1 >= 700 }'

.venv/.installed: requirements.lock pyproject.toml setup.py tools/strip.sh $(wildcard flows/stages/duplicates/native/*.[ch] flows/model/native/*.[ch])
	@PYTHON="$(PYTHON)" sh tools/install.sh run
	@touch $@

.venv/.installed-test: .venv/.installed requirements-test.lock
	@sh tools/install.sh test
	@sh tools/browser.sh
	@touch $@

# Both editions of the latest build, each a folder and a .zip that repositories of data take: make release-data VERSION=1.0.0
release-data: dataset
	$(BIN)/qantar verify
	$(BIN)/qantar release $(VERSION)
	$(BIN)/qantar release $(VERSION) --edition annotations

# What is installed to run, with versions and licences, as CycloneDX; needs uv, which tools/install.sh puts into .venv where it lacks.
sbom: .venv/.installed
	PATH="$$PATH:$(CURDIR)/$(BIN)" uvx -q --from cyclonedx-bom==7.5.0 cyclonedx-py environment --pyproject pyproject.toml --output-reproducible --of JSON -o sbom.json $(BIN)/python

# The fragments of docs/changes become a section of CHANGELOG.md: make changelog VERSION=1.0.0
changelog: .venv/.installed-test
	$(BIN)/towncrier build --yes --version $(VERSION)

# Resolve anew; needs uv.
lock:
	echo uv | uv pip compile - --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements-uv.lock
	uv pip compile pyproject.toml --override requirements-left-out.txt --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate -o requirements.lock
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate --all-extras -c requirements.lock -o requirements-test.lock

clean:
	rm -rf processed/builds processed/latest processed/history.db processed/.cache processed/.prefect
