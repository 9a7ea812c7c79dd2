# make demo: check, compile and draw the example shop. make run: run it here. make test: everything that must hold.
# Each sets itself up.

PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$python && break; done)
VENV := .venv
BIN := $(VENV)/bin
DEMO := build/demo

.PHONY: demo run test lint unit scenarios soak security golden wheel docs bench bench-peers chromium clean

demo: $(VENV)/user
	@rm -rf $(DEMO)
	@echo '$$ cncb check topologies/shop'
	@$(BIN)/cncb check topologies/shop
	@echo
	@echo '$$ cncb compile topologies/shop --out $(DEMO)'
	@$(BIN)/cncb compile topologies/shop --out $(DEMO)
	@ls -d $(DEMO)/shop/*
	@echo
	@echo '$$ cncb graph topologies/shop > $(DEMO)/shop.mmd'
	@$(BIN)/cncb graph topologies/shop > $(DEMO)/shop.mmd
	@head -n 12 $(DEMO)/shop.mmd
	@echo '  ...'

run: $(VENV)/local
	$(BIN)/cncb run topologies/shop

test: lint unit scenarios

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

unit: $(VENV)/dev chromium
	$(BIN)/python -m pytest -n auto --dist loadgroup -q

# The browser of tests/browser: the system's, or else downloaded, or else what to install is said.
chromium: $(VENV)/dev
	@$(BIN)/python tests/browser/chromium.py

# Every example, deployed to this machine from its own templates, and what it must do there.
scenarios: $(VENV)/dev
	$(BIN)/cncb test topologies --coverage

# Simulated events through a system in trouble, under 20 seeds; `make unit` runs one seed of a short form.
soak: $(VENV)/dev
	$(BIN)/python -m tests.soak

# Security policy over every committed template. checkov pins old releases of what cncb uses, so it has its own room.
security: .venv-checkov/done
	.venv-checkov/bin/checkov --directory generated --framework cloudformation --quiet --compact --skip-download

# Compile every example again: the one way in which generated/ changes.
golden: $(VENV)/dev
	$(BIN)/cncb compile topologies

# The wheel in an empty environment: what `pip install cncb` gives.
wheel: $(VENV)/dev
	@rm -rf build/wheel
	$(BIN)/python -m build --wheel --no-isolation --outdir build/wheel . > /dev/null
	$(PYTHON) -m venv build/wheel/venv
	build/wheel/venv/bin/python -m pip install --quiet --disable-pip-version-check build/wheel/*.whl
	build/wheel/venv/bin/cncb compile topologies/shop --out build/wheel/generated
	diff --recursive build/wheel/generated/shop generated/shop
	build/wheel/venv/bin/python -m pip install --quiet --disable-pip-version-check "$$(ls build/wheel/*.whl)[local]"
	cd build/wheel && venv/bin/cncb test ../../topologies/cookbook/event-orchestration

docs: $(VENV)/dev
	$(BIN)/python -m cncb_compiler.docs

bench: $(VENV)/dev
	$(BIN)/python -m benchmarks

bench-peers: $(VENV)/dev
	$(BIN)/pip install --quiet --editable '.[bench]'
	$(BIN)/python -m benchmarks.peers install

clean:
	rm -rf $(VENV) .venv-checkov build .cncb

$(VENV)/bin/python:
	@test -n '$(PYTHON)' || { echo 'cncb needs Python 3.11 or later'; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/user: $(VENV)/bin/python pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/local: $(VENV)/bin/python pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[local]'
	@touch $@ $(VENV)/user

$(VENV)/dev: $(VENV)/bin/python pyproject.toml
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev,bench]'
	@touch $@ $(VENV)/user $(VENV)/local

.venv-checkov/done:
	@$(PYTHON) -m venv .venv-checkov
	@.venv-checkov/bin/python -m pip install --quiet --disable-pip-version-check 'checkov>=3.2,<4'
	@touch $@
