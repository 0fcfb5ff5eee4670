"""
Read what a document says about itself.

青岛市科技局 | 关于印发《…管理办法》的通知 | 青科规〔2024〕3号 | … | 青岛市科技局 | 2024年5月6日
    ->  {"title": "青岛市科技局关于印发《…管理办法》的通知", "doc_number": "青科规〔2024〕3号", …}

These are simple, general readings; what a head table says overrules them, and the manifest overrules both.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from bot.documents.dates import DATE, find_date, find_effective, find_expiry
from bot.documents.levels import find_level, is_draft
from bot.documents.places import find_place

Fields = Mapping[str, object]

_FEW = 3  # lines; a text of no more is flattened
_HEAD = 1500  # characters before the first numeral in which a document says what it is
_TAIL = 800  # characters at the end in which it may be signed
_TITLE_LONGEST = 120
_FALLBACK_LONGEST = 60
_SIGNERS_MOST = 12  # lines of issuers above a date
_OWN_KINDS = ("original", "digest")  # what we wrote ourselves has no level and no place

_BODY = re.compile(r"(?:^|(?<=\s))(?:一、|第一[编章条])")
_ISSUER = (
    r"[^\s。，：；《》\d]{2,30}"
    r"(?:政府|办公厅|办公室|委员会|委|部|厅|局|署|院|会|中心|集团|小组|指挥部|机构|银行|分行|中央)"
)
_ORGANISATION = re.compile(
    r"[\u4e00-\u9fff]{1,28}?(?:政府|办公厅|办公室|委员会|委|部|厅|局|署|院|会|中心|集团|小组|指挥部|机构|银行|大学|公司|办|中央)"
    r"(?:等[一二三四五六七八九十\d]{1,3}个?(?:部门|单位))?"
)
_YEAR = r"[〔\[【（(﹝［]\s?(?:19|20)\d\d\s?年?[〕\]】）)﹞］]"
_NUMBER = (
    rf"[\u4e00-\u9fff]{{2,14}}\s?{_YEAR}\s?(?:第\s?)?\d{{1,5}}\s?号"
    r"|[\u4e00-\u9fff、 ]{2,24}令\s?[（(]?(?:(?:19|20)\d\d\s?年\s?)?第?\s?[\d一二三四五六七八九十百零〇]{1,5}\s?号"
    r"[）)]?"
    r"|[\u4e00-\u9fff]{2,14}(?:公告|通告)\s?[（(]?(?:19|20)\d\d\s?年\s?第?\s?\d{1,5}\s?号[）)]?"
)
_ANY_NUMBER = re.compile(_NUMBER)
# A number of the document's own stands alone: on its line, between gaps, or in brackets after the title.
_OWN_NUMBER = re.compile(
    rf"(?:^|(?<=[ \t　]))(?:发文字号|文\s?号)?\s?[:：]?\s?[（(]?(?P<number>{_NUMBER})[）)]?(?=[ \t　]|$)", re.M
)
_ENACTING = re.compile(
    rf"(?P<date>{DATE})\s?(?P<number>[\u4e00-\u9fff、]{{2,40}}令\s?(?:(?:19|20)\d\d\s?年\s?)?第\s?\d{{1,5}}\s?号)\s?(?:公布|发布)"
)
_CITES = re.compile(r"[，。；]|根据|依据|按照")
_BRACKET = re.compile(r"^\s*[（(][^（）()]{8,600}[）)]\s*$", re.M)
_DECREE = re.compile(
    r"^(?P<number>[\u4e00-\u9fff、 ]{2,24}令\s?[（(]?(?:\d{4}\s?年\s?)?第?\s?\d{1,5}\s?号[）)]?)[\s_]+(?P<title>\S.*)$"
)

_SIGNED = re.compile(rf"(?:^|(?<=\s))({_ISSUER})\s+({DATE})(?=\s|$)")
_DATE_LINE = re.compile(rf"{DATE}(?:印发)?")
# Where nobody signed: the time of a telegram, the day of printing in the 版记.
_PRINTED = re.compile(
    rf"(?:发电|成文|印发|签发)(?:时间|日期)\s?[:：]?\s?(20\d\d[-年]\d{{1,2}}[-月]\d{{1,2}})|({DATE})\s?印发"
)
_TITLED = re.compile(
    rf"((?:{_ISSUER}(?:等[一二三四五六七八九十\d]{{1,3}}个?(?:部门|单位))?[ 　、]*)+?)(?:关于|印发《|转发《)"
)
# 题注 of a statute: “2020年1月1日某市人民代表大会常务委员会通过”.
_ENACTED = re.compile(
    rf"(?:^|(?<=[\s（(据经准布过正订行的、]))({DATE})(?!\s?起|\s*施行)"
    r"(?=[^。，；\n]{0,90}?(?:通过|公布|发布|修订|修正|批准))",
    re.M,
)
_LEGISLATURE = re.compile(
    r"[^\s，。、；：》〉日的）准]{0,20}人民代表大会(?:常务委员会)?(?=\S{0,20}(?:通过|修订|修正|《?关于修改))"
    r"|国务院(?=\S{0,20}(?:令|通过|公布|发布|批准))"
)
_SESSION = re.compile(r"第[一二三四五六七八九十]+届")

_KIND = (
    "通知|意见|决定|决议|公告|通告|公报|函|批复|办法|规定|条例|细则|方案|规划|计划|措施|政策|要点|指南|指引|规则|规程|规范|"
    "章程|准则|标准|纲要|清单|解读|倡议书|法"
)
_TITLE_END = re.compile(rf"(?:{_KIND})》?(?:[（(〔][^）)〕]*[）)〕])*$")
_NO_TITLE = re.compile(
    r"[。；！？：:]| \| |^\d(?!\d{3}年(?!\s?\d{1,2}\s?月))|\d$|号$|^[-—_=*·\s]+$"
    r"|^目\s*录$|^附件|^新华社|[（(](?:文/)?记者"
)


def describe(text: str, known: Fields | None = None) -> dict[str, str | date]:
    """
    Fields of a Document that `text`, which is not empty, gives itself: title always, others where found.

    `known` are fields told elsewhere (head table, manifest), from which others follow; they are not given back.
    """
    known = known or {}
    text = text.strip()
    body = _BODY.search(text)
    head = text[: min(body.start() if body else _HEAD, _HEAD)]
    head = _BRACKET.sub(lambda remark: remark[0].replace("\n", ""), head)  # a 题注 may be broken into lines
    found: dict[str, str | date | None] = {"title": find_title(text)}
    title = str(known.get("title") or found["title"])
    signed = _signature(text, head)
    found["doc_number"] = _own_number(head)
    found["issuer"] = _issuer(signed, title, head, str(found["doc_number"] or ""))
    found["issued_on"] = signed[1] if signed else _enacted(head) or _printed(head + text[-_TAIL:])
    given = {**found, **{name: value for name, value in known.items() if value is not None}}
    found["effective_on"] = find_effective(text, _day(given["issued_on"]))
    found["expires_on"] = find_expiry(text, _day(given.get("effective_on") or found["effective_on"]))
    if known.get("kind", "original") in _OWN_KINDS:
        number, issuer = str(given["doc_number"] or ""), str(given["issuer"] or "")
        found["level"] = find_level(title, number, issuer, head)
        if not issuer and found["level"] == "行政法规":
            found["issuer"] = "国务院"  # no other body makes one
        found["place"] = find_place(issuer, title) or None
        found["state"] = "征求意见" if is_draft(title) else None
    return {name: value for name, value in found.items() if value is not None and name not in known}


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


def find_doc_number(text: str) -> str | None:
    """The first 发文字号 in a head table's value, with the brackets that the standard asks for."""
    found = _ANY_NUMBER.search(text)
    if not found:
        return None
    number = re.sub(r"\s", "", found[0])
    return re.sub(r"[〔\[【（(﹝［](\d{4})年?[〕\]】）)﹞］](?=(?:第)?\d)", r"〔\1〕", number)


