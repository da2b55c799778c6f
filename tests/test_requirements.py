"""The table of requirements says what the tests say, and names nothing that is not so."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def test_the_table_is_what_the_tests_say():
    made = subprocess.run([sys.executable, "scripts/requirements.py", "--check"], cwd=ROOT, check=False)
    assert made.returncode == 0, "run: python scripts/requirements.py"
