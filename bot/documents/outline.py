"""
Print an outline: what `python -m bot show DOCUMENT` shows.

三、重点任务
  （五）实施产业生态营造行动
    三、(五)14. 强化科技金融支持 · 181 字
      （责任单位：市财政局）
      （责任单位：市委金融办、市财政局、青岛金融监管局）
"""

from collections.abc import Iterator

from bot.types import KIND_LABELS, Clause, Heading, Outline

_INDENT = "  "
_OPENING = 16  # characters of a clause without a title, so that the reader knows it again


def render(outline: Outline) -> str:
    """The outline, indented; a line a clause with ref, title and length, then a line for each group of units."""
    return "\n".join([*_document_lines(outline), "", *_part_lines(outline)])


def _document_lines(outline: Outline) -> Iterator[str]:
    document = outline.document
    yield document.title
    facts = {
        "编号": document.id,
        "性质": "" if document.kind == "original" else KIND_LABELS[document.kind],
        "文号": document.doc_number,
        "发文机关": document.issuer,
        "效力层级": document.level,
        "成文日期": document.issued_on,
        "施行日期": document.effective_on,
        "失效日期": document.expires_on,
        "状态": document.state,
    }
    yield " · ".join(f"{name} {value}" for name, value in facts.items() if value)
    groups = sum(1 for clause in outline.clauses for segment in clause.segments if segment.units_span)
    counts = f"标题 {len(outline.headings)} 个，条款 {len(outline.clauses)} 条，责任单位 {groups} 组"
    yield f"{counts}，{len(document.text)} 字"


def _part_lines(outline: Outline) -> Iterator[str]:
    headed = {heading.ref for heading in outline.headings}
    parts: list[Heading | Clause] = [*outline.headings, *outline.clauses]
    for part in sorted(parts, key=lambda part: part.span):
        indent = _INDENT * max(len(part.path) - 1, 0)
        if isinstance(part, Heading):
            yield indent + part.text
            continue
        if part.ref in headed:
            indent += _INDENT
        yield indent + _clause_line(part)
        for segment in part.segments:
            if segment.units_span:
                yield indent + _INDENT + segment.units_span.of(part.document.text)


def _clause_line(clause: Clause) -> str:
    opening = clause.text[:_OPENING].replace("\n", " ")
    title = clause.title or (opening if len(clause.text) <= _OPENING else f"{opening}…")
    return f"{clause.ref} {title} · {len(clause.text)} 字"
