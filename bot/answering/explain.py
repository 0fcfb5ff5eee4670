"""
What a word means, where a question asks just that and the policies do not say.

    "先投后股是什么意思"  ->  【名词解释 · 非官方】先投后股。一般指先以科技项目经费支持企业，……[2]

An entry of the glossary is added to what the policies say of the word. It answers no other question.
"""

import re
from dataclasses import replace

from bot.answering.draft import Draft, Pick
from bot.index.store import Store
from bot.text.normalise import comparable
from bot.types import Clause, Span

_POLITE = r"(?:请问|请教|想问|想知道|问一?下|那|麻烦|帮我|给我|你好|,)*"
_WHAT = r"(?:什么|啥|嘛)"
_SAID = r"(?:(?:这个|这份)?(?:方案|文件|政策|上头|上面|里面?|中|里头)*(?:提到|说到|说|讲|写)的|所谓的?|这个|那个)?"
_WORD = r"(?P<word>[^,。;?!]{2,20}?)"
_CALLED = r"(?:这个词|这个说法|这个提法|这个概念|一词|一说)?"
_END = r"(?:意思|概念|东西|玩意儿?|含义|说法|回事)?[啊呀呢吗的]*[?。!]*"
MEANING = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_POLITE}(?:什么是|什么叫做?|啥是|啥叫|何谓|何为){_SAID}{_WORD}{_CALLED}[啊呀呢]*[?。!]*",
        rf"{_POLITE}(?:解释一?下|名词解释:?|说明一?下|怎么理解|如何理解){_SAID}{_WORD}{_CALLED}(?:的(?:意思|含义|概念|定义))?{_END}",
        rf"{_POLITE}{_SAID}{_WORD}{_CALLED}(?:到底|究竟|具体)?(?:是|指的?是?|代表|意味着)(?:一?个)?{_WHAT}{_END}",
        rf"{_POLITE}{_SAID}{_WORD}{_CALLED}(?:的)?(?:(?:是)?{_WHAT}(?:意思|概念|含义)|(?:含义|定义|意思)(?:是{_WHAT})?|(?:该|应该)?(?:怎么|如何|咋)(?:理解|解释)){_END}",
    )
)
STOPS = re.compile(r"[,。;?!]+")
NAMES = re.compile(r"[（(、）)]")
NUMBER = re.compile(r"^\d+[.．、]\s*")
# The text itself says what the word means: 本法所称科技成果，是指……
DEFINES = r"[\"”」]?[,，]?(?:是指|系指|指的是|，?即)"


def explained(draft: Draft, store: Store) -> Draft:
    """The draft with the glossary's entry, where the question asks what a word means and the policies do not say."""
    if draft.status != "answered" and not draft.status.startswith("unanswerable"):
        return draft
    word = asked_word(draft.query.understood)
    entry = entry_of(word, store) if word else None
    if entry is None or is_defined(word, store):
        return draft
    if draft.status == "answered":
        return replace(draft, explanation=entry)
    return Draft(draft.query, "answered", explanation=entry, evidence=draft.evidence)


def asked_word(question: str) -> str:
    """The word whose meaning a normalised question asks for; empty where it asks for anything else."""
    parts = STOPS.split(question.replace('"', ""))
    found = next(filter(None, (pattern.fullmatch(part) for part in parts for pattern in MEANING)), None)
    return found["word"] if found else ""


def entry_of(word: str, store: Store) -> Pick | None:
    """The glossary's entry for a word, its name first; None where no glossary has the word."""
    for outline in store.glossaries:
        for clause in outline.clauses:
            if comparable(word) in {comparable(name) for name in NAMES.split(clause.title) if name}:
                return _entry(clause)
    return None


def _entry(clause: Clause) -> Pick:
    """Without the number before it."""
    number = NUMBER.match(clause.text)
    start = clause.span.start + (number.end() if number else 0)
    return Pick(clause, Span(start, clause.span.end), clause.segments[0])


def is_defined(word: str, store: Store) -> bool:
    """Whether a policy itself says what the word means."""
    defines = re.compile(re.escape(comparable(word)) + DEFINES)
    return any(defines.search(comparable(chunk.text)) for chunk in store.chunks_with(word))
