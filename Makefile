# One virtual environment serves every target but oldest, newest, audit and dist, which
# make their own; it is made anew only when pyproject.toml changes.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

# uv, which resolves to the lowest versions, does not read pip's variables.
ifdef PIP_INDEX_URL
export UV_DEFAULT_INDEX ?= $(PIP_INDEX_URL)
endif

.PHONY: demo quick test check long clients cluster accuracy failures transfer scaling bench \
	crash fuzz soak recipes oldest newest audit architecture picture docs docs-fast docs-test site \
	gallery notebooks newcomer predictions readme clean

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

check: $(READY)  ## lint, format, types, and which folders import which
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

long: $(READY)  ## tests that take half a minute or more each
	$(BIN)/python -m pytest -n 2 -m long

clients: $(READY)  ## other packages around the classifiers: examples/clients
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--editable ".[clients]"
	$(BIN)/python -m pytest -m clients

# Ray has no builds for some systems, where its test is skipped.
cluster: $(READY)  ## searches and predictions by clusters of processes, Dask's and Ray's
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dask]"
	-@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[ray]"
	$(BIN)/python -m pytest -m cluster tests/scaling

# Resumable: what is in benchmarks/accuracy/*.json is not measured again. `cnn-best` alone
# takes hours; ACCURACY="--only cnn-fast --seeds 3" leaves the others out.
ACCURACY ?= --calibrated
accuracy: $(READY)  ## docs/accuracy.md: the defaults and the named set-ups, on all the data
	$(BIN)/python -m benchmarks.accuracy.evaluate $(ACCURACY)

failures: $(READY)  ## docs/failures.md: what the networks get wrong, and why that may be
	$(BIN)/python -m benchmarks.accuracy.failures

transfer: $(READY)  ## docs/transfer.md: the defaults on other images, and on few
	$(BIN)/python -m benchmarks.accuracy.transfer

# Resumable too. SCALING="--only memory --sizes 60000 120000" measures less.
SCALING ?=
scaling: $(READY)  ## docs/scaling.md: searches on two cores, and more data than memory
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dask]"
	$(BIN)/python -m benchmarks.scaling.run $(SCALING)

bench: $(READY)  ## docs/benchmarks.md, beside plain Keras, SciKeras, scikit-learn, skorch
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[bench]"
	$(BIN)/python -m benchmarks.speed.run
	$(BIN)/python -m benchmarks.speed.precision

newcomer: $(READY)  ## what README, docs/install.md and docs/choosing.md tell in numbers
	$(BIN)/python -m benchmarks.newcomer.install
	$(BIN)/python -m benchmarks.newcomer.sizes
	$(BIN)/python -m benchmarks.newcomer.alternatives --anew
	$(BIN)/python -m benchmarks.newcomer.first_accuracy

predictions: $(READY)  ## docs/predictions.png, which README shows
	$(BIN)/python tools/draw_readme.py docs/predictions.png

readme: $(READY)  ## README's two commands, in a fresh clone, as README has them
	$(BIN)/python -m pytest -m readme tests/test_readme.py

# Each writes its part of docs/reliability.md.
crash: $(READY)  ## fits and writes that are killed, and bits wherever they are fitted
	$(BIN)/python -m benchmarks.reliability.reliability --only crash

fuzz: $(READY)  ## thousands of random inputs and of damaged files
	$(BIN)/python -m benchmarks.reliability.reliability --only fuzz

soak: $(READY)  ## 500 fits and 5,000 predictions in one process
	$(BIN)/python -m benchmarks.reliability.reliability --only soak

recipes: $(READY)  ## docs/recipes.md: the five published set-ups beside plain Keras
	$(BIN)/python -m benchmarks.recipes.reproduce --anew

# See docs/dependencies.md. Both make their environment anew each time. PYTEST takes
# other arguments for pytest, as in `make oldest PYTEST="-x tests/datasets/test_sources.py"`.
PYTEST ?=
oldest:  ## the default test suite with the lowest versions pyproject.toml allows
oldest: RESOLUTION = lowest-direct
newest:  ## the default test suite with the newest versions
newest: RESOLUTION = highest
oldest newest:
	@echo "Making .venv-$@ and installing skfashion into it; a few minutes."
	@$(PYTHON) -m venv --clear .venv-$@
	@.venv-$@/bin/python -m pip install --quiet --disable-pip-version-check uv
	@.venv-$@/bin/uv pip install --quiet --python .venv-$@/bin/python \
		--resolution $(RESOLUTION) --editable ".[dev]"
	@.venv-$@/bin/uv pip list --quiet --python .venv-$@/bin/python
	.venv-$@/bin/python -m pytest -n 2 $(PYTEST)

