"""
The whole road from a question to a cited answer, on one screen.

    open_pipeline().invoke("瞪羚企业归哪个局培育？")  ->  Answer(text="培育未来产业领域…[1]\\n责任单位：…[2]")

A LangChain Runnable: invoke, stream, batch and their async forms. Input is the question, or
{"question": str, "history": [[question, answer], …]}. The quoting answer is always made first; where a language model
is set, bot.answering.generate has it write from what is quoted, and checks every sentence.
"""

from __future__ import annotations

import asyncio
import logging
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import cache
from itertools import islice
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import Runnable, RunnableConfig

from bot.answering import indicators, premise, refuse, replies, structure, support
from bot.answering.compose import compose, failed, invalid
from bot.answering.draft import Draft, Pick
from bot.answering.duties import named_units, other_bodies
from bot.answering.evidence import Evidence, by_wording, corpus_weight, gather, of_best_paper
from bot.answering.explain import explained
from bot.answering.figures import figure_first
from bot.answering.injected import without_injected, without_injected_card
from bot.answering.levels import papers_of_levels
from bot.answering.likeness import Likeness
from bot.answering.lines import Line, read
from bot.answering.passage import choose
from bot.answering.quote import other_units, wants_units, whole
from bot.answering.reference import asked_sentences, named_clauses, without_references
from bot.answering.stated import asks_point
from bot.answering.statute import in_force, no_such_article
from bot.answering.support import asks_for_support
from bot.answering.validity import checked
from bot.answering.years import year_set
from bot.documents.flags import Flagger
from bot.errors import ModelError, QuestionError
from bot.index.store import Store
from bot.retrieval.asks import topic_of
from bot.retrieval.hybrid import HybridRetriever
from bot.retrieval.understand import FEW_WORDS, Understander
from bot.settings import settings
from bot.types import Answer, Chunk, Hit, Mode, Query, Scope, Term, Turn

if TYPE_CHECKING:
    from bot.answering.generate import Generator
    from bot.retrieval.rerank import Reranker

# Chunks whose sentences are weighed: so many of the best, so many by BM25 alone, so many of the main papers.
CANDIDATES, LEXICAL, PRIMARY = 30, 15, 15
RULES = 15  # of the best hits, for which it is looked up what punishes their breach
OF_EACH = re.compile(r"分别|各自?|都")
log = logging.getLogger(__name__)


