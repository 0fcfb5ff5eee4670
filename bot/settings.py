"""
Every setting in one place: environment, then `.env`, then the default.

    BOT_PORT=8000 python app.py  ->  settings().port == 8000
"""

from functools import cache
from pathlib import Path

from pydantic import ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.errors import SettingsError

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """The settings; read them with `settings()`."""

    model_config = SettingsConfigDict(env_prefix="BOT_", env_file=".env", extra="ignore")

    corpus: Path = PROJECT / "corpus"
    store: Path = PROJECT / ".store"
    embedding: Path = PROJECT / "bot" / "index" / "model"
    host: str = "127.0.0.1"
    port: int = 7860
    debug: bool = False


@cache
def settings() -> Settings:
    """The settings in force. Raises SettingsError naming the one whose value cannot be used."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "；".join(f"BOT_{str(each['loc'][0]).upper()}={each['input']}" for each in error.errors())
        raise SettingsError(f"设置的值不能用：{wrong}。请改正环境变量或 .env 后重试。") from error
