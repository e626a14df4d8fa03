# Every check, build and refresh is one target here; continuous integration calls nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
SPARK := $(VENV)/.spark
WORKERS ?= 2

PIP := $(BIN)/python -m pip install --disable-pip-version-check --quiet --no-compile
UV := uv==0.13.9

CHECK := .ci/on-empty-warehouse
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder --durations=10

export DBT_SEND_ANONYMOUS_USAGE_STATS := false
export DBT_VERSION_CHECK := false
export DO_NOT_TRACK := 1

.PHONY: help env spark demo app test test-all test-slow test-quick test-long lint lint-python lint-files lint-sql checks format test-tools test-cube test-superset test-install test-spark test-postgres-builds test-relations test-differential test-selects test-sessions reference validate definitions golden-values numbers deploy refresh alerts lock clean

help: ## Show what there is
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-20s %s\n", $$1, $$2}'

env: $(READY) ## Make the Python environment in .venv

$(READY): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "error: Python 3.11 or later is needed; found $$($(PYTHON) --version 2>&1)."; \
		echo "  what to do: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@echo "making the environment in $(VENV) (a minute or two) ..."
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@# uv installs in a quarter of pip's time; where it reaches no index, pip may.
	$(PIP) $(UV) && $(BIN)/uv pip install --quiet --python $(BIN)/python -r requirements.lock || \
		$(PIP) -r requirements.lock
	$(PIP) --no-deps --editable .
	@touch $(READY)

spark: $(SPARK) ## Add what the target spark needs, PySpark (450 MB); Java 17 is the system's

$(SPARK): $(READY) requirements-spark.lock
	@command -v java >/dev/null || { echo "error: Spark needs Java 17, and there is no java."; \
		echo "  what to do: apt-get install openjdk-17-jre-headless"; exit 1; }
	$(PIP) --no-deps -r requirements-spark.lock
	@touch $(SPARK)

demo: $(READY) ## Demo data, the embedded warehouse, and answers of mf query
	@PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/metrics demo run

app: $(READY) ## Look at the metrics in a browser: the Pulse, and Explore
	$(BIN)/metrics app

test: $(READY) ## Linters, definitions, and all tests but the slow ones (a quarter of an hour)
	@$(MAKE) --no-print-directory checks
	@echo "== tests"
	$(PYTEST) -m "not slow"

test-slow: $(READY) ## The slow tests alone; SLOW_TESTS_UNTIL=... begins none after that second since 1970
	$(PYTEST) -m slow

test-all: $(READY) ## Every check (an hour)
	@$(MAKE) --no-print-directory checks lint-sql golden-values
	@echo "== tests, the slow ones too"
	$(PYTEST)

checks: $(READY)
	@$(MAKE) --no-print-directory -j 2 lint-python definitions
	@$(MAKE) --no-print-directory lint-files

lint: lint-python lint-files lint-sql ## Linters and types

lint-files: $(READY) ## The part of it that is about YAML and containers
	@echo "== linters of files"
	$(BIN)/yamllint --strict .
	$(BIN)/hadolint Dockerfile
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec compose.yaml

lint-sql: $(READY) ## The part of it that is about SQL, as dbt compiles it (minutes)
	@echo "== linters of SQL"
	$(CHECK) sqlfluff lint --nocolor models tests/data

lint-python: $(READY) ## The part of it that is about Python
	@echo "== linters of Python"
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

validate: definitions golden-values ## The definitions, and their certified metrics (minutes)

golden-values: $(READY) ## Certified metrics against golden values, in a warehouse of its own
	$(CHECK) metrics check HEAD

definitions: $(READY) ## dbt parse, mf validate-configs, exports and tables up to date, rules of changes kept
	@echo "== definitions"
	$(CHECK) dbt parse --warn-error --no-partial-parse
	$(CHECK) mf validate-configs --skip-dw
	$(CHECK) metrics exports --check
	$(CHECK) metrics fields --check
	$(CHECK) metrics group-bys --check
	$(BIN)/python tools/python_reference.py --check
	$(CHECK) metrics check HEAD --no-golden

test-quick: $(READY) ## Linters, types, and the tests that build nothing (under two minutes)
	@$(MAKE) --no-print-directory lint-python
	$(PYTEST) --quick

test-long: $(READY) ## All tests, with the generated ones in their long form (hours)
	LONG_TESTS=1 RELATIONS_ROUNDS=$${RELATIONS_ROUNDS:-5} $(PYTEST)

