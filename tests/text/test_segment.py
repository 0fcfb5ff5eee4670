import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from functools import cache

import jieba
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.settings import PROJECT
from bot.text.segment import DICTIONARY_TOTAL, Segmenter, pieces

CHINESE = st.text(alphabet="青岛市未来产业园区支持企业培育瞪羚先投后股的和在了中试点集12+龘", max_size=30)


@cache
def plain() -> Segmenter:
    return Segmenter()


def test_words_of_the_lexicon_stay_whole():
    text = "探索先投后股等模式"
    assert plain().words(text) == ["探索", "先", "投", "后", "股", "等", "模式"]
    assert Segmenter(["先投后股"]).words(text) == ["探索", "先投后股", "等", "模式"]


def test_a_word_of_the_lexicon_is_not_seen_across_two_other_words():
    assert Segmenter(["中试"]).words("集中试点，中试基地") == ["集中", "试点", "，", "中试", "基地"]


def test_words_stand_as_they_are_in_the_text():
    assert Segmenter(["8+X"]).words("建设“8+X”  和5G İ体系") == ["建设", "“", "8+X", "”", "和", "5G", "İ", "体系"]


def test_terms_are_folded_and_have_no_stop_words_and_no_punctuation():
    assert plain().terms("请问，企业的ＡＩ研发怎么办？") == ["企业", "ai", "研发", "怎么办"]


def test_words_inside_a_long_word_are_terms_too():
    assert Segmenter(["市大数据局"]).terms("市大数据局") == ["大数", "数据", "市大数据局"]


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("种树 30 家、1,000万元", ["种树", "30家", "1000万元"]),
        ("2025—2027年，增长8.5%", ["2025年", "2027年", "增长", "8.5%"]),
        ("第十四条和第 3 款", ["第十四条", "第3款"]),
        ("１０项以上", ["10项", "以上"]),
        ("2000家、电话12345", ["2000家", "电话", "12345"]),
    ],
)
def test_a_number_stays_with_its_unit(text: str, terms: list[str]):
    assert plain().terms(text) == terms


def test_search_terms_add_marked_characters_and_pairs():
    assert plain().search_terms("瞪羚AI") == ["瞪", "羚", "ai", "_瞪", "_羚", "_瞪羚"]
    assert pieces("３家") == ["_家"]


@pytest.mark.parametrize("text", ["", "  \n", "？！……", "🙂", "\u200b"])
def test_nothing_to_say_gives_no_terms(text: str):
    assert plain().search_terms(text) == []


@pytest.fixture(scope="session")
def whole_jieba(tmp_path_factory: pytest.TempPathFactory) -> jieba.Tokenizer:
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(tmp_path_factory.mktemp("jieba"))
    tokenizer.initialize()
    return tokenizer


@settings(deadline=None)
@given(CHINESE)
def test_words_are_those_of_jieba_itself(whole_jieba: jieba.Tokenizer, text: str):
    assert plain().words(text) == list(whole_jieba.cut(text, HMM=False))


def test_the_total_is_that_of_the_dictionary(whole_jieba: jieba.Tokenizer):
    assert whole_jieba.total == DICTIONARY_TOTAL


@settings(deadline=None)
@given(CHINESE, st.sets(st.text(alphabet="未来产业园区瞪羚先投后股中试", min_size=2, max_size=5), max_size=6))
def test_lexicon_words_that_are_not_in_a_text_do_not_change_how_it_is_cut(text: str, lexicon: set[str]):
    everything = Segmenter(lexicon)
    everything.words("".join(sorted(lexicon)))
    assert everything.words(text) == Segmenter(word for word in lexicon if word in text).words(text)


@settings(deadline=None)
@given(CHINESE, st.sets(st.text(alphabet="未来产业园区瞪羚先投后股中试", min_size=2, max_size=5), max_size=6))
def test_a_lexicon_taken_in_at_once_cuts_as_one_taken_in_text_by_text(text: str, lexicon: set[str]):
    at_once = Segmenter(lexicon)
    at_once.take_in_lexicon()
    assert at_once.terms(text) == Segmenter(lexicon).terms(text)


@settings(deadline=None)
@given(CHINESE, st.sets(st.text(alphabet="未来产业园区瞪羚先投后股中试", min_size=2, max_size=5), max_size=6))
def test_lexicon_words_are_weighed_as_jieba_weighs_them(whole_jieba: jieba.Tokenizer, text: str, lexicon: set[str]):
    tokenizer = copy(whole_jieba)
    tokenizer.FREQ = dict(whole_jieba.FREQ)
    for word in sorted(lexicon, key=len):
        frequency = tokenizer.suggest_freq(word)
        for end in range(1, len(word)):
            tokenizer.FREQ.setdefault(word[:end], 0)
        tokenizer.FREQ[word] = frequency
    assert Segmenter(lexicon).words(text) == list(tokenizer.cut(text, HMM=False))


@settings(deadline=None)
@given(st.text(max_size=60))
def test_words_together_are_the_text(text: str):
    assert "".join("".join(plain().words(text)).split()) == "".join(text.split())


def test_threads_share_a_segmenter():
    texts = [f"市{name}局支持先投后股和{name}" for name in "科技教育财政海洋数据市场监管发展改革"] * 20
    alone = [Segmenter(["先投后股"]).words(text) for text in texts[:18]] * 20
    shared = Segmenter(["先投后股"])
    with ThreadPoolExecutor(8) as pool:
        assert list(pool.map(shared.words, texts)) == alone[: len(texts)]


def test_rarity_tells_everyday_words_from_rare_ones():
    assert 0.05 <= plain().rarity("企业") < plain().rarity("孵化") < plain().rarity("瞪羚") == 1.0


def test_classes_of_words():
    segmenter = Segmenter(["先投后股"])
    assert [segmenter.is_word(word) for word in ("企业", "先投后股")] == [True, False]
    assert [segmenter.is_function(word) for word in ("以及", "哪些", "企业")] == [True, True, False]
    assert [segmenter.is_noun(word) for word in ("企业", "加快", "先投后股")] == [True, False, True]


def test_it_is_quiet_and_leaves_jieba_and_the_temporary_folder_alone(tmp_path):
    program = (
        "from bot.text.segment import Segmenter; print(Segmenter(['先投后股']).words('先投后股'));"
        "import sys, jieba; print(jieba.dt.initialized, 'pkg_resources' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"TMPDIR": str(tmp_path), "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        check=True,
        cwd=PROJECT,
    )
    assert (done.stdout, done.stderr) == ("['先投后股']\nFalse False\n", "")
    assert list(tmp_path.iterdir()) == []
