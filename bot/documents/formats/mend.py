"""
Mend headings that printing or converting a page has doubled or pulled apart.

第 一 条第 一 条　为了…  ->  第一条　为了…
第一章 第一章 总 则  ->  第一章 总则

Bold print is often printed twice, a hair apart, and a wide heading is set with gaps between its characters.
"""

import re

_NUMERAL = "一二三四五六七八九十百千零〇两"
_SPACE = r"[ \t\u00a0\u3000]"
_CJK = r"[\u4e00-\u9fff]"
# 第 十 二 条, 第三十 条: only as the opening of a line, where a sentence would not write it.
_SPACED = re.compile(
    rf"第{_SPACE}*[{_NUMERAL}](?:{_SPACE}*[{_NUMERAL}])*{_SPACE}*(?:分{_SPACE}*编|[编章节条])(?!款|例)"
)
_NUMBERED = re.compile(
    rf"第[{_NUMERAL}]+(?:分编|[编章节条])|[{_NUMERAL}]+、|[（(][{_NUMERAL}]+[）)]|\d{{1,3}}[.．、](?!\d)|[（(]\d{{1,2}}[）)]"
)
_CHAPTER = re.compile(rf"第[{_NUMERAL}]+(?:分编|[编章节]){_SPACE}+")
# 总 则: single characters with gaps between them, to the end of the line.
_APART = re.compile(rf"{_CJK}(?:{_SPACE}+{_CJK})+$")
_HEADING_LONGEST = 60


def mend(text: str) -> str:
    """`text` with its headings as published; line by line, so that no line comes, goes or moves."""
    return "\n".join(map(_mend_line, text.split("\n")))


def _mend_line(line: str) -> str:
    body = line.lstrip()
    indent = line[: len(line) - len(body)]
    # “第第一一条条”, then “第 一 条第 一 条”, then “第一条第一条”: each repair shows the next fault.
    body = _join_numeral(_single_characters(body))
    return indent + _join_title(_once(body))


def _single_characters(body: str) -> str:
    """第第一一章章 总总则则 -> 第一章 总则, where the numeral's every character is doubled."""
    if not re.match(rf"第第(?:([{_NUMERAL}])\1)+([编章节条])\2", body):
        return body
    words = re.split(rf"({_SPACE}+)", body)
    return "".join(word[::2] if word[::2] == word[1::2] else word for word in words)


def _join_numeral(body: str) -> str:
    """第 一 条第 一 条　为了 -> 第一条第一条　为了"""
    joined = ""
    while found := _SPACED.match(body):
        joined += re.sub(_SPACE, "", found[0])
        body = body[found.end() :]
        gap = re.match(rf"{_SPACE}*", body)
        if gap and _SPACED.match(body, gap.end()):
            joined, body = joined + gap[0], body[gap.end() :]
    return joined + body


def _once(body: str) -> str:
    """第一条第一条　为了 -> 第一条　为了, 第一章 总则第一章 总则 -> 第一章 总则, 一、一、目标 -> 一、目标"""
    numbered = _NUMBERED.match(body)
    if not numbered:
        return body
    stripped = body.rstrip()
    if len(stripped) <= 2 * _HEADING_LONGEST:
        for end in range(numbered.end(), len(stripped) // 2 + 1):
            if stripped[:end].rstrip() == stripped[end:].lstrip():
                return stripped[:end].rstrip()
    again = re.compile(rf"(?:{_SPACE}*{re.escape(numbered[0])})+").match(body, numbered.end())
    return numbered[0] + body[again.end() :] if again else body


def _join_title(body: str) -> str:
    """第六章 附 则 -> 第六章 附则"""
    chapter = _CHAPTER.match(body)
    if not chapter or not _APART.match(body.rstrip(), chapter.end()):
        return body
    return body[: chapter.end()] + re.sub(_SPACE, "", body[chapter.end() :])
