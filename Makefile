# One virtual environment serves every target; it is made anew only when
# pyproject.toml changes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.PHONY: demo quick test check accuracy bench clean

$(READY): pyproject.toml
	@echo "Making $(VENV) and installing skfashion into it; a few minutes, once."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dev]"
	@touch $@

demo: $(READY)  ## Fashion-MNIST, two networks and the classical baselines, one table
	$(BIN)/python -m skfashion compare

quick: $(READY)  ## the same on a subset, in under a minute
	$(BIN)/python -m skfashion compare --quick

test: $(READY)  ## the default test suite
	$(BIN)/python -m pytest -n 2

check: $(READY)  ## lint, format and types
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

accuracy: $(READY)  ## the README's accuracy figures: all the data, 3 seeds
	$(BIN)/python -m pytest -n 0 -m full -s

bench: $(READY)  ## docs/benchmarks.md, beside plain Keras, SciKeras, scikit-learn, skorch
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[bench]"
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/precision.py

clean:
	rm -rf $(VENV) dist build
