import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import PROJECT


@pytest.mark.slow
def test_a_build_killed_at_any_moment_leaves_the_old_index_or_the_new(tmp_path: Path):
    program = [sys.executable, "-m", "tests.index.kill_builds", str(tmp_path), "10000", "60"]  # kills, seconds
    done = subprocess.run(program, capture_output=True, encoding="utf-8", cwd=PROJECT)
    found = json.loads(done.stdout or "{}")
    assert (done.stderr, found.get("wrong")) == ("", [])
    assert found["kills"] == found["old"] + found["new"] > 0
