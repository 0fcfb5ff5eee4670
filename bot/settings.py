"""
Every setting in one place: environment, then `.env`, then the default.

    BOT_PORT=8000 python app.py  ->  settings().port == 8000
"""

from functools import cache
from pathlib import Path

from pydantic_settings import BaseSettings, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """A value of the wrong type raises pydantic's ValidationError naming the setting."""

    model_config = SettingsConfigDict(env_prefix="BOT_", env_file=".env", extra="ignore")

    corpus: Path = PROJECT / "corpus"
    store: Path = PROJECT / ".store"
    embedding: Path = PROJECT / "bot" / "index" / "model"
    host: str = "127.0.0.1"
    port: int = 7860
    debug: bool = False


@cache
def settings() -> Settings:
    return Settings()
