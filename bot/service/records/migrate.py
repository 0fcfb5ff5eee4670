"""
Bring a database to the tables of models.py, or write the next migration.

    migrate(engine)                                          an empty or older database  ->  today's tables
    python -m bot.service.records.migrate "time of a reply"  a new file in migrations/versions, to be read and kept

Several processes may open the records at once: one migrates, the others wait.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock
from sqlalchemy import Connection, Engine, create_engine, text

FOLDER = Path(__file__).with_name("migrations")
ADVISORY_LOCK = 7_202_611  # any number, the same in every process


def migrate(engine: Engine) -> None:
    """Run the migrations that the database lacks."""
    from alembic import command

    logging.getLogger("alembic").setLevel(logging.WARNING)
    with _alone(engine), engine.begin() as connection:
        if engine.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": ADVISORY_LOCK})
        command.upgrade(_configured(connection), "head")


def _configured(connection: Connection):  # type: ignore[no-untyped-def]
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    configuration.attributes["connection"] = connection
    return configuration


@contextmanager
def _alone(engine: Engine) -> Iterator[None]:
    """SQLite's own lock is taken statement by statement here, so a file stands for the whole."""
    file = engine.url.database
    if engine.dialect.name != "sqlite" or not file or file == ":memory:":
        yield
        return
    with FileLock(f"{file}.migrating"):
        yield


if __name__ == "__main__":
    from alembic import command

    with create_engine("sqlite://").begin() as opened:
        command.upgrade(_configured(opened), "head")
        command.revision(_configured(opened), sys.argv[1], autogenerate=True)
