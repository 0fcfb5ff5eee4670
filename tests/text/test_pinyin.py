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


def test_typed_pinyin_may_leave_out_what_southerners_do() -> None:
    assert INDEX.spelled("leinaozinen") == "类脑智能"


def test_what_is_asked_about_a_term_is_read_with_it() -> None:
    assert INDEX.spell_out("gui shei guan leinao") == (("gui shei guan", "归谁管"), ("leinao", "类脑"))
    assert INDEX.spell_out("fuhuaqi he zjtx") == (("fuhuaqi", "孵化器"), ("he", "和"), ("zjtx", "专精特新"))
    assert INDEX.spell_out("fuhuaqishuifuze") == (("fuhuaqishuifuze", "孵化器谁负责"),)


def test_words_of_a_question_without_a_term_are_no_pinyin() -> None:
    assert INDEX.spell_out("he she is guan") == ()


def test_two_characters_the_other_way_round_are_mended() -> None:
    assert mend("专特精新有哪些")[0] == "专精特新有哪些"


def test_an_odd_character_inside_a_stretch_of_the_text_is_mended() -> None:
    assert mend("建设中武平台")[0] == "建设中试平台"
