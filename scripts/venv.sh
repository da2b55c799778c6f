#!/bin/sh
# Make .venv ready: "scripts/venv.sh run" to run the program (with PostgreSQL's driver when KC_DATABASE_URL asks for
# it, or by "scripts/venv.sh postgres"), "scripts/venv.sh test" to test it too.
# Does nothing (in a few milliseconds) when neither the locked requirements nor this folder's place has changed.
set -eu
cd "$(dirname "$0")/.."

what=${1:-run}
case $what:${KC_DATABASE_URL:-} in run:postgres*) what=postgres ;; esac
# Each set contains the ones before it: installing the larger is as good as installing those too.
case $what in
    run) lock=requirements.txt holds=$lock ;;
    postgres) lock=requirements-postgres.txt holds="requirements.txt $lock" ;;
    test) lock=requirements-test.txt holds="requirements.txt requirements-postgres.txt $lock" ;;
    *) echo "usage: scripts/venv.sh run|postgres|test" >&2; exit 2 ;;
esac

state() { { pwd; cat pyproject.toml "$1" scripts/venv.sh; } | cksum; }
fresh() { [ -x .venv/bin/python ] && [ -f ".venv/.kc-$1" ] && [ "$(cat ".venv/.kc-$1")" = "$(state "$1")" ]; }
fresh "$lock" && exit 0

say() { printf '%s\n' "$*" >&2; }
good_python() { command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

find_python() {
    for candidate in ${PYTHON:-} python3 python3.13 python3.12 python3.11 python; do
        if good_python "$candidate"; then echo "$candidate"; return; fi
    done
    say "Python 3.11 or newer is needed, and was not found."
    say "  Debian 12+, Ubuntu 24.04+:  sudo apt install python3 python3-venv"
    say "  macOS:                      brew install python@3.13"
    say "Another one can be named:     make run PYTHON=/path/to/python3.13"
    exit 1
}

make_venv() {
    python=$(find_python)
    say "Making .venv with $("$python" -c 'import sys; print("Python", sys.version.split()[0])') ..."
    if command -v uv >/dev/null 2>&1; then
        uv venv --quiet --clear --python "$python" .venv
    elif "$python" -c 'import venv, ensurepip' >/dev/null 2>&1; then
        "$python" -m venv --clear .venv
    else
        version=$("$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])')
        say "This Python cannot make a virtual environment: its venv module is not installed."
        say "  Debian, Ubuntu:  sudo apt install python3-venv    (or python$version-venv)"
        say "Then run the same command again."
        exit 1
    fi
}

install() {
    if command -v uv >/dev/null 2>&1; then
        UV_COMPILE_BYTECODE=1 uv pip install --quiet --python .venv/bin/python "$@"
    else
        # A .venv once made by uv has no pip of its own.
        .venv/bin/python -m pip --version >/dev/null 2>&1 || .venv/bin/python -m ensurepip >/dev/null
        .venv/bin/python -m pip install --quiet --disable-pip-version-check --no-input "$@"
    fi
}

good_python .venv/bin/python || make_venv
rm -f ".venv/.kc-$lock"
say "Installing the locked requirements ($lock) ..."
install --require-hashes -r "$lock"
# setuptools comes from the lock: nothing else is fetched to build, and an editable install needs no copy of the code.
install --no-deps --no-build-isolation -e .
# Compiled here once, so that no later start pays for it and Whoosh's old spellings never warn on a screen.
.venv/bin/python -W ignore -m compileall -q kc || true

for each in $holds; do state "$each" >".venv/.kc-$each"; done
