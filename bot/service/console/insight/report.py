"""
The weekly report, as Markdown and as a Word document: what was asked, what was not answered, what was cited.

    weekly(records, store, Period.week_of(date(2026, 11, 18)), settings())
        ->  Report(name="weekly-2026-W47", title="政策问答助手周报（2026年11月16日至11月22日）", sections=(…), label=…)
    as_markdown(report)  ->  "---\\nAIGC: …\\n---\\n\\n# 政策问答助手周报（…"
    as_docx(report)      ->  bytes of a .docx whose custom properties hold AIGC

Both carry the notice, and the label that 《人工智能生成合成内容标识办法》 and GB 45438-2025 want in a file's metadata.
"""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from bot.index.store import Store
from bot.service.api.replies import Label
from bot.service.console.insight.figures import Figures, Period, coverage, figures
from bot.service.console.insight.unanswered import Group, Near, near, unanswered
from bot.service.console.tables import UNSTORABLE, Cell, Table
from bot.service.records import Records
from bot.service.words import AI_NOTICE, SERVICE_NAME, STATUS_LABELS
from bot.settings import Settings

TOPICS, CLAUSES = 10, 15  # rows of the report's tables
CUSTOM = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
VALUES = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
FORMAT_ID = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # of custom properties, ECMA-376 part 1, 22.3
SPECIAL = re.compile(r"([\\`*_\[\]<>|#~&])")


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, paragraphs, and a table where there is one."""

    heading: str
    paragraphs: tuple[str, ...]
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """name is the file's, without its ending; label is None until the text is there to be labelled."""

    name: str
    title: str
    sections: tuple[Section, ...]
    label: Label | None = None


def weekly(records: Records, store: Store, period: Period, settings: Settings) -> Report:
    """The report of a week, over what is counted so far. Raises RecordsError."""
    now, before = figures(records, period), figures(records, period.before)
    since = Period(period.before.first, period.last)
    groups = unanswered(records, period, store.embedder.embed, store.segmenter).groups[:TOPICS]
    near_to = [near(records, store, group.latest) for group in groups]
    year, week, _ = period.first.isocalendar()
    report = Report(
        f"weekly-{year}-W{week:02d}",
        f"{SERVICE_NAME}周报（{_day(period.first)}至{_day(period.last, since.first.year)}）",
        (
            Section("一、总体情况", (_summary(now, before),), compared(now, before)),
            Section("二、每日情况", (), by_day(now)),
            Section("三、未能作答和评价不满意的问题", _open(groups), _topics(groups, near_to)),
            Section(
                "四、引用最多的条款", (), replace(most_cited(now, store), rows=most_cited(now, store).rows[:CLAUSES])
            ),
            Section("五、文件引用情况", (), covered(now, store)),
        ),
    )
    return replace(report, label=_label(report, settings))


def as_markdown(report: Report) -> str:
    """GitHub's Markdown, its label in the front matter; nothing that a reader typed becomes markup."""
    head = ["---", f"AIGC: {json.dumps(_label_text(report), ensure_ascii=False)}", "---", ""] if report.label else []
    lines = [*head, f"# {report.title}", "", f"> {AI_NOTICE}", ""]
    for section in report.sections:
        lines += [f"## {section.heading}", ""]
        for paragraph in section.paragraphs:
            lines += [_escaped(paragraph), ""]
        if section.table:
            lines += [*_markdown_table(section.table), ""]
    return "\n".join(lines)


def as_docx(report: Report) -> bytes:
    """Word's format, on A4, in the typefaces of official documents."""
    from docx import Document
    from docx.shared import Mm, Pt

    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Mm(210), Mm(297)
    for name, typeface, size in (
        ("Normal", "仿宋", 12),
        ("Title", "宋体", 20),
        ("Heading 1", "黑体", 15),
        ("Quote", "楷体", 11),
    ):
        style: Any = document.styles[name]
        style.font.size = Pt(size)
        _set_typeface(style, typeface)
    document.add_heading(report.title, 0)
    document.add_paragraph(AI_NOTICE, style="Quote")
    page.footer.paragraphs[0].text = AI_NOTICE
    for section in report.sections:
        document.add_heading(section.heading, 1)
        for paragraph in section.paragraphs:
            document.add_paragraph(UNSTORABLE.sub("", paragraph))
        if section.table:
            _docx_table(document, section.table)
    if report.label:
        _add_property(document, "AIGC", _label_text(report))
    document.core_properties.title = report.title
    document.core_properties.author = report.label.ContentProducer if report.label else ""
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def compared(now: Figures, before: Figures) -> Table:
    """The main figures of a period and of the one before it."""
    rows: list[tuple[Cell, ...]] = [
        (name, getattr(now.total, field), getattr(before.total, field))
        for name, field in (
            ("提问", "asked"),
            ("作答", "answered"),
            ("未能作答", "unanswered"),
            ("不予受理或不在范围", "refused"),
            ("评价满意", "liked"),
            ("评价不满意", "disliked"),
        )
    ]
    rows += [
        (f"{share:.0%}的回答用时不超过（毫秒）", _whole(now.latency_ms[share]), _whole(before.latency_ms[share]))
        for share in now.latency_ms
    ]
    rows.append(("大模型输入（token）", now.input_tokens, before.input_tokens))
    rows.append(("大模型输出（token）", now.output_tokens, before.output_tokens))
    rows.append(("大模型费用", round(sum(now.cost.values()), 4), round(sum(before.cost.values()), 4)))
    return Table("总体情况", ("指标", "本期", "上期"), rows)


