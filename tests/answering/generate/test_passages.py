from bot.answering.generate.passages import MOST_CHARACTERS, passages, written
from bot.answering.pipeline import Pipeline
from bot.types import Answer, Citation, Clause, Document, Query, Segment, Sentence, Span


def quoted(text: str, units: tuple[str, ...] = (), flags: tuple[str, ...] = ()) -> Answer:
    document = Document("rules", "种树办法", text)
    span = Span(0, len(text))
    segment = Segment(text, span, units)
    clause = Clause(document, "第一条", (), text, span, (segment,))
    citation = Citation(1, clause, text, span, segment, flags)
    return Answer(Query("", "", ()), "answered", (Sentence(text, (1,)),), (citation,))


def test_a_passage_has_its_paper_its_clause_its_units_and_no_address() -> None:
    answer = quoted("种树，见https://a.gov.cn/x?y=1或写信a@b.cn。", ("市园林局", "市水务局"), ("已废止",))
    given, own = passages(answer, ())
    assert (written(given), own) == (
        "[1] 《种树办法》第一条（已废止）\n种树，见（网址从略）或写信（网址从略）。\n责任单位：市园林局、市水务局",
        {1},
    )


def test_an_answer_that_a_model_could_only_shorten_is_not_given_to_it() -> None:
    assert passages(quoted("树" * (MOST_CHARACTERS + 1)), ()) == ((), frozenset())


def test_after_the_quotes_come_the_next_best_sentences_of_the_same_paper(plan: Pipeline) -> None:
    answer, drafts = plan.drafted("技术经纪人每年培养多少名？归谁管？")
    given, own = passages(answer, drafts)
    assert own == {1}
    assert "每年培养技术经纪人30名以上" in given[0].quote
    assert [passage.number for passage in given] == list(range(1, len(given) + 1))
    assert all(passage.span.of(passage.clause.document.text) == passage.quote for passage in given)
    assert len({passage.span for passage in given}) == len(given)
