"""The style sheets as files: a brace lost in a merge takes every rule after it away, and no browser says so."""

from pathlib import Path

import pytest

import bot.service

SHEETS = sorted(Path(bot.service.__file__).parent.rglob("*.css"))


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: f"{sheet.parent.parent.name}/{sheet.name}")
def test_no_rule_holds_another_one(sheet: Path) -> None:
    depth, deepest = 0, 0
    for line in sheet.read_text(encoding="utf-8").splitlines():
        depth += line.count("{") - line.count("}")
        assert depth >= 0
        deepest = max(deepest, depth)
    assert (depth, deepest <= 2) == (0, True)  # a rule within @media at most
