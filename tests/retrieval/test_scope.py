from datetime import date

import pytest

from bot.retrieval.scope import Scoper
from bot.types import Document, Scope, Turn

TODAY = date(2026, 3, 1)
DOCUMENTS = (
    Document("plan", "海城市种树行动方案（2025—2027年）", "", place="海城市", primary=True),
    Document("law", "中华人民共和国促进植树造林法", "", issued_on=date(2015, 8, 29)),
    Document("province", "东山省林木条例", "", place="东山省"),
    Document("city", "海城市林木条例", "", place="海城市"),
    Document("rules", "海城市林木条例实施细则", "", place="海城市"),
    Document("old", "海城市古树保护办法", "", place="海城市", issued_on=date(2009, 5, 1)),
    Document("new", "海城市古树保护办法（2020年修订）", "", place="海城市", issued_on=date(2020, 5, 1)),
    Document("elsewhere", "南港市林木条例", "", place="南港市"),
    Document("expired", "海城市苗木补助办法", "", place="海城市", expires_on=date(2025, 12, 31)),
    Document("words", "名词解释", "", kind="glossary"),
    Document("news", "省里来的下发通知", "海城市园林局3日介绍了种树的情况。"),
)
SCOPER = Scoper(DOCUMENTS, "东山省海城市", {"北江市", "南港市", "海城市"}.__contains__)


def scope(question: str, *history: Turn) -> Scope:
    return SCOPER(question, history, TODAY)


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("海城市林木条例第三条说什么", {"city"}),
        ("促进植树造林法第五条", {"law"}),
        ("造林法里怎么说", {"law"}),
        ("促进造林法怎么规定", {"law"}),  # a usual short form
        ("林木条例东山省的怎么说", {"province"}),
        ("我省的林木条例有罚则吗", {"province"}),
        ("就是促进植树造林的那部法，第五条呢", {"law"}),
        ("林木条例怎么罚", {"province", "city"}),
        ("种树行动方案什么时候印发", {"plan"}),
        ("方案里提到苗圃了吗", {"plan"}),
        ("应急方案由谁制定", set()),
        ("有什么办法", set()),
        ("下发的通知讲了什么", set()),
        ("实施细则怎么写", set()),
        ("砍树罚多少", set()),
    ],
)
def test_a_paper_is_known_by_its_title_its_end_or_its_short_form(question: str, named: set[str]):
    assert scope(question).named == named


def test_papers_of_other_places_replaced_and_expired_ones_do_not_answer():
    assert scope("砍树罚多少").excluded == {"old", "elsewhere", "expired"}


@pytest.mark.parametrize(
    ("question", "admitted"),
    [
        ("南港市砍树罚多少", "elsewhere"),
        ("2009年古树怎么保护", "old"),
        ("修订前古树怎么保护", "old"),
        ("苗木补助办法怎么说", "expired"),
        ("以前的苗木补助怎么发", "expired"),
    ],
)
def test_they_do_where_they_are_asked_for(question: str, admitted: str):
    assert scope(question).admits(admitted)


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("北江市林木条例第三条讲什么", "北江市林木条例"),
        ("海城市人工湖管理办法怎么罚", "海城市人工湖管理办法"),
        ("《海城市果树十条》第三条写的啥", "海城市果树十条"),
        ("上海的林木条例怎么罚", "上海的林木条例"),
        ("上海对砍树有何规定", ""),
        ("上海违反砍树的有关规定罚多少", ""),
        ("参照上海，海城市林木条例怎么罚", ""),
        ("东山省和海城市的条例怎么说", ""),
        ("海城市林木条例怎么罚", ""),
        ("《海城市林木条例》怎么罚", ""),
    ],
)
def test_a_paper_that_is_not_there_is_told(question: str, missing: str):
    assert scope(question).missing == missing


@pytest.mark.parametrize(
    ("question", "sides"),
    [
        ("林木条例省里和海城市的规定有什么不同", ({"city"}, {"province"})),
        ("造林法和海城市林木条例各罚多少", ({"city"}, {"law"})),
        ("海城市林木条例实施细则怎么说", ()),
        ("海城市林木条例怎么罚", ()),
    ],
)
def test_papers_and_levels_that_are_compared_are_sides_the_most_local_first(question: str, sides: tuple[set[str], ...]):
    assert scope(question).sides == sides


def test_a_digest_stands_back_where_the_original_is():
    digest = Document("digest", "中华人民共和国促进植树造林法", "", kind="digest")
    assert "digest" in Scoper((*DOCUMENTS, digest), "海城市", str.isdigit)("造林怎么管", (), TODAY).excluded


def test_an_article_without_a_paper_is_of_the_one_last_spoken_of():
    spoken = Turn("植树造林法谁管", "林业部门。")
    assert scope("那第八条呢", spoken).named == {"law"}
    assert scope("第八条呢").named == set()


def test_the_main_paper_its_kind_and_the_place_asked_about_come_first():
    found = scope("市里的条例怎么管砍树").prior
    assert found["city"] >= found["plan"] > found["province"] > found.get("law", 0)


def test_where_few_papers_are_ours_those_of_every_place_answer():
    abroad = tuple(Document(place, f"{place}林木条例", "", place=place) for place in ("南港市", "北江市", "西岭市"))
    scoper = Scoper((*abroad, DOCUMENTS[3]), "东山省海城市", str.isdigit)
    assert scoper("砍树罚多少", (), TODAY).excluded == frozenset()


def test_of_places_that_are_not_compared_the_first_is_asked_about():
    found = scope("海城市支援南港市种树给多少补助")
    assert (found.sides, found.prior["city"], found.prior.get("elsewhere")) == ((), 0.44, None)


def test_news_are_of_the_place_they_begin_with():
    assert scope("海城市今年种了多少树").prior["news"] == 0.44
