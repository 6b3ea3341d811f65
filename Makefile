# Doorstep. `make help` tells what there is.
#
# Needs git, make and a python3 (3.8 or newer, with venv); the rest is brought along: uv in a
# private environment, by uv both Pythons and, locked, everything that the two need.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

UV_VERSION := 0.13.9
UV ?= .uv/bin/uv
PYTHON := .venv/bin/python
PYTEST := $(PYTHON) -m pytest
# Pythons that pyenv has brought already are found by uv even where its shims are not on the PATH.
export PATH := $(PATH)$(shell printf ':%s' $(or $(PYENV_ROOT),$(HOME)/.pyenv)/versions/3.1[02].*/bin)
# Somebody's activated environment is not ours to fill.
unexport VIRTUAL_ENV PYTHONPATH PYTHONHOME

FAST := tests/unit tests/contract
SLOW := tests/integration
# On the real engine, one for each process.
ENGINE := tests/engine tests/conversations
# A file stays with one process, which has a database of its own.
TWO := -n 2 --dist loadfile

##@ Use

.PHONY: run
run: install ## start everything; Ctrl-C stops it (SANDBOX=false for real use)
	@exec $(PYTHON) -m bot run

.PHONY: import
import: install ## load shipments: make import FILE=parcels.csv [MERCHANT="Maison Lune"]
	@$(call needs,FILE)
	@$(PYTHON) -m bot import "$(FILE)" $(if $(MERCHANT),--merchant "$(MERCHANT)")

##@ The language model

.PHONY: train
train: install ## train it, if its inputs have changed
	@$(PYTHON) -m bot train

# The allocator keeps what it has: to give large arrays back and ask for them again took as long as the sums.
.PHONY: tune
tune: install ## tune the second encoder to the sentences (an hour; NEW=1: less); commit engine/tuned.npz
	@PYTHONPATH=. PYTHONWARNINGS=ignore TF_CPP_MIN_LOG_LEVEL=3 RASA_TELEMETRY_ENABLED=false \
		MALLOC_ARENA_MAX=1 MALLOC_MMAP_THRESHOLD_=33554432 MALLOC_TRIM_THRESHOLD_=17179869184 \
		engine/.venv/bin/python -m engine.tune $(if $(EPOCHS),--epochs $(EPOCHS)) $(if $(FRESH),--fresh) $(if $(NEW),--new)

.PHONY: compare
compare: install ## how the readers compare, by cross-validation (an hour)
	@PYTHONPATH=. PYTHONWARNINGS=ignore TF_CPP_MIN_LOG_LEVEL=3 OMP_NUM_THREADS=1 \
		OPENBLAS_NUM_THREADS=1 RASA_TELEMETRY_ENABLED=false \
		engine/.venv/bin/python -m engine.compare --diet 30

.PHONY: evaluate
evaluate: install ## how well it reads: make evaluate FILE=x.jsonl [JSON=out.json]
	@$(call needs,FILE)
	@$(PYTHON) -m bot evaluate "$(FILE)" $(if $(JSON),--json "$(JSON)")

.PHONY: talk
talk: install ## talk to what `make run` has started: make talk [WITH="--language fr --channel whatsapp"]
	@$(PYTHON) -m bot talk $(WITH)

.PHONY: evaluate-dates
evaluate-dates: install ## how well it reads days: make evaluate-dates FILE=x.jsonl [JSON=out.json]
	@$(call needs,FILE)
	@$(PYTHON) -m bot evaluate-dates "$(FILE)" $(if $(JSON),--json "$(JSON)")

##@ Work on it

.PHONY: check
check: install ## lint, types and the fast tests
	$(PYTHON) -m ruff check .
	$(PYTHON) -m ruff format --check .
	$(PYTHON) -m pyright --project pyproject.toml
	$(PYTEST) -q $(TWO) $(FAST)

.PHONY: test
test: install ## every test that needs no browser (CHECKED=1: but those of make check)
	@$(PYTHON) -m bot train
	$(PYTEST) -q $(TWO) $(if $(CHECKED),,$(FAST)) $(SLOW)
	$(PYTEST) $(TWO) $(ENGINE)

.PHONY: test-browser
test-browser: install ## the tests in a browser; need a Chromium
	@$(PYTHON) -m bot train
	$(PYTEST) $(TWO) tests/browser

.PHONY: faults
faults: install ## everything dies at random while people talk (ten minutes): make faults [SEED=7]
	@$(PYTHON) -m bot train
	@$(PYTHON) -m faults $(if $(SEED),--seed $(SEED))

.PHONY: simulate
simulate: install ## a month of parcels, judged and drawn in var/simulate.html: make simulate [PARCELS=10000] [SEED=7]
	@$(PYTHON) -m simulate $(if $(PARCELS),--parcels $(PARCELS)) $(if $(SEED),--seed $(SEED))

.PHONY: bench
bench: install ## speed beside bare Rasa, Celery, bare servers (half an hour); writes var/bench.json
	$(PYTHON) -m bench
	$(PYTHON) -m bench.desk
	$(PYTHON) -m bench.notices
	$(PYTHON) -m bench.events

.PHONY: format
format: install ## put the code into its format
	$(PYTHON) -m ruff format .
	$(PYTHON) -m ruff check --fix .

##@ Set up

.PHONY: install
install: .venv/.locked engine/.venv/.locked ## bring what is missing (the others do so by themselves)

.PHONY: clean
clean: ## remove environments, models and caches; var/ with its database stays
	rm -rf .venv engine/.venv .uv models .pytest_cache .ruff_cache
	find . -name __pycache__ -type d -not -path './var/*' -prune -exec rm -rf {} +

.PHONY: help
help: ## this
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@ / { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))
	@echo

needs = test -n "$($(1))" || { echo "say which: make $@ $(1)=..." >&2; exit 2; }

# uv run in a folder reads that folder's .python-version, and finds or fetches that Python.
.venv/.locked: uv.lock pyproject.toml .python-version | $(UV)
	@echo "Installing the product's libraries ..."
	@"$(UV)" sync --frozen --quiet --compile-bytecode
	@touch $@

engine/.venv/.locked: engine/uv.lock engine/pyproject.toml engine/.python-version | $(UV)
	@echo "Installing the engine's libraries (0.9 GB the first time) ..."
	@cd engine && "$(if $(filter /%,$(UV)),$(UV),../$(UV))" sync --frozen --quiet --compile-bytecode
	@touch $@

# A python3 that works: a version manager's may stand first and answer nothing here.
.uv/bin/uv:
	@echo "Bringing uv $(UV_VERSION) ..."
	@for python in python3 /usr/bin/python3 /usr/local/bin/python3; do \
		$$python -c 'import sys; sys.exit(sys.version_info < (3, 8))' 2>/dev/null || continue; \
		rm -rf .uv; \
		$$python -m venv .uv >/dev/null 2>&1 || { rm -rf .uv; continue; }; \
		.uv/bin/python -m pip --quiet --disable-pip-version-check install uv==$(UV_VERSION) && exit 0; \
		rm -rf .uv; \
		echo "uv $(UV_VERSION) cannot be installed; is the package index reachable?" >&2; exit 2; \
	done; \
	echo "A Python 3.8 or newer that can make environments is needed." >&2; \
	echo "On Debian and Ubuntu: sudo apt-get install python3 python3-venv" >&2; \
	echo "Or bring your own uv: make run UV=\"\$$(command -v uv)\"" >&2; exit 2
