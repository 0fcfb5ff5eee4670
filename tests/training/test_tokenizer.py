"""jieba's segmentation, inside tokenizer.json."""

import pytest

from training.tokenizer import build_tokenizer

TEXTS = ["用人单位拖欠劳动者的工资，劳动者可以申请仲裁。", "老板拖欠工资 2025 AI"]


def test_words_are_cut_as_the_dictionary_has_them() -> None:
    tokenizer = build_tokenizer(TEXTS, minimum_count=1)
    assert tokenizer.encode("用人单位拖欠工资的").tokens == ["用人单位", "拖欠工资", "的"]


def test_width_case_spaces_and_punctuation_make_no_difference() -> None:
    tokenizer = build_tokenizer(TEXTS, minimum_count=1)
    assert tokenizer.encode("ａｉ（２０２５） 工资！").tokens == ["ai", "2025", "工资"]


def test_our_words_stay_whole_and_rare_ones_fall_apart() -> None:
    tokenizer = build_tokenizer(TEXTS, ["先投后股"], minimum_count=2)
    assert tokenizer.encode("先投后股").tokens == ["先投后股"]
    assert tokenizer.encode("仲裁").tokens == ["仲", "裁"]


@pytest.mark.parametrize("text", ["", "，。", "\u200b\n"])
def test_a_text_without_words_has_no_tokens_that_count(text: str) -> None:
    assert set(build_tokenizer(TEXTS).encode(text).ids) <= {0}
