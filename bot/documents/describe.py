"""
Read what a document says about itself.

青岛市科技局 | 关于印发《…管理办法》的通知 | 青科规〔2024〕3号 | … | 青岛市科技局 | 2024年5月6日
    ->  {"title": "青岛市科技局关于印发《…管理办法》的通知", "doc_number": "青科规〔2024〕3号", …}

These are simple, general readings; the manifest overrules them.
"""

import re
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

_FEW = 3  # lines; a text of no more is flattened
_HEAD = 1500  # characters before the first numeral in which a document says what it is
_TAIL = 800  # characters at the end in which it may be signed
_TITLE_LONGEST = 120
_FALLBACK_LONGEST = 60

_BODY = re.compile(r"(?:^|(?<=\s))(?:一、|第一[编章条])")
_DATE = r"(\d{4})\s?年\s?(\d{1,2})\s?月\s?(\d{1,2})\s?日"
_ISSUER = (
    r"[^\s。，：；《》\d]{2,30}"
    r"(?:政府|办公厅|办公室|委员会|委|部|厅|局|署|院|会|中心|集团|小组|指挥部|机构|行)"
)
_DOC_NUMBER = re.compile(
    r"(?:^|(?<=[\s（(]))[\u4e00-\u9fff]{2,14}[〔\[【（(](?:19|20)\d\d[〕\]】）)]\s?(?:第\s?)?\d{1,5}\s?号", re.M
)
_SIGNED = re.compile(rf"(?:^|(?<=\s))({_ISSUER})\s+{_DATE}(?=\s|$)")
_TITLED = re.compile(rf"({_ISSUER})关于")
_EFFECTIVE = re.compile(rf"自\s?{_DATE}\s?起\s?(?:施行|实施|执行|生效)")
# 题注 of a statute: “2020年1月1日某市人民代表大会常务委员会通过”.
_ENACTED = re.compile(rf"{_DATE}(?![\s起]*施行)(?=[^。\n]{{0,80}}?(?:通过|公布|发布|修订|修正|批准))")
_LEGISLATURE = re.compile(
    r"[^\s，。、；：》〉日的）]{0,20}人民代表大会(?:常务委员会)?(?=\S{0,20}通过)|国务院(?=\S{0,20}(?:令|通过|公布))"
)
_SESSION = re.compile(r"第[一二三四五六七八九十]+届")

_KIND = (
    "通知|意见|决定|决议|公告|通告|公报|函|批复|办法|规定|条例|细则|方案|规划|计划|措施|政策|要点|指南|指引|规则|规程|规范|"
    "章程|准则|标准|纲要|清单|解读|倡议书|法"
)
_TITLE_END = re.compile(rf"(?:{_KIND})》?(?:[（(〔][^）)〕]*[）)〕])*$")
_NO_TITLE = re.compile(r"[。；！？：:]|^\d|号$|^目\s*录$|^附件|^新华社|[（(](?:文/)?记者")


def describe(text: str) -> dict[str, str | date]:
    """Fields of a Document that `text`, which is not empty, gives itself: title always, others where found."""
    text = text.strip()
    body = _BODY.search(text)
    head = text[: min(body.start() if body else _HEAD, _HEAD)]
    title = find_title(text)
    number = _DOC_NUMBER.search(head)
    signed = _SIGNED.search(head) or _SIGNED.search(text[-_TAIL:])
    enacted = [day for match in _ENACTED.finditer(head) if (day := _date(match.groups()))]
    effective = [day for match in _EFFECTIVE.finditer(text) if (day := _date(match.groups()))]
    found = {
        "title": title,
        "doc_number": re.sub(r"\s", "", number[0]) if number else None,
        "issuer": _issuer(signed, title, head),
        "issued_on": _date(signed.groups()[1:]) if signed else max(enacted, default=None),
        "effective_on": effective[-1] if effective else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def find_title(text: str) -> str:
    """
    The lines (in flattened text: the words between gaps) that end with 通知, 办法, 方案 …; else the first line.

    "青岛市科技局\\n关于印发《未来产业目录》\\n的通知\\n各区、市…：" -> "青岛市科技局关于印发《未来产业目录》的通知"
    """
    lines = [line.strip() for line in text.lstrip()[:_HEAD].splitlines() if line.strip()]
    if len(lines) > _FEW:
        return _formal_title(lines) or _clip(lines[0])
    words = " ".join(lines).split()
    before_body = next((position for position, word in enumerate(words) if "。" in word), len(words))
    return _formal_title(words[:before_body]) or _clip(_first_words(words))


def _formal_title(pieces: Sequence[str]) -> str | None:
    gathered: list[str] = []
    for piece, following in pairwise([*pieces, ""]):
        if _NO_TITLE.search(piece) or len(piece) > _TITLE_LONGEST:
            gathered.clear()
            continue
        if piece.startswith("关于") and any("关于" in earlier for earlier in gathered):
            gathered.clear()
        if piece not in gathered:
            gathered.append(piece)
        if _TITLE_END.search(piece) and not following.startswith("的"):
            joined = re.sub(r"\s", "", "".join(gathered))
            return joined if len(joined) <= _TITLE_LONGEST else piece
    return None


def _first_words(words: Sequence[str]) -> str:
    """A headline has a space where its second half begins; the report after it has commas."""
    title = words[0]
    for word in words[1:]:
        if _NO_TITLE.search(word) or "，" in word or len(title) + len(word) > _FALLBACK_LONGEST:
            break
        title = f"{title} {word}"
    return title


def _clip(line: str) -> str:
    return re.split(r"[。！？；]", line, maxsplit=1)[0][:_FALLBACK_LONGEST] or line[:_FALLBACK_LONGEST]


def _issuer(signed: re.Match[str] | None, title: str, head: str) -> str | None:
    if signed:
        return signed[1]
    if titled := _TITLED.match(title):
        return titled[1]
    legislature = _LEGISLATURE.search(head)
    return _SESSION.sub("", legislature[0]) if legislature else None


def _date(parts: Sequence[str]) -> date | None:
    try:
        year, month, day = map(int, parts)
        return date(year, month, day)
    except ValueError:
        return None
