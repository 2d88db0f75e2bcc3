# Everything a person or the CI types. The first target prints them.
PYTHON ?= python3
TORCH_INDEX ?=
PORT ?= 7860
ONLY ?=

VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --disable-pip-version-check --quiet -c constraints.txt \
	$(if $(TORCH_INDEX),--extra-index-url $(TORCH_INDEX))

.PHONY: help chat test soak fix eval bench clean
.DEFAULT_GOAL := help

help: ## show this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10
	@echo "Variables: PYTHON=python3.12 (any from 3.11 to 3.13), PORT=7861, TORCH_INDEX=<index of CPU builds>"
	@echo "           ONLY='fuzz and pdf' (the proofs that make soak runs; the others keep their record)"

chat: $(VENV)/.installed ## install what is needed, then serve the chat page over the articles
	@$(BIN)/assistant chat --port $(PORT)

test: $(VENV)/.tests-installed ## lint, format, types, tests, and the keyless evaluation against its thresholds
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/python -m pytest
	$(BIN)/python -m evals --check

soak: $(VENV)/.tests-installed ## run the long proofs in full (hours); records each in evals/results/
	SOAK=full $(BIN)/python -m pytest -m soak -o faulthandler_timeout=0 -v --log-cli-level=INFO $(if $(ONLY),-k '$(ONLY)')

fix: $(VENV)/.tests-installed ## format the code and mend what the linter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

eval: $(VENV)/.installed ## run the evaluation set and write the report to eval-output/
	$(BIN)/python -m evals

bench: $(VENV)/.installed ## measure speed on this machine, as ratios; writes evals/results/
	$(BIN)/python -m evals speed
	$(BIN)/python -m evals scale

clean: ## remove the environment and everything that was made
	rm -rf $(VENV) build dist *.egg-info test-output eval-output .mypy_cache .pytest_cache .ruff_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' || { \
		echo "Python 3.11 to 3.13 is needed; name one with: make PYTHON=python3.12"; exit 2; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml constraints.txt
	@echo "Installing (once; about 2.5 GB on the disk, a few minutes) ..."
	@$(INSTALL) -e .
	@touch $@

$(VENV)/.tests-installed: $(VENV)/.installed
	@echo "Installing what the tests need ..."
	@$(INSTALL) -e '.[dev]'
	@touch $@
