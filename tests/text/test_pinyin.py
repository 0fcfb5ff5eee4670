from bot.text.pinyin import PinyinIndex, letter_runs

INDEX = PinyinIndex(["专精特新", "创新平台", "瞪羚"], ["建设类脑智能、中试平台、专业孵化器"])
WORDS = {"中式", "创业", "平台", "创新"}


def mend(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    return INDEX.mend(text, is_word=WORDS.__contains__, known=lambda typed: typed in {"创新平台"})


def test_initials_and_full_pinyin_name_a_term() -> None:
    assert [INDEX.spelled(letters) for letters in ("zjtx", "leinao zhineng", "fuhuaqi", "dlqy", "zj", "abc")] == [
        "专精特新",
        "类脑智能",
        "孵化器",
        "瞪羚",
        None,
        None,
    ]


def test_a_homophone_typo_is_mended_and_told() -> None:
    assert mend("类恼智能怎么支持") == ("类脑智能怎么支持", (("类恼智能", "类脑智能"),))


def test_a_homophone_is_mended_even_where_it_is_a_word() -> None:
    assert mend("中式平台归谁管") == ("中试平台归谁管", (("中式平台", "中试平台"),))


def test_a_look_alike_is_mended_only_where_the_odd_character_is_no_word() -> None:
    assert mend("专精持新有哪些") == ("专精特新有哪些", (("专精持新", "专精特新"),))
    assert mend("创业平台有哪些") == ("创业平台有哪些", ())


def test_words_of_the_corpus_are_never_touched() -> None:
    assert mend("创新平台") == ("创新平台", ())


def test_letter_runs_are_found_between_chinese_words() -> None:
    assert letter_runs("ZJTX 找哪个局,fu hua qi 呢") == ["zjtx", "fu hua qi"]
