"""
Render the collection as HTML: the list of documents, the particulars and versions of one, what an amendment changed.

    (Outline(Document("…条例", level="地方性法规", expires_on=2024-12-31)),)
        ->  …<h3>地方性法规（1）</h3><details class="document-card" data-standing="到期" …><summary>…

Pure functions: a value in, a string out, everything escaped. What a closed line of the list does not show is rendered
when it is opened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from html import escape

from bot.documents.catalogue import Entry, articles, catalogue, since
from bot.documents.dates import find_date
from bot.documents.diff import Change, ChangeKind, Difference, grouped, moved_line
from bot.documents.flags import Flagger, chinese_date
from bot.documents.manifest import LEVELS
from bot.service.citation_html import flags_html
from bot.service.document_html import first_place, original_url, outline_html, place_attributes
from bot.types import KIND_LABELS, Clause, Document, Outline

PRIMARY, OTHERS = "主要文件", "其他"
NATIONAL = "全国"


def library_html(outlines: Sequence[Outline], today: date) -> str:
    """Every document as a folded line under its level, with a box and choices that filter them."""
    entries = catalogue(outlines, today)
    flagger = Flagger((outline.document for outline in outlines), lambda: today)
    groups = [
        (name, [each for each in entries if _group(each.document) == name]) for name in (PRIMARY, *LEVELS, OTHERS)
    ]
    body = "".join(_group_html(name, found, flagger) for name, found in groups if found)
    return (
        f'<form class="library-filter" role="search" aria-label="查找文件">{_filters_html(entries, flagger)}</form>'
        f'<p class="library-count" role="status">共{len(entries)}份</p>{body}'
    )


def details_html(outline: Outline, outlines: Sequence[Outline], today: date) -> str:
    """What stands under an opened line: particulars, the note, the versions, the outline."""
    document = outline.document
    entry = next(each for each in catalogue(outlines, today) if each.document.id == document.id)
    note = f'<p class="document-note">{escape(document.note)}</p>' if document.note else ""
    versions = [each for name in entry.versions for each in outlines if each.document.id == name]
    flagger = Flagger((each.document for each in outlines), lambda: today)
    return (
        f"{particulars_html(entry, flagger)}{note}{_versions_html(versions, document, flagger)}{outline_html(outline)}"
    )


def particulars_html(entry: Entry, flagger: Flagger) -> str:
    """Who issued the document, when, at which level and whether it is in force; only what is known."""
    document = entry.document
    rows = (
        ("性质", "原文" if document.kind == "original" else KIND_LABELS[document.kind]),
        ("状态", "" if document.is_glossary else flagger.state(document)),
        ("效力层级", document.level),
        ("适用地方", _place(document)),
        ("发文字号", document.doc_number),
        ("发文机关", document.issuer),
        ("成文日期", chinese_date(document.issued_on)),
        ("施行日期", chinese_date(document.effective_on)),
        ("失效日期", chinese_date(document.expires_on)),
        ("条款", f"{entry.clauses}条"),
    )
    items = [f"<div><dt>{name}</dt><dd>{escape(value)}</dd></div>" for name, value in rows if value]
    if url := original_url(document):
        link = f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">打开官方网页</a>'
        items.append(f"<div><dt>发布网址</dt><dd>{link}</dd></div>")
    return f'<dl class="particulars">{"".join(items)}</dl>'


def difference_html(difference: Difference) -> str:
    """What became of each clause; in one that was changed, the characters that went and came."""
    kinds: tuple[ChangeKind, ...] = ("修改", "新增", "删除", "移动")
    counts = [f"{kind}{len(found)}条" for kind in kinds if (found := difference.of_kind(kind))]
    told = f"{'，'.join((*counts, f'未变{difference.unchanged}条'))}。"
    facts = "".join(
        f"<li>{label}：{escape(_told(old))} → {escape(_told(new))}</li>"
        for label, (old, new) in difference.facts.items()
    )
    changes = "".join(map(_run_html, grouped(difference.changes)))
    return (
        f'<section class="difference" tabindex="-1" aria-label="两个版本的差别">'
        f"<p><b>{escape(_dated(difference.old))} → {escape(_dated(difference.new))}</b>：{told}"
        '<span class="legend"><del>删去的字</del><ins>增加的字</ins></span></p>'
        f"{f'<ul>{facts}</ul>' if facts else ''}{changes}</section>"
    )


def _group(document: Document) -> str:
    if document.primary:
        return PRIMARY
    return document.level if document.level in LEVELS else OTHERS


def _place(document: Document) -> str:
    """Where it applies; empty where that is not known."""
    unknown = document.is_glossary or document.level in ("地方性法规", "政府规章")
    return document.place or ("" if unknown else NATIONAL)


def _group_html(name: str, entries: list[Entry], flagger: Flagger) -> str:
    """In force first, the newest of them before the others."""
    ordered = sorted(
        entries, key=lambda each: (flagger.state(each.document) != "现行", -since(each.document).toordinal())
    )
    lines = "".join(_line_html(entry, flagger) for entry in ordered)
    return (
        f'<section class="library-group"><h3>{name}（<span class="group-count">{len(entries)}</span>）</h3>'
        f"{lines}</section>"
    )


def _line_html(entry: Entry, flagger: Flagger) -> str:
    document, standing = entry.document, flagger.state(entry.document)
    facts = (
        _place(document),
        document.doc_number,
        document.issuer,
        chinese_date(document.issued_on or document.effective_on),
    )
    state = "" if standing != "现行" or document.is_glossary else '<span class="in-force">现行</span>'
    searched = " ".join(filter(None, (document.title, document.doc_number, document.issuer))).lower()
    values = {
        "document": document.id,
        "search": searched,
        "standing": standing,
        "level": document.level or OTHERS,
        "place": _place(document) or OTHERS,
    }
    attributes = " ".join(f'data-{name}="{escape(value)}"' for name, value in values.items())
    told = escape(" · ".join(filter(None, facts)))
    return (
        f'<details class="document-card" {attributes}><summary><span class="document-name">{escape(document.title)}'
        f'</span>{state}{flags_html(flagger.flags(document))}<span class="document-facts">{told}</span></summary>'
        '<div class="document-details"></div></details>'
    )


def _filters_html(entries: Sequence[Entry], flagger: Flagger) -> str:
    places = {_place(entry.document) or OTHERS for entry in entries}
    levels = {entry.document.level or OTHERS for entry in entries}
    choices = (
        ("standing", "状态", list(dict.fromkeys(flagger.state(entry.document) for entry in entries))),
        ("level", "层级", [level for level in (*LEVELS, OTHERS) if level in levels]),
        (
            "place",
            "地方",
            sorted(places, key=lambda name: (name == OTHERS, name != NATIONAL, name)),
        ),
    )
    selects = "".join(
        f'<label class="select"><span>{label}</span><select name="{name}"><option value="">全部</option>'
        f"{''.join(f'<option>{escape(value)}</option>' for value in values)}</select></label>"
        for name, label, values in choices
    )
    return (
        '<label class="find"><span>查找</span><input type="search" name="words" autocomplete="off" '
        f'placeholder="标题、文号或发文机关"></label><div class="choices">{selects}</div>'
    )


def _versions_html(versions: Sequence[Outline], shown: Document, flagger: Flagger) -> str:
    """The versions, newest first, each of which opens; and the choice of two whose difference is to be shown."""
    if not versions:
        return ""
    lines = "".join(f"<li>{_version_html(each, flagger.state(each.document), shown)}</li>" for each in versions)
    pairs = (("old", "旧版", versions[1]), ("new", "新版", versions[0]))
    selects = "".join(
        f'<label class="select"><span>{label}</span><select name="{name}">{_options_html(versions, chosen)}</select>'
        "</label>"
        for name, label, chosen in pairs
    )
    return (
        f'<section class="versions"><h4>各版本</h4><ol>{lines}</ol>'
        f'<form class="compare">{selects}<button type="submit" class="quiet">看修改</button></form>'
        '<div class="difference-place" role="status"></div></section>'
    )


def _version_html(outline: Outline, state: str, shown: Document) -> str:
    name = f"{_dated(outline.document)}（{state}，{articles(outline)}条）"
    first = first_place(outline)
    here = "，本版本" if outline.document.id == shown.id else ""
    if first is None:
        return escape(name + here)
    return f'<button type="button" {place_attributes(first, first.span)}>{escape(name + here)}</button>'


def _options_html(versions: Sequence[Outline], chosen: Outline) -> str:
    return "".join(
        f'<option value="{escape(each.document.id)}"{" selected" if each is chosen else ""}>'
        f"{escape(_dated(each.document).replace('版本', ''))}</option>"
        for each in versions
    )


def _dated(document: Document) -> str:
    """What tells a version from the others: its date; without one, its id. A digest is named as such."""
    day = since(document)
    name = document.id if day == date.min else f"{chinese_date(day)}版本"
    return name if document.kind == "original" else f"{name}（{KIND_LABELS[document.kind]}）"


def _told(value: str) -> str:
    """A fact of a document as it is shown: 2012-03-01 as 2012年3月1日."""
    day = find_date(value)
    return chinese_date(day) if day and day.isoformat() == value else value or "未载明"


def _run_html(run: Sequence[Change]) -> str:
    change = run[0]
    head = moved_line(run) if change.kind == "移动" else change.refs
    body = "" if change.kind == "移动" else f"<p>{''.join(_words_html(change))}</p>"
    return f'<section class="change"><h5><span class="kind">{change.kind}</span>{escape(head)}</h5>{body}</section>'


def _words_html(change: Change) -> Iterator[str]:
    tags = {"same": "", "deleted": "del", "added": "ins"}
    whole: Clause | None = change.new or change.old
    pieces = [(tags[piece.kind], piece.text) for piece in change.pieces]
    if not pieces and whole:
        pieces = [("ins" if change.kind == "新增" else "del", whole.text)]
    for tag, text in pieces:
        yield f"<{tag}>{escape(text)}</{tag}>" if tag else escape(text)
