import pytest

from bot.retrieval.english import is_kept, translate, vocabulary

CORPUS = {"孵化器", "量子传感", "风投", "GPU"}


def told(text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    return translate(text, CORPUS.__contains__)


def test_an_english_term_becomes_the_chinese_one_and_is_told() -> None:
    assert told("quantum sensing 用在哪里") == ("量子传感 用在哪里", (("quantum sensing", "量子传感"),))


def test_of_several_chinese_names_the_one_of_the_corpus_is_taken() -> None:
    assert [told("VC 投什么")[0], told("drone 归谁")[0]] == ["风投 投什么", "无人机 归谁"]


def test_what_the_corpus_has_in_english_stays() -> None:
    assert told("GPU 归谁") == ("GPU 归谁", ())


@pytest.mark.parametrize(
    ("asked", "meant"),
    [
        ("Who is responsible for incubators?", "由哪个部门负责 孵化器?"),
        ("How many incubators by 2027", "多少个 孵化器 到2027年"),
        ("What does incubator mean?", "孵化器是什么意思?"),
    ],
)
def test_an_english_question_is_read_as_one(asked: str, meant: str) -> None:
    assert told(asked)[0] == meant


def test_english_without_any_term_is_left_alone() -> None:
    assert told("What is the capital of France?") == ("What is the capital of France?", ())


def test_what_everyone_writes_in_letters_is_no_pinyin() -> None:
    assert [is_kept(letters) for letters in ("GDP", "pdf", "zjtx")] == [True, True, False]


def test_every_term_has_chinese_names() -> None:
    assert all(names and all(names) for names in vocabulary().names.values())
