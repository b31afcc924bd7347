# Satu Inovasi. `make help` lists the targets.
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
LISTS := requirements.in $(sort $(wildcard requirements/*.in))
STAMP := .venv/.installed-$(shell cat requirements-dev.lock pyproject.toml $(LISTS) | cksum | cut -d' ' -f1)
# Tests start many processes: without bytecode files each of them compiles every module.
RUN_TESTS := PYTHONDONTWRITEBYTECODE= $(BIN)/pytest -q
COMPILE := CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/pip-compile --quiet --generate-hashes --allow-unsafe --strip-extras \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

.PHONY: help
help: ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: setup
setup: $(STAMP) ## .venv with all packages and satu; does nothing when it is up to date
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

.PHONY: test-unit
test-unit: setup ## the unit tests: no server, no container, nothing beyond this machine (SEED= repeats an order)
	$(BIN)/pytest -q -n $(WORKERS) --randomly-seed=$(SEED) tests/unit

.PHONY: coverage
coverage: setup ## branch coverage of the unit and contract tests, with the lines that none reaches (fails below the minimum)
	$(BIN)/coverage erase
	$(BIN)/coverage run -m pytest -q -n $(WORKERS) --dist loadgroup --randomly-seed=$(SEED) tests/unit tests/contract
	$(BIN)/coverage combine --quiet
	$(BIN)/coverage report

.PHONY: lowest
lowest: ## the unit tests with the lowest versions that requirements*.in allow, in .venv-lowest
	@PYTHON='$(PYTHON)' deploy/lowest .venv-lowest

.PHONY: soak
soak: setup ## the fault and property tests, repeated with other seeds (MINUTES=10, SEED=)
	@PYTHON='$(BIN)/python' deploy/soak '$(MINUTES)' '$(SEED)'

.PHONY: mutation
mutation: setup ## mutation testing of the pure scoring rules, by sample (COUNT=60 SEED=)
	@$(BIN)/python -m tests.mutation.sampler '$(or $(COUNT),60)' '$(SEED)'

.PHONY: bench
bench: setup ## benchmarks beside peers, in under 20 minutes, into docs/performance.md (FULL=1: larger; CHECK=1: fail on a fall)
	@$(BIN)/python -m benchmarks $(if $(FULL),--size full) $(if $(CHECK),--check) $(if $(ONLY),--only $(ONLY))

.PHONY: bench-quick
bench-quick: setup ## the same at a small size, in under 3 minutes, without writing docs
	@$(BIN)/python -m benchmarks --size quick $(if $(CHECK),--check) $(if $(ONLY),--only $(ONLY))

.PHONY: docs
docs: setup ## regenerate docs/events, docs/reference, docs/openapi, deploy/topology
	@$(BIN)/python -m shared.cli.generate
	@$(BIN)/satu catalogue schema docs/reference

.PHONY: locale
locale: setup ## the portal's catalogues of messages, from its code and templates
	@$(BIN)/python -m services.portal.pages.messages

.PHONY: screenshots
screenshots: setup ## pictures of the demo and of every page of the portal, into docs/screenshots
	@$(BIN)/python -m tests.documents.pictures
	@$(BIN)/python -m tests.documents.portal_pictures

.PHONY: lock
lock: $(BIN)/pip-compile ## every requirements*.lock from its .in files, with hashes (UPGRADE=1: newest versions)
	@$(COMPILE) $(if $(UPGRADE),--upgrade) -o requirements-dev.lock requirements-dev.in
	@$(COMPILE) -c requirements-dev.lock -o requirements.lock requirements.in
	@for service in registry scoring notifications feed portal; do \
		$(COMPILE) -c requirements-dev.lock -o requirements/$$service.lock requirements.in requirements/$$service.in; done
	@$(COMPILE) -c requirements-dev.lock -o benchmarks/peers/requirements.lock benchmarks/peers/requirements.in

$(BIN)/pip-compile: # not `setup`: it would fail while a lock lags behind its .in file
	@$(MAKE) setup

.PHONY: secrets
secrets: ## create the missing secret files of docker-compose.yml in ./secrets (AMQP=HOST: TLS for foreign subscribers, too)
	@deploy/make-secrets secrets $(AMQP)

.PHONY: clean
clean: ## delete .venv and caches of tools; never ./data or ./secrets
	rm -rf .venv .venv-lowest .mypy_cache .ruff_cache .pytest_cache .hypothesis .coverage* htmlcov build *.egg-info
	find . -name __pycache__ -type d -not -path './data/*' -prune -exec rm -rf {} +
