"""Which papers the cases are built from."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.settings import settings
from eval.__main__ import _outlines
from eval.errors import EvaluationError


def test_papers_beside_the_corpus_are_read_with_it(tmp_path: Path) -> None:
    (tmp_path / "tea.txt").write_text("茶叶法\n第一条　茶税税率为25%。\n", encoding="utf-8")
    alone = {outline.document.id for outline in _outlines(None, [])}
    assert {outline.document.id for outline in _outlines(None, [tmp_path])} - alone == {"tea"}
    assert settings().corpus.is_dir()


def test_a_folder_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="没有文件夹"):
        _outlines(None, [tmp_path / "none"])