class Pipeline(Runnable[str | Mapping[str, Any], Answer]):
    """Answers questions from one opened store. Safe to share between threads; never raises for a question."""

    def __init__(self, store: Store, reranker: Reranker | None = None, generator: Generator | None = None) -> None:
        self.store = store
        self.generator = generator
        self.understand = Understander(store)
        self.flagger = Flagger(store.documents)
        self.retriever = HybridRetriever(store=store, reranker=reranker)
        self.likeness = Likeness.beside(store.embedder)
        outlines = {outline.document.id: outline for outline in store.outlines}
        self.lines = cache(lambda id_: read(outlines[id_]))
        self._primary = frozenset(document.id for document in store.documents if document.primary)
        self._titles = frozenset(
            clause.title for outline in store.outlines for clause in outline.clauses if clause.title
        )

    def invoke(self, input: str | Mapping[str, Any], config: RunnableConfig | None = None, **_: Any) -> Answer:  # noqa: A002, ARG002
        if self.generator is None:
            return self.quote(input)
        return list(self.stream(input))[-1]

    def stream(
        self,
        input: str | Mapping[str, Any],  # noqa: A002
        config: RunnableConfig | None = None,  # noqa: ARG002
        **_: Any,
    ) -> Iterator[Answer]:
        """Growing answers: each holds all sentences of the one before, the last is whole."""
        started = time.monotonic()
        quoted, drafts = self._quoted(input)
        if self.generator is None:
            yield quoted
        else:
            yield from self.generator.stream(quoted, drafts, started)

    async def astream(
        self,
        input: str | Mapping[str, Any],  # noqa: A002
        config: RunnableConfig | None = None,
        **_: Any,
    ) -> AsyncIterator[Answer]:
        answers = self.stream(input, config)
        try:
            while (answer := await asyncio.to_thread(next, answers, None)) is not None:
                yield answer
        finally:
            with suppress(ValueError):  # it is at work on the next answer, and ends by itself
                answers.close()  # type: ignore[attr-defined]

    def quote(self, input: str | Mapping[str, Any]) -> Answer:  # noqa: A002
        """The answer in the words of the papers, also where there is a model."""
        return self._quoted(input)[0]

    def _quoted(self, input: str | Mapping[str, Any]) -> tuple[Answer, list[Draft]]:  # noqa: A002
        question = input if isinstance(input, str) else str(input["question"])
        try:
            return self.drafted(question, () if isinstance(input, str) else tuple(_turns(input.get("history") or ())))
        except QuestionError as error:
            return invalid(question, str(error)), []
        except Exception:
            log.exception("no answer to a question of %d characters", len(question))
            return failed(question), []

    def answer(self, question: str, history: Sequence[Turn] = ()) -> Answer:
        """As `quote`, but raises for a question that cannot be answered."""
        return self.drafted(question, history)[0]

    def drafted(self, question: str, history: Sequence[Turn] = ()) -> tuple[Answer, list[Draft]]:
        """The quoting answer, and the drafts of the question's parts that it was composed of."""
        started = time.perf_counter()
        query = self.understand(question, history)
        understood = time.perf_counter()
        early = refuse.before_search(query)
        # A promise asked for is refused whole, whatever else the question holds; 能申请啥？找谁？ has one card.
        whole_question = "promise" in query.asks or asks_for_support(query)
        parts = () if early else (query,) if whole_question else self.understand.parts(query)
        hits = [self.candidates(part) for part in parts]
        found = time.perf_counter()
        drafts = [early] if early else list(map(without_injected, self.drafts(parts, hits)))
        timings = {
            "understand": understood - started,
            "search": found - understood,
            "answer": time.perf_counter() - found,
        }
        timings["total"] = time.perf_counter() - started
        seen = {hit.chunk.id: hit for found_for_part in hits for hit in found_for_part}
        spent = {stage: 1000 * seconds for stage, seconds in timings.items()}
        composed = without_injected_card(compose(query, drafts, seen.values(), spent))
        return checked(composed, self.flagger), drafts

    def retrieve(self, query: Query, top_k: int) -> list[Hit]:
        """Of the papers that may answer: where the question names some, of those alone."""
        named = query.scope.named or None
        hits = self.retriever.search(search_text(query), len(self.store.chunks), query.understood, named)
        return [hit for hit in hits if query.scope.admits(hit.chunk.clause.document.id)][:top_k]

    def candidates(self, query: Query) -> list[Hit]:
        """The hits whose sentences are weighed: the best, those with the best BM25 scores, the best of main papers."""
        named = query.scope.named or None
        ranking = self.retriever.rank(search_text(query), query.understood, named)
        papers = [self.store.document_of[place] for place in ranking.places]
        admitted = {id_ for id_ in set(papers) if query.scope.admits(id_)}
        numbers = [number for number, id_ in enumerate(papers) if id_ in admitted]
        said = {place for place, rank in ranking.lexical_ranks.items() if rank <= LEXICAL}
        lexical = (number for number in numbers if ranking.places[number] in said)
        primary = islice((number for number in numbers if papers[number] in self._primary), PRIMARY)
        chosen = {*numbers[:CANDIDATES], *lexical, *primary}
        hits = ranking.hits(sorted(chosen))
        if "penalty" not in query.asks:
            return hits
        # What punishes the breach of a rule among the best is as near as the rule itself.
        punishing = punishments(hits, self.lines)
        punished = {id_ for id_, _ in punishing}
        chosen |= {
            number
            for number in numbers
            if papers[number] in punished and _name(ranking.chunks[ranking.places[number]]) in punishing
        }
        near = (
            replace(hit, score=max(hit.score, punishing.get(_name(hit.chunk), 0.0)))
            for hit in ranking.hits(sorted(chosen))
        )
        return sorted(near, key=attrgetter("score"), reverse=True)

    def drafts(self, parts: Sequence[Query], hits: Sequence[Sequence[Hit]]) -> list[Draft]:
        """A draft for each part of a question, but none for one that leans on a part that cannot be answered."""
        drafts: list[Draft] = []
        for place, (part, found) in enumerate(zip(parts, hits, strict=True)):
            leans = place > 0 and set(parts[place - 1].terms) <= set(part.terms)
            if leans and drafts and drafts[-1].status.startswith(("unanswerable", "refused")):
                continue
            if leans and part.terms == parts[place - 1].terms and with_units_of(drafts, part):
                continue
            if leans and asks_point(part) and (due := year_of(drafts, part, self.lines)):
                drafts.append(due)
                continue
            drafts.append(explained(self.draft(part, found), self.store))
        return drafts

    def draft(self, query: Query, hits: Sequence[Hit]) -> Draft:
        """What to quote for one question, or why not."""
        if query.scope.missing and (refusal := refuse.not_collected(query, self.store)):
            return refusal
        if unknown := refuse.unknown_number(query, self.store):
            return unknown
        if query.scope.sides:
            return self.compared(query)
        outlines = structure.outlines_for(query, self.store, hits)
        if query.scope.named and (settled := in_force(query, outlines) or no_such_article(query, outlines)):
            return settled
        listed = structure.draft(query, self.store, outlines) or indicators.draft(query, outlines)
        if listed:
            return replace(listed, listed=True)
        named = named_clauses(query.understood, outlines)
        if named:
            query = replace(query, terms=self.understand.terms(without_references(query.understood)))
            hits = [Hit(chunk, 1.0) for chunk in self.store.chunks if chunk.clause in named]
        said = named_units(query.understood, self.store)
        about = tuple(term for term in query.terms if not any(term.text in name for name in said.values()))
        if named and said and sum(term.weight for term in about) < FEW_WORDS / 2:
            own = tuple(pick for pick in whole(named) if pick.segment and said.keys() & set(pick.segment.units))
            if own:
                return Draft(query, "answered", own, with_units=True)
        if said and "whether" in query.asks:  # 是市教育局的事吧 asks who is responsible
            query = replace(query, asks=query.asks | {"unit"})
        if about:  # what the units asked about are asked about
            query = replace(query, terms=about)
        gathered = self.evidence(query, hits)
        # One paper answers: what another states is nothing that this one does.
        evidence = of_best_paper(gathered)
        if named and sum(term.weight for term in query.terms) < FEW_WORDS / 2:
            asked = tuple(Pick(clause, span, part) for clause, part, span in asked_sentences(query.understood, named))
            return Draft(query, "answered", asked or whole(named), with_units=True, evidence=tuple(evidence))
        bodies = other_bodies(query.understood, said.values())
        main = [item for item in gathered if item.clause.document.primary and not query.scope.named]
        if corrected := premise.draft(query, main or evidence):
            return corrected
        if due := indicators.dated(query, main or evidence):
            return due
        refusal = refuse.after_search(query, evidence, self.store, () if said else bodies)
        supported = asks_for_support(query) and support.draft(query, evidence, self._gather, self.store)
        if supported and (supported.match is None or supported.match.track or not refusal):
            return supported
        if refusal:
            return refusal
        papers = papers_of_levels(query, gathered, self.understand.home)
        picks = tuple(pick for paper in papers for pick in choose(query, paper, self.lines))
        others = other_units([*said, *bodies], picks)
        # 教育局还是科技局: where one of them is responsible, its name says it all.
        denied = others and len(others) == len({*said, *bodies})
        opening: tuple[str, ...] = (replies.NOT_RESPONSIBLE,) if denied else ()
        several = len(papers) > 1
        opening += (replies.LEVELS_DIFFER,) if several else ()
        silent = "unit" in query.asks and not any(pick.segment and pick.segment.units for pick in picks)
        closing = (replies.NO_UNIT, replies.ASK_HOTLINE) if silent else ()
        with_units = bool(said or bodies) or wants_units(query)
        return Draft(query, "answered", picks, opening, closing, with_units, tuple(evidence), headed=several)

    def compared(self, query: Query) -> Draft:
        """What each paper, or each level, says; what one of them does not say is told."""
        scopes = (Scope(named=side) for side in query.scope.sides)
        drafts = [self.draft(part, self.candidates(part)) for part in (replace(query, scope=scope) for scope in scopes)]
        answered = [draft for draft in drafts if draft.status == "answered"]
        if not answered:
            return drafts[0]
        silent = [side for side, draft in zip(query.scope.sides, drafts, strict=True) if draft.status != "answered"]
        titles = [document.title for document in self.store.documents for side in silent if side == {document.id}]
        return Draft(
            query,
            "answered",
            tuple(pick for draft in answered for pick in draft.picks),
            (replies.LEVELS_DIFFER,) if len(answered) > 1 else (),
            tuple(replies.NOT_IN_PAPER.format(title=title) for title in titles),
            any(draft.with_units for draft in answered),
            tuple(item for draft in answered for item in draft.evidence),
            headed=len(answered) > 1,
        )

    def evidence(self, query: Query, hits: Sequence[Hit]) -> list[Evidence]:
        rarities = self.store.rarities(self._wording(query))
        asked = self.likeness.to(query.understood)
        return figure_first(query, gather(query, hits, self._weigh, self._titles, rarities, self.lines, asked))

    def by_wording(self, query: Query, hits: Sequence[Hit]) -> list[Evidence]:
        """The evidence as its wording alone ranks it."""
        rarities = self.store.rarities(self._wording(query))
        return by_wording(query, hits, self._weigh, self._titles, rarities, self.lines)

    def _wording(self, query: Query) -> str:
        """What is asked about: without the words that ask, with words from the conversation and for unknown ones."""
        others = [term for term in query.terms if term.text not in query.understood]
        unknown = [term for term in query.terms if not self.store.mentions(term.text)]
        words = (*(term.text for term in others), *(word for term in unknown for word in term.alternatives))
        return " ".join((topic_of(query.understood), *words))

    def _gather(self, query: Query) -> list[Evidence]:
        return self.evidence(query, self.candidates(query))

    def _weigh(self, term: Term) -> float:
        return corpus_weight(term, self.store.document_frequency(term.text), len(self.store.chunks))


