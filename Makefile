# Scoring service of the OCOP programme. `make` lists what can be made.
# Needed on the machine: Python 3.11 or 3.12 with headers, a C compiler, make.

# The first of these that runs and is new enough, not too new.
PYTHON ?= $(shell for p in python3.12 python3.11 python3 python; do $$p -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 13))' 2>/dev/null && { echo $$p; break; }; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PROTO := proto/ocop/scoring/v1/scoring.proto
BUF_VERSION := 1.75.0
CODE := scoring_service clients tests bench demo

.DEFAULT_GOAL := help
.PHONY: help demo test serve check watch bench soak format lint types layers proto-lint publish docs picture printed examples proto golden mistakes mutate schema lock clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-12s %s\n", $$1, $$2}'

$(READY): requirements/build.lock requirements/dev.lock pyproject.toml clients/pyproject.toml
	@test -n "$(PYTHON)" || { echo "Python 3.11 or 3.12 is needed and was not found. Name one with: make PYTHON=/path/to/python3.12"; exit 1; }
	@command -v cc >/dev/null || command -v gcc >/dev/null || { echo "A C compiler is needed to build durable_rules (Debian: apt-get install build-essential python3-dev)"; exit 1; }
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes --no-build-isolation -r requirements/dev.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e clients -e .
	@touch $@

demo: $(READY)  ## one story in one screen: a server scores a dossier through the thin client, and says why
	$(BIN)/python -m demo

test: $(READY) lint types layers proto-lint  ## everything that must be green: lint, types, layers, generated code, docs, tests
	$(BIN)/pytest -m "not soak" -n auto --dist loadfile

serve: $(READY)  ## serve on 127.0.0.1:50051 with the rules of this folder
	$(BIN)/ocop serve

check: $(READY)  ## check the rule files and run the cases beside them
	$(BIN)/ocop check
	$(BIN)/ocop test

watch: $(READY)  ## check and test the rule files again on every save
	$(BIN)/ocop watch

bench: $(READY)  ## speed and memory beside zen-engine and an empty RPC, in the same run; ARGS=--quick for a look
	$(BIN)/python -m bench $(ARGS)

soak: $(READY)  ## eight threads for a minute, and the long comparison of the two evaluators
	$(BIN)/pytest -m soak -s

format: $(READY)  ## format the code
	$(BIN)/ruff check --fix --quiet $(CODE) || true
	$(BIN)/ruff format $(CODE)

lint: $(READY)  ## ruff
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)

types: $(READY)  ## mypy --strict
	$(BIN)/mypy

layers: $(READY)  ## import-linter: data moves left to right
	$(BIN)/lint-imports

proto-lint:  ## buf's lint and its guard against breaking changes, where npm and its registry are at hand
	@if ! command -v npm >/dev/null; then echo "buf lint: skipped, npm is not installed"; \
	elif ! npm install --silent --no-save --prefix .cache/buf @bufbuild/buf@$(BUF_VERSION) >/dev/null 2>&1; then echo "buf lint: skipped, buf could not be installed"; \
	else .cache/buf/node_modules/.bin/buf lint && .cache/buf/node_modules/.bin/buf breaking proto --against published/proto && echo "buf lint and breaking: clean"; fi

publish: proto-lint  ## keep the contract as it is now as the published one
	cp $(PROTO) published/$(PROTO)

docs: $(READY) picture  ## write the pages that are made from the code anew
	$(BIN)/ocop codes > docs/codes.md
	$(BIN)/python -m demo.handbook

picture: $(READY)  ## draw the pictures of the main pages anew, from what the command prints
	$(BIN)/python -m demo.picture

printed: $(READY)  ## after labels were read again: note which print they were read from, where the law lies beside the project
	$(BIN)/python tests/printed.py

proto: $(READY)  ## generate the Python code of the contract
	PATH=$(BIN):$$PATH $(BIN)/python -m grpc_tools.protoc -Iproto --python_out=clients --mypy_out=quiet:clients --grpc_python_out=clients --mypy_grpc_out=quiet:clients $(PROTO)

mutate: $(READY)  ## change every rule of the editions one by one, and write into the docs what notices it
	$(BIN)/ocop mutate --page docs/guarding.md docs/vi/guarding.md

golden: $(READY)  ## accept what is now: boundary cases, expectations, printed sheets, golden answers for other languages; review them with git diff
	$(BIN)/ocop boundaries --write
	$(BIN)/ocop test --accept-all
	$(BIN)/python -m demo.golden

mistakes: $(READY)  ## write what authors are told of each mistake in tests/mistakes anew; read it as one of them
	$(BIN)/python tests/test_mistakes.py

schema: $(READY)  ## write the schemas for editors anew
	$(BIN)/ocop schema --write

lock: $(READY)  ## pin all dependencies anew, with hashes
	$(BIN)/python requirements/lock.py

examples: $(READY)  ## compile the examples in other languages, where their tools are at hand
	$(BIN)/python -m demo.examples

clean:  ## remove everything made
	rm -rf $(VENV) .cache build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