def organisations(text: str) -> tuple[str, ...]:
    """“甲市科技局,甲市财政局” -> ("甲市科技局", "甲市财政局"); what is no organisation is left out."""
    text = re.sub(r"[（(][^）)]*[）)]", "", text)
    names: list[str] = []
    for piece in re.split(r"[\s、,，;；/|]+", text):
        place = find_place(piece, "")
        parts = (
            [f"{place}{part}" for part in piece.split(place) if part] if place and piece.startswith(place) else [piece]
        )
        names += [re.sub(r"(?:官方)?(?:门户)?(?:网站?|官网)$", "", part) for part in parts]
    return tuple(dict.fromkeys(name for name in names if _ORGANISATION.fullmatch(name)))


def titled_issuers(title: str) -> tuple[str, ...]:
    """“甲市科技局 甲市财政局关于印发……的通知” -> ("甲市科技局", "甲市财政局")"""
    titled = _TITLED.match(title)
    return organisations(titled[1]) if titled else ()


def split_decree(title: str) -> tuple[str, str | None]:
    """“某部令（2026年第10号） 种树规定” -> ("种树规定", "某部令2026年第10号")"""
    found = _DECREE.match(title)
    if not found:
        return title, None
    return found["title"].strip("_ 　"), re.sub(r"[\s（）()]", "", found["number"])


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
        is_open = any("".join(gathered).count(mark) > "".join(gathered).count(end) for mark, end in ("《》", "（）"))
        if _TITLE_END.search(piece) and not is_open and not following.startswith("的"):
            joined = _join(gathered)
            return joined if len(joined) <= _TITLE_LONGEST else piece
    return None


