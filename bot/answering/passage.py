"""
What to quote of a paper without articles and without responsible units: news, notices, guides flattened into a line.

    "什么时候公布录取结果"  ->  a share of the answer for each line, together 1: 7月2日，区教育局…公布录取情况。 0.71, …
                            ->  the line with the largest share and what goes on from it, then where else much of it is

Such a paper says in its first lines what it is about, in the words of every question on it; the answer stands below.
So a line is judged by what the question says beyond the title, towards its end and rarely in the paper, and by the
lines before it. The weights stand in passage.toml.
"""

from __future__ import annotations

import math
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.answering.draft import Pick
from bot.answering.evidence import ANNOUNCEMENT, STATES, Evidence, of_best_paper
from bot.answering.lines import Line
from bot.answering.quote import choose as choose_sentences
from bot.answering.statute import is_article
from bot.text.normalise import comparable
from bot.types import Clause, Query, Span

SEVERAL = re.compile(r"哪|什么|如何|怎么|怎样")  # the answer may be a list
LONG_LINE = 100  # characters
LOWEST = -1.2  # below the best score of a sentence there are no differences that matter
SPREAD = 3.0  # what score, in the model's units, divides the score of a sentence by e
ENOUGH = 300  # characters of an answer; up to here other lines are added
STRETCHES, LONGEST_MORE = 2, 160  # added at most; characters of each
MOST_LINES = 6
SENTENCE = 16  # characters from which a heading before the text on its line says something of its own
# What a character costs beside a share of the answer, and the least that adding must gain: curves in eval/LOG.md.
COST, GAIN = 0.0006, 0.05

Floats = NDArray[np.float64]


def choose(query: Query, evidence: Sequence[Evidence], read: Callable[[str], Sequence[Line]]) -> tuple[Pick, ...]:
    """As `quote.choose`; in a plain paper every line is weighed anew, whether it was hit or not."""
    lines = read(evidence[0].clause.document.id)
    if not evidence[0].rarities or not is_plain(lines):
        return choose_sentences(query, evidence, read)
    evidence = of_best_paper(evidence)
    scores = judge(query, evidence, lines)
    picks = list(choose_sentences(query, _weighed_anew(evidence, lines, scores), read))
    for _ in range(STRETCHES):
        picks += _more(picks, lines, _shares(scores))
    return tuple(_with_heading(pick, lines) for pick in picks)


def is_plain(lines: Sequence[Line]) -> bool:
    """Whether it is an original in which neither articles nor units lead to what is asked for."""
    original = lines[0].clause.document.kind == "original"
    return original and not any(line.segment.units or is_article(line.clause) for line in lines)


def judge(query: Query, evidence: Sequence[Evidence], lines: Sequence[Line]) -> Floats:
    """A score for each line: the higher, the more of the answer it holds."""
    observed = observe(query, evidence, lines)
    weights = model()
    return sum((weights[name] * column for name, column in observed.items()), np.zeros(len(lines)))


def observe(query: Query, evidence: Sequence[Evidence], lines: Sequence[Line]) -> dict[str, Floats]:
    """What the model looks at, for each line, between 0 and 1 or thereabouts; `evidence` is of the lines' paper."""
    rarities = evidence[0].rarities
    texts = [comparable(line.text) for line in lines]
    title = comparable(lines[0].clause.document.title)
    own = _held(rarities, texts)
    lead = _held(rarities, [line.lead for line in lines]) & ~own
    path = _held(rarities, [comparable(" ".join(line.clause.path)) for line in lines]) & ~own & ~lead
    before, before_that, after = _moved(own, 1), _moved(own, 2), _moved(own, -1)
    in_title = _held(rarities, [title])[0]
    held_by = own.sum(axis=0)
    everywhere = np.array(list(rarities.values()))
    here = everywhere * np.log((len(lines) + 1) / (held_by + 0.5)) / math.log(2 * (len(lines) + 1))
    question = comparable(query.understood)
    late = here * np.array([question.rfind(piece) + 1 for piece in rarities]) / len(question)
    asked = [STATES[ask] for ask in sorted(query.asks & STATES.keys())]
    scores = {item.place: item for item in evidence}
    best, worst = (pick(item.score for item in evidence) for pick in (max, min))
    several = SEVERAL.search(query.understood) is not None
    known = held_by > 0
    return {
        "score": np.array(
            [max(LOWEST, (scores[at].score if at in scores else worst) - best) for at in range(len(lines))]
        ),
        "headed": np.array([scores[at].headed if at in scores else 0.0 for at in range(len(lines))]),
        "own": _share(own, here, known),
        "beyond_title": _share(own & ~in_title, everywhere),
        "late": _share(own, late, known),
        "before": _share(before & ~own, here, known),
        "before_that": _share(before_that & ~before & ~own, here, known),
        "after": _share(after & ~own, here, known),
        "lead": _share(lead, everywhere),
        "path": _share(path, everywhere),
        "states": np.array([sum(bool(what.search(text)) for what in asked) / (len(asked) or 1) for text in texts]),
        "several": np.array([several * min(3, text.count("、") + text.count(";")) / 3 for text in texts]),
        "long": np.array([max(0.0, math.log(max(1, len(text)) / LONG_LINE)) for text in texts]),
        "announces": np.array([float(bool(ANNOUNCEMENT.search(text))) for text in texts]),
        "repeats_title": np.array([_repeats(text, title) for text in texts]),
    }


