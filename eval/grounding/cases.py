"""
What a case is, and the true statements that cases are made from.

    Outline(…)  ->  Statement("企业所得税税率为25%。", Passage(第四条))  ->  Case(…, kind="figure", is_true=False)

A passage is a segment of a clause, as a model is shown it. Half of the clauses, by a hash of their name, are held:
their cases are counted, never shown.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from random import Random

from bot.text.sentences import split_sentences
from bot.types import Citation, Clause, Document, Outline, Segment

LONGEST_PASSAGE = 600  # characters; a longer one is a table or a page without structure
SHORTEST, LONGEST = 10, 170  # characters of a statement

# Kind -> its Chinese name, false ones first in the order of the report.
FALSE_KINDS = {
    "figure": "数字改动",
    "bound": "上下限改动",
    "measure": "计量单位改动",
    "date": "日期、频次改动",
    "doc_number": "文号改动或编造",
    "article": "条号、序号改动",
    "name": "名称改动",
    "unit": "责任单位、部门改动",
    "negation": "肯定否定颠倒",
    "modality": "力度改动",
    "dropped": "漏掉条件、例外、期限",
    "merged": "两条拼接",
    "exchanged": "两数对调",
    "member": "列举中换进别条的一项",
    "invented": "无中生有",
}
TRUE_KINDS = {
    "verbatim": "照抄",
    "number_form": "数字换写法",
    "date_form": "日期换写法",
    "short_unit": "单位简称、全称",
    "units_told": "另说责任单位",
    "order": "换次序",
    "connective": "加连接语、出处",
    "wording": "换近义说法",
    "shortened": "在分句处截短",
    "joined": "几句合成一句",
    "paraphrase": "意译",
}
KINDS = {**FALSE_KINDS, **TRUE_KINDS}
# What the targets are set for: facts that must be right to the character, and wording that turns the meaning.
FACTS = ("figure", "bound", "measure", "date", "doc_number", "article", "name", "unit")
WORDING = ("negation", "modality", "dropped")

# The end of a passage that says where it does not hold: what leaves it out is not surely true.
EXCEPTION = re.compile(
    r"但|除外|除[^，。]{1,40}外|例外|另有|不适用|不在其内|不包括|方可|前款|前项|从其(?:规定|约定)|不受[^，。]{1,10}限"
)
_UNITS = re.compile(r"(?:责任|牵头|配合|主办|落实|实施|负责|参与)(?:单位|部门)\s*[：:]")
_NUMBERED = re.compile(
    r"^(?:第[一二三四五六七八九十百零]+条[　 ]+|[（(][一二三四五六七八九十]+[）)]|[一二三四五六七八九十]+、"
    r"|\d+[.．、]\s*)"
)
_ITEM = re.compile(r"[（(][一二三四五六七八九十]+[）)]|\d+[、.．]")  # of a list: no sentence of its own
_FORM = re.compile(r"\d+、")  # a line of a form
_CLEAN = re.compile(r"^[\u4e00-\u9fff《\d][^\n\t|　]*。$")
_DANGLING = re.compile(r"^(?:前款|前项|其中|其(?!他|余)|该|上述|同时|此外|另外|但|并|或者|以及|对此|为此|因此)")


@dataclass(frozen=True, slots=True)
class Passage:
    """What a model is shown and may cite."""

    clause: Clause
    segment: Segment

    @property
    def document(self) -> Document:
        return self.clause.document

    @property
    def key(self) -> str:
        """The clause's name, by which cases are dealt to the practice and the held half."""
        return f"{self.document.id} {self.clause.ref}"

    @property
    def is_held(self) -> bool:
        return is_held(self.key)

    def cited(self, number: int = 1) -> Citation:
        return Citation(number, self.clause, self.segment.text, self.segment.span, self.segment)


@dataclass(frozen=True, slots=True)
class Statement:
    """A whole sentence of a passage, without the clause's number and heading, and what else the passage says."""

    text: str  # ends with 。
    passage: Passage
    rest: str

    @property
    def body(self) -> str:
        return self.text.removesuffix("。")

    @property
    def hash(self) -> str:
        return hashlib.sha256(f"{self.passage.key} {self.text}".encode()).hexdigest()

    @property
    def stands_alone(self) -> bool:
        """Whether nothing else in its passage limits it."""
        return not EXCEPTION.search(self.rest)

    def random(self, seed: int, kind: str) -> Random:
        """Chance that depends on nothing but the seed, the kind of change and the statement."""
        return Random(f"{seed} {kind} {self.passage.key} {self.text}")


@dataclass(frozen=True, slots=True)
class Case:
    """A sentence, the passages it cites, and whether it is true by them. `written`: by hand, not by a rule."""

    sentence: str
    cited: tuple[Citation, ...]
    kind: str
    is_true: bool
    written: bool = False

    @property
    def id(self) -> str:
        told = f"{self.kind} {self.sentence} {' '.join(_key(citation) for citation in self.cited)}"
        return f"{self.kind}-{hashlib.sha256(told.encode()).hexdigest()[:10]}"

    @property
    def held(self) -> bool:
        return is_held(_key(self.cited[0]))


def is_held(key: str) -> bool:
    """Whether the cases of the clause with this name are counted only."""
    return hashlib.sha256(key.encode()).digest()[0] % 2 == 1


def passages(outlines: Iterable[Outline]) -> Iterator[Passage]:
    """The passages of every paper but the glossary, which is ours and no rule."""
    for outline in outlines:
        if outline.document.is_glossary:
            continue
        for clause in outline.clauses:
            for segment in clause.segments:
                if len(segment.text) <= LONGEST_PASSAGE:
                    yield Passage(clause, segment)


def statements(passage: Passage) -> Iterator[Statement]:
    """The whole sentences of a passage that can stand alone; parts that a “；” ends belong to one sentence."""
    text = passage.segment.text
    pieces: list[tuple[int, int]] = []
    open_sentence = False
    for span in split_sentences(text):
        if open_sentence and "\n" not in text[pieces[-1][1] : span.start]:
            pieces[-1] = (pieces[-1][0], span.end)
        else:
            pieces.append((span.start, span.end))
        open_sentence = text[span.end - 1] in "；;"
    for start, end in pieces:
        if _FORM.match(text, start) or (_ITEM.match(text, start) and passage.clause.ref.endswith(("条", "段"))):
            continue
        sentence = _NUMBERED.sub("", text[start:end].strip())
        if sentence.removesuffix("。") == passage.clause.title or _UNITS.search(sentence):
            continue
        fits = SHORTEST <= len(sentence) <= LONGEST and sentence.count("“") == sentence.count("”")
        if fits and _CLEAN.match(sentence) and not _DANGLING.match(sentence):
            yield Statement(sentence, passage, text[:start] + text[end:])


def _key(citation: Citation) -> str:
    return f"{citation.clause.document.id} {citation.clause.ref}"
