# Everything runs from here; each command finds or fetches what it needs and keeps it in .local.
PYTHON ?= python3
RUN = @cd "$(CURDIR)" && PYTHONDONTWRITEBYTECODE=1 $(PYTHON) -m
export ARGS

.PHONY: help demo demo-reset stop shell test test-quick bench evaluate lint format i18n i18n-check lock clean

help:  ## Say what each command does
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo:  ## Start Odoo with the add-on and its demo company
	$(RUN) tools.demo start

demo-reset:  ## Start the demo over, from its first day
	$(RUN) tools.demo reset

stop:  ## Stop what "make demo" started
	$(RUN) tools.demo stop

shell:  ## Open Odoo's shell on the demo's database
	$(RUN) tools.demo shell

test:  ## Run the whole suite; ARGS="-k name" goes to pytest
	$(RUN) tools.run_tests

test-quick:  ## The same, updating the last run's database instead of making a new one
	@KEEP_DB=1 $(MAKE) --no-print-directory test

bench:  ## Measure times on large ledgers; ARGS goes to benchmarks/run.py
	$(RUN) tools.bench

evaluate:  ## Put scores and forecasts to the proof on CSV files of receivables, in Odoo; ARGS names them
	$(RUN) tools.evaluate

lint:  ## Check the form of code, data and translations
	$(RUN) tools.lint

format:  ## Put the code in the one form that lint accepts
	$(RUN) tools.lint --fix

i18n:  ## Export the terms and merge them into the translations
	$(RUN) tools.i18n

i18n-check:  ## Fail if the committed terms are not those of the add-on
	$(RUN) tools.i18n --check

lock:  ## Choose newer versions of the Python packages and lock them
	$(RUN) tools.python_env lock

clean: stop  ## Remove everything that was fetched or built, the demo's data included
	rm -rf .local