# Strict: a package that the service does not know fails the audit, unanswered is not
# sound. A local label of a version (2.5.0+cpu) is unknown to the service: cut off.
audit: $(READY)  ## known vulnerabilities in the versions that .venv holds
	@test -x .venv-audit/bin/python || $(PYTHON) -m venv .venv-audit
	@.venv-audit/bin/python -m pip install --quiet --disable-pip-version-check \
		--upgrade pip-audit
	@$(BIN)/python -m pip list --disable-pip-version-check --format=freeze \
		--exclude-editable | sed 's/+.*//' > .venv-audit/installed.txt
	.venv-audit/bin/pip-audit --strict --disable-pip --no-deps \
		--requirement .venv-audit/installed.txt

# See RELEASING.md. PYTHONS="python3.11 python3.12 python3.13" tries all of these, PYTEST
# is as above.
PYTHONS ?= $(PYTHON)
.PHONY: dist dist-build dist-test
dist: dist-build dist-test  ## a wheel and an sdist: built, checked, installed and tested

dist-build:  ## dist/: a wheel and an sdist, checked by what is in them
	@test -x .venv-dist/bin/python || $(PYTHON) -m venv .venv-dist
	@.venv-dist/bin/python -m pip install --quiet --disable-pip-version-check \
		--upgrade build twine
	rm -rf dist
	.venv-dist/bin/python -m build
	.venv-dist/bin/twine check --strict dist/*
	.venv-dist/bin/python tools/check_dist.py dist

dist-test:  ## each of dist/ in an empty environment, and the default test suite there
	@set -e; for python in $(PYTHONS); do for archive in dist/*; do \
		$$python tools/try_dist.py $$archive $(PYTEST); done; done

architecture: $(READY)  ## docs/architecture.svg: which folder imports which
	$(BIN)/python tools/draw_architecture.py docs/architecture.svg

picture: $(READY)  ## docs/_static/clothes.png: the home page's picture
	$(BIN)/python tools/draw_home.py docs/_static/clothes.png

# Warnings are errors. A link that leads nowhere is a warning. What was generated before
# goes first, so that no page of a name that is gone stays.
SPHINX = $(BIN)/python -m sphinx --fail-on-warning --keep-going -d docs/_build/doctrees \
	docs docs/_build/html
DOCS_READY := $(VENV)/.ready-docs

$(DOCS_READY): pyproject.toml $(READY)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check \
		--editable ".[docs]"
	@touch $@

# What runs a model in a browser, of which skfashion.to_demo_page copies two files.
RUNTIME := .runtime/node_modules/onnxruntime-web
RUNTIME_VERSION := 1.30.0
RUNTIME_READY := .runtime/ready-$(RUNTIME_VERSION)

$(RUNTIME_READY):
	@npm install --silent --no-save --no-package-lock --ignore-scripts --no-audit \
		--no-fund --prefix .runtime onnxruntime-web@$(RUNTIME_VERSION)
	@touch $@

docs: $(DOCS_READY) $(RUNTIME_READY)  ## docs/_build/html: the site, its examples run
	rm -rf docs/_build/html docs/api/folders docs/api/generated
	$(SPHINX)
	$(BIN)/python tools/build_demo.py docs/_build/html/demo --runtime $(RUNTIME)

docs-fast: $(DOCS_READY)  ## the same without running the examples
	rm -rf docs/_build/html docs/api/folders docs/api/generated
	SKFASHION_DOCS_GALLERY=0 $(SPHINX)

docs-test: $(DOCS_READY) $(RUNTIME_READY)  ## the code on the pages of docs and in README
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[dask]"
	$(BIN)/python -m pytest -m docs tests/docs

site: docs  ## every page of the site in a browser, and the page that runs a model
	$(BIN)/python -m pytest -m site tests

gallery: $(DOCS_READY)  ## the examples that the default tests leave out, and notebooks/
	$(BIN)/python -m pytest -m gallery tests/test_examples.py tests/test_notebooks.py

notebooks: $(DOCS_READY)  ## notebooks/: examples/recipes, with what they say on the sample
	$(BIN)/python tools/write_notebooks.py

clean:
	rm -rf $(VENV) .venv-oldest .venv-newest .venv-audit .venv-dist dist build .runtime \
		docs/_build docs/auto_examples docs/api/folders docs/api/generated
