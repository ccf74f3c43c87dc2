# Soundstage: `make demo` and `make test` need CPython 3.11 to 3.14 and make; everything else they install into .venv.
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
# A dozen processes import the same packages: without their byte code each start costs seconds.
unexport PYTHONDONTWRITEBYTECODE
# npm and the CDK keep their byte code, too, in the temporary folder unless told where.
export NODE_COMPILE_CACHE ?= $(CURDIR)/.cache/node
# Where there is no home folder, or one that cannot be written, what installers and tools keep goes below the checkout.
ifneq ($(shell test -w "$$HOME" || echo none),)
export XDG_CACHE_HOME ?= $(CURDIR)/.cache/home
export npm_config_cache ?= $(CURDIR)/.cache/home/npm
export CDK_HOME ?= $(CURDIR)/.cache/home/cdk
export JSII_RUNTIME_PACKAGE_CACHE_ROOT ?= $(CURDIR)/.cache/home/jsii
export MPLCONFIGDIR ?= $(CURDIR)/.cache/home/matplotlib
endif

# The first of these that the locked packages have wheels for and that can make a .venv; `make PYTHON=…` decides otherwise.
PYTHONS := python3 python3.13 python3.12 python3.11 python3.14
PYTHON ?= $(shell for python in $(PYTHONS); do $$python -m infra.local.environment --suits 2>/dev/null \
	&& echo $$python && break; done)
by_machine = @python="$(PYTHON)"; test -n "$$python" || { echo "Soundstage needs CPython 3.11 to 3.14 with its venv module\
 (Debian, Ubuntu: apt install python3-venv), and none of these is that: $(PYTHONS)." >&2; exit 1; }; "$$python" -m $(1)
RUN := .venv/bin/python
LOCAL := $(RUN) -m infra.local
NPM := PATH="$(CURDIR)/.venv/bin:$$PATH" npm --silent --prefix web
SOURCES := layers functions containers infra tests examples
PARALLEL := -n 3 --dist loadscope --durations 10 --durations-min 1

.PHONY: FORCE help setup doctor demo up down reset logs status soundstage test check lock lint format unit coverage test-portable e2e fuzz-api openapi release-contract audit bench-api bench-music bench-loudness bench-match bench-film bench-load e2e-localstack fidelity clean graviton sbom chaos bench-usage e2e-console screenshots

help: ## this list
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: web/dist/.console-ready ## build .venv, node_modules and the console from the locks
	@:

# Three stamps, one script: it looks at what really changed and touches all. A checkout that was moved, or whose Python
# went away, shows in the first.
IN_PLACE := $(shell $(RUN) -c 0 2>/dev/null && grep -qsxF '$(CURDIR)' .venv/.python-ready && echo yes)
SETUP := $(addprefix infra/local/,assets.py environment.py locked_files.py package_sources.py packages.py proof.py)
SETUP += $(shell find infra/client -name '*.*' -type f -not -name '*.pyc')
WEB := $(shell find web -name node_modules -prune -o -name dist -prune -o -name schema.d.ts -o -type f -print 2>/dev/null)
web/dist/.console-ready: infra/node_modules/.node-ready $(WEB) docs/openapi.json
web/dist/.console-ready: $(wildcard layers/engine/soundstage/match/in_chinese.json)
infra/node_modules/.node-ready: .venv/.python-ready infra/package-lock.json
.venv/.python-ready: $(wildcard constraints.* assets.*) pyproject.toml
.venv/.python-ready: $(wildcard $(addprefix layers/engine/soundstage/compiled/,*.py *.c))
.venv/.python-ready: $(if $(IN_PLACE),,FORCE)
.venv/.python-ready infra/node_modules/.node-ready web/dist/.console-ready: $(SETUP)
	$(call by_machine,infra.local.environment)

doctor: ## whether the environment works here, and what the machine offers
	$(call by_machine,infra.local.doctor)

demo: setup ## a hum becomes two songs, into demo-output/ (FILE=my-hum.m4a takes yours)
	@$(LOCAL) demo $(if $(FILE),--file "$(FILE)")

up: setup ## start the embedded cloud; Ctrl-C stops it
	@$(LOCAL) up

down: setup ## stop it from another terminal; data stays
	@$(LOCAL) down

reset: setup ## stop it and forget its data
	@$(LOCAL) reset

logs: setup ## follow the logs of all services (REQUEST=id or JOB=id prints the lines about one)
	@$(LOCAL) logs $(if $(REQUEST),--request "$(REQUEST)") $(if $(JOB),--job "$(JOB)")

status: setup ## what runs, and where
	@$(LOCAL) status

soundstage: setup ## the command line on the instance that runs (DO="admin users show ada@example.org")
	@$(LOCAL) soundstage --do="$(subst ",\",$(DO))"