def by_day(found: Figures) -> Table:
    columns = ("日期", "提问", "作答", "未能作答", "不予受理或不在范围", "评价满意", "评价不满意")
    rows = [
        (day.day, day.asked, day.answered, day.unanswered, day.refused, day.liked, day.disliked) for day in found.days
    ]
    return Table("每日情况", columns, rows)


def by_status(found: Figures) -> Table:
    names: dict[str, str] = {"answered": "已作答", "clarification": "请提问人补充"}
    names |= {str(status): name for status, name in STATUS_LABELS.items()}
    return Table(
        "答复类型", ("答复类型", "次数"), [(names.get(status, status), n) for status, n in found.statuses.items()]
    )


def most_cited(found: Figures, store: Store) -> Table:
    """Every clause that was cited, the most cited first; what is not in the index any more by its id."""
    documents = {outline.document.id: outline for outline in (*store.outlines, *store.glossaries)}
    titles = {id_: {clause.ref: clause.title for clause in outline.clauses} for id_, outline in documents.items()}
    rows = [
        (documents[id_].document.title if id_ in documents else id_, ref, titles.get(id_, {}).get(ref, ""), times)
        for (id_, ref), times in found.clauses.items()
    ]
    return Table("引用最多的条款", ("文件", "条款", "条标题", "引用次数"), rows)


def covered(found: Figures, store: Store) -> Table:
    """Of each document, how many of its clauses were cited at least once."""
    rows = [
        (each.title, each.clauses, each.cited, f"{each.cited / each.clauses:.0%}")
        for each in coverage(found, store.outlines)
    ]
    return Table("文件引用情况", ("文件", "条款数", "被引用过的条款", "占比"), rows)


def _summary(now: Figures, before: Figures) -> str:
    total, last = now.total, before.total
    if not total.asked:
        return "本周没有提问。"
    change = total.asked - last.asked
    than = f"比上周{'多' if change > 0 else '少'}{abs(change)}次" if change else "与上周持平"
    p50, p95 = now.latency_ms[0.5], now.latency_ms[0.95]
    took = f"一半的回答用时不超过{p50:.0f}毫秒，95%不超过{p95:.0f}毫秒。" if p50 and p95 else ""
    return (
        f"本周共提问{total.asked}次，{than}。作答{total.answered}次，占{total.answered / total.asked:.1%}；"
        f"未能作答{total.unanswered}次，占{total.unanswered / total.asked:.1%}；"
        f"不予受理或不在范围{total.refused}次。收到满意评价{total.liked}次，不满意评价{total.disliked}次。{took}"
    )


def _open(groups: Sequence[Group]) -> tuple[str, ...]:
    return () if groups else ("本周没有未能作答或评价不满意的问题。",)


def _topics(groups: Sequence[Group], near_to: Sequence[Sequence[Near]]) -> Table | None:
    rows = [
        (
            group.topic.name,
            group.asked,
            group.earlier,
            group.questions[0].question,
            "；".join(f"《{each.clause.document.title}》{each.clause.ref}" for each in found[:2]),
        )
        for group, found in zip(groups, near_to, strict=True)
    ]
    return Table("未能作答的问题", ("主题", "本周", "上周", "有代表性的问法", "接近的条款"), rows) if rows else None


def _label(report: Report, settings: Settings) -> Label:
    provider = settings.provider_name
    return Label(
        ContentProducer=provider,
        ProduceID=report.name,
        ReservedCode1=hashlib.sha256(as_markdown(report).encode()).hexdigest(),
        ContentPropagator=provider,
        PropagateID=report.name,
    )


def _label_text(report: Report) -> str:
    assert report.label  # noqa: S101
    return json.dumps(report.label.model_dump(), ensure_ascii=False)


def _markdown_table(table: Table) -> list[str]:
    rule = "|" + "---|" * len(table.columns)
    return [_row(table.columns), rule, *map(_row, table.rows)]


def _row(cells: Sequence[Cell]) -> str:
    return "| " + " | ".join(_escaped(_text(cell)) for cell in cells) + " |"


def _escaped(text: str) -> str:
    return SPECIAL.sub(r"\\\1", " ".join(UNSTORABLE.sub("", text).split()))


def _text(cell: Cell) -> str:
    return "—" if cell is None else str(cell)


def _docx_table(document: Any, table: Table) -> None:
    made = document.add_table(rows=1, cols=len(table.columns), style="Table Grid")
    for cell, name in zip(made.rows[0].cells, table.columns, strict=True):
        cell.text = name
        cell.paragraphs[0].runs[0].bold = True
    for row in table.rows:
        for cell, value in zip(made.add_row().cells, row, strict=True):
            cell.text = UNSTORABLE.sub("", _text(value))


def _set_typeface(style: Any, typeface: str) -> None:
    from docx.oxml.ns import qn

    style.font.name = typeface
    style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), typeface)


def _add_property(document: Any, name: str, value: str) -> None:
    """python-docx has the core properties only, so the part that holds the custom ones is made here."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part
    from lxml import etree

    root = etree.Element(f"{{{CUSTOM}}}Properties", nsmap={None: CUSTOM, "vt": VALUES})
    entry = etree.SubElement(root, f"{{{CUSTOM}}}property", fmtid=FORMAT_ID, pid="2", name=name)
    etree.SubElement(entry, f"{{{VALUES}}}lpwstr").text = value
    blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    package = document.part.package
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    part = Part(PackURI("/docProps/custom.xml"), kind, blob, package)
    package.relate_to(part, "http://schemas.openxmlformats.org/officeDocument/2006/relationships/custom-properties")


def _whole(value: float | None) -> int | None:
    return None if value is None else round(value)


def _day(day: date, year: int = 0) -> str:
    return f"{day.month}月{day.day}日" if day.year == year else f"{day.year}年{day.month}月{day.day}日"
