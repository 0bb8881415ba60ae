# Each part is set up once in .venv, and again only when what it was made from has changed.

PYTHON = python3
ARGS =
PYTEST_ARGS =

PIP_INSTALL = .venv/bin/python -m pip install -qq --disable-pip-version-check \
	-c constraints.txt --build-constraint constraints.txt
MADE_FROM = .venv/ready pyproject.toml constraints.txt hatch_build.py package.json package-lock.json .npmrc

.PHONY: run bench test test-long check coverage install bundle apt-packages FORCE
.NOTPARALLEL:

run: .venv/ready-run  ## Serve the pages, with ARGS="--port 8080" and the like.
	@.venv/bin/pushdemo $(ARGS)

bench: .venv/ready-bench  ## Measure all five techniques, with ARGS="--clients 1000" and the like.
	@.venv/bin/python -m benchmarks $(ARGS)

test: .venv/ready-test apt-packages  ## Run the tests, with PYTEST_ARGS="-k sse" and the like.
	@.venv/bin/python -m pytest $(PYTEST_ARGS)

test-long: .venv/ready-test .venv/ready-peers apt-packages
	@.venv/bin/python -m pytest -m long $(PYTEST_ARGS)

check: .venv/ready-check
	@.venv/bin/ruff check --quiet
	@.venv/bin/ruff format --check --quiet --diff
	@.venv/bin/mypy --no-error-summary
	@.venv/bin/lint-imports --no-logo

coverage: .venv/ready-test apt-packages
	@.venv/bin/coverage erase
	@.venv/bin/coverage run -m pytest $(PYTEST_ARGS)
	@.venv/bin/coverage combine --quiet
	@.venv/bin/coverage report

install: .venv/ready-test .venv/ready-check .venv/ready-run .venv/ready-peers apt-packages

bundle: .venv/ready-run  ## One archive that installs and runs without internet.
	@.venv/bin/python scripts/bundle/make.py

apt-packages:
	@scripts/apt-packages tests/apt-packages.txt

# A checkout that was moved, or whose Python is gone, needs another .venv.
MADE_AT := $(shell test -x .venv/bin/python && cat .venv/ready 2>/dev/null)
ifneq ($(MADE_AT),$(CURDIR))
.venv/ready: FORCE
endif
# Installing also makes static/vendor.
$(shell test -f static/vendor/stamp || rm -f .venv/ready-*)

.venv/ready: scripts/venv constraints.txt
	@scripts/venv "$(PYTHON)"

.venv/ready-run: $(MADE_FROM)
	@echo "Installing pushdemo and what running it needs into .venv"
	@$(PIP_INSTALL) -e .
	@touch $@

.venv/ready-bench: $(MADE_FROM)
	@echo "Installing pushdemo and what its benchmark needs into .venv"
	@$(PIP_INSTALL) -e '.[bench]'
	@touch $@ .venv/ready-run

.venv/ready-test: $(MADE_FROM)
	@echo "Installing pushdemo and what its tests need into .venv"
	@$(PIP_INSTALL) -e '.[test]' $(if $(shell command -v node),,--group node)
	@touch $@ .venv/ready-run .venv/ready-bench

NODE_PEER = benchmarks/peers/node
.venv/ready-peers: .venv/ready-test scripts/npm-ci $(NODE_PEER)/package.json $(NODE_PEER)/package-lock.json
	@echo "Installing what the Node server to measure beside needs"
	@.venv/bin/python scripts/npm-ci $(NODE_PEER)
	@touch $@

.venv/ready-check: $(MADE_FROM)
	@echo "Installing pushdemo and what its checks need into .venv"
	@$(PIP_INSTALL) -e '.[check]'
	@touch $@ .venv/ready-run
