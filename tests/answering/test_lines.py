from bot.answering.lines import leads_on, read
from bot.documents.structure import parse
from bot.types import Document

TEXT = (
    "云溪市苗木补助问答 问：领补助要带什么材料？ 　　答：带苗木验收单。 　　"
    "苗圃要有营业执照。 　　四是减轻苗圃负担。减免一个季度租金。"
)


def test_each_sentence_knows_the_line_that_leads_to_it() -> None:
    lines = read(parse(Document("questions", "云溪市苗木补助问答", TEXT)))
    assert [(line.text, line.lead) for line in lines][-4:] == [
        ("答：带苗木验收单。", "问:领补助要带什么材料?"),
        ("苗圃要有营业执照。", "问:领补助要带什么材料?"),
        ("四是减轻苗圃负担。", "问:领补助要带什么材料?"),
        ("减免一个季度租金。", "四是减轻苗圃负担。"),
    ]


def test_a_line_leads_where_it_asks_announces_or_labels() -> None:
    leading = ["领补助要带什么材料？", "现就有关事项通知如下：", "（二）简化审批。", "四是减轻苗圃负担。", "补助标准"]
    assert all(leads_on(text, opens=True) for text in leading)
    plain = ["减免一个季度租金。", "四是减轻苗圃负担，减免租金。", "共补助30家"]
    assert not any(leads_on(text, opens=True) for text in plain)


def test_a_label_inside_a_paragraph_is_a_sentence() -> None:
    assert not leads_on("四是减轻苗圃负担。", opens=False)


def test_a_lead_does_not_reach_far() -> None:
    text = "云溪市苗木补助问答 问：要带什么？ " + " ".join(f"　　第{word}件事要办好。" for word in "甲乙丙丁戊己庚")
    lines = read(parse(Document("questions", "云溪市苗木补助问答", text)))
    assert [bool(line.lead) for line in lines][-7:] == [True] * 6 + [False]


def test_a_punishment_knows_the_rule_whose_breach_it_punishes() -> None:
    rule = "第一条 禁止携鹅进入： （一）海水浴场； （二）图书馆。"
    text = f"云溪市养鹅条例 {rule} 第二条 违反本条例第一条规定的，处五十元罚款。"
    lines = read(parse(Document("geese", "云溪市养鹅条例", text.replace(" ", "\n"))))
    fined = [line for line in lines if line.breaches]
    assert [(line.clause.ref, [clause.ref for clause in line.breaches]) for line in fined] == [("第二条", ["第一条"])]
    assert "海水浴场" in fined[0].breached