test: lint ## everything: linters, types, all tests
	@$(NPM) test
	@$(RUN) -m pytest $(PARALLEL)

check: lint ## linters, types, and the unit tests that your change touches: a minute
	@$(RUN) -m tests.touched

lint: setup ## formatting, linters, types, import directions, the OpenAPI document
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy $(SOURCES)
	@PYTHONPATH=containers/gpu-render .venv/bin/lint-imports --no-logo
	@$(NPM) run lint
	@.venv/bin/node infra/lint_openapi.mjs docs/openapi.json

format: setup ## let ruff and prettier rewrite what they can
	@.venv/bin/ruff check --fix . && .venv/bin/ruff format .
	@$(NPM) run format

unit: setup ## what needs neither cloud nor patience: three minutes
	@$(RUN) -m pytest $(PARALLEL) -m "not slow" tests/unit

coverage: setup ## which lines of the engine, functions and stacks no unit test reaches; fails below the gate
	@$(RUN) -m pytest $(PARALLEL) -m "not e2e" --cov --cov-report=term:skip-covered

test-portable: setup ## the unit tests, a song and matches under every processor that this one can stand in for
	@$(RUN) -m tests.portable

e2e: setup ## the tests on the embedded cloud
	@$(RUN) -m pytest -m e2e tests/e2e

e2e-console: setup ## journeys of the console that go wrong, or by keyboard, at 200 %, in Chinese: three minutes
	@$(RUN) -m pytest -n 2 --dist worksteal -m e2e tests/e2e/console_journeys.py tests/e2e/test_console.py

screenshots: setup ## every screen of the console in every state, sizes, themes and languages, into build/screenshots (ONLY="home story")
	@$(RUN) -m tests.screenshots $(ONLY)

e2e-localstack: setup ## the same tests on LocalStack, where CPython 3.13 is; twice as long
	@SOUNDSTAGE_CLOUD=localstack $(RUN) -m pytest -m e2e tests/e2e

fidelity: setup ## where moto, MiniStack and LocalStack are as AWS, and where not; fails at an answer that is new
	@$(RUN) -m tests.fidelity

fuzz-api: setup ## requests of every kind at every operation, answers against the OpenAPI document (schemathesis); minutes
	@$(RUN) -m pytest -q tests/integration/api/fuzz_api.py

graviton: setup ## layers for both architectures with their sizes, and the stages of AWS with functions on Graviton
	@$(RUN) -m tests.graviton

lock: setup ## resolve pyproject.toml anew into constraints.txt; what is locked stays (UPGRADE=name moves one)
	@$(RUN) -m infra.local.lock $(if $(UPGRADE),--upgrade-package $(UPGRADE))

openapi: setup ## write docs/openapi.json from the code
	@$(RUN) -m functions.api.openapi

release-contract: openapi ## say that the API as it is now is released: nothing of it may break from now on
	@$(RUN) -m functions.api.openapi --release

audit: setup ## known vulnerabilities of all locked packages, Python's and npm's, without an answer in infra/advisories.toml
	@$(RUN) -m infra.audit

sbom: setup ## what layers and images hold, with licences, as CycloneDX in build/sbom/; resolves all of it anew
	@$(RUN) -m infra.sbom

bench-api: setup ## what the API costs: milliseconds of calls, CPU of a cold start, bytes and CPU of waiting
	@$(RUN) -m tests.bench.api

bench-music: setup ## how well tunes are heard, kept and produced, against the bars
	@$(RUN) -m tests.bench.music

bench-loudness: setup ## loudness against the standards' signals and, where installed, peers
	@$(RUN) -m tests.bench.loudness

bench-match: setup ## the style matcher's speed, memory and closeness beside its peers, where .cache/peers has them
	@$(RUN) -m tests.bench.match

bench-film: setup ## films: CPU time, memory, motion and sound against the bars, and beside moviepy where .cache/peers has it
	@$(RUN) -m tests.bench.film

bench-load: setup ## the embedded cloud under 200 uploads and 50 tracks at once (UPLOADS=1000 TRACKS=0): memory, polls, losses
	@$(RUN) -m tests.bench.load --uploads $(or $(UPLOADS),200) --tracks $(or $(TRACKS),50)

bench-usage: setup ## what one track, match and film use of AWS: seconds, requests, bytes; for docs/cost.md (ONLY="match")
	@$(RUN) -m tests.bench.usage $(ONLY)

chaos: setup ## parts of a throwaway embedded cloud are killed in turn under load (MINUTES=20 PARTS="worker function")
	@$(RUN) -m tests.bench.chaos --minutes $(or $(MINUTES),20) $(if $(PARTS),--parts $(PARTS))

clean: ## remove what was built and all local data
	@rm -rf layers/engine/soundstage/compiled/loops-*
	@rm -rf .venv .cache .local-cloud cdk.out build demo-output infra/node_modules web/node_modules web/dist .*_cache
