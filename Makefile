# Every verb works on a fresh clone with Python >= 3.11 and nothing else; what is needed is installed into .venv/ and .tools/.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
UV     := .tools/bin/uv
MEMBERS := libs/events libs/kit libs/directory libs/income libs/workbook \
           services/households services/employment services/finance services/procurement services/monitoring stack
STAMP  := $(VENV)/.installed

.DEFAULT_GOAL := help
.PHONY: help install demo up test test-containers chaos image mutants check format lock contracts kubernetes clean

help: ## show the verbs
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-16s %s\n", $$1, $$2}'

install: $(STAMP) ## install the locked packages and the workspace into .venv/

$(UV): requirements.lock
	@echo "== tools: uv into .tools/"
	@sh scripts/bootstrap-uv "$(PYTHON)"
	@touch $(UV)

$(STAMP): $(UV) requirements.lock pyproject.toml $(addsuffix /pyproject.toml,$(MEMBERS))
	@echo "== install: packages of requirements.lock into $(VENV)/"
	@test -x $(BIN)/python || $(UV) venv --quiet --python $(PYTHON) $(VENV)
	@$(UV) pip install --python $(BIN)/python --require-hashes -r requirements.lock
	@$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(addprefix -e ,$(MEMBERS))
	@touch $(STAMP)

demo: install ## start the platform, play a year, audit it
	@$(BIN)/zengshou demo

up: install ## start the platform and keep it running
	@$(BIN)/zengshou up

test: install ## all tests on the embedded PostgreSQL and broker, in two halves side by side
	@$(BIN)/python scripts/run_tests.py

# Builds use this machine's network, because a mirror may be reached only from here.
image: ## build the container image of the platform (needs a Docker engine)
	@deploy/images/base-images
	@docker buildx version >/dev/null 2>&1 || export DOCKER_BUILDKIT=0; docker build --quiet --network host --tag zengshou \
	  $(foreach a,APT_MIRROR PIP_INDEX_URL PIP_TRUSTED_HOST UV_DEFAULT_INDEX,$(if $($a),--build-arg $a)) .

# stack/ is left out: it tests the embedded engines themselves.
test-containers: install image ## the same stories on Apache Kafka, PostgreSQL 17 and compose, in containers
	@TEST_BACKEND=containers TESTCONTAINERS_RYUK_DISABLED=true $(BIN)/python -m pytest --timeout 600 libs services tests

chaos: install ## break a platform 40 times under load, then prove that nothing was lost or doubled
	@$(BIN)/zengshou chaos --seed 1 --kills 40

# Its own lock, so that the tool of an hour now and then is not in everybody's installation.
MUTMUT := .mutants/tools/.installed
$(MUTMUT): $(STAMP) scripts/mutants.lock
	@echo "== tools: scripts/mutants.lock into .mutants/tools/"
	@$(UV) pip install --quiet --python $(BIN)/python --target .mutants/tools --require-hashes -r scripts/mutants.lock
	@touch $(MUTMUT)

mutants: $(MUTMUT) ## put small errors into the pure rules: which do the tests miss? writes docs/mutants.md
	@PYTHONPATH=$(CURDIR)/.mutants/tools $(BIN)/python scripts/mutants.py $(if $(CHILDREN),--children $(CHILDREN)) $(PARTS)

check: install ## format, lint, types, architecture, contracts, migrations, Kubernetes
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/python scripts/check_contracts.py
	@$(BIN)/python scripts/check_migrations.py
	@$(BIN)/python scripts/check_kubernetes.py

format: install ## write the house format
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

contracts: install ## write contracts/, docs/events.md and docs/rules.md from the code
	@$(BIN)/python scripts/check_contracts.py --write

kubernetes: install ## write deploy/k8s/base from its templates
	@$(BIN)/python scripts/check_kubernetes.py --write

lock: $(UV) ## resolve requirements.lock anew (set UPGRADE=--upgrade to move versions)
	@$(UV) pip compile --universal --python-version 3.11 --prerelease=if-necessary-or-explicit --generate-hashes \
	  --no-emit-index-url --no-header -q $(UPGRADE) $(foreach m,$(MEMBERS),--no-emit-package zengshou-$(notdir $(m))) \
	  pyproject.toml --group dev $(addsuffix /pyproject.toml,$(MEMBERS)) -o requirements.lock
	@$(UV) pip compile --universal --python-version 3.11 --prerelease=if-necessary-or-explicit --generate-hashes \
	  --no-emit-index-url --no-header -q $(UPGRADE) -c requirements.lock scripts/mutants.in -o scripts/mutants.lock

clean: ## remove what was installed and all local state
	rm -rf $(VENV) .tools .mutants .zengshou .pytest_cache .mypy_cache .ruff_cache .hypothesis
