"""What was acknowledged is there after kill -9."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from bot.service.records import Records

HERE = Path(__file__).parent

ROUNDS, EACH = 5, 150


@pytest.mark.slow
def test_no_acknowledged_answer_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/records.db"
    acknowledged: set[str] = set()
    for round_ in range(ROUNDS):
        command = [sys.executable, str(HERE / "keep_answering.py"), url, str(round_)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            acknowledged |= {process.stdout.readline().strip() for _ in range(EACH)}
            process.kill()
            acknowledged |= {line.strip() for line in process.stdout if line.endswith("\n")}
    Records.open(url).close()
    with create_engine(url).connect() as connection:
        kept = set(connection.execute(text("SELECT id FROM answers")).scalars())
    assert len(acknowledged) >= ROUNDS * EACH
    assert acknowledged - kept == set()
