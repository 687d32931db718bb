# Needs Python 3.11 or newer with venv and pip, and nothing else; all goes into .venv.
# Another Python: make install PYTHON=/usr/bin/python3.12, before .venv is there.

PYTHON ?= python3
BIN := .venv/bin
QUICK := linbias grader tests/linbias tests/test_import.py tests/grader/course/test_cells.py \
	tests/grader/course/test_names.py tests/grader/course/test_figures.py \
	tests/grader/judge/test_restore.py tests/grader/session/test_wire.py

.PHONY: help install demo test quick lint lab bench release clean

help:
	@echo "make install   install everything into .venv; all others do it when needed"
	@echo "make demo      grade a sample class and print its gradebook"
	@echo "make test      run all checks and tests"
	@echo "make quick     run the quick tests"
	@echo "make lab       open the lessons in JupyterLab"
	@echo "make release   make notebooks/ from solutions/"
	@echo "make bench     measure how fast submissions are graded"
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
	$(BIN)/python -m pytest -n 2 -q $(QUICK)

lint: .venv/installed
	$(BIN)/ruff check --quiet
	$(BIN)/ruff format --check --quiet
	$(BIN)/mypy

lab: .venv/installed
	$(BIN)/jupyter lab notebooks

bench: .venv/installed
	$(BIN)/python -m tests.bench

release: .venv/installed
	$(BIN)/grader release

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .hypothesis *.egg-info
