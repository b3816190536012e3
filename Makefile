# Everything that one does with this project. `make help` lists it.

PYTHON ?= python3
PORT ?= 8000
VAR_DIR ?= $(CURDIR)/var
BIN := .venv/bin
T ?=
SIZES ?= 1000,20000
export VAR_DIR
.DEFAULT_GOAL := help
.PHONY: help messages run setup test test-postgres lint format check check-pages observatory bench bench-short freshness check-imports prove-slots bench-comments bench-quizzes bench-desk bench-drawings bench-import bench-middleware structure calls faults faults-short maintenance-load screenshots look lighthouse lock clean

help: ## list what can be made
	@awk -F':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: .venv/.runtime $(if $(filter granian,$(SERVER)),.venv/.granian) $(VAR_DIR)/secret-key ## serve the publication on PORT (8000), with the demo in an empty database; SERVER=granian
	@PORT=$(PORT) SERVER=$(SERVER) exec deploy/run

setup: .venv/.dev ## build the environment for development

test: .venv/.dev ## run the whole suite on SQLite; T=path runs a part
	$(BIN)/python -m pytest $(T)

test-postgres: .venv/.dev ## what of the suite asks for a database, on a PostgreSQL that it starts itself
	TEST_DATABASE=postgres $(BIN)/python -m pytest $(T)

lint: .venv/.dev ## ruff, its formatter, and djlint for the templates
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djlint templates --lint --quiet

format: .venv/.dev ## let ruff rewrite what it can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

check: .venv/.dev ## missing migrations, and Django's checks with production values
	DEBUG=True $(BIN)/python manage.py makemigrations --check --dry-run
	deploy/check

check-pages: .venv/.dev tools/check-pages/node_modules/.package-lock.json ## ask the Nu HTML Checker (Java) about every kind of page
	$(BIN)/python -m pytest -n 0 -s tools/check-pages

observatory: .venv/.dev tools/observatory/node_modules/.package-lock.json ## MDN's HTTP Observatory grades the front page over TLS, without AdSense and with it (nginx)
	$(BIN)/python -m pytest -n 0 -s tools/observatory

bench: .venv/.dev ## every figure of docs/performance.md beside its limit; SIZES=1000,20000,200000; DOCS=1 writes them there
	$(BIN)/python -m benchmarks.bench --sizes $(SIZES) $(if $(DOCS),--docs)

bench-short: .venv/.dev ## the same in counts only, in 4 minutes; fails on a worse one
	$(BIN)/python -m benchmarks.bench --short

freshness: .venv/.dev ## every change of every app in front of two workers: no page is stale, none rendered in vain
	$(BIN)/python -m benchmarks.freshness

prove-slots: .venv/.dev $(VAR_DIR)/secret-key ## measure in Chromium that no sponsored slot of the site moves its page; T="list beside" for some
	$(BIN)/python manage.py collectstatic --noinput --verbosity 0
	$(BIN)/python manage.py prove_slots $(T)

check-imports: .venv/.dev ## import every sample below SAMPLES into an empty database, and count the posts that arrive right
	$(BIN)/python tools/check-imports $(T)

bench-comments: .venv/.dev ## database time of a thread of 10,000 comments in a table of 1,000,000
	$(BIN)/python benchmarks/bench_comments.py

bench-quizzes: .venv/.dev ## grading, papers and submissions; statistics of 100,000 attempts
	$(BIN)/python benchmarks/bench_quizzes.py
	$(BIN)/python benchmarks/bench_quiz_statistics.py

bench-drawings: .venv/.dev ## bytes and CPU of covers and cards for sharing, with their limits
	$(BIN)/python benchmarks/bench_drawings.py

bench-import: .venv/.dev ## CPU, memory and waits of an import of 5,000 posts, with their limits; POSTS=500 for a short run
	$(BIN)/python benchmarks/bench_import.py

bench-desk: .venv/.dev ## CPU, queries and kB of pages of the admin with 20,000 articles
	$(BIN)/python benchmarks/bench_desk.py

bench-middleware: .venv/.dev ## CPU and statements that maintenance and slots add to a public page, with their limits
	$(BIN)/python benchmarks/bench_middleware.py

messages: .venv/.dev ## collect what is to be translated and compile the catalogues, with GNU gettext; LANGUAGE=it begins one
	$(BIN)/python tools/messages $(LANGUAGE)

structure: .venv/.dev ## size and shape of the code in figures, with their limits
	$(BIN)/python benchmarks/structure.py

calls: .venv/.dev ## function calls of a page, a paper, a submission, a comment
	$(BIN)/python benchmarks/calls.py

faults: .venv/.dev ## break what is behind a served site, and see whether it keeps its promises
	$(BIN)/python -m benchmarks.faults

faults-short: .venv/.dev ## most of the same, in four minutes
	$(BIN)/python -m benchmarks.faults --short

maintenance-load: .venv/.dev ## three workers under load while maintenance changes 100 times, in six minutes; CHANGES=10
	$(BIN)/python -m benchmarks.maintenance_load --changes $(or $(CHANGES),100)

screenshots: .venv/.dev ## the README's pictures, from the demo that `make run` serves on PORT
	$(BIN)/python docs/take_screenshots.py http://127.0.0.1:$(PORT) "$$(cat $(VAR_DIR)/demo-password)"

look: .venv/.dev ## bytes of the first view, the first line on a phone, and layout shift, of the demo that `make run` serves
	$(BIN)/python tools/look/measure.py http://127.0.0.1:$(PORT)

lighthouse: .venv/.dev tools/look/node_modules/.package-lock.json ## Lighthouse on a phone, the median of five runs of three pages
	$(BIN)/python tools/look/measure.py http://127.0.0.1:$(PORT) --lighthouse

lock: .venv/.dev ## pin every package with hashes after a change of requirements*.in
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements-s3.in -o requirements-s3.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header requirements-granian.in -o requirements-granian.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -c requirements.txt requirements-dev.in -o requirements-dev.txt

clean: ## throw away the environment, the database, uploads and everything generated
	rm -rf .venv var

.venv/bin/python:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say which with PYTHON=…")'
	$(PYTHON) -m venv .venv

.venv/.runtime: requirements.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/.granian: requirements-granian.txt | .venv/.runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-granian.txt
	@touch $@

.venv/.dev: requirements-dev.txt | .venv/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@ .venv/.runtime

tools/%/node_modules/.package-lock.json: tools/%/package-lock.json
	cd tools/$* && npm ci --ignore-scripts --no-audit --no-fund --silent
	@touch $@

$(VAR_DIR)/secret-key: | .venv/bin/python
	@mkdir -p $(VAR_DIR)
	@umask 077 && $(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(50))' > $@.new
	@mv $@.new $@
