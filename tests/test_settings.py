from pathlib import Path

import pytest

from bot.errors import SettingsError
from bot.settings import settings


@pytest.fixture(autouse=True)
def fresh_settings():  # type: ignore[no-untyped-def]
    settings.cache_clear()
    yield
    settings.cache_clear()


def test_the_environment_overrides_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_PORT", "8123")
    assert settings().port == 8123


def test_a_value_of_the_wrong_type_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_PORT", "八千")
    with pytest.raises(SettingsError, match="BOT_PORT=八千"):
        settings()


def test_originals_are_indexed_beside_the_corpus_once_some_were_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BOT_CORPUS", str(tmp_path))
    monkeypatch.setenv("BOT_ORIGINALS", str(tmp_path / "originals"))
    assert settings().sources == [tmp_path]
    (tmp_path / "originals").mkdir()
    assert settings().sources == [tmp_path, tmp_path / "originals"]


def test_mirrors_that_are_no_json_are_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_MIRRORS", "www.gov.cn")
    with pytest.raises(SettingsError, match="BOT_MIRRORS 不是 JSON"):
        settings()


def test_proxies_are_addresses_and_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_TRUSTED_PROXIES", "10.0.0.5, 192.168.0.0/24")
    assert settings().proxies == ["10.0.0.5", "192.168.0.0/24"]


@pytest.mark.parametrize(
    ("name", "value"),
    [("TRUSTED_PROXIES", "*"), ("TRUSTED_PROXIES", "nginx"), ("ACCESS_DAYS", "30"), ("TIMEOUT", "90")],
)
def test_a_value_that_would_do_harm_is_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"BOT_{name}", value)
    with pytest.raises(SettingsError, match=f"BOT_{name}="):
        settings()


def test_the_records_lie_in_the_data_folder_unless_a_database_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_DATA", "/srv/bot")
    assert settings().records_url == "sqlite:////srv/bot/records.db"
    monkeypatch.setenv("BOT_RECORDS", "postgresql+psycopg://bot@db/bot")
    settings.cache_clear()
    assert settings().records_url == "postgresql+psycopg://bot@db/bot"


def test_what_else_to_send_that_is_no_json_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_LLM_EXTRA", "不思考")
    with pytest.raises(SettingsError, match=r"BOT_LLM_EXTRA 不是 JSON，应写成 \{"):
        settings()
