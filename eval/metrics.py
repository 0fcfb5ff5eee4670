"""
Score replies: a question and what was said in, a judgement out. Pure functions; nothing here asks or reads anything.

    Question(units=("市财政局",)), {"status": "answered", "answer": "市财政局[1]", …}  ->  Judgement(correct=True, …)
    judgements  ->  {"correct": 0.91, "right_clause_first": 0.97, …}

Text is compared after width folding (NFKC, “” as ") and without white space, so 三、（一）3． equals 三、(一)3. .
Precision and recall of citations are as in ALCE (Gao et al. 2023), with clauses in place of passages: the cited clauses
that are right, and the right clauses that are cited, averaged over questions.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, median
from typing import NamedTuple, TypeVar

from bot.types import Document
from eval.errors import EvaluationError
from eval.questions import Question
from eval.rows import Cited, Row

Figures = dict[str, float | None]
Item = TypeVar("Item")

_QUOTES = str.maketrans("“”‘’", "\"\"''")
_WHITE_SPACE = re.compile(r"\s+")
_MARKER = re.compile(r"\[\d+\]")


class _Place(NamedTuple):
    """What a citation points at: 第六条 of the work 专利法, whichever file that is."""

    work: str
    ref: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """
    How one reply did. None means that the question does not measure this.

    correct: the required words stand in the answer itself; correct_leniently: or in what it quotes.
    units_exact: the units named are those expected and no other. length: characters of an answered reply.
    """

    id: str
    kind: str
    expect: str
    status: str
    correct: bool
    correct_leniently: bool
    first_right: bool | None
    precision: float | None
    recall: float | None
    units_exact: bool | None
    quotes: int
    true_quotes: int
    length: int | None
    total_ms: float

    @property
    def refused(self) -> bool:
        return _refuses(self.status)


def fold(text: str) -> str:
    """Text as it is compared: one width, one kind of quotation mark, no white space."""
    return _WHITE_SPACE.sub("", unicodedata.normalize("NFKC", text).translate(_QUOTES))


def same_clause(cited: str, expected: str, work: str = "") -> bool:
    """三、(一)3. matches itself and its section 三、(一); 第六条 of the work 专利法 matches 专利法 第六条 too."""
    expected = fold(expected)
    names = (fold(cited), fold(work + cited))
    return any(name == expected or (expected.endswith(")") and name.startswith(expected)) for name in names)


def judge(question: Question, row: Row, texts: Mapping[str, str], units: Iterable[str] = ()) -> Judgement:
    """
    Score one reply.

    texts: document id → text, for checking quotes. units: every unit there is, for finding one named unasked.
    """
    answer = without_markers(row["answer"])
    citations = row["citations"]
    strictly, leniently = _is_correct(question, row["status"], answer, citations)
    measures_citations = bool(question.clauses) and not question.to_refuse
    # What the glossary explains beside the clauses is no clause of the document asked about.
    cited = list(dict.fromkeys(_place(citation) for citation in citations if citation.get("kind") != "glossary"))
    return Judgement(
        id=question.id,
        kind=question.kind,
        expect=question.expect,
        status=row["status"],
        correct=strictly,
        correct_leniently=leniently,
        first_right=bool(cited) and _any_match(cited[0], question.clauses) if measures_citations else None,
        precision=_share(cited, lambda place: _any_match(place, question.clauses)) if measures_citations else None,
        recall=_share(question.clauses, lambda clause: any(_any_match(place, [clause]) for place in cited))
        if measures_citations
        else None,
        units_exact=_names_exactly(question.units, answer, units) if question.units else None,
        quotes=len(citations),
        true_quotes=sum(_is_true(citation, texts) for citation in citations),
        length=len(answer) if row["status"] == "answered" else None,
        total_ms=total_ms(row["timings_ms"]),
    )


def rows_by_id(ids: Sequence[str], rows: Iterable[Row]) -> dict[str, Row]:
    """The rows under their ids. Raises EvaluationError where one of `ids` has no row."""
    by_id = {row["id"]: row for row in rows}
    missing = [id_ for id_ in ids if id_ not in by_id]
    if missing:
        raise EvaluationError(
            f"结果里缺少 {len(missing)} 个问题，如 {'、'.join(missing[:3])}，请对同一组问题重新生成。"
        )
    return by_id


def judge_all(questions: Sequence[Question], rows: Iterable[Row], texts: Mapping[str, str]) -> tuple[Judgement, ...]:
    """Match rows to questions by id and score them. Raises EvaluationError where a question has no row."""
    by_id = rows_by_id([question.id for question in questions], rows)
    units = {unit for question in questions for unit in question.units}
    units |= {unit for row in by_id.values() for citation in row["citations"] for unit in citation["units"]}
    return tuple(judge(question, by_id[question.id], texts, units) for question in questions)


def summarise(judgements: Sequence[Judgement]) -> Figures:
    """Every figure over these judgements: shares from 0 to 1, characters, ms; None where nothing counts."""
    times = [judgement.total_ms for judgement in judgements]
    to_refuse = [item for item in judgements if item.expect in {"unanswerable", "refused"}]
    to_refuse_or_correct = to_refuse + [item for item in judgements if item.expect == "correct_premise"]
    answerable = [item for item in judgements if item.expect == "answered"]
    quotes = sum(item.quotes for item in judgements)
    lengths = [item.length for item in judgements if item.length is not None]
    return {
        "questions": float(len(judgements)),
        "correct": mean(item.correct for item in judgements),
        "correct_leniently": mean(item.correct_leniently for item in judgements),
        "right_clause_first": mean(item.first_right for item in judgements),
        "citation_precision": mean(item.precision for item in judgements),
        "citation_recall": mean(item.recall for item in judgements),
        "units_exact": mean(item.units_exact for item in judgements),
        "refused_when_due": mean(item.refused for item in to_refuse),
        "refused_or_corrected": mean(item.correct for item in to_refuse_or_correct),
        "wrongly_refused": mean(item.refused for item in answerable),
        "true_quotes": sum(item.true_quotes for item in judgements) / quotes if quotes else None,
        "answer_length": float(median(lengths)) if lengths else None,
        "latency_p50_ms": percentile(times, 50) if times else None,
        "latency_p99_ms": percentile(times, 99) if times else None,
    }


def by_kind(judgements: Sequence[Judgement]) -> dict[str, Figures]:
    """The same figures for each kind of question, in the order the kinds first come."""
    kinds = dict.fromkeys(judgement.kind for judgement in judgements)
    return {kind: summarise([judgement for judgement in judgements if judgement.kind == kind]) for kind in kinds}


def percentile(values: Sequence[float], percent: float) -> float:
    """The nearest-rank percentile: the smallest value that at least `percent` % of the values do not exceed."""
    ordered = sorted(values)
    rank = -(-percent * len(ordered) // 100)
    return ordered[max(int(rank), 1) - 1]


def _is_correct(question: Question, status: str, answer: str, citations: Sequence[Cited]) -> tuple[bool, bool]:
    said = fold(answer)
    if any(fold(phrase) in said for phrase in question.must_not):
        return False, False
    if question.to_refuse:
        return _refuses(status), _refuses(status)
    if not _may_end_with(question, status):
        return False, False
    quoted = fold(" ".join(citation["quote"] for citation in citations))
    named = {fold(unit) for citation in citations for unit in citation["units"]}
    # A premise is corrected by the document, so its words must be cited, whatever the answer says around them.
    required_in = quoted if question.expect == "correct_premise" else said
    strictly = _holds(required_in, question.required) and _holds(said, question.units)
    leniently = _holds(said + quoted, question.required) and all(
        fold(unit) in said or fold(unit) in named for unit in question.units
    )
    return strictly, leniently


def _may_end_with(question: Question, status: str) -> bool:
    if question.expect == "correct_premise":
        return status == "answered" or status.startswith("unanswerable_")
    if question.expect == "partial":
        return status in {"answered", "unanswerable_not_stated"}
    return status == "answered"


def _refuses(status: str) -> bool:
    return status.startswith(("unanswerable_", "refused_"))


def _holds(text: str, phrases: Iterable[str]) -> bool:
    return all(fold(phrase) in text for phrase in phrases)


def _names_exactly(expected: Iterable[str], answer: str, units: Iterable[str]) -> bool:
    said = fold(answer)
    known = {fold(unit) for unit in (*units, *expected)}
    return {unit for unit in known if unit in said} == {fold(unit) for unit in expected}


def _is_true(citation: Cited, texts: Mapping[str, str]) -> bool:
    text = texts.get(citation["document"], "")
    return bool(citation["quote"]) and text[citation["start"] : citation["end"]] == citation["quote"]


def _place(citation: Cited) -> _Place:
    return _Place(Document("", citation.get("title", ""), "").work, citation["ref"])


def _any_match(place: _Place, clauses: Iterable[str]) -> bool:
    return any(same_clause(place.ref, clause, place.work) for clause in clauses)


def _share(items: Sequence[Item], right: Callable[[Item], bool]) -> float | None:
    return fmean(right(item) for item in items) if items else None


def mean(values: Iterable[float | None]) -> float | None:
    """The mean of those values that are there; None where none is."""
    counted = [float(value) for value in values if value is not None]
    return fmean(counted) if counted else None


def total_ms(timings: Mapping[str, float]) -> float:
    """Wall time of a reply; the sum of its stages where a row tells no total."""
    return timings.get("total", sum(timings.values()))


def without_markers(answer: str) -> str:
    """The answer as it reads without [1], [2]."""
    return _MARKER.sub("", answer).strip()