def punishments(hits: Sequence[Hit], read: Callable[[str], Sequence[Line]]) -> dict[tuple[str, str], float]:
    """Paper and number of what punishes the breach of a rule among the best hits; the best such rule's score."""
    rules: dict[tuple[str, str], float] = {}
    for hit in hits[:RULES]:
        rules.setdefault(_name(hit.chunk), hit.score)
    found: dict[tuple[str, str], float] = {}
    for id_ in dict.fromkeys(id_ for id_, _ in rules):
        for line in read(id_):
            broken = [rules.get((id_, clause.ref), 0.0) for clause in line.breaches]
            if best := max(broken, default=0.0):
                found[id_, line.clause.ref] = max(best, found.get((id_, line.clause.ref), 0.0))
    return found


def _name(chunk: Chunk) -> tuple[str, str]:
    return chunk.clause.document.id, chunk.clause.ref


def with_units_of(drafts: list[Draft], part: Query) -> bool:
    """
    Whether the question who is answered by the units of what is quoted already, which are then shown with it.

    分别由谁牵头 asks of all that was asked before, 由谁牵头 of the last.
    """
    asked = drafts if OF_EACH.search(part.understood) else drafts[-1:]
    quoted = [pick for draft in asked for pick in draft.picks if draft.status == "answered"]
    if (
        part.asks - {"list"} != {"unit"}
        or not quoted
        or not all(pick.segment and pick.segment.units for pick in quoted)
    ):
        return False
    drafts[-len(asked) :] = [replace(draft, with_units=True) for draft in asked]
    return True


