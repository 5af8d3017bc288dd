# Two commands: `make demo` shows the toolkit on a real dictionary, `make test` checks everything.
PYTHON ?= python3
BIN := .venv/bin
INSTALLED := .venv/.installed

.PHONY: demo test thorough lint types unit install clean

# --no-compile: what is imported is compiled then, and most never is.
$(INSTALLED): pyproject.toml constraints.txt
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --no-compile --constraint constraints.txt torch
	$(BIN)/python -m pip install --quiet --no-compile --constraint constraints.txt --editable ".[dev]"
	touch $@

install: $(INSTALLED)

demo: $(INSTALLED)
	mkdir -p demo
	$(BIN)/python -m verify export-dictionary builtin:digits -o demo/digits.npy
	$(BIN)/python -m verify check-dictionary demo/digits.npy --certificate demo/digits.cert.json --report demo/digits.html
	$(BIN)/python -I -S certificates/checker.py demo/digits.cert.json --dictionary demo/digits.npy
	@echo "The report: $(CURDIR)/demo/digits.html"

lint: $(INSTALLED)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(INSTALLED)
	$(BIN)/basedpyright

unit: $(INSTALLED)
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not thorough"

test: lint
	$(MAKE) --jobs 2 types unit

# With the tests that draw hundreds of instances more, before a release.
thorough: lint types
	$(BIN)/python -m pytest -n 2 --dist worksteal

clean:
	rm -rf .venv demo build dist *.egg-info
