from pathlib import Path

import pytest

from bot.answering.generate.prompts import FOLDER, load
from bot.errors import PromptError


def write(folder: Path, text: str) -> Path:
    (folder / "hello.md").write_text(text, encoding="utf-8")
    return folder


def test_a_prompt_is_filled_and_what_fills_it_is_not_read_again(tmp_path: Path) -> None:
    prompt = load("hello", write(tmp_path, "<!--\n问候。\nname：谁\n-->\n您好，${name}。价格$$5。\n"))
    assert prompt.fill(name="${name}{name}$x") == "您好，${name}{name}$x。价格$5。"


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({}, "提示词 hello.md 缺少：name、place。"),
        ({"name": "甲"}, "提示词 hello.md 缺少：place。"),
        ({"name": "甲", "place": "乙", "day": "丙", "city": "丁"}, "提示词 hello.md 用不到：city、day。"),
    ],
)
def test_variables_that_are_missing_or_too_many_are_named(
    tmp_path: Path, values: dict[str, str], sentence: str
) -> None:
    prompt = load("hello", write(tmp_path, "<!--\nname：谁\nplace：哪里\n-->\n${name}在${place}"))
    with pytest.raises(PromptError, match=f"^{sentence}$"):
        prompt.fill(**values)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("您好", "提示词 hello.md 开头应有 <!-- … -->，写明由什么填入。"),
        ("<!--\nname：谁\n-->\n您好", "提示词 hello.md 的文件头和正文所用的变量不一致：name。"),
        ("<!--\n无\n-->\n您好，${name}", "提示词 hello.md 的文件头和正文所用的变量不一致：name。"),
        ("<!--\n无\n-->\n价格$5", "提示词 hello.md 里有单独的“$”，请写成“$$”。"),
    ],
)
def test_a_prompt_that_cannot_be_filled_is_told_when_it_is_read(tmp_path: Path, text: str, sentence: str) -> None:
    with pytest.raises(PromptError) as caught:
        load("hello", write(tmp_path, text))
    assert str(caught.value) == sentence


def test_a_prompt_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"读不了提示词 nowhere\.md"):
        load("nowhere", tmp_path)


def test_every_prompt_of_ours_can_be_filled_and_stands_in_the_list_of_them() -> None:
    names = [path.stem for path in FOLDER.glob("*.md") if path.stem != "README"]
    readme = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in names:
        prompt = load(name)
        assert "$" not in prompt.fill(**dict.fromkeys(prompt.variables, "值"))
        assert f"`{name}.md`" in readme
