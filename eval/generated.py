"""
Score what a language model wrote: answers in, how faithful they are, what the check took out and what it cost.

    Answer(mode="generated", sentences=("每年培养30名以上。[1]", …), removed=(…))  ->  {"sentences": 2, "held": 2, …}
    those of all questions  ->  {"faithful": 1.0, "supported": 0.93, "needed": 0.98, …}

`supported` and `needed` are the citation recall and precision of ALCE (Gao et al. 2023) with the product's own check in
place of an entailment model: the sentences the model wrote that their citations bear out, before anything was removed,
and the citations without which the sentence would not stand. `figures_found` does not ask the check: every number of a
shown sentence, its digits alone, stands in what it cites.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any, NotRequired, TypedDict

from rich.table import Table

from bot.answering.ground import Grounder
from bot.text.normalise import comparable
from bot.types import Answer, Citation, Sentence
from eval.figures import GENERATED, rounded, shown
from eval.metrics import Figures, percentile

_NUMBER = re.compile(r"\d+(?:\.\d+)?")


class Written(TypedDict):
    """One answer: counts of sentences a model wrote and that are shown, and of their citations."""

    mode: str
    sentences: int
    held: int  # looked at once more, as they are shown
    figures_found: int
    citations: int
    needed: int
    removed: list[str]  # the kind of fault of each sentence that was taken out
    fault: str  # of the endpoint, see Usage
    attempts: int
    tokens: int
    cost: float
    first_sentence_ms: NotRequired[float]


def measured(answer: Answer, grounder: Grounder) -> Written | None:
    """None where no model was asked."""
    if answer.usage is None:
        return None
    known = {citation.number: citation for citation in answer.citations}
    written = [
        (sentence, [known[number] for number in sentence.citations])
        for sentence in answer.sentences
        if sentence.origin == "generated"
    ]
    kept = Written(
        mode=answer.mode,
        sentences=len(written),
        held=sum(grounder.check(sentence.text, cited).holds for sentence, cited in written),
        figures_found=sum(_figures_found(sentence, cited) for sentence, cited in written),
        citations=sum(len(cited) for _, cited in written),
        needed=sum(_needed(sentence, cited, grounder) for sentence, cited in written),
        removed=[removed.faults[0].kind for removed in answer.removed],
        fault=answer.usage.fault,
        attempts=answer.usage.attempts,
        tokens=answer.usage.input_tokens + answer.usage.output_tokens,
        cost=answer.usage.cost,
    )
    if "first_sentence" in answer.timings_ms:
        kept["first_sentence_ms"] = answer.timings_ms["first_sentence"]
    return kept


def summarise(answers: Sequence[Written]) -> Figures:
    """Over the questions that a model was asked: shares from 0 to 1, sums, ms; None where nothing counts."""
    sentences = sum(each["sentences"] for each in answers)
    removed = sum(len(each["removed"]) for each in answers)
    citations = sum(each["citations"] for each in answers)
    firsts = [each["first_sentence_ms"] for each in answers if "first_sentence_ms" in each]
    return {
        "asked": float(len(answers)),
        "generated": _share(sum(each["mode"] == "generated" for each in answers), len(answers)),
        "faithful": _share(sum(each["held"] for each in answers), sentences),
        "figures_found": _share(sum(each["figures_found"] for each in answers), sentences),
        "supported": _share(sentences, sentences + removed),
        "needed": _share(sum(each["needed"] for each in answers), citations),
        "removed": float(removed),
        "faults": float(sum(bool(each["fault"]) for each in answers)),
        "tokens": float(sum(each["tokens"] for each in answers)),
        "cost": sum(each["cost"] for each in answers),
        "first_sentence_p50_ms": percentile(firsts, 50) if firsts else None,
        "first_sentence_p99_ms": percentile(firsts, 99) if firsts else None,
    }


def result(answers: Sequence[Written]) -> dict[str, Any]:
    """What is saved: the figures, what was removed by kind, what the endpoint did wrong by kind."""
    return {
        **rounded(summarise(answers)),
        "removed_by_kind": _counted(kind for each in answers for kind in each["removed"]),
        "faults_by_kind": _counted(each["fault"] for each in answers if each["fault"]),
    }


def table(answers: Sequence[Written]) -> Table:
    """One row a figure, then what the check removed and the faults of the endpoint."""
    filled = Table("指标", "数值", title="大模型所写的内容")
    for name, value in summarise(answers).items():
        filled.add_row(GENERATED[name].label, shown(name, value))
    for label, kinds in (("略去", "removed_by_kind"), ("接口故障", "faults_by_kind")):
        for kind, number in result(answers)[kinds].items():
            filled.add_row(f"{label} · {kind}", str(number))
    return filled


def _figures_found(sentence: Sentence, cited: Iterable[Citation]) -> bool:
    stated = set(_NUMBER.findall(comparable("".join(_whole(citation) for citation in cited))))
    return set(_NUMBER.findall(comparable(sentence.text))) <= stated


def _whole(citation: Citation) -> str:
    return citation.quote + (citation.segment.text if citation.segment else "")


def _needed(sentence: Sentence, cited: Sequence[Citation], grounder: Grounder) -> int:
    """Citations without which the sentence does not hold, or that bear it out alone."""
    if len(cited) == 1:
        return 1
    return sum(
        grounder.check(sentence.text, [citation]).holds
        or not grounder.check(sentence.text, [other for other in cited if other is not citation]).holds
        for citation in cited
    )


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _counted(kinds: Iterable[str]) -> dict[str, int]:
    return dict(Counter(kinds).most_common())
