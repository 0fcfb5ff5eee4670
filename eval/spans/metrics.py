"""
Score replies against gold spans: a question and what was said in, a judgement out. Pure functions.

    SpanQuestion(golds=("市园林局",)), {"answer": "银杏由市园林局管理。[1]", …}
    ->  SpanJudgement(covered=True, contained=True, rouge_l=0.57, …)

Text is compared as `eval.metrics.fold` leaves it: one width, no white space, no [n] markers. The headline is `covered`.
Of several golds the best counts. A reply that does not answer covers nothing, whatever clause it points at.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz.distance import LCSseq

from eval.metrics import Figures, fold, mean, percentile, rows_by_id, total_ms, without_markers
from eval.rows import Row
from eval.spans.questions import SpanQuestion

COVERED = 0.9  # share of a gold's characters found, in order, from which it counts as covered


@dataclass(frozen=True, slots=True)
class SpanJudgement:
    """
    How one reply did.

    first_cited, first_found: the first citation, the first hit stands in the right document; None for a system that
    tells no hits. contained: a gold stands unbroken in the answer or in one of its quotes. covered: that, or COVERED of
    a gold's characters stand in the answer in their order. rouge_l: F1, over characters. length: of an answered reply.
    """

    id: str
    status: str
    first_cited: bool
    first_found: bool | None
    contained: bool
    covered: bool
    rouge_l: float
    length: int | None
    total_ms: float

    @property
    def answered(self) -> bool:
        return self.status == "answered"


def judge(question: SpanQuestion, row: Row) -> SpanJudgement:
    """Score one reply."""
    answered = row["status"] == "answered"
    answer = fold(without_markers(row["answer"])) if answered else ""
    quotes = [fold(citation["quote"]) for citation in row["citations"]] if answered else []
    golds = [fold(gold) for gold in question.golds]
    contained = any(gold in text for gold in golds for text in (answer, *quotes))
    found = row.get("found")
    return SpanJudgement(
        id=question.id,
        status=row["status"],
        first_cited=answered and bool(quotes) and row["citations"][0]["document"] == question.document,
        first_found=None if found is None else found[:1] == [question.document],
        contained=contained,
        covered=contained or any(recall(gold, answer) >= COVERED for gold in golds),
        rouge_l=max(rouge_l(gold, answer) for gold in golds),
        length=len(answer) if answered else None,
        total_ms=total_ms(row["timings_ms"]),
    )


def judge_all(questions: Sequence[SpanQuestion], rows: Iterable[Row]) -> tuple[SpanJudgement, ...]:
    """Match rows to questions by id and score them. Raises EvaluationError where a question has no row."""
    by_id = rows_by_id([question.id for question in questions], rows)
    return tuple(judge(question, by_id[question.id]) for question in questions)


def summarise(judgements: Sequence[SpanJudgement]) -> Figures:
    """Every figure over these judgements: shares from 0 to 1, characters, ms; None where nothing counts."""
    times = [judgement.total_ms for judgement in judgements]
    return {
        "questions": float(len(judgements)),
        "covered": mean(item.covered for item in judgements),
        "contained": mean(item.contained for item in judgements),
        "rouge_l": mean(item.rouge_l for item in judgements),
        "document_at_1": mean(item.first_cited for item in judgements),
        "found_at_1": mean(item.first_found for item in judgements),
        "refused": mean(not item.answered for item in judgements),
        "mean_answer_length": mean(item.length for item in judgements),
        "latency_p50_ms": percentile(times, 50) if times else None,
        "latency_p99_ms": percentile(times, 99) if times else None,
    }


def recall(gold: str, answer: str) -> float:
    """The share of the gold's characters in its longest common subsequence with the answer."""
    return LCSseq.similarity(gold, answer) / len(gold) if gold else 0.0


def rouge_l(gold: str, answer: str) -> float:
    """ROUGE-L (Lin 2004) F1 with characters as tokens: 2·LCS / (characters of both)."""
    return 2 * LCSseq.similarity(gold, answer) / (len(gold) + len(answer)) if gold and answer else 0.0