def _join(pieces: Sequence[str]) -> str:
    """Without the gaps of typesetting; between issuers one stays."""
    title, last = "", ""
    for piece in pieces:
        words = piece.split()
        for number, word in enumerate(words):
            apart = _ORGANISATION.fullmatch(last) and (number > 0 or _is_issuer(word))
            title += (" " if apart else "") + word
            last = word
    return title


def _is_issuer(word: str) -> bool:
    """Whether a word of a title is, or begins with, an issuer: 市财政局, 市财政局关于印发……"""
    return bool(_ORGANISATION.fullmatch(word) or _TITLED.match(word))


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


def _own_number(head: str) -> str | None:
    """The document's own number, not one that its text cites: “……根据《……》（某政发〔2024〕3号）”."""
    for found in _OWN_NUMBER.finditer(head):
        line_start = head.rfind("\n", 0, found.start()) + 1
        line_end = head.find("\n", found.end())
        line = head[line_start : line_end if line_end >= 0 else len(head)].replace(found[0], "")
        if line.strip() == "" and "（" in found[0]:  # in brackets on a line of its own it may still be cited
            line = head[:line_start].rstrip().rpartition("\n")[2]
        if head.count("\n") < _FEW or not _CITES.search(line):
            return re.sub(r"\s", "", found["number"])
    newest = _enacted(head)  # the decree of an earlier version is not the number of this one
    decrees = [found["number"] for found in _ENACTING.finditer(head) if find_date(found["date"]) == newest]
    return re.sub(r"\s", "", decrees[-1]) if decrees else None


def _signature(text: str, head: str) -> tuple[str, date] | None:
    """Who signed, and when: lines of issuers above a line with a date; in flattened text the words before a date."""
    lines = [line.strip() for line in text.splitlines()]
    for number, line in enumerate(lines):
        if not _DATE_LINE.fullmatch(line) or not (day := find_date(line)):
            continue
        signers: list[str] = []
        for above in reversed(lines[max(0, number - _SIGNERS_MOST) : number]):
            if not above:
                continue
            named = above.split()
            if not named or not all(_ORGANISATION.fullmatch(name) for name in named):
                break
            signers = [*named, *signers]
        if signers:
            return "、".join(dict.fromkeys(signers)), day
    found = _SIGNED.search(head) or _SIGNED.search(text[-_TAIL:])
    if found and (day := find_date(found[2])):
        return found[1], day
    return None


def _enacted(head: str) -> date | None:
    days = [day for found in _ENACTED.finditer(head) if (day := find_date(found[1]))]
    return max(days, default=None)


def _printed(edges: str) -> date | None:
    found = _PRINTED.search(edges)
    return find_date(found[1] or found[2]) if found else None


def _issuer(signed: tuple[str, date] | None, title: str, head: str, number: str) -> str | None:
    """As the title names them, all of them; else as signed; else by whose decree, or the legislature of the 题注."""
    named = titled_issuers(title)
    if named and (not signed or len(named) >= len(signed[0].split("、"))):
        return "、".join(named)
    if signed:
        return signed[0]
    if decreed := organisations(re.sub(r"令.*|中华人民共和国", "", number) if "令" in number else ""):
        return "、".join(decreed)
    legislatures = [_SESSION.sub("", found[0]) for found in _LEGISLATURE.finditer(head)]
    place = find_place("", title)
    local = next((name for name in legislatures if place and name.startswith(place)), None)
    return local or next(reversed(legislatures), None)


def _day(value: object) -> date | None:
    return value if isinstance(value, date) else None
