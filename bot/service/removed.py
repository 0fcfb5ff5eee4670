"""
What the check took out of a model's reply, for staff: the sentence, and in plain words what is wrong with it.

    Removed("每年培养50名。", (Wrong("figure", "50名", "30名"),))
        ->  每年培养50名。 / 数字与原文不符：写作“50名”，原文作“30名”

Pure functions: values in, text or HTML out, everything escaped. Who may see it is settled by bot.service.chat.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

from bot.service.words import FAULTS, REMOVED
from bot.types import Removed, Wrong


def removed_html(removed: Sequence[Removed]) -> str:
    """A fold with every sentence and its faults; nothing where none was taken out."""
    summary = f"<summary>{REMOVED.format(count=len(removed))}</summary>"
    items = "".join(map(_item_html, removed))
    return f'<details class="removed">{summary}<ul>{items}</ul></details>' if removed else ""


def removed_lines(removed: Sequence[Removed]) -> Iterable[str]:
    """The same as lines of text."""
    for each in removed:
        yield f"- {each.text}"
        yield from (f"  {line}" for line in fault_lines(each))


def fault_lines(removed: Removed) -> list[str]:
    """Each fault once, in the order found."""
    return list(dict.fromkeys(_fault_line(wrong, removed.text) for wrong in removed.faults))


def _item_html(removed: Removed) -> str:
    faults = "".join(f"<li>{escape(line)}</li>" for line in fault_lines(removed))
    return f"<li><p>{escape(removed.text)}</p><ul>{faults}</ul></li>"


def _fault_line(wrong: Wrong, sentence: str) -> str:
    # A fault of the whole sentence names the whole of it, which is to be read above.
    said = f"“{wrong.said}”" if wrong.said and len(wrong.said) < len(sentence.rstrip("。")) else ""
    if wrong.stated:
        said = f"写作{said}，原文作“{wrong.stated}”" if said else f"原文作“{wrong.stated}”"
    return FAULTS[wrong.kind] + (f"：{said}" if said else "")
