"""What the check took out, told to staff in plain words."""

from typing import get_args

import pytest

from bot.answering.ground.verdict import FaultKind
from bot.service.removed import fault_lines, removed_html, removed_lines
from bot.service.words import FAULTS
from bot.types import Removed, Wrong

SENTENCE = "每年种<五>棵，归市水务局。"
REMOVED = Removed(SENTENCE, (Wrong("figure", "<五>棵", "三棵"), Wrong("unit", "市水务局"), Wrong("unit", "市水务局")))


def test_each_fault_is_told_once_with_what_was_written_and_what_is_stated() -> None:
    assert list(removed_lines([REMOVED])) == [
        f"- {SENTENCE}",
        "  数字与原文不符：写作“<五>棵”，原文作“三棵”",
        "  单位与原文不符：“市水务局”",
    ]


@pytest.mark.parametrize(
    ("wrong", "line"),
    [
        (Wrong("citation", SENTENCE), "没有标明依据，或者所标的编号不存在"),
        (Wrong("unsupported", SENTENCE.rstrip("。")), "原文没有这样写"),
        (Wrong("modality", "", "探索"), "“可以”“应当”“探索”一类措辞与原文不一致：原文作“探索”"),
    ],
)
def test_a_fault_of_the_whole_sentence_does_not_repeat_it(wrong: Wrong, line: str) -> None:
    assert fault_lines(Removed(SENTENCE, (wrong,))) == [line]


def test_every_kind_of_fault_has_a_name() -> None:
    assert set(FAULTS) == set(get_args(FaultKind))


def test_the_fold_is_closed_escaped_and_there_only_where_something_was_taken_out() -> None:
    html = removed_html([REMOVED])
    assert html.startswith('<details class="removed"><summary>未采用的句子（1句，仅工作人员可见）</summary>')
    assert "每年种&lt;五&gt;棵" in html and "<五>" not in html
    assert removed_html(()) == ""