def year_of(drafts: Sequence[Draft], part: Query, read: Callable[[str], Sequence[Line]]) -> Draft | None:
    """What answers 哪年完成 after figures: the line that sets the year for what is quoted already."""
    quoted = {pick.segment.span: pick for draft in drafts for pick in draft.picks if pick.segment}
    lines = (line for pick in quoted.values() for line in read(pick.clause.document.id))
    dated = [line for line in lines if line.segment.span in quoted and year_set(line.text)]
    picks = tuple(Pick(line.clause, line.span, line.segment) for line in dict.fromkeys(dated))
    return Draft(part, "answered", picks) if picks else None


def search_text(query: Query) -> str:
    """What is searched for: the question as understood, words from the conversation, other names for things."""
    extra = (word for term in query.terms for word in (term.text, *term.alternatives) if word not in query.understood)
    return " ".join((query.understood, *dict.fromkeys(extra)))


def _turns(history: object) -> Iterator[Turn]:
    """
    [[question, answer], …], and also the [["user", …], ["assistant", …]] that chat clients keep.

    Raises QuestionError for anything else.
    """
    if not isinstance(history, list | tuple) or not all(
        isinstance(turn, list | tuple) and len(turn) == 2 for turn in history
    ):
        raise QuestionError("history 应为 [[问题, 回答], …]。")
    question = ""
    for first, second in history:
        if first == "user":
            question = str(second)
        elif first == "assistant":
            yield Turn(question, str(second))
        else:
            yield Turn(str(first), str(second))


def open_pipeline(store: Path | None = None, mode: Mode | None = None) -> Pipeline:
    """
    The pipeline over the index at `store` (default: the BOT_STORE setting).

    mode: "quoted" asks no model, "generated" wants one; by default a model is asked where the settings name one.
    Raises StoreMissingError where nothing has been indexed, StoreError where the index cannot be used, ModelError where
    its embedding model, or the reranker or language model the settings name, cannot be used.
    """
    from bot.index.embed import open_embedder
    from bot.index.store import open_store

    has_model = bool(settings().llm_url or settings().llm_model)
    if mode == "generated" and not has_model:
        raise ModelError("没有设置大模型；请用 BOT_LLM_URL 和 BOT_LLM_MODEL 写明接口和模型名，写法见 README。")
    opened = open_store(store or settings().store, open_embedder(settings()))
    reranker = generator = None
    if settings().reranker:
        from bot.retrieval.rerank import Reranker

        reranker = Reranker.load(settings().reranker)
    if has_model and mode != "quoted":
        from bot.answering.generate import open_generator

        generator = open_generator(settings(), opened.outlines)
    return Pipeline(opened, reranker, generator)


def reopen(pipeline: Pipeline, store: Path) -> Pipeline:
    """A pipeline with the same models over the index at `store` as it is now. Raises StoreError."""
    from bot.index.store import open_store

    opened = open_store(store, pipeline.store.embedder)
    generator = pipeline.generator.over(opened.outlines) if pipeline.generator else None
    return Pipeline(opened, pipeline.retriever.reranker, generator)
