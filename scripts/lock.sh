#!/bin/sh
# Write from pyproject.toml: requirements.txt (to run), requirements-postgres.txt (to run on PostgreSQL) and
# requirements-test.txt (to run on either, test, lint and translate):
# exact versions with hashes for every platform, no address in them, so that plain pip installs exactly what was tested.
# Versions already locked stay; "make lock UPGRADE=1" takes the newest that pyproject.toml allows.
set -eu
cd "$(dirname "$0")/.."

if command -v uv >/dev/null 2>&1; then uv=uv
elif [ -x .venv/bin/uv ]; then uv=.venv/bin/uv
else
    echo "make lock needs uv. Install it, for instance: .venv/bin/python -m pip install uv" >&2
    exit 1
fi

lock() {  # lock FILE [argument...]
    out=$1
    shift
    $uv pip compile pyproject.toml --quiet --universal --python-version 3.11 --generate-hashes --no-header \
        --custom-compile-command "make lock" ${UPGRADE:+--upgrade} "$@" -o "$out" >/dev/null
    echo "$out: $(grep -c '^[a-z]' "$out") packages"
}

lock requirements.txt --extra install
lock requirements-postgres.txt --extra install --extra postgres -c requirements.txt
lock requirements-test.txt --extra install --extra postgres --extra test --extra dev -c requirements-postgres.txt

if grep -nE '://|--(extra-)?index|--find-links' requirements*.txt; then
    echo "An address got into the lock: it must name packages and hashes only." >&2
    exit 1
fi
