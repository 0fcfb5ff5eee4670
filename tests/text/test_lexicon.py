import pytest

from bot.documents.corpus import read_corpus
from bot.documents.structure import parse
from bot.settings import PROJECT
from bot.text.lexicon import Lexicon, build_lexicon, document_terms, merge
from bot.types import Document

STATUTES = PROJECT.parent / "shared" / "regulations"


def terms_of(text: str, title: str = "种树方案") -> dict[str, str]:
    return dict(document_terms(parse(Document("plan", title, text))))


def test_units_with_and_without_their_authority():
    text = "一、任务\n1.种树。多种树。（责任单位：市园林局、市委宣传部，有关区、市政府，各行业主管部门）"
    units = [term for term, kind in terms_of(text).items() if kind == "unit"]
    assert units == ["市园林局", "园林局", "市委宣传部", "宣传部", "各行业主管部门"]


def test_titles_and_their_parts():
    text = "一、总体要求\n多种树。\n二、重点任务\n1.搭建树苗验证和中试平台。搭好平台。\n2.加强雪松保护。保护好雪松。"
    titles = [term for term, kind in terms_of(text).items() if kind == "title"]
    whole = ["总体要求", "搭建树苗验证和中试平台", "加强雪松保护"]
    assert titles == [*whole, "树苗验证", "中试平台", "雪松保护", "重点任务"]


def test_quoted_terms_and_their_parts_without_everyday_words():
    text = "探索“先投后股”“创新链+产业链+人才链”和“８+X”，他说“好的，我去。”，成立“基金”。"
    assert terms_of(text) == {"种树方案": "document"} | dict.fromkeys(
        ["先投后股", "创新链+产业链+人才链", "创新链", "人才链", "8+X"], "quoted"
    )


def test_documents_with_and_without_the_country_and_years():
    text = "根据《中华人民共和国森林法》《种树规划（2025—2027年）》和《关于修改〈森林法〉的决定》制定。"
    documents = ["种树方案", "中华人民共和国森林法", "森林法", "种树规划"]
    assert terms_of(text, "种树方案（试行）") == dict.fromkeys(documents, "document")


def test_items_of_a_list_without_what_stands_around_them():
    text = (
        "培育一批树苗领域专精特新、瞪羚、隐形独角兽等企业，集聚30家专精特新、瞪羚企业；重点发展磷化铟、氧化镓等材料。"
    )
    enumerated = [term for term, kind in terms_of(text).items() if kind == "enumerated"]
    assert enumerated == ["瞪羚", "隐形独角兽", "氧化镓", "磷化铟", "专精特新"]


@pytest.mark.parametrize("text", ["鼓励生产、使用、销售等活动。", "第四条、第五条、第六条等规定。", "1、2、3等。", ""])
def test_everyday_words_and_numbers_are_no_terms(text: str):
    assert terms_of(text) == {"种树方案": "document"}


def test_a_term_of_several_documents_keeps_the_first_of_the_kinds():
    lexicon = merge([Lexicon({"中试平台": "enumerated", "瞪羚": "quoted"}), Lexicon({"中试平台": "title"})])
    assert (dict(lexicon), lexicon.of_kind("title")) == ({"中试平台": "title", "瞪羚": "quoted"}, ("中试平台",))
    assert (lexicon.get("瞪羚"), lexicon.get("羚羊"), "瞪羚" in lexicon) == ("quoted", None, True)


def test_the_plan():
    lexicon = build_lexicon(read_corpus([PROJECT / "corpus" / "action-plan.txt"]).outlines)
    tracks = ["太赫兹", "海洋电子信息", "深海开发", "空天信息", "类脑智能", "量子信息", "先进半导体材料", "卫星互联网"]
    assert {lexicon[track] for track in tracks} == {"title"}
    quoted = [
        "8+X",
        "揭榜挂帅",
        "超前孵化",
        "组装项目",
        "一区多园",
        "链主",
        "拨投结合",
        "先投后股",
        "一带一路",
        "三张清单",
        "星海互联",
    ]
    assert {lexicon[term] for term in quoted} == {"quoted"}
    units = ["市科技局", "科技局", "市工业和信息化局", "工业和信息化局", "市委金融办", "金融办", "青岛金融监管局"]
    assert {lexicon[unit] for unit in units} == {"unit"}
    assert {lexicon[term] for term in ("专精特新", "瞪羚", "隐形独角兽", "磷化铟", "氧化镓")} == {"enumerated"}


@pytest.mark.skipif(not STATUTES.is_dir(), reason=f"{STATUTES} is not at hand")
def test_statutes_give_names_and_few_phrases():
    outlines = read_corpus([STATUTES]).outlines
    lexicon = build_lexicon(outlines)
    titles = {outline.document.title.removeprefix("中华人民共和国") for outline in outlines}
    assert titles - set(lexicon) == set()
    assert max(len(term) for kind in ("title", "quoted", "enumerated") for term in lexicon.of_kind(kind)) <= 12
    assert not {"企业", "管理", "规定", "鼓励", "人民政府", "法律"} & set(lexicon)
