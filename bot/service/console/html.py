"""
Small pieces of HTML that the console's pages share; everything put in is escaped.

    table_html("人员", ("用户名", "角色"), [("李敏", "编辑")])  ->  <div class="table" …><table><caption>人员</caption>…
    when(datetime(2026, 11, 24, 1, 12))                         ->  "2026-11-24 09:12", in China
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape

from bot.service.widget.pages import CHINA


def table_html(caption: str, headers: Sequence[str], rows: Iterable[Sequence[object]], empty: str = "没有。") -> str:
    """A table that a screen reader can read; on a narrow screen it scrolls within itself."""
    body = "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows)
    if not body:
        return f'<p class="empty">{escape(caption)}：{escape(empty)}</p>'
    head = "".join(f'<th scope="col">{escape(header)}</th>' for header in headers)
    return (
        f'<div class="table" tabindex="0" role="region" aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>"
    )


def told_html(sentence: str) -> str:
    """What an action has come to; a screen reader hears it."""
    return f'<p class="told" role="status">{escape(sentence)}</p>' if sentence else '<p class="told" role="status"></p>'


def when(at: datetime | None) -> str:
    """A time of the tables, which is UTC, as it is in China."""
    return at.replace(tzinfo=UTC).astimezone(CHINA).strftime("%Y-%m-%d %H:%M") if at else "—"


def day(at: datetime | None) -> str:
    return when(at)[:10]
