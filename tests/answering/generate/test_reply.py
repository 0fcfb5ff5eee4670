"""A reply in pieces of every size comes out as the same sentences."""

import pytest

from bot.answering.generate.reply import LONGEST, Said, sentences

NUMBERED = {
    "每年30名。[1]归科技局。[2]": [Said("每年30名。", (1,)), Said("归科技局。", (2,))],
    "每年30名[1]。归科技局【2】。": [Said("每年30名。", (1,)), Said("归科技局。", (2,))],
    "每年30名。［1］\n\n归科技局。 [2]\n": [Said("每年30名。", (1,)), Said("归科技局。", (2,))],
    "每年30名。[1、2]归科技局。[1-3]": [Said("每年30名。", (1, 2)), Said("归科技局。", (1, 2, 3))],
    "每年30名。[资料1]归科技局。[citation:2]": [Said("每年30名。", (1,)), Said("归科技局。", (2,))],
    "每年30名。[1](http://a.cn/1)归科技局。[2]": [Said("每年30名。", (1,)), Said("归科技局。", (2,))],
    "“投早！投小。”先行[1]。": [Said("“投早！投小。”先行。", (1,))],
    "文号为青政发〔2024〕5号。[1]": [Said("文号为青政发〔2024〕5号。", (1,))],
    "每年30名。归科技局。[2]": [Said("每年30名。"), Said("归科技局。", (2,))],
}
MARKUP = {
    "## 要点\n- **每年30名**。[1]\n": [Said("要点"), Said("每年30名。", (1,))],
    "1. 每年30名。[1]\n2、归科技局。[2]\n": [Said("每年30名。", (1,)), Said("归科技局。", (2,))],
    "<p>每年<b>30</b>名。[1]</p>\n": [Said("每年30名。", (1,))],
    "3.5万元以内。[1]": [Said("3.5万元以内。", (1,))],
    "[每年](http://a.cn)30名。[1]": [Said("每年30名。", (1,))],
}
BETWEEN = {
    f"{said}归科技局。[2]": [Said(text, numbers), Said("归科技局。", (2,))]
    for said, text, numbers in (
        ("<b>每年30名。</b>[1]", "每年30名。", (1,)),
        ("**每年30名。**[1]", "每年30名。", (1,)),
        ("**每年30名**[1]。", "每年30名。", (1,)),
        ("每年30名。<sup>[1]</sup>", "每年30名。", (1,)),
        ("重点投“早”。”[1]", "重点投“早”。”", (1,)),
        ("重点是“投早、投小。”[1]", "重点是“投早、投小。”", (1,)),
        ("每年30名（见[1]）。", "每年30名。", (1,)),
        ("每年30名。（见[1]）", "每年30名。", (1,)),
        ("每年30名。（来源：[1]、[3]）", "每年30名。", (1, 3)),
        ("每年30名。[1, 3]", "每年30名。", (1, 3)),
        ("每年30名。[^1]", "每年30名。", (1,)),
        ("每年30名。[来源1]", "每年30名。", (1,)),
        ("每年30名。【依据：1】", "每年30名。", (1,)),
        ("每年30名。[[1]](http://a.cn)", "每年30名。", (1,)),
        ("① 每年30名。[1]", "每年30名。", (1,)),
        ("每年30名（含兼职）。[1]", "每年30名（含兼职）。", (1,)),
    )
}
THOUGHTS = {
    "<think>我想想。每年50名？[1]</think>每年30名。[1]": [Said("每年30名。", (1,))],
    "<think>我想想。每年50名。[1]": [],
}


@pytest.mark.parametrize("size", [1, 2, 3, 7, 1000])
@pytest.mark.parametrize("text", [*NUMBERED, *MARKUP, *BETWEEN, *THOUGHTS])
def test_sentences_come_with_their_numbers_and_without_markup(text: str, size: int) -> None:
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    assert list(sentences(pieces)) == (NUMBERED | MARKUP | BETWEEN | THOUGHTS)[text]


def test_a_sentence_is_told_before_what_follows_it_has_come() -> None:
    def pieces():  # type: ignore[no-untyped-def]
        yield from ("每年30名", "。", "[1]")
        raise AssertionError("not waited for")

    assert next(sentences(pieces())) == Said("每年30名。", (1,))


def test_a_second_number_that_comes_later_is_told_of_the_sentence_before() -> None:
    assert list(sentences(["每年30名。[1]", "[2]", "归科技局。[3]"])) == [
        Said("每年30名。", (1,)),
        Said("", (2,)),
        Said("归科技局。", (3,)),
    ]
    assert list(sentences(["每年30名。\n[1]\n"])) == [Said("每年30名。"), Said("", (1,))]


def test_a_thought_whose_beginning_was_not_marked_is_told_when_it_ends() -> None:
    assert list(sentences(["我想想。[1]", "</think>每年30名。[1]"])) == [
        Said("我想想。", (1,)),
        Said("", is_thought=True),
        Said("每年30名。", (1,)),
    ]


def test_what_is_not_finished_is_not_told() -> None:
    assert list(sentences(["每年30名。[1]归科"])) == [Said("每年30名。", (1,))]


def test_a_sentence_without_end_is_cut() -> None:
    assert [len(said.text) for said in sentences(["啊" * 1000])] == [LONGEST + 1] * 2
