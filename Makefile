# Le mur parle. `make help` lists the targets; those of Pelican's quickstart keep their names and variables.

PY?=.venv/bin/python
PELICAN?=.venv/bin/pelican
PELICANOPTS=
MUR?=.venv/bin/mur

BASEDIR=$(CURDIR)
INPUTDIR=$(BASEDIR)/content
OUTPUTDIR=$(BASEDIR)/output
CONFFILE=$(BASEDIR)/pelicanconf.py
PUBLISHCONF=$(BASEDIR)/publishconf.py

SSH_HOST=localhost
SSH_PORT=22
SSH_USER=$(USER)
SSH_TARGET_DIR=/var/www

# Tests start thousands of processes: what was compiled once is kept, whatever the environment says.
unexport PYTHONDONTWRITEBYTECODE

DEBUG ?= 0
ifeq ($(DEBUG), 1)
	PELICANOPTS += -D
endif

RELATIVE ?= 0
ifeq ($(RELATIVE), 1)
	PELICANOPTS += --relative-urls
endif

SERVER ?= "0.0.0.0"
PORT ?= 0
ifneq ($(PORT), 0)
	PELICANOPTS += -p $(PORT)
endif

ONCE ?=
FUZZ_SECONDS ?= 360
KILLS ?= 1000
MAILS ?= 5000
SIZES ?= full
TARGETS ?=
SEED ?=
PYTEST ?= .venv/bin/pytest
# Twice as many as CI has cores: many tests wait for a server, a lease or a clock
PYTESTOPTS ?= -n 6 --dist loadgroup --no-loadscope-reorder -m "not long"

help:  ## this list
	@grep -hE '^[a-z_-]+:.*##' $(MAKEFILE_LIST) | sort | awk -F ':.*##' '{printf "  %-18s%s\n", $$1, $$2}'

env: .venv/.ready  ## the environment in .venv, from uv.lock

.venv/.ready: pyproject.toml uv.lock
	@sh .ci/env
	@touch $@

demo: env  ## the main job on an embedded mail server, until Ctrl-C (ONCE=1: check it and end)
	@$(PY) -m ingest.demo $(if $(ONCE),--once)

test: env needs  ## the tests
	@$(PYTEST) $(PYTESTOPTS)

long: env needs  ## the tests that take a minute or more each
	@$(PYTEST) -m long

needs:
	@sh .ci/needs

lint: env  ## ruff and mypy
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy

check: lint test  ## ruff, mypy and the tests

golden: env  ## writes what the mails under tests/ must become; read the difference
	@$(PY) -m tests.messages.golden
	@$(PY) -m tests.message.test_message_files
	@GOLDEN=1 $(PYTEST) -q tests/body/html

fuzz: env  ## looks for a mail that breaks the converter (FUZZ_SECONDS=360)
	@$(PY) -c "import atheris" 2>/dev/null || uv pip install --quiet atheris
	@$(PY) -m tests.fuzz.fuzz_convert -max_total_time=$(FUZZ_SECONDS)

bombs: env  ## every hostile mail, with what it costs
	@$(PY) -m tests.bombs

crash: env needs  ## kills every command at every step, and pollers at random, behind a bad network (KILLS=1000 SEED=)
	@nice -n 10 $(PY) -m tests.crash points mistakes kills --kills $(KILLS) $(if $(SEED),--seed $(SEED))

soak: env needs  ## thousands of mails while everything is killed at random (MAILS=5000 SEED=)
	@nice -n 10 $(PY) -m tests.crash soak --mails $(MAILS) $(if $(SEED),--seed $(SEED))

bench: env needs  ## what it costs beside what people would pick instead, as ratios: docs/performance.md (SIZES=small TARGETS="fetch cold")
	@$(PY) -m tests.bench $(TARGETS) --sizes $(SIZES)

examples: env  ## makes content/ again from the example mails, through the pipeline itself
	@$(PY) -m ingest.demo.examples

validate: env needs  ## the Nu validator (npm, Java) on every page of the theme's test wall
	@$(PY) -m tests.theme.validate

beside: env needs  ## our theme beside Pelican's own, the same posts in one run: bytes, axe, Chromium's timings
	@$(PY) -m tests.theme.beside

messages: env  ## the catalogues of ingest/locale, from the sentences marked with _()
	.venv/bin/pybabel -q extract --no-location --omit-header --sort-output -w 100 -k ngettext:1,2 -o ingest/locale/mur.pot ingest plugins
	.venv/bin/pybabel -q update --no-fuzzy-matching --ignore-pot-creation-date -w 100 -D mur -d ingest/locale -i ingest/locale/mur.pot
	.venv/bin/pybabel -q compile -D mur -d ingest/locale

html: env  ## builds content/ into output/ with Pelican alone
	$(PELICAN) $(INPUTDIR) -o $(OUTPUTDIR) -s $(CONFFILE) $(PELICANOPTS)

clean:  ## removes output/
	[ ! -e $(OUTPUTDIR) ] || rm -rf $(OUTPUTDIR)

regenerate: env  ## builds again at each change
	$(PELICAN) -r $(INPUTDIR) -o $(OUTPUTDIR) -s $(CONFFILE) $(PELICANOPTS)

serve: env  ## serves output/ on localhost:8000 (PORT=…)
	$(PELICAN) -l $(INPUTDIR) -o $(OUTPUTDIR) -s $(CONFFILE) $(PELICANOPTS)

serve-global: env  ## serves output/ on every interface (SERVER=…)
	$(PELICAN) -l $(INPUTDIR) -o $(OUTPUTDIR) -s $(CONFFILE) $(PELICANOPTS) -b $(SERVER)

devserver: env  ## builds, serves and builds again at each change
	$(PELICAN) -lr $(INPUTDIR) -o $(OUTPUTDIR) -s $(CONFFILE) $(PELICANOPTS)

devserver-global: env  ## the same on every interface
	$(PELICAN) -lr $(INPUTDIR) -o $(OUTPUTDIR) -s $(CONFFILE) $(PELICANOPTS) -b 0.0.0.0

publish: env  ## puts what was accepted online: content/, a checked build, the swap
	$(MUR) publish

rsync_upload: publish  ## publishes, then copies output/ to SSH_HOST
	rsync -e "ssh -p $(SSH_PORT)" -P -rvzc --cvs-exclude --delete "$(OUTPUTDIR)"/ "$(SSH_USER)@$(SSH_HOST):$(SSH_TARGET_DIR)"

.PHONY: help env demo test long needs lint check messages validate beside golden fuzz bombs bench crash soak examples html clean regenerate serve serve-global devserver devserver-global \
	publish rsync_upload
