"""
Put the cases to a check and count: cases in, judgements and figures out.

    Case(…, "figure", is_true=False)  ->  Judgement(case, held_up=False, omitted=0, ms=0.8)  ->  {"detected": 0.99, …}

A sentence is detected where the check finds a fault in it or says that something is left out: `not holds or omitted`.
That of a true sentence is a false alarm. Intervals are Wilson's (1927), 95 %.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from math import sqrt
from typing import Protocol

from bot.types import Citation
from eval.grounding.cases import FACTS, KINDS, WORDING, Case
from eval.metrics import Figures, mean, percentile

Z = 1.959964  # of the normal distribution, two-sided 95 %


class Verdict(Protocol):
    """What is read of `bot.answering.ground.Verdict`."""

    @property
    def holds(self) -> bool: ...
    @property
    def omitted(self) -> Sequence[object]: ...
    @property
    def faults(self) -> Sequence[object]: ...


class Check(Protocol):
    def __call__(self, sentence: str, cited: Sequence[Citation], /) -> Verdict: ...


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the check said of a case. `said` is its faults as it writes them, for reading."""

    case: Case
    holds: bool
    omitted: int
    ms: float
    said: str = ""

    @property
    def detected(self) -> bool:
        return not self.holds or self.omitted > 0

    @property
    def right(self) -> bool:
        return self.detected != self.case.is_true


@dataclass(frozen=True, slots=True)
class Count:
    """How many of how many, and between which shares the true one lies."""

    found: int
    total: int

    @property
    def share(self) -> float | None:
        return self.found / self.total if self.total else None

    @property
    def interval(self) -> tuple[float, float]:
        return wilson(self.found, self.total)


def judge(cases: Iterable[Case], check: Check) -> Iterator[Judgement]:
    """Each case checked once; the first one once before, unmeasured."""
    warm = False
    for case in cases:
        if not warm:
            check(case.sentence, case.cited)
            warm = True
        started = time.thread_time()
        verdict = check(case.sentence, case.cited)
        ms = (time.thread_time() - started) * 1000
        yield Judgement(case, verdict.holds, len(verdict.omitted), ms, "；".join(map(str, verdict.faults)))


def by_kind(judgements: Iterable[Judgement]) -> dict[str, Count]:
    """Kind -> how many of it were detected, in the order of KINDS; a true case told by hand is kind paraphrase."""
    own: dict[str, list[bool]] = {kind: [] for kind in KINDS}
    for judgement in judgements:
        own[judgement.case.kind].append(judgement.detected)
    return {kind: Count(sum(found), len(found)) for kind, found in own.items() if found}


def summarise(judgements: Sequence[Judgement]) -> Figures:
    """Every figure of these judgements: shares from 0 to 1, ms; None where nothing counts."""
    false = [judgement for judgement in judgements if not judgement.case.is_true]
    true = [judgement for judgement in judgements if judgement.case.is_true]
    times = [judgement.ms for judgement in judgements]
    return {
        "false_sentences": float(len(false)),
        "true_sentences": float(len(true)),
        "detected": _share(false),
        "facts_detected": _share_of_kinds(judgement for judgement in false if judgement.case.kind in FACTS),
        "wording_detected": _share_of_kinds(judgement for judgement in false if judgement.case.kind in WORDING),
        "others_detected": _share_of_kinds(item for item in false if item.case.kind not in (*FACTS, *WORDING)),
        "written_detected": _share([judgement for judgement in false if judgement.case.written]),
        "false_alarms": _share(true),
        "removed_though_true": count(not judgement.holds for judgement in true).share,
        "written_false_alarms": _share([judgement for judgement in true if judgement.case.written]),
        "check_p50_ms": percentile(times, 50) if times else None,
        "check_p99_ms": percentile(times, 99) if times else None,
    }


def wilson(found: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share; (0, 1) where nothing was counted."""
    if not total:
        return 0.0, 1.0
    share, square = found / total, Z * Z
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = Z / (1 + square / total) * sqrt(share * (1 - share) / total + square / (4 * total * total))
    return max(0.0, middle - half), min(1.0, middle + half)


def count(found: Iterable[bool]) -> Count:
    every = list(found)
    return Count(sum(every), len(every))


def _share_of_kinds(judgements: Iterable[Judgement]) -> float | None:
    """The mean of the kinds' shares: what an index gives much of does not outweigh the rest."""
    return mean(counted.share for counted in by_kind(judgements).values())


def _share(judgements: Sequence[Judgement]) -> float | None:
    return count(judgement.detected for judgement in judgements).share
