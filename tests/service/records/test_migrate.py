"""The migrations lead to the tables of the models, whoever runs them and however often."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, inspect

from bot.service.records.migrate import FOLDER, migrate
from bot.service.records.models import Base


def test_the_migrations_make_what_the_models_say() -> None:
    engine = create_engine("sqlite://")
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) != []
    migrate(engine)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_many_may_open_the_records_at_once(tmp_path: Path) -> None:
    def opened(_: int) -> list[str]:
        engine = create_engine(f"sqlite:///{tmp_path}/records.db")
        migrate(engine)
        return sorted(inspect(engine).get_table_names())

    with ThreadPoolExecutor(4) as threads:
        found = list(threads.map(opened, range(4)))
    assert found == [sorted(("alembic_version", *Base.metadata.tables))] * 4


def test_the_migrations_are_shipped() -> None:
    assert sorted(path.name for path in FOLDER.glob("*.*")) == ["__init__.py", "env.py", "script.py.mako"]
