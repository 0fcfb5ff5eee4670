"""
One answer as the pages show it under a list, and what can be done about it.

    answer_html(console, "01J…")  ->  "<p>选定：瞪羚补贴多少（文件未载明）</p>…写人工审定答复…"
"""

from __future__ import annotations

from html import escape

from bot.service.console.console import Console
from bot.service.console.insight.questions import detail
from bot.service.words import STATUS_LABELS


def answer_html(console: Console, id_: str) -> str:
    """Empty where the answer is not kept any more. Its id stands in the addresses, its words do not."""
    found = detail(console.service.records, id_)
    if found is None:
        return ""
    status = STATUS_LABELS.get(found.asked.status, "已作答")  # type: ignore[call-overload]
    # Documents are added on the page of questions, by whoever knows its password.
    add = "<a href='/' target='_blank'>到问答页收录文件</a>" if console.service.settings.staff_password else ""
    comments = "".join(f"<p>读者说：{escape(comment)}</p>" for comment in found.comments)
    return (
        f"<p>选定：{escape(found.asked.question)}（{escape(status)}）</p>"
        f"<p class='reply'>{escape(found.answer)}</p>{comments}"
        f"<p class='actions'><a href='/console/?curate={escape(id_)}'>写人工审定答复</a>"
        f"<a href='/console/?test={escape(id_)}'>在检索测试中打开</a>"
        f"{add}</p>"
    )
