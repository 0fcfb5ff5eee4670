"""
Read what a page says of its document around the body: head table, meta elements, headlines.

索 引 号：0001 | 发文机关：某市政府 | 成文日期：2025年5月6日 …, <meta name="ArticleTitle" content="种树办法">
    ->  {"title": "种树办法", "issuer": "某市政府", "issued_on": date(2025, 5, 6)}

A head table is sure. When a page was put up and by whom says something only where the text itself is silent.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path

from bot.documents.dates import find_date
from bot.documents.describe import describe, find_doc_number, organisations, split_decree, titled_issuers
from bot.documents.levels import find_state
from bot.documents.places import find_place, is_national

_LABELS: Mapping[str, Sequence[str]] = tomllib.loads(Path(__file__).with_name("html.toml").read_text(encoding="utf-8"))[
    "labels"
]
NO_FIELD_LABEL = "附件"
_FIELD_OF = {label: "" if field == "other" else field for field, labels in _LABELS.items() for label in labels}
LABELS = frozenset(_FIELD_OF)
# 文 号, 发 文 机 关: wide labels are set with gaps.
_LABEL = re.compile(
    r"(?:^|(?<=[\s|】\]（(【\[]))("
    + "|".join(r"\s*".join(label) for label in sorted(_FIELD_OF, key=len, reverse=True))
    + r")\s?(?:[】\]]\s*[:：]?|[:：]|(?=\s*\|)|$)",
    re.M,
)
_NOTHING = re.compile(r"^[无\-—/\s|]*$")
# “_中国政府网”, “ - 广州市人民政府门户网站”: the site after the headline. A dash may be one of the title's years.
_SITE = re.compile(r"_.*|\s*(?:[-|｜]|\s[—–]\s)\s*[^-—–|｜]*(?:网|网站|门户|政府|平台|局|委|厅|办)\s*$", re.S)
_SITE_NAME = re.compile(r"(?:政府)?(?:门户)?(?:网站?|官网|信息公开平台)$")
_THIS_SITE = re.compile(r"^(?:本网站?|本站|原创|网站?|官网|本网讯)\s*")
_NEAR = 12  # lines above a body among which a day without a label is when it was put up
_BARE_DAY = re.compile(r"^\s*(20\d\d-\d\d?-\d\d?)(?=\s|$)")

Fields = Mapping[str, str | date]


def page_fields(
    title: str, metas: Mapping[str, str], headings: Sequence[str], before: Sequence[str], text: str
) -> Fields:
    """
    Fields of a Document that a page states: <title>, meta elements, <h1>, the lines above the body, the body's text.

    What the text says of its signature and date stands before what the page says of its publication.
    """
    table = split_labels(before)
    site = _SITE_NAME.sub("", metas.get("sitename", "").rpartition("_")[2])
    sure = _sure(table)
    headline = _headline(table.get("title"), title, metas, headings)
    if headline:
        title, number = split_decree(headline)
        sure = ({"doc_number": number} if number else {}) | sure | {"title": title}
    if issuer := _titled(str(sure.get("title", "")), str(sure.get("issuer", ""))):
        sure["issuer"] = issuer
    told = {**sure, **describe(text, sure)}
    if "issuer" not in told and (issuer := _publisher(table, metas, site)):
        sure["issuer"] = issuer
    if "issued_on" not in told and (day := _published(table, metas, before)):
        sure["issued_on"] = day
    if "issuer" in sure and not find_place(str(sure["issuer"]), "") and (place := find_place(site, "")):
        sure["place"] = place if not is_national(str(sure["issuer"])) else ""
    return sure


def split_labels(lines: Iterable[str]) -> dict[str, str]:
    """
    Values by field: ["文 号：某政发〔2025〕3号", "发文机关", "某市政府"] -> {"doc_number": …, "issuer": …}

    Labels of no field are counted under their own names. Of two values the first counts.
    """
    text = "\n".join(lines)
    found = list(_LABEL.finditer(text))
    values: dict[str, str] = {}
    ends = [label.start() for label in found[1:]] + [len(text)]
    for label, end in zip(found, ends, strict=False):
        name = re.sub(r"\s", "", label[1])
        value = text[label.end() : end]
        shown = next((line for line in (part.strip(" |　【[-—") for part in value.splitlines()) if line), "")
        field = _FIELD_OF[name] or name
        if shown and not _NOTHING.match(shown):
            values.setdefault(field, shown)
    return values


def _sure(table: Mapping[str, str]) -> dict[str, str | date]:
    found: dict[str, str | date | None] = {
        "doc_number": find_doc_number(table.get("doc_number", "")),
        "issuer": "、".join(organisations(table["issuer"])) if "issuer" in table else None,
        "issued_on": find_date(table.get("issued_on", "")),
        "effective_on": find_date(table.get("effective_on", "")),
        "expires_on": find_date(table.get("expires_on", "")),
        "state": find_state(table.get("state", "")),
    }
    return {name: value for name, value in found.items() if value}


def _headline(tabled: str | None, title: str, metas: Mapping[str, str], headings: Sequence[str]) -> str:
    """The document's title: as the head table has it, or the site's own meta element, or the page's heading."""
    shown = _SITE.sub("", title, count=1).strip()
    wanted = re.sub(r"\s", "", title)
    in_title = [heading for heading in headings if heading and re.sub(r"\s", "", heading) in wanted]
    choices = [tabled or "", metas.get("articletitle", ""), max(in_title, key=len, default=""), shown]
    return re.sub(r"\s+", " ", next((choice for choice in choices if choice.strip()), "")).strip()


def _titled(title: str, tabled: str) -> str | None:
    """Who issued it as the title says, all of them: a site that reprints a paper may put itself in its head table."""
    named = titled_issuers(title)
    if tabled and any(name.endswith(("部门", "单位")) for name in named):  # 教育部等九部门: the table has all nine
        return None
    is_short = any(
        not find_place(name, "") and _abbreviates(name, full) for name in named for full in tabled.split("、")
    )
    return "、".join(named) if named and not is_short else None


def _publisher(table: Mapping[str, str], metas: Mapping[str, str], site: str) -> str | None:
    """Who put the page up; the site's owner where the page calls it by a shorter name."""
    for source in (table.get("source", ""), metas.get("contentsource", ""), site):
        names = organisations(_THIS_SITE.sub("", source))
        if names:
            full = [site if _abbreviates(name, site) else name for name in names]
            return site if full[0] == site else "、".join(full)
    return None


def _abbreviates(short: str, full: str) -> bool:
    """市人力资源社会保障局, 广州市人力资源和社会保障局"""
    characters = iter(full)
    return len(short) > 1 and all(character in characters for character in short)


def _published(table: Mapping[str, str], metas: Mapping[str, str], before: Sequence[str]) -> date | None:
    bare = next((found[1] for line in before[-_NEAR:] if (found := _BARE_DAY.match(line))), "")
    shown = (table.get("published_on", ""), metas.get("pubdate", ""), bare, metas.get("firstpublishedtime", ""))
    return next((day for value in shown if (day := find_date(value))), None)
