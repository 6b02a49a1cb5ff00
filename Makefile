# make demo   animate the bundled recording into out/demo.mp4
# make test   install what the tests need and run them all
# make docs   the API pages, from the docstrings, into out/api
# make clean  remove what these made
PYTHON ?= python3
BIN := .venv/bin
SPEECH := $(firstword $(foreach suffix,wav flac ogg opus mp3 m4a,$(wildcard src/visavox/assets/demo.$(suffix))))

.PHONY: demo test docs clean

demo: .venv/ready
	@mkdir -p out
	$(BIN)/visavox animate $(SPEECH) -o out/demo.mp4
	@echo "Watch it: $(CURDIR)/out/demo.mp4"

test: .venv/ready-for-tests
	PYTHONDONTWRITEBYTECODE= $(BIN)/python -m pytest -n auto --dist loadfile --no-loadscope-reorder

docs: .venv/ready-for-tests
	$(BIN)/python -m tools.api_pages out/api

clean:
	rm -rf .venv out

.venv/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Visavox needs Python 3.11 or newer; give one as: make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv .venv || \
		{ echo "$(PYTHON) cannot make a virtual environment; on Debian: apt install python3-venv"; exit 1; }
	@touch $@

.venv/ready: .venv/python pyproject.toml constraints.txt
	@echo "Installing Visavox and its libraries into .venv: some minutes, once"
	$(BIN)/pip install --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

.venv/ready-for-tests: .venv/ready
	@echo "Installing what the tests need into .venv: some minutes, once"
	$(BIN)/pip install --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@if command -v npm >/dev/null; then npm install --silent --no-audit --no-fund --no-package-lock --prefix tests/web; fi
	@touch $@