@cache
def model() -> Mapping[str, float]:
    """Observation -> weight."""
    weights: dict[str, float] = tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))
    return weights


def _held(pieces: Mapping[str, float], texts: Sequence[str]) -> NDArray[np.bool_]:
    """Which pieces (columns) each text (row) holds."""
    return np.array([[piece in text for piece in pieces] for text in texts], np.bool_)


def _moved(rows: NDArray[np.bool_], by: int) -> NDArray[np.bool_]:
    """The rows `by` places above; none where there is no such row."""
    moved = np.zeros_like(rows)
    if by > 0:
        moved[by:] = rows[:-by]
    else:
        moved[:by] = rows[-by:]
    return moved


def _share(held: NDArray[np.bool_], weights: Floats, of: NDArray[np.bool_] | slice = slice(None)) -> Floats:
    total = float(weights[of].sum())
    return held @ weights / total if total else np.zeros(len(held))


def _repeats(text: str, title: str) -> float:
    """Share of the text's pairs of characters that stand in the title."""
    pairs = [text[at : at + 2] for at in range(len(text) - 1)]
    return sum(pair in title for pair in pairs) / len(pairs) if pairs else 0.0


def _shares(scores: Floats) -> Floats:
    """The part of the answer that is expected in each line, together 1."""
    powers = np.exp(scores - scores.max())
    return np.asarray(powers / powers.sum())


def _weighed_anew(evidence: Sequence[Evidence], lines: Sequence[Line], scores: Floats) -> list[Evidence]:
    """Evidence for every line, the best first, scored as the model does and on the old scale."""
    found = {item.place: item for item in evidence}
    best = max(item.score for item in evidence)
    anew = [
        replace(
            found.get(place) or _not_hit(evidence[0], place, line),
            score=max(best, GAIN) * math.exp((scores[place] - scores.max()) / SPREAD),
        )
        for place, line in enumerate(lines)
    ]
    return sorted(anew, key=lambda item: item.score, reverse=True)


def _not_hit(near: Evidence, place: int, line: Line) -> Evidence:
    return replace(
        near,
        clause=line.clause,
        segment=line.segment,
        text=line.text,
        span=line.span,
        coverage=0.0,
        own=frozenset(),
        wording=0.0,
        headed=0.0,
        place=place,
    )


def _more(picks: Sequence[Pick], lines: Sequence[Line], shares: Floats) -> list[Pick]:
    """The lines next to each other, outside what is quoted, that hold most of the answer; none where that is little."""
    quoted = [any(_overlap(pick.span, line.span) for pick in picks) for line in lines]
    left = ENOUGH - sum(len(pick.text) for pick in picks)
    best, stretch = GAIN, slice(0)
    for first in range(len(lines)):
        share = length = 0.0
        for place in range(first, min(first + MOST_LINES, len(lines))):
            share += shares[place]
            length += len(lines[place].text)
            if quoted[place] or length > min(left, LONGEST_MORE):
                break
            if share - COST * length > best:
                best, stretch = share - COST * length, slice(first, place + 1)
    return [Pick(line.clause, line.span, line.segment) for line in lines[stretch]]


def _with_heading(pick: Pick, lines: Sequence[Line]) -> Pick:
    """Together with 二、就餐人员要做好自我防护。 where the pick begins right after it."""
    clause = pick.clause
    first = next((line for line in lines if line.clause is clause), None)
    if not isinstance(clause, Clause) or first is None or first.span.start != pick.span.start:
        return pick
    heading = Span(clause.span.start, pick.span.start).of(clause.document.text).strip()
    if len(heading) < SENTENCE or clause.title not in heading or not clause.title:
        return pick
    return replace(pick, span=Span(clause.span.start, pick.span.end))


def _overlap(one: Span, other: Span) -> bool:
    return one.start < other.end and other.start < one.end
