"""
Curated entries to match, each with ways to ask the same and questions that ask something near.

    {"id": "curated-dev-01", "question": "…打造多少个…应用场景？", "variants": ["…"], "lookalikes": ["…"]}
        ->  Case(…), asked of a matcher that has all entries of its set

A set is asked in two ways: `bare`, the entry has its question alone; `worded`, it also has two of the variants and, as
a negative variant, one of the look-alikes, and the rest is asked.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal, get_args

from bot.service.curated.entries import Draft, Entry
from eval.errors import EvaluationError
from eval.questions import FOLDER

Way = Literal["bare", "worded"]
SETS = ("dev", "held", "fresh")
WAYS: tuple[Way, ...] = get_args(Way)
GIVEN_VARIANTS, GIVEN_LOOKALIKES = 2, 1  # that a `worded` entry has
WRITTEN = datetime(2026, 11, 24)


@dataclass(frozen=True, slots=True)
class Case:
    """One entry and what is asked of it."""

    id: str
    question: str
    variants: tuple[str, ...]
    lookalikes: tuple[str, ...]
    given: tuple[str, ...] = ()
    negatives: tuple[str, ...] = ()

    def worded(self) -> Case:
        return replace(
            self,
            variants=self.variants[GIVEN_VARIANTS:],
            lookalikes=self.lookalikes[GIVEN_LOOKALIKES:],
            given=self.variants[:GIVEN_VARIANTS],
            negatives=self.lookalikes[:GIVEN_LOOKALIKES],
        )

    @property
    def entry(self) -> Entry:
        draft = Draft(self.question, self.question, variants=self.given, negatives=self.negatives)
        return Entry(self.id, draft, "live", "", 1, WRITTEN, "评测", WRITTEN, "评测", "评测")


def load_cases(name: str, way: Way = "bare", folder: Path = FOLDER) -> Sequence[Case]:
    """Of a set of SETS. Raises EvaluationError where there is none of that name."""
    path = folder / f"curated-{name}.jsonl"
    if not path.exists():
        raise EvaluationError(f"没有人工审定题 {path.name}，可用的有 {'、'.join(SETS)}。")
    rows = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    cases = [Case(row["id"], row["question"], tuple(row["variants"]), tuple(row["lookalikes"])) for row in rows]
    return [case.worded() if way == "worded" else case for case in cases]
