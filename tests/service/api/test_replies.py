"""What a reply says of sentences and documents that the small index does not have."""

from datetime import date

from bot.service.api.replies import citation_reply, sentence_reply, sources
from bot.types import Citation, Clause, Document, Segment, Sentence, Span

TEXT = "第一条 每年种树五十棵。"
DIGEST = Document(
    "某/办法", "种树办法", TEXT, kind="digest", doc_number="某政发〔2020〕1号", expires_on=date(2024, 12, 31)
)
CLAUSE = Clause(DIGEST, "第一条", ("第一条",), TEXT, Span(0, 12), (Segment(TEXT, Span(0, 12)),))
CITED = Citation(
    1, CLAUSE, "每年种树五十棵。", Span(4, 12), CLAUSE.segments[0], ("要点摘编 · 非原文", "已到期 · 2024年12月31日")
)


def test_a_sentence_says_what_it_is() -> None:
    said = [
        Sentence("每年种树五十棵。", (1,)),
        Sentence("每年种五十棵。", (1,), "generated"),
        Sentence("仅供参考。", origin="note"),
        Sentence("责任单位：市园林局", (1,), "units"),
    ]
    assert [sentence_reply(each, {1: CITED}).label for each in said] == ["要点摘编 · 非原文", "AI生成", "", ""]


def test_a_source_names_paper_number_clause_and_what_to_know() -> None:
    told = "[1] 《种树办法》（某政发〔2020〕1号）第一条（要点摘编 · 非原文；已到期 · 2024年12月31日）"
    assert sources([CITED]) == told


def test_a_link_to_a_quote_is_safe_whatever_the_document_is_called() -> None:
    assert citation_reply(CITED).href == "/chat/documents/%E6%9F%90%2F%E5%8A%9E%E6%B3%95#4-12"
