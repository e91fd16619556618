# `make help` lists the targets. Nothing but Python >= 3.11 and make is needed.
.DEFAULT_GOAL := help
.PHONY: help run test check format words lock bench screenshots clean ready ready-dev

# The one in .venv comes first: it starts at once, where a version manager's python3 takes its time.
PYTHON ?= $(shell for p in .venv/bin/python python3 python3.14 python3.13 python3.12 python3.11; do \
  $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done || true)
python = $(or $(PYTHON),python3)
bin = .venv/bin

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' $(MAKEFILE_LIST) | expand -t 22

run: ready ## set up and start the portal with demo data (PORT=8000, DATA_DIR=./data)
	@DEMO=$${DEMO:-1} exec $(bin)/portal serve

test: ready-dev ## all tests: both databases, a real Redis-protocol server, a real browser
	@$(python) requirements/programs.py
	@$(bin)/python -m pytest -n 2 --dist worksteal $(ARGS)

check: ready-dev ## format, lint, types, templates, translations
	@$(bin)/ruff format --check .
	@$(bin)/ruff check .
	@$(bin)/mypy
	@$(bin)/djlint --check --quiet templates
	@$(bin)/djlint --lint --quiet templates
	@$(bin)/python translations/complete.py

format: ready-dev ## format code and templates
	@$(bin)/ruff check --fix-only --quiet .
	@$(bin)/ruff format .
	@$(bin)/djlint --reformat --quiet templates || true

words: ready-dev ## bring the words of code and templates into the translations, then compile
	@$(bin)/python translations/update.py
	@$(bin)/python translations/complete.py
	@$(bin)/pybabel --quiet compile -d translations

lock: ready-dev ## pin the newest allowed versions, with hashes
	@for set in base dev; do UV_NO_CONFIG=1 $(bin)/uv pip compile --quiet --upgrade --universal --generate-hashes \
	  --no-emit-index-url --no-header --no-annotate --python-version 3.11 requirements/$$set.in -o requirements/$$set.txt; done

bench: ready-dev ## the benchmarks; results land beside the scripts
	@$(bin)/python -m bench $(ARGS)

screenshots: ready-dev ## the pictures of the README, from the running portal
	@$(bin)/python docs/screenshots.py

clean: ## what can be made again, the virtual environment included; never the data
	@rm -rf .venv .cache .hypothesis .ruff_cache .mypy_cache .pytest_cache
	@find . -name __pycache__ -not -path './data/*' -prune -exec rm -rf {} +

ready:
	@$(python) requirements/install.py

ready-dev:
	@$(python) requirements/install.py --dev
