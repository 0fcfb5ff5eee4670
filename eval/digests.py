"""
Check the digests of the corpus against the originals they were condensed from.

第四十五条　…奖酬不低于50%。  beside  第四十五条　…不低于百分之五十的比例…  ->  no fault
第四十五条　…奖酬不低于60%。                                             ->  Fault("…：数字 60% 不在原文第四十五条里")

Where the original of a digest is at hand, each article it names must exist, each figure of a line must stand in that
article, in whatever form, and no long run of the original's characters may stand in the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from bot.documents.corpus import read_corpus
from bot.documents.digest import WHOLE
from bot.text.numerals import figures, without_figures
from bot.types import Clause, Outline, Segment
from eval.errors import EvaluationError

LONGEST_RUN = 11  # characters; one more in common with the original counts as copied
# Fixed terms of law and names of bodies and funds: nobody can say them in other words.
TERMS = (
    "新技术、新产业、新业态、新模式",
    "新技术、新产品、新服务、新模式",
    "国务院科学技术行政部门",
    "初创期科技型中小企业",
    "创业投资引导基金",
    "海洋战略性新兴产业",
    "大型科学仪器设施",
    "产业技术创新战略联盟",
    "人才临时周转编制专户",
    "生成式人工智能服务",
    "海洋科技创新中心",
)
_EXCUSED = re.compile("|".join([r"《[^《》]*》", *map(re.escape, TERMS)]))
_MARKS = re.compile(r"\W")


@dataclass(frozen=True, slots=True)
class DigestCheck:
    """What was compared and what was wrong; `unchecked` are titles of digests whose original is not at hand."""

    digests: int
    lines: int
    compared_digests: int
    compared_lines: int
    figures: int
    faults: tuple[str, ...]
    unchecked: tuple[str, ...]

    @property
    def summary(self) -> str:
        return (
            f"摘编 {self.digests} 份 {self.lines} 条；"
            f"有原文可对的 {self.compared_digests} 份 {self.compared_lines} 条，"
            f"核对数字 {self.figures} 个，差错 {len(self.faults)} 处；没有原文可对的 {len(self.unchecked)} 份"
        )


def check_digests(corpus: Path, originals: Path) -> DigestCheck:
    """
    Compare the digests in `corpus` with the documents in `originals`, by the name of the work.

    Raises EvaluationError where there is no such folder.
    """
    if not originals.is_dir():
        raise EvaluationError(f"没有放原文的文件夹 {originals}，请给出存有法规原文的文件夹。")
    reading = read_corpus([corpus])
    digests = [outline for outline in reading.outlines if outline.document.kind == "digest"]
    by_work = _newest_by_work(read_corpus([originals]).outlines)
    compared = [digest for digest in digests if digest.document.work in by_work]
    faults = [*reading.problems]
    for digest in compared:
        faults += compare(digest, by_work[digest.document.work])
    return DigestCheck(
        digests=len(digests),
        lines=sum(len(list(_lines(digest))) for digest in digests),
        compared_digests=len(compared),
        compared_lines=sum(len(list(_lines(digest))) for digest in compared),
        figures=sum(len(figures(_fact(clause, line))) for digest in compared for clause, line in _lines(digest)),
        faults=tuple(faults),
        unchecked=tuple(digest.document.title for digest in digests if digest not in compared),
    )


def compare(digest: Outline, original: Outline) -> list[str]:
    """One sentence for each fault of `digest`."""
    articles = {clause.ref: clause.text for clause in original.clauses}
    whole = original.document.text
    runs = frozenset(run for piece in _pieces(whole) for run in _runs(piece))
    return [
        f"{digest.document.id} {clause.ref}：{fault}"
        for clause, line in _lines(digest)
        for fault in _faults(clause.ref, _fact(clause, line), {WHOLE: whole} | articles, runs)
    ]


def _faults(ref: str, fact: str, articles: Mapping[str, str], runs: frozenset[str]) -> Iterator[str]:
    if ref not in articles:
        yield "原文没有这一条"
        return
    stated = set(figures(articles[ref]))
    for figure in figures(fact):
        if figure not in stated:
            yield f"数字 {figure} 不在原文{ref}里"
    if run := _copied(fact, runs):
        yield f"与原文相同的字太长：“{run}”"


def _lines(digest: Outline) -> Iterator[tuple[Clause, Segment]]:
    for clause in digest.clauses:
        for segment in clause.segments:
            yield clause, segment


def _fact(clause: Clause, line: Segment) -> str:
    """A line without the place it opens with."""
    return line.text.removeprefix(clause.path[-1]).strip()


def _newest_by_work(outlines: Sequence[Outline]) -> Mapping[str, Outline]:
    newest: dict[str, Outline] = {}
    for outline in sorted(outlines, key=lambda outline: str(outline.document.issued_on or "")):
        newest[outline.document.work] = outline
    return newest


def _pieces(text: str) -> list[str]:
    """What may not be copied, without white space and marks: a copied run is not excused by a comma less."""
    lines = without_figures(_EXCUSED.sub("\n", text)).splitlines()
    return [bare for line in lines if (bare := _MARKS.sub("", line))]


def _runs(piece: str) -> list[str]:
    return [piece[start : start + LONGEST_RUN + 1] for start in range(len(piece) - LONGEST_RUN)]


def _copied(fact: str, runs: frozenset[str]) -> str:
    """The first run that is copied, as long as it goes on; empty where none is."""
    for piece in _pieces(fact):
        for copied, group in groupby(enumerate(_runs(piece)), key=lambda run: run[1] in runs):
            if copied:
                starts = [start for start, _ in group]
                return piece[starts[0] : starts[-1] + LONGEST_RUN + 1]
    return ""
