"""
Query + hits -> the sentences that may answer, best first, each with what it covers of the question.

    "经纪人一年培养几名"  ->  Evidence("加快建设海洋科技大市场、…每年培养技术经纪人30名以上，…", score=1.21, …)

A sentence is judged by the share of the question's telling words that it, its headings or its neighbours contain: a
sentence alone rarely repeats the subject that its heading names.
"""

import math
import re
from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from bot.retrieval.terms import NUMBER
from bot.text.normalise import comparable
from bot.text.sentences import split_sentences
from bot.types import Clause, Hit, Query, Segment, Span, Term

# What a word is worth by where it stands: in the sentence, in its clause's own title, in a heading above it, elsewhere
# in its segment, elsewhere in its clause.
IN_SENTENCE, IN_TITLE, IN_HEADING, IN_SEGMENT, IN_CLAUSE = 1.0, 1.1, 0.6, 0.55, 0.4
ALTERNATIVE = 0.75  # a synonym instead of the word itself
LONG_SENTENCE = 80  # characters; a longer one meets many words by chance
PARTIAL = 0.7  # a longer word of which only a part is found
TELLING = 0.15  # weight of a word that says something about the subject
ELSEWHERE = 0.5  # a word that is the title of another clause
OTHER_MEASURE = 0.5  # the figure asked for, but counting something else: 8个 and 8大
FOUND = 0.3  # from this share on a word counts as found

