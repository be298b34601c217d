#!/bin/sh
# How quick and how accessible the main pages are, in a browser: bench/web.sh --help
set -eu
cd "$(dirname "$0")/.."
PYTHONPATH=bin:. exec "${VIRTUAL_ENV:-.venv}/bin/python" -m bench.web "$@"
