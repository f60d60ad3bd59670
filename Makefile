# Any Python of 3.9 or later with pip starts the setup, which then brings its own Python 3.13.
PYTHON ?= $(shell for p in python3.13 python3 python python3.12 python3.11 python3.10 python3.9 /usr/bin/python3; do \
	$$p -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 9))' >/dev/null 2>&1 && echo $$p && break; done)
BIN := .venv/bin
# Last, so that a Node of the machine goes before the one that the setup brings.
export PATH := $(PATH):$(CURDIR)/$(BIN)

# A folder that `make store` filled elsewhere: with it all is installed from there, without a network.
STORE ?=
ifneq ($(STORE),)
export PIP_NO_INDEX := 1
export PIP_FIND_LINKS := $(abspath $(STORE))
export UV_OFFLINE := 1
export UV_NO_INDEX := 1
export UV_FIND_LINKS := $(abspath $(STORE))
export npm_config_offline := true
export npm_config_cache := $(abspath $(STORE))/npm
endif

.PHONY: setup build serve test browser check proof mutants bench pictures store lock clean

setup:  ## Make .venv/ and node_modules/ ready
	@$(if $(PYTHON),,$(error no Python of 3.9 or later with pip and venv was found))$(PYTHON) build_scripts/bootstrap.py

build: setup  ## Build the handbook into site/
	@$(BIN)/handbook build

serve: setup  ## Build the handbook and serve it on this machine
	@$(BIN)/handbook serve

test: setup  ## Check, build and try everything, in a real browser too
	@$(MAKE) --no-print-directory -j2 browser check
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -n auto --dist worksteal
	@$(BIN)/coverage combine --quiet
	@$(BIN)/coverage report --skip-covered

browser: setup  ## Find or install the browsers of the tests
	@$(PYTHON) build_scripts/bootstrap.py --browser

check: setup  ## Linters, types, and what the texts and figures say of each other
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@node_modules/.bin/tsc --noEmit -p calculators/browser
	@$(BIN)/handbook check

proof: setup  ## Try the properties of the rules on many more random inputs than `make test` does
	@AMOUNT=proof $(BIN)/pytest -q -n auto --dist worksteal tests/policy_core tests/browser tests/build_scripts/test_runtime.py

mutants: setup  ## Change the core in one small place at a time: the tests must see it (takes an hour or more)
	@.tools/bin/uv pip install --quiet --require-hashes --python .venv -r requirements-mutants.txt
	@nice $(BIN)/python -m tests.mutants $(MODULES)

bench: setup  ## Measure the start of the runtime and the speed of the rules
	@$(BIN)/python -m tests.bench

pictures: setup  ## Take the pictures of the README anew
	@$(BIN)/python -m tests.pictures

store: setup  ## Fetch all that a build installs into .cache/store, for `make build STORE=DIR` without a network
	@mkdir -p .cache/store/npm .cache/lock
	@for each in requirements requirements-uv requirements-node; do \
		.tools/bin/pip download --quiet --disable-pip-version-check --require-hashes --no-deps --only-binary :all: \
			--python-version 3.13 --dest .cache/store -r $$each.txt || exit 1; done
	@cp package.json package-lock.json .cache/lock/
	@cd .cache/lock && npm ci --no-fund --no-audit --ignore-scripts --silent --cache ../store/npm && rm -rf node_modules

lock: setup  ## Pin every dependency anew, with hashes
	@.tools/bin/uv pip compile --quiet --upgrade --no-header --generate-hashes --universal --python-version 3.13 --group handbook -o requirements.txt
	@.tools/bin/uv pip compile --quiet --upgrade --no-header --generate-hashes --universal --python-version 3.13 --group node -o requirements-node.txt
	@.tools/bin/uv pip compile --quiet --upgrade --no-header --generate-hashes --universal --python-version 3.13 --group mutants -c requirements.txt -o requirements-mutants.txt
	@npm install --package-lock-only --ignore-scripts

clean:  ## Remove what was built, keep what was installed
	@rm -rf site build dist .cache
