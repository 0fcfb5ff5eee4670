"""
Query + hits -> the sentences that may answer, best first, each with what it covers of the question.

    "经纪人一年培养几名"  ->  Evidence("加快建设海洋科技大市场、…每年培养技术经纪人30名以上，…", score=1.21, …)

A sentence is judged by the share of the question's telling words that it, its headings or its neighbours contain: a
sentence alone rarely repeats the subject that its heading names.
"""

import math
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from operator import attrgetter

from bot.answering import ranking
from bot.answering.likeness import AskedWords
from bot.answering.lines import Line
from bot.documents.structure import HEAD
from bot.retrieval.terms import NUMBER
from bot.text.normalise import comparable
from bot.types import Clause, Hit, Query, Segment, Span, Term

# What a word is worth by where it stands: in the sentence, in its clause's own title, in the line that leads to it, in
# the document's title, in a heading above it, elsewhere in its segment, elsewhere in its clause.
IN_SENTENCE, IN_TITLE, IN_LEAD, IN_DOCUMENT_TITLE = 1.0, 1.1, 0.9, 0.8
IN_HEADING, IN_SEGMENT, IN_CLAUSE = 0.6, 0.55, 0.4
# The curves of these are in eval/LOG.md.
WORDING = 0.6  # share of the question's wording (all its words and pairs of characters) beside its telling words
SAID = 2.0  # the most of a question's wording that one sentence of a paper says, beside the score of its best sentence
FOUND_NEAR = 3.25  # what the score of a paper's nearest chunk is worth beside the best of its sentences
OVERLAP, CLOSENESS = 0.4, 1.0
STATED = 0.3  # a figure, a date, units … where they are asked for
PUNISHING = 0.3  # nor is what befalls those who break a rule, where the rule is asked for
LEADING = 1.3  # a line that only leads to others is no answer
ANNOUNCED = 0.2  # nor is one that tells that a notice was issued, where not its date is asked for
FOLLOWING = 3  # lines looked at after a leading one, whether they were hit or not
ALTERNATIVE = 0.75  # a synonym instead of the word itself
LONG_SENTENCE, TOO_LONG = 80, 0.06  # characters; a longer one meets many words by chance
PARTIAL = 0.7  # a longer word of which only a part is found
TELLING = 0.15  # weight of a word that says something about the subject
ELSEWHERE = 0.5  # a word that is the title of another clause
OTHER_MEASURE = 0.5  # the figure asked for, but counting something else: 8个 and 8大
REMEMBERED = 16_384  # sentences, and words, of which what never changes is kept at hand
FOUND = 0.3  # from this share on a word counts as found