test-postgres-builds: $(READY) ## Ten relations on PostgreSQL, read during twenty builds (long)
	$(BIN)/python tests/build/twenty_builds.py

test-tools: $(READY) ## psql, ODBC, JDBC, node-postgres, polars and Cube's clients ask metrics; installs what is not there
	@if command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql-client \
			odbc-postgresql unixodbc libpostgresql-jdbc-java default-jre-headless bsdutils || \
			echo "note: some tools cannot be installed here and are skipped"; fi
	$(BIN)/pytest -rs tests/serve/postgres/walk_of_tools.py tests/serve/cube/walk_of_cube_clients.py

test-cube: $(READY) ## The exported data model in a real Cube, asked the same as here; installs it (minutes)
	@if ! command -v npm >/dev/null && command -v apt-get >/dev/null && [ "$$(id -u)" = 0 ]; then \
		apt-get update -qq && apt-get install -y -qq --no-install-recommends nodejs npm || \
			echo "note: Node.js cannot be installed here, and Cube is skipped"; fi
	$(BIN)/pytest -rs tests/interchange/cube/walk_of_cube.py

test-superset: demo ## Apache Superset, in an environment of its own, draws a ratio of the demo (long)
	$(BIN)/pytest -rs -s tests/serve/postgres/walk_of_superset.py

test-spark: $(SPARK) ## Builds on Spark, and the small demo built in two days and asked; SCALE=1 for all of it (long)
	SCALE=$(or $(SCALE),0.05) $(BIN)/pytest -rs -s -p no:randomly \
		tests/build/walk_of_spark_builds.py tests/warehouse/walk_of_spark.py

test-install: $(READY) ## The wheel in an environment of its own, from `metrics init` to an upgrade (long)
	$(BIN)/pytest -s tests/project_template/walk_of_an_installation.py

test-relations: $(READY) ## The relations between answers, over every metric many times (hours)
	RELATIONS_ROUNDS=$${RELATIONS_ROUNDS:-5} $(PYTEST) \
		tests/metamorphic tests/definitions/test_relations.py

test-differential: $(READY) ## Questions made at random, answered in every way; QUESTIONS=5000 FIRST=0 (long)
	DIFFERENTIAL_QUESTIONS=$(or $(QUESTIONS),5000) DIFFERENTIAL_FIRST=$(or $(FIRST),0) \
		$(BIN)/pytest -p no:randomly tests/differential

test-selects: $(READY) ## SQL over metrics made at random, against the rows; SELECTS=5000 FIRST=0 (long)
	SELECTS=$(or $(SELECTS),5000) FIRST=$(or $(FIRST),0) \
		$(BIN)/pytest -p no:randomly tests/serve/postgres/generated

test-sessions: $(READY) ## Sessions of PostgreSQL's protocol at once, dropped and killed; SESSIONS=50 (minutes)
	SESSIONS=$(or $(SESSIONS),50) $(BIN)/pytest -p no:randomly tests/serve/postgres/test_load.py

reference: $(READY) ## Write docs/python.md from the docstrings of the Python client
	$(BIN)/python tools/python_reference.py

numbers: $(READY) ## How large and tangled the source is; AGAINST=main compares it
	@$(BIN)/python tools/source_numbers.py $(if $(AGAINST),--against $(AGAINST),--details)

format: $(READY) ## Let the formatters have their way
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(CHECK) sqlfluff fix --nocolor models tests/data

deploy: $(READY) ## Build the target prod: what a push to main does
	$(BIN)/metrics build --target prod

refresh: $(READY) ## The daily run on prod: freshness of the sources, then the build
	$(BIN)/dbt source freshness --target prod
	$(BIN)/metrics build --target prod

alerts: $(READY) ## What the alerts found on prod; posted where METRICS_STORE_ALERT_WEBHOOK is set
	$(BIN)/metrics alerts --target prod

lock: $(READY) ## Pin the newest versions that pyproject.toml allows
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --extra app --extra server --extra dev --universal --python-version 3.11 --upgrade \
		--no-emit-index-url --no-emit-find-links --no-header --no-annotate -o requirements.lock

clean: ## Remove what can be made again; the warehouse stays
	rm -rf $(VENV) target logs demo_data .mypy_cache .ruff_cache .pytest_cache .hypothesis
