from collections import Counter
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.index.bm25 import TermCounts
from bot.index.counting import BLOCK, count_terms
from bot.text.segment import Segmenter
from bot.types import Chunk, Clause, Document, Segment, Span

TEXT = st.text(alphabet="市瞪羚企业先投后股30家，和ＡI 　\n㐀鿿龥🙂\ud800", max_size=12)
LEXICON = ["瞪羚企业", "先投后股", "企业"]


def chunk(title: str, path: tuple[str, ...], text: str) -> Chunk:
    span = Span(0, len(text))
    segment = Segment(text, span)
    return Chunk(Clause(Document("plan", title, text), "一、", path, text, span, (segment,)), segment, text, span)


def rows(counts: TermCounts) -> list[dict[str, int]]:
    terms = [counts.vocabulary[term] for term in counts.terms]
    return [
        dict(zip(terms[start:end], counts.counts[start:end].tolist(), strict=True))
        for start, end in pairwise(counts.offsets.tolist())
    ]


def one_by_one(chunks: list[Chunk]) -> list[dict[str, int]]:
    segmenter = Segmenter(LEXICON)
    return [
        dict(
            Counter(
                term
                for part in (own.clause.document.title, *own.clause.path, own.text)
                for term in segmenter.search_terms(part)
            )
        )
        for own in chunks
    ]


@settings(deadline=None)
@given(st.lists(st.builds(chunk, TEXT, st.lists(TEXT, max_size=2).map(tuple), TEXT), max_size=5))
def test_they_are_the_search_terms_of_title_path_and_text(chunks: list[Chunk]):
    assert rows(count_terms(chunks, Segmenter(LEXICON))) == one_by_one(chunks)


def test_blocks_are_one_after_the_other():
    chunks = [chunk("瞪羚", ("企业",), f"先投后股{number}家") for number in range(BLOCK + 2)]
    done: list[int] = []
    assert rows(count_terms(chunks, Segmenter(LEXICON), done.append)) == one_by_one(chunks)
    assert done == [0, BLOCK]