PUNISHES = re.compile(r"违反本|处[^,。;]{0,30}罚款|责令(?:限期)?改正")
ARTICLE = re.compile(r"第[一二三四五六七八九十百零]+条")
ENACTED = re.compile(r"\d{4}年\d{1,2}月\d{1,2}日\S{0,90}(?:通过|修正|修订|公布|批准|发布)")
DEFINES = re.compile(r"是指|所称")
FIGURES = frozenset({"count", "date", "money", "contact", "unit"})
ANNOUNCEMENT = re.compile(
    r"新华社|(?:讯|电)\((?:文/)?(?:通讯员|记者)|(?:召开|举行).{0,30}(?:会议|发布会)"
    r"|(?:印发|发布|下发|发出|公布).{0,60}(?:通知|意见|公告|通告|指引|情况)|^为.{0,20}贯彻|如下[::]?$"
)
# 三十日, 五倍, 二十个工作日; not 第三十条, 一批, 一项.
_NUMERAL = (
    r"(?<![第一二三四五六七八九十百千万零])(?:[二三四五六七八九十百千万两]|一(?=[十百千万年日倍只元]|个月|个工作日))"
    r"[一二三四五六七八九十百千万零]*"
)
QUANTITY = re.compile(
    r"\d+(?:\.\d+)?(?:%|万|亿|多)?(?:余)?[个家项名条种类支所座人批处张款位元大]|首个|第[一二三](?![一二三四五六七八九十]?[条款项])"
    rf"|\d+(?:\.\d+)?%|[百千万]分之|{_NUMERAL}(?:个工作日|个月|年|日|天|小时|倍|元|人|名|只|家|平方米|公里|海里|米|吨)"
)
MONEY = re.compile(
    r"\d+(?:\.\d+)?(?:多|余)?(?:万|亿|百|千)?(?:美)?元|\d+(?:\.\d+)?%|百分之|[一二三四五六七八九十百千万]+元|[一二三四五六七八九]成"
)
DATE = re.compile(
    rf"{_NUMERAL}(?:年|日|天|个月|个工作日|小时)|公布之日|"
    r"(?:19|20)\d{2}(?:年|[-—.])|\d{1,2}月|\d{1,2}日|每年|每月|每季|季度|年内|年底|年初|定期|\d+(?:个)?(?:年|个月|天|工作日)"
)
CONTACT = re.compile(r"\d{3,4}-\d{7,8}|1[3-9]\d{9}|12345|https?://|www\.|@|[a-z]+\.(?:com|cn)")
PLACE = re.compile(
    r"(?:市南|市北|李沧|崂山|城阳|西海岸|即墨|胶州|平度|莱西)(?:新区|区|市)|[\u4e00-\u9fff]{2,6}(?:街道|大街|大道|路\d+号)"
)
PENALTY = re.compile(r"罚款|警告|没收|吊销|拘留|责令|处分|刑事责任|撤销|查封|信用(?:记录|惩戒)|赔偿")
PROCEDURE = re.compile(r"条件|材料|流程|程序|提交|符合下列|申请人|申请表|报送|受理|公示")
STATES: dict[str, re.Pattern[str]] = {
    "money": MONEY,
    "count": QUANTITY,
    "date": DATE,
    "contact": CONTACT,
    "place": PLACE,
    "procedure": PROCEDURE,
    "penalty": PENALTY,
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
    wording: float  # share of the question's whole wording that is met
    headed: float  # share of it that the clause's title and the line leading here hold
    place: int  # of its line in the document
    rarities: Mapping[str, float] = field(repr=False)  # the question's words and pairs of characters

    @property
    def is_article(self) -> bool:
        return ARTICLE.match(self.clause.ref) is not None


def gather(
    query: Query,
    hits: Sequence[Hit],
    weigh: Callable[[Term], float],
    titles: Container[str],
    rarities: Mapping[str, float],
    read: Callable[[str], Sequence[Line]],
    asked: AskedWords,
) -> list[Evidence]:
    """
    Every sentence of the segments that were hit, best first; the documents that say most of the question come first.

    `titles` are the clause titles of the corpus: a word of the question that is one points to that clause first.
    `rarities` are the question's words and pairs of characters, each with its inverse document frequency. `read` gives
    a document line by line. `asked` tells how like the question's words the words of an article are.
    """
    evidence = by_wording(query, hits, weigh, titles, rarities, read)
    articles = [item for item in evidence if item.is_article]
    learnt = dict(zip(map(id, articles), ranking.worth(query, articles, asked), strict=True))
    evidence = [replace(item, score=item.score + learnt[id(item)]) if id(item) in learnt else item for item in evidence]
    worth = {id_: _worth(query, items) for id_, items in by_paper(evidence).items()}
    return sorted(evidence, key=lambda item: (worth[item.clause.document.id], item.score), reverse=True)


def by_wording(
    query: Query,
    hits: Sequence[Hit],
    weigh: Callable[[Term], float],
    titles: Container[str],
    rarities: Mapping[str, float],
    read: Callable[[str], Sequence[Line]],
) -> list[Evidence]:
    """As `gather`, in the order found, with the scores that the wording alone gives."""
    best = max((hit.score for hit in hits), default=1.0)
    asked = _Asked(query, {term.text: weigh(term) for term in query.terms}, titles, rarities)
    return [asked.judge(hit, place, line, hit.score / best) for hit, place, line in _lines(hits, read)]


def _worth(query: Query, items: Sequence[Evidence]) -> float:
    """What speaks for a paper: its best sentence, and what stands beside it."""
    best = max(items, key=attrgetter("score"))
    return best.score + best.is_article * ranking.of_article() + beside(query, items)


def beside(query: Query, items: Sequence[Evidence]) -> float:
    """What speaks for a paper beside its best sentence: how much it says at most, how near it was found, what it is."""
    # A paper that says nothing of penalties is not the one meant where they are asked for.
    meant = "penalty" not in query.asks or any(PENALTY.search(item.text) for item in items)
    said = SAID * max(item.wording for item in items)
    prior = query.scope.prior.get(items[0].clause.document.id, 0.0)
    return said + FOUND_NEAR * max(item.hit.score for item in items) + meant * prior


def by_paper(evidence: Iterable[Evidence]) -> dict[str, list[Evidence]]:
    """The evidence of each document, by its id, in the order given."""
    papers: dict[str, list[Evidence]] = {}
    for item in evidence:
        papers.setdefault(item.clause.document.id, []).append(item)
    return papers


def states(ask: str, text: str) -> bool:
    """Whether the text states such a thing as is asked for: an amount, a date, a penalty …"""
    return STATES[ask].search(comparable(text)) is not None


def of_best_paper(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence from the document of the first."""
    return [item for item in evidence if item.clause.document is evidence[0].clause.document]


def _lines(hits: Sequence[Hit], read: Callable[[str], Sequence[Line]]) -> Iterator[tuple[Hit, int, Line]]:
    """The lines of the segments that were hit, and what the last of them leads to, each once with its place."""
    hit_segments: dict[str, dict[Span, Hit]] = {}
    for hit in hits:
        hit_segments.setdefault(hit.chunk.clause.document.id, {}).setdefault(hit.chunk.segment.span, hit)
    for id_, segments in hit_segments.items():
        led: Hit | None = None
        left = 0
        for place, line in enumerate(read(id_)):
            hit_here = segments.get(line.segment.span)
            if hit_here:
                led, left = (hit_here, FOLLOWING) if line.leads else (None, 0)
                yield hit_here, place, line
            elif led and left:
                left -= 1
                yield led, place, line


class _Asked:
    """A question's words against lines. What stands above many lines, a title or a clause, is read once."""

    def __init__(
        self, query: Query, weights: Mapping[str, float], titles: Container[str], rarities: Mapping[str, float]
    ) -> None:
        self._query, self._titles, self._rarities = query, titles, rarities
        self._weights = [weights[term.text] for term in query.terms]
        self._total = sum(weights.values()) or 1.0
        self._telling = [place for place, term in enumerate(query.terms) if term.weight >= TELLING]
        self._pairs = pairs_of(query.understood)
        self._wanted = query.asks & STATES.keys()
        # A question's pieces in a text as the bits of a number: many texts hold the same ones.
        self._bits = [(piece, 1 << place) for place, piece in enumerate(rarities)]
        self._weight_of = cache(self._make_weight_of)
        self._rarest = sum(rarities.values()) or 1.0
        words = [_Word(term) for term in query.terms]
        self._shares = cache(lambda text: [word.share(text) for word in words])
        self._held = cache(lambda text: sum(bit for piece, bit in self._bits if piece in text))

    def judge(self, hit: Hit, place: int, line: Line, closeness: float) -> Evidence:
        clause, segment, query, at = line.clause, line.segment, self._query, line.places
        text = at.sentence
        places = (
            (at.title, IN_TITLE),
            (text, IN_SENTENCE),
            (at.lead, IN_LEAD),
            (at.document_title, IN_DOCUMENT_TITLE),
            (at.heading, IN_HEADING),
            (at.segment, IN_SEGMENT),
            (at.clause, IN_CLAUSE),
        )
        coverage, own = self._coverage(text, clause, places)
        said = self._wording(places)
        marks = _marks(text)
        score = (1 - WORDING) * coverage + WORDING * said
        score += OVERLAP * overlap(self._pairs, text) + CLOSENESS * (closeness - 1)
        score -= TOO_LONG * max(0.0, math.log(len(line.text) / LONG_SENTENCE))
        score += STATED * sum(ask in marks for ask in self._wanted)
        score += STATED * ("unit" in query.asks and bool(segment.units))
        score += STATED * ("definition" in query.asks and "defines" in marks)
        # An article's opening is a rule of its own: 有下列情形之一的，不予公开：
        score -= LEADING * (line.leads and not ARTICLE.match(clause.ref))
        score -= LEADING * (clause.ref == HEAD and "enacted" in marks)
        score -= PUNISHING * ("penalty" not in query.asks and "punishes" in marks)
        score -= ANNOUNCED * (not query.asks & FIGURES and "announces" in marks)
        return Evidence(
            clause=clause,
            segment=segment,
            hit=hit,
            text=line.text,
            span=line.span,
            score=score,
            coverage=coverage,
            own=own,
            wording=said,
            headed=self._wording([(at.title, 1.0), (at.lead, 1.0)]),
            place=place,
            rarities=self._rarities,
        )

    def _coverage(self, text: str, clause: Clause, places: Sequence[tuple[str, float]]) -> tuple[float, frozenset[str]]:
        """The share of the weight of the question's telling words that is met, and those the sentence itself has."""
        own = self._shares(text)
        # A sentence that has the title and all else the question is about is no passing mention.
        together = len(self._telling) > 1 and all(own[place] >= ALTERNATIVE for place in self._telling)
        shares = [(self._shares(place), value) for place, value in places]
        met = 0.0
        for number, term in enumerate(self._query.terms):
            worth = max([share[number] * value for share, value in shares])
            if not together and term.text in self._titles and term.text != clause.title:
                worth *= ELSEWHERE
            met += self._weights[number] * worth
        found = frozenset([term.text for term, share in zip(self._query.terms, own, strict=True) if share >= FOUND])
        return met / self._total, found

    def _wording(self, places: Sequence[tuple[str, float]]) -> float:
        """Share of the weight of the question's words and pairs that `places`, best first, hold, each at its worth."""
        seen = 0
        met = 0.0
        for place, worth in places:
            if found := self._held(place) & ~seen:
                met += worth * self._weight_of(found)
                seen |= found
        return met / self._rarest

    def _make_weight_of(self, bits: int) -> float:
        return math.fsum(self._rarities[piece] for piece, bit in self._bits if bit & bits)


_MARKS = {**STATES, "defines": DEFINES, "enacted": ENACTED, "punishes": PUNISHES, "announces": ANNOUNCEMENT}


@lru_cache(REMEMBERED)
def _marks(text: str) -> frozenset[str]:
    """Which of these a text has; it is the same for every question."""
    return frozenset(name for name, pattern in _MARKS.items() if pattern.search(text))


class _Word:
    """A term in the forms in which it is looked for, and how far a text has it."""

    def __init__(self, term: Term) -> None:
        self._word = comparable(term.text)
        self._others = tuple(map(comparable, term.alternatives))
        figure = NUMBER.match(self._word)
        self._figure = figure.group() if figure else ""
        self._parts = () if figure else _parts(self._word)

    def share(self, text: str) -> float:
        if self._figure:
            return _match_figure(self._word, self._figure, text)
        if self._word in text:
            return 1.0
        for other in self._others:
            if other in text:
                return ALTERNATIVE
        for length, parts in self._parts:
            for part in parts:
                if part in text:
                    return PARTIAL * length / len(self._word)
        return 0.0


_word = lru_cache(REMEMBERED)(_Word)


def match(term: Term, text: str) -> float:
    """How far `text` (comparable form) contains the term or what else it may be called, 0 to 1."""
    return _word(term).share(text)


def _match_figure(word: str, figure: str, text: str) -> float:
    if figure not in text:
        return 0.0
    if re.search(rf"(?<![\d.]){re.escape(word)}", text):
        return 1.0
    return OTHER_MEASURE if re.search(rf"(?<![\d.]){re.escape(figure)}(?![\d.])", text) else 0.0


def longest_part(word: str, text: str) -> int:
    """Characters of the longest part of a Chinese word that `text` contains; single characters do not count."""
    return next((length for length, parts in _parts(word) if any(part in text for part in parts)), 0)


@lru_cache(REMEMBERED)
def _parts(word: str) -> tuple[tuple[int, tuple[str, ...]], ...]:
    """The parts of a Chinese word by their length, the longest first; none shorter than two characters."""
    lengths = () if word.isascii() else range(len(word) - 1, 1, -1)
    return tuple(
        (length, tuple(word[start : start + length] for start in range(len(word) - length + 1))) for length in lengths
    )


def pairs_of(question: str) -> frozenset[str]:
    """The question's pairs of neighbouring Chinese characters."""
    plain = re.sub(r"[^\u4e00-\u9fff]", " ", question)
    pairs = (plain[place : place + 2] for place in range(len(plain) - 1))
    return frozenset(pair for pair in pairs if " " not in pair)


def overlap(pairs: Set[str], sentence: str) -> float:
    """Share of a question's pairs that the sentence contains."""
    return len([pair for pair in pairs if pair in sentence]) / len(pairs) if pairs else 0.0


def corpus_weight(term: Term, frequency: int, chunks: int) -> float:
    """A term's weight: rare in everyday Chinese times rare in the corpus (smoothed inverse document frequency)."""
    rare_here = math.log((chunks + 1) / (frequency + 1)) / math.log(chunks + 1) if chunks else 1.0
    return term.weight * (0.35 + 0.65 * rare_here)
