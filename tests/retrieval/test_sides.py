import pytest

from bot.retrieval.sides import sides


def tells(text: str) -> bool:
    return any(word in text for word in ("苗圃", "林场", "氢能", "硅光"))


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("苗圃和林场分别归谁管", ["苗圃归谁管", "林场归谁管"]),
        ("苗圃和林场的责任单位一样吗", ["苗圃由谁负责", "林场由谁负责"]),
        ("苗圃与林场是同一拨单位管吗", ["苗圃由谁负责", "林场由谁负责"]),
        ("苗圃和林场,哪个目标定得多", ["苗圃有多少个", "林场有多少个"]),
        ("苗圃、林场,两个目标数哪个最小", ["苗圃有多少个", "林场有多少个"]),
        ("国家级和省级两种苗圃,用词上有啥差别", ["国家级苗圃", "省级苗圃"]),
        ("氢能与硅光在船舶方面有什么不同", ["氢能在船舶方面", "硅光在船舶方面"]),
        ("氢能相比硅光,应用场景有何区别", ["氢能应用场景", "硅光应用场景"]),
        ("氢能和硅光在方案里的定位差在哪", ["氢能", "硅光"]),
        ("苗圃和林场,哪个提到高校", ["苗圃提到高校", "林场提到高校"]),
    ],
)
def test_a_question_about_several_things_is_asked_of_each(question: str, parts: list[str]) -> None:
    assert sides(question, tells) == parts


@pytest.mark.parametrize(
    "question", ["苗圃归谁管", "苗圃和林场由哪个单位管", "各类企业和苗圃有什么区别", "氢能有什么不同"]
)
def test_one_subject_or_one_that_tells_nothing_leaves_the_question_whole(question: str) -> None:
    assert sides(question, tells) == [question]
