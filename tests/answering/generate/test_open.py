"""Which model the settings name, and that none is looked for where they name none."""

import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.answering.generate import open_generator
from bot.answering.pipeline import open_pipeline
from bot.errors import ModelError, SettingsError
from bot.settings import PROJECT, Settings, settings

LIBRARIES = ("bot.answering.generate", "bot.answering.ground", "langchain_openai", "openai", "torch", "transformers")


@pytest.mark.parametrize(
    ("given", "sentence"),
    [
        (Settings(llm_url="http://127.0.0.1:9/v1"), "还要用 BOT_LLM_MODEL 写明那里的模型名"),
        (Settings(llm_url="127.0.0.1", llm_model="m"), "BOT_LLM_URL=127.0.0.1 不是网址"),
        (Settings(llm_url="http://127.0.0.1:9/v1", llm_model="m", llm_key=SecretStr("sk-……")), "BOT_LLM_KEY 里有中文"),
        (Settings(llm_model="/nowhere"), "BOT_LLM_MODEL=/nowhere 不是文件夹"),
    ],
)
def test_settings_that_cannot_work_are_said(given: Settings, sentence: str) -> None:
    with pytest.raises(ModelError, match=sentence):
        open_generator(given, ())


def test_without_the_client_the_command_that_installs_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "langchain_openai", None)
    with pytest.raises(ModelError, match=r'请运行 pip install -e "\.\[endpoint\]"。'):
        open_generator(Settings(llm_url="http://127.0.0.1:9/v1", llm_model="m"), ())


def test_generated_answers_without_a_model_are_refused_with_the_settings_to_make(plan_store_folder: Path) -> None:
    with pytest.raises(ModelError, match=r"没有设置大模型；请用 BOT_LLM_URL 和 BOT_LLM_MODEL"):
        open_pipeline(plan_store_folder, "generated")


def test_a_wait_that_is_none_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    settings.cache_clear()
    monkeypatch.setenv("BOT_LLM_TIMEOUT", "0")
    with pytest.raises(SettingsError, match="BOT_LLM_TIMEOUT=0"):
        settings()
    settings.cache_clear()


@pytest.mark.slow
@pytest.mark.parametrize("mode", [(), ("--mode", "quoted")])
def test_quoting_imports_nothing_of_a_model(plan_store_folder: Path, mode: tuple[str, ...]) -> None:
    code = (
        "import sys; sys.argv = ['bot', 'ask', '园区建几个', '--store', *sys.argv[1:]]\n"
        f"from bot.cli import main\nmain()\nprint(sorted(set({LIBRARIES}) & set(sys.modules)))"
    )
    environment = {"BOT_LLM_URL": "http://127.0.0.1:9/v1", "BOT_LLM_MODEL": "m"} if mode else {}
    done = subprocess.run(
        [sys.executable, "-c", code, str(plan_store_folder), *mode],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(PROJECT), **environment},
    )
    assert done.stdout.splitlines()[-1] == "[]"