QUANTITY = re.compile(r"\d+(?:\.\d+)?(?:%|万|亿|多)?(?:余)?[个家项名条种类支所座人批处张款位元大]|首个|第[一二三]")
MONEY = re.compile(
    r"\d+(?:\.\d+)?(?:多|余)?(?:万|亿|百|千)?(?:美)?元|\d+(?:\.\d+)?%|百分之|[一二三四五六七八九十百千万]+元|[一二三四五六七八九]成"
)
DATE = re.compile(
    r"(?:19|20)\d{2}(?:年|[-—.])|\d{1,2}月|\d{1,2}日|每年|每月|每季|季度|年内|年底|年初|定期|\d+(?:个)?(?:年|个月|天|工作日)"
)
CONTACT = re.compile(r"\d{3,4}-\d{7,8}|1[3-9]\d{9}|12345|https?://|www\.|@|[a-z]+\.(?:com|cn)")
PLACE = re.compile(
    r"(?:市南|市北|李沧|崂山|城阳|西海岸|即墨|胶州|平度|莱西)(?:新区|区|市)|[\u4e00-\u9fff]{2,6}(?:街道|大街|大道|路\d+号)"
)
PROCEDURE = re.compile(r"条件|材料|流程|程序|提交|符合下列|申请人|申请表|报送|受理|公示")
STATES: dict[str, re.Pattern[str]] = {
    "money": MONEY,
    "count": QUANTITY,
    "date": DATE,
    "contact": CONTACT,
    "place": PLACE,
    "procedure": PROCEDURE,
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """A sentence of a clause and how well it answers."""

    clause: Clause
    segment: Segment
    hit: Hit = field(repr=False)
    text: str
    span: Span
    score: float
    coverage: float  # share of the question's weight that is met, 0 to 1
    own: frozenset[str]  # question words met in the sentence itself


def gather(query: Query, hits: Sequence[Hit], weigh: Callable[[Term], float], titles: Container[str]) -> list[Evidence]:
    """
    Every sentence of the segments that were hit, best first.

    `titles` are the clause titles of the corpus: a word of the question that is one points to that clause first.
    """
    best = max((hit.score for hit in hits), default=1.0)
    weights = {term.text: weigh(term) for term in query.terms}
    seen: set[tuple[str, Span]] = set()
    evidence: list[Evidence] = []
    for hit in hits:
        clause, segment = hit.chunk.clause, hit.chunk.segment
        for span in body_sentences(clause, segment):
            if (clause.document.id, span) not in seen:
                seen.add((clause.document.id, span))
                evidence.append(_judge(query, weights, titles, clause, segment, hit, span, hit.score / best))
    return sorted(evidence, key=lambda item: -item.score)


def body_sentences(clause: Clause, segment: Segment) -> list[Span]:
    """
    Where a segment's sentences stand in the document, without the closing bracket and without the item's own heading
    ("14.强化科技金融支持。"), which is shown as the path.
    """
    body = segment.body_span
    text = clause.document.text
    sentences = [Span(body.start + span.start, body.start + span.end) for span in _sentences(body.of(text))]
    if len(sentences) > 1 and clause.title and _is_label(sentences[0].of(text), clause.title):
        return sentences[1:]
    return sentences


@lru_cache(maxsize=8192)
def _sentences(text: str) -> tuple[Span, ...]:
    return tuple(split_sentences(text))


def _is_label(sentence: str, title: str) -> bool:
    return title in sentence and len(sentence) <= len(title) + 6


def _judge(
    query: Query,
    weights: dict[str, float],
    titles: Container[str],
    clause: Clause,
    segment: Segment,
    hit: Hit,
    span: Span,
    closeness: float,
) -> Evidence:
    text = span.of(clause.document.text)
    places = (
        (comparable(text), IN_SENTENCE),
        (comparable(clause.title), IN_TITLE),
        (comparable(" ".join(clause.path)), IN_HEADING),
        (comparable(segment.body_span.of(clause.document.text)), IN_SEGMENT),
        (comparable(clause.text), IN_CLAUSE),
    )
    total = sum(weights.values()) or 1.0
    met, own = 0.0, set()
    # A sentence that has the title and all else the question is about is no passing mention.
    telling = [term for term in query.terms if term.weight >= TELLING]
    together = len(telling) > 1 and all(match(term, places[0][0]) >= ALTERNATIVE for term in telling)
    for term in query.terms:
        shares = [match(term, place) for place, _ in places]
        worth = max(share * value for share, (_, value) in zip(shares, places, strict=True))
        if term.text in titles and term.text != clause.title and not together:
            worth *= ELSEWHERE
        met += weights[term.text] * worth
        if shares[0] >= FOUND:
            own.add(term.text)
    coverage = met / total
    score = coverage + 0.2 * overlap(query.understood, places[0][0]) + 0.1 * closeness
    score -= 0.06 * max(0.0, math.log(len(text) / LONG_SENTENCE))
    for ask in query.asks & STATES.keys():
        if STATES[ask].search(places[0][0]):
            score += 0.15
    if "unit" in query.asks and segment.units:
        score += 0.15
    return Evidence(clause, segment, hit, text, span, score, coverage, frozenset(own))


def match(term: Term, text: str) -> float:
    """How far `text` (comparable form) contains the term or what else it may be called, 0 to 1."""
    word = comparable(term.text)
    if figure := NUMBER.match(word):
        return _match_figure(word, figure.group(), text)
    if word in text:
        return 1.0
    if any(comparable(other) in text for other in term.alternatives):
        return ALTERNATIVE
    return PARTIAL * longest_part(word, text) / len(word)


def _match_figure(word: str, figure: str, text: str) -> float:
    if re.search(rf"(?<![\d.]){re.escape(word)}", text):
        return 1.0
    return OTHER_MEASURE if re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d.])", text) else 0.0


def longest_part(word: str, text: str) -> int:
    """Characters of the longest part of a Chinese word that `text` contains; single characters do not count."""
    if word.isascii():
        return 0
    for length in range(len(word) - 1, 1, -1):
        if any(word[start : start + length] in text for start in range(len(word) - length + 1)):
            return length
    return 0


def overlap(question: str, sentence: str) -> float:
    """Share of the question's pairs of Chinese characters that the sentence contains."""
    plain = re.sub(r"[^\u4e00-\u9fff]", " ", question)
    pairs = {plain[place : place + 2] for place in range(len(plain) - 1) if " " not in plain[place : place + 2]}
    return sum(pair in sentence for pair in pairs) / len(pairs) if pairs else 0.0


def corpus_weight(term: Term, frequency: int, chunks: int) -> float:
    """A term's weight: rare in everyday Chinese times rare in the corpus (smoothed inverse document frequency)."""
    rare_here = math.log((chunks + 1) / (frequency + 1)) / math.log(chunks + 1) if chunks else 1.0
    return term.weight * (0.35 + 0.65 * rare_here)
