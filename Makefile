# Knowledge Center: what a person types. "make help" lists it all.
# Kept to what GNU make 3.81 (macOS) and a plain sh understand. On Windows, see the README.

SHELL = /bin/sh
PY = .venv/bin/python
KC = .venv/bin/kc

.DEFAULT_GOAL := help
.PHONY: help run test bench soak lint format catalogues demo lock clean

help: ## List these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: ## Install what is needed, prepare the database, serve on http://127.0.0.1:8000 (PORT=8080, HOST=0.0.0.0)
	@sh scripts/venv.sh run
	@exec $(KC) serve --demo $(if $(filter command,$(origin HOST)),--host "$(HOST)") $(if $(PORT),--port "$(PORT)")

test: ## Run every test on two cores, in a real browser too where there is a Chromium (ARGS="-k search" for a part)
	@sh scripts/venv.sh test
	@$(PY) -m pytest -n 2 --dist worksteal $(ARGS)

bench: ## Measure speed and memory, and print the table (ARGS="--json FILE")
	@sh scripts/venv.sh test
	@$(PY) -m benchmarks $(ARGS)

soak: ## Search under fire: readers, a writer, rebuilds and kill -9 for ten minutes (ARGS="--minutes 2")
	@sh scripts/venv.sh test
	@$(PY) -m benchmarks.soak $(ARGS)

lint: ## Check style, formatting and types
	@sh scripts/venv.sh test
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy

format: ## Mend style and formatting where that is safe
	@sh scripts/venv.sh test
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .

catalogues: ## Bring the translations up to date with the texts in the code, and compile them
	@sh scripts/venv.sh test
	@$(PY) scripts/catalogues.py

demo: ## Load the demo organisation into an empty database
	@sh scripts/venv.sh run
	@$(KC) init
	@$(KC) demo

lock: ## Write the locked requirements anew from pyproject.toml (UPGRADE=1 for newer versions)
	@UPGRADE="$(UPGRADE)" sh scripts/lock.sh

clean: ## Remove what can be made again: .venv, caches. The database and the search index stay
	rm -rf .venv .pytest_cache .mypy_cache .ruff_cache .hypothesis .coverage htmlcov build kc.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
