"""
Answer -> two or three questions to ask next, each of which the corpus answers.

    an answer from 三、(五)14.  ->  ("“强化科技金融支持”由哪些单位负责？", "“加强数据价值挖掘”有哪些内容？")

They are made from the structure of the documents and asked of the pipeline before they are shown, once for each clause.
"""

from collections.abc import Iterator
from functools import cached_property, lru_cache
from itertools import cycle

from bot.answering.evidence import QUANTITY
from bot.answering.pipeline import Pipeline
from bot.answering.quote import whole
from bot.text.normalise import comparable
from bot.types import Answer, Clause, Outline

MOST = 3
DUTIES = "{unit}负责哪些任务？"
UNITS = "“{title}”由哪些单位负责？"
FIGURES = "“{title}”有哪些数量目标？"
CONTENT = "“{title}”有哪些内容？"
OPENINGS = 6
OPENING_FORMS = (CONTENT, UNITS, DUTIES)
REMEMBERED = 4096  # questions that were tried


class Suggester:
    """Suggests for the answers of one pipeline; safe to share between threads."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._outlines = {outline.document.id: outline for outline in pipeline.store.outlines}
        self._answers = lru_cache(REMEMBERED)(self._ask)

    def __call__(self, answer: Answer) -> tuple[str, ...]:
        """At most MOST questions; none where nothing is cited."""
        shown = answer.text
        found: list[str] = []
        for clause in dict.fromkeys(citation.clause for citation in answer.citations):
            if not isinstance(clause, Clause) or clause.document.is_glossary:
                continue
            for question, expected in self._candidates(clause, shown, answer.query.understood):
                repeated = comparable(question) == comparable(answer.query.asked)
                if question not in found and not repeated and expected in self._answers(question):
                    found.append(question)
                if len(found) == MOST:
                    return tuple(found)
        return tuple(found)

    @cached_property
    def openings(self) -> tuple[str, ...]:
        """Some to begin with, of clauses all over the main papers, or over all where none is a main one."""
        outlines = [each for each in self._outlines.values() if each.document.primary] or [*self._outlines.values()]
        titled = [clause for outline in outlines for clause in outline.clauses if clause.title]
        spread = titled[:: max(len(titled) // OPENINGS, 1)]
        found: list[str] = []
        for clause, form in zip(spread, cycle(OPENING_FORMS), strict=False):
            unit = clause.units[0] if clause.units else ""
            question = (form if unit else CONTENT).format(title=clause.title, unit=unit)
            if question not in found and clause in self._answers(question):
                found.append(question)
        return tuple(found[:OPENINGS])

    def _candidates(self, clause: Clause, shown: str, asked: str) -> Iterator[tuple[str, Clause]]:
        """(question, the clause that should answer it): what the answer did not show, then what stands next to it."""
        if clause.title:
            if clause.units and not all(unit in shown for unit in clause.units):
                yield UNITS.format(title=clause.title), clause
            figures = [found.group() for found in QUANTITY.finditer(comparable(clause.text))]
            if figures and not all(figure in comparable(shown) for figure in figures):
                yield FIGURES.format(title=clause.title), clause
            if not all(pick.text in shown for pick in whole([clause])):
                yield CONTENT.format(title=clause.title), clause
        if clause.units and clause.units[0] not in asked:
            yield DUTIES.format(unit=clause.units[0]), clause
        for neighbour in _neighbours(self._outlines[clause.document.id], clause):
            yield CONTENT.format(title=neighbour.title), neighbour

    def _ask(self, question: str) -> frozenset[Clause]:
        """The clauses that the answer to `question` cites; none where it is not answered."""
        answer = self._pipeline.quote(question)
        clauses = (citation.clause for citation in answer.citations if isinstance(citation.clause, Clause))
        return frozenset(clauses) if answer.status == "answered" else frozenset()


def _neighbours(outline: Outline, clause: Clause) -> Iterator[Clause]:
    """Titled clauses of the same section, the next ones first."""
    siblings = [each for each in outline.clauses if each.title and each.path[:-1] == clause.path[:-1]]
    place = siblings.index(clause) if clause in siblings else -1
    yield from siblings[place + 1 :]
    yield from siblings[: max(place, 0)]
