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
