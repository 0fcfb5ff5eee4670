"""
A clause of a sentence that has nothing in common with what the sentence cites.

    "每年培养技术经纪人30名以上，防线已关闭。", 三、(二)6.  ->  "防线已关闭"

Two characters in a row that stand in the passage, in the names of its paper, article or units, are something in common;
a clause of one character needs that character. Words that only lead on (其中, 此外) need nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.text.normalise import comparable
from bot.types import Citation

_ENDS = re.compile(r"[，,。；;：:！!？?、\s]+")
_CHINESE = re.compile(r"[\u3400-\u9fff]+")
_LEADS = re.compile(
    r"其中|此外|另外|同时|并且?|而且|以及|因此|所以|据此|对此|即|包括|具体(来说|而言|如下|包括)?|也就是说|换言之|总之|例如|如|"
    r"(根据|按照|依据|依照|按)(上述|该|有关|相关|文件|规定|要求|条款|方案|政策)*|(文件|方案|政策|条款)?(规定|提出|明确|要求|写明|指出)|"
    r"需要(说明|注意|指出)的是|在这方面|具体来看|[一二三四五六七八九十]*部分规定|[到至自从]?[〇零一二三四五六七八九十]*年?|"
    r"(主要|分别|具体)?(有|为|是|如下|包括)|(首先|其次|再次|最后|一是|二是|三是)"
)


def strange_clause(sentence: str, cited: Sequence[Citation]) -> str:
    """The first such clause; empty where every clause has something in common with a passage."""
    told = [_told(passage) for passage in cited]
    for clause in _ENDS.split(sentence):
        own = _chinese(clause)
        pieces = {own[place : place + 2] for place in range(max(len(own) - 1, 1))}
        if own and not _LEADS.fullmatch(own) and not any(piece in text for text in told for piece in pieces):
            return clause
    return ""


def _told(passage: Citation) -> str:
    document = passage.clause.document
    own = passage.segment.text if passage.segment else ""
    units = "、".join(passage.segment.units) if passage.segment else ""
    return _chinese(
        f"{passage.quote}\n{own}\n{units}\n{document.title}\n{passage.clause.ref}\n{' '.join(passage.clause.path)}"
    )


def _chinese(text: str) -> str:
    return "".join(_CHINESE.findall(comparable(text)))
