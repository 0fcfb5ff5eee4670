"""
Clauses that a question names by their number.

    "三（一）3 的责任单位是谁"   ->  [Clause(ref="三、(一)3.")]
    "第十四条说了什么"           ->  [Clause(ref="第十四条")]; in an outline of items, [Clause(ref="三、(五)14.")]
"""

import re
from collections.abc import Iterable, Sequence

from bot.answering.lines import body_sentences
from bot.documents.lists import bare
from bot.text.normalise import comparable
from bot.text.numerals import to_chinese
from bot.types import Clause, Outline, Segment, Span

_NUMERALS = "零一二三四五六七八九十"
_PATH = re.compile(
    r"(?<![第\d])([一二三四五六七八九十]+)[、.]?\s*\(([一二三四五六七八九十]+)\)\s*(?:第?(\d+)[.、条项款]?)?"
)
_ARTICLE = re.compile(r"第\s*([一二三四五六七八九十百零\d]+)\s*条(?:之([一二三四五六七八九十]+))?")
_SENTENCE = re.compile(r"第(?P<number>[一二三四五六七八九十\d]+)句|(?P<last>最后一?句|末句|末尾一?句)")
_PART = re.compile(r"第\s*([一二三四五六七八九十\d]+)\s*(?:个)?(?:大)?部分")


def named_clauses(question: str, outlines: Iterable[Outline]) -> list[Clause]:
    """The clauses whose number stands in the normalised question, in reading order; none where it names none."""
    patterns = [re.compile(pattern) for pattern in _ref_patterns(question)]
    if not patterns:
        return []
    named = [
        clause
        for outline in outlines
        for clause in outline.clauses
        if any(pattern.fullmatch(clause.ref) for pattern in patterns)
    ]
    said = comparable(question)
    # 重点任务第7条: of several with that number the one under the heading that is named too.
    headed = [clause for clause in named if any(comparable(bare(name)) in said for name in clause.path[:-1])]
    return headed or named


def asked_sentences(question: str, clauses: Sequence[Clause]) -> list[tuple[Clause, Segment, Span]]:
    """Which sentence of one clause a question names by its place, 第二句 or 最后一句; none where it names none."""
    found = _SENTENCE.search(question)
    if not found or len(clauses) != 1:
        return []
    clause = clauses[0]
    text = clause.document.text
    sentences: list[tuple[Clause, Segment, Span]] = []
    for segment in clause.segments:
        for span in body_sentences(clause, segment):
            goes_on = sentences and sentences[-1][1] is segment and sentences[-1][2].of(text)[-1] in ";；"
            start = sentences.pop()[2].start if goes_on else span.start
            sentences.append((clause, segment, Span(start, span.end)))
    if found["last"]:
        return sentences[-1:]
    place = _value(found["number"]) - 1
    return sentences[place : place + 1] if place >= 0 else []


def asked_articles(question: str) -> list[str]:
    """The articles it names by number, as statutes write them: 第70条 -> 第七十条."""
    return [
        f"第{to_chinese(_value(numeral))}条" + (f"之{suffix}" if suffix else "")
        for numeral, suffix in _ARTICLE.findall(question)
        if _value(numeral)
    ]


def without_references(question: str) -> str:
    """The question without the numbers that name clauses, so that they are not taken for its subject."""
    for pattern in (_PATH, _ARTICLE, _PART, _SENTENCE):
        question = pattern.sub(" ", question)
    return question


def _ref_patterns(question: str) -> list[str]:
    patterns = [
        rf"{part}、\({section}\){f'{item}[.]' if item else '.*'}" for part, section, item in _PATH.findall(question)
    ]
    for numeral, suffix in _ARTICLE.findall(question):
        number = _value(numeral)
        article = f"第{to_chinese(number)}条" + (f"之{suffix}" if suffix else "")
        patterns += [article, rf".*[)、]{number}[.]"] if number else []
    patterns += [f"{to_chinese(_value(numeral))}、.*" for numeral in _PART.findall(question) if _value(numeral)]
    return patterns


def _value(numeral: str) -> int:
    """The number a numeral up to 999 stands for; 0 where it is none."""
    if numeral.isdigit():
        return int(numeral)
    total = digit = 0
    for character in numeral:
        if character in "十百":
            total += (digit or 1) * (10 if character == "十" else 100)
            digit = 0
        elif character in _NUMERALS:
            digit = _NUMERALS.index(character)
    return total + digit
