# Everything is done by the program in devtools/; these are only its names.
PYTHON ?= python3
DEVTOOLS = $(PYTHON) -m devtools
export PORT T WITHOUT

.PHONY: help demo stop clean db test test-fast test-host lint bench pot

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

demo: ## a live Odoo with both addons and demo data (PORT=8069)
stop: ## stop the demo and its database server
clean: ## stop, and delete everything that was made
db: ## prepare the database the tests are copied from
test: ## all tests, with coverage
test-fast: ## one file or folder: make test-fast T=service_experience/tests/test_x.py
test-host: ## Odoo's own tests of project, portal, rating, resource (WITHOUT=1: without the addons)
lint: ## every check of the sources
bench: ## the measured comparisons of benchmarks/
pot: ## write the translation templates of both addons

demo stop clean db test test-fast test-host lint bench pot:
	@$(DEVTOOLS) $@
