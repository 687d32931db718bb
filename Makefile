# Needs Python 3.11 or newer with venv and pip, and nothing else; all goes into .venv.
# Another Python: make install PYTHON=/usr/bin/python3.12, before .venv is there.

PYTHON ?= python3
BIN := .venv/bin
QUICK := linbias tests/linbias tests/test_import.py tests/grader/course/test_cells.py \
	tests/grader/course/test_names.py tests/grader/judge/test_restore.py \
	tests/grader/session/test_wire.py
# What draws, trains or starts a kernel takes longer.
SLOWER := plots experiment predictions widgets mastery_map check_notebook check_mistakes check_picture \
	check_friendly_errors

# The first release of each Python that is supported; a pin that needs a later one is no good.
FIRST_PYTHONS := 3.11.0 3.12.0 3.13.0 3.14.0

.PHONY: help install demo test quick lint lab teach hub docs bench release pins pins-check clean

help:
	@echo "make install   install everything into .venv; all others do it when needed"
	@echo "make demo      grade a sample class and print its gradebook"
	@echo "make test      run all checks and tests"
	@echo "make quick     run the quick tests"
	@echo "make lab       open the lessons in JupyterLab, as students do"
	@echo "make teach     open the course in JupyterLab, with the formgrader"
	@echo "make hub       try a JupyterHub on this machine: an instructor and three students"
	@echo "make docs      build the guide for teachers"
	@echo "make release   make notebooks/ from solutions/"
	@echo "make bench     measure how fast submissions are graded"
	@echo "make pins      renew constraints.txt"
	@echo "make clean     remove .venv and the tools' caches; classroom/ stays"

# Installs once, and again when what is to be installed changes.
.venv/installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--constraint constraints.txt --editable ".[test]"
	@touch $@

install: .venv/installed

demo: .venv/installed
	$(BIN)/grader demo

test: lint
	$(BIN)/python -m pytest -n 2 --dist loadfile

# The subject and the pure parts of the grader: the loop while you write.
quick: .venv/installed
	$(BIN)/python -m pytest -n 2 -q --hypothesis-profile=quick $(QUICK) $(SLOWER:%=--ignore-glob='*test_%*')

lint: .venv/installed
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy

lab: .venv/installed
	$(BIN)/jupyter lab notebooks

# nbgrader reads its configuration in the course's folder; handing out goes through the exchange.
teach: .venv/installed
	@mkdir -p classroom/exchange
	$(BIN)/jupyter lab --Exchange.root=$(CURDIR)/classroom/exchange

# Another port: make hub PORT=8100. It runs until Ctrl+C.
hub: .venv/installed
	@$(BIN)/python -m grader.deploy

# A warning, such as a link that leads nowhere, fails.
docs: .venv/installed
	$(BIN)/python -m sphinx --quiet --fail-on-warning --keep-going docs docs/_build/html
	@echo "The guide for teachers: file://$(CURDIR)/docs/_build/html/index.html"

bench: .venv/installed
	$(BIN)/python -m tests.bench

release: .venv/installed
	$(BIN)/grader release

# Not after .venv/installed: pins that cannot be installed here have to be renewed, too.
$(BIN)/uv:
	test -d .venv || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt uv

# One version of each package for all Pythons, where there is one.
pins: $(BIN)/uv
	$(BIN)/uv pip compile --quiet --upgrade --all-extras --no-emit-package linbias \
		--universal --python-version $(firstword $(FIRST_PYTHONS)) --fork-strategy fewest \
		--no-header --no-annotate --output-file constraints.txt pyproject.toml >/dev/null
	@sed -i '1i # Exact versions for Python 3.11 to 3.14, written by "make pins": see CONTRIBUTING.md.' \
		constraints.txt
	@$(MAKE) --no-print-directory pins-check

# Fails where a pin does not fit or has no wheel. Downloads what is said of a package, not the package.
pins-check: $(BIN)/uv
	@for version in $(FIRST_PYTHONS); do \
		$(BIN)/uv pip compile --quiet --python-version $$version --all-extras --only-binary :all: \
			--constraint constraints.txt pyproject.toml >/dev/null || exit 1; \
		echo "constraints.txt resolves for Python $$version"; \
	done

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
