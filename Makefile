# Satu Inovasi: the verbs. `make help` lists them.
# Nothing but bash, python3 (3.11 or newer) and make is needed; containers only for `docker compose`.
SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
BIN := .venv/bin
PORT ?= 8000
MINUTES ?= 10
SEED ?= $(shell od -An -N3 -tu4 /dev/urandom | tr -d ' ')
WORKERS ?= 2
STAMP := .venv/.installed-$(shell cat requirements-dev.lock pyproject.toml | cksum | cut -d' ' -f1)
# Tests start many processes: without bytecode files each of them compiles every module.
RUN_TESTS := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -q
COMPILE := $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

.PHONY: help
help: ## what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(STAMP) ## .venv with everything, satu among it; at once when it is there
	@:

$(STAMP):
	@PYTHON='$(PYTHON)' deploy/setup '$(STAMP)'

.PHONY: demo
demo: setup ## the whole system on sample data, in one process (ONCE=1: end after the result; PORT=8000)
	@$(BIN)/satu demo --port $(PORT) $(if $(filter-out 0,$(ONCE)),--once)

.PHONY: up
up: setup ## the whole system in one process, data kept in ./data (PORT=8000)
	@PORT=$(PORT) $(BIN)/satu up

.PHONY: check
check: setup ## format, lint, types, architecture rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	@$(MAKE) --jobs=2 --output-sync types architecture

.PHONY: types architecture
types:
	$(BIN)/mypy
architecture:
	$(RUN_TESTS) tests/architecture

.PHONY: test
test: check ## check, then every test, also against real servers and containers (SEED= repeats an order)
	@echo 'random order: make test SEED=$(SEED)'
	$(RUN_TESTS) --ignore=tests/architecture -n $(WORKERS) --dist loadgroup --no-loadscope-reorder --randomly-seed=$(SEED) --durations=15

.PHONY: soak
soak: setup ## the fault and property tests again and again (MINUTES=10, SEED=)
	@PYTHON='$(BIN)/python' deploy/soak '$(MINUTES)' '$(SEED)'

.PHONY: mutation
mutation: setup ## mutation testing of the pure scoring rooms, by sample (COUNT=60 SEED=)
	@$(BIN)/python -m tests.mutation.sampler '$(or $(COUNT),60)' '$(SEED)'

.PHONY: bench
bench: setup ## speed, side by side with peers where they are at hand
	@$(BIN)/python -m benchmarks

.PHONY: docs
docs: setup ## the generated documents anew: docs/events, docs/reference, docs/openapi, deploy/topology
	@$(BIN)/python -m shared.cli.generate
	@$(BIN)/satu catalogue schema docs/reference

.PHONY: lock
lock: setup ## requirements*.lock anew from requirements*.in, with hashes (UPGRADE=1: newest versions)
	@CUSTOM_COMPILE_COMMAND='make lock' $(COMPILE) $(if $(UPGRADE),--upgrade) -o requirements.lock requirements.in
	@CUSTOM_COMPILE_COMMAND='make lock' $(COMPILE) $(if $(UPGRADE),--upgrade) -o requirements-dev.lock requirements-dev.in

.PHONY: secrets
secrets: ## every secret file of docker-compose.yml that is not there yet, in ./secrets
	@deploy/make-secrets secrets

.PHONY: clean
clean: ## .venv and what tools left behind; never ./data or ./secrets
	rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis build *.egg-info
	find . -name __pycache__ -type d -not -path './data/*' -prune -exec rm -rf {} +
