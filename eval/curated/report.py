"""
The figures of the matching as a table, and what went wrong in words.

    table({"dev-bare": Figures(…)})  ->  a rich table
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.table import Table

from eval.curated.metrics import Asked, Figures

WAYS = {"bare": "只有问题本身", "worded": "另有两条同义问法、一条反例"}


def table(measured: Mapping[str, Figures]) -> Table:
    """One line a set and way."""
    shown = Table(title="人工审定答复的匹配")
    for head in ("题集", "条目的写法", "同义问法", "认得", "相似问题", "误答", "准确率", "毫秒"):
        shown.add_column(head, justify="left" if head in ("题集", "条目的写法") else "right")
    for name, figures in measured.items():
        of, _, way = name.partition("-")
        shown.add_row(
            of,
            WAYS[way],
            str(figures.variants),
            f"{figures.recall:.1%}",
            str(figures.lookalikes),
            f"{figures.mistaken:.1%}",
            f"{figures.precision:.1%}",
            f"{figures.match_ms:.2f}",
        )
    return shown


def wrong(asked: Sequence[Asked]) -> Iterator[str]:
    """没认得 … / 误答 …, a line each."""
    for each in asked:
        if not each.right:
            what = "没认得" if each.same and not each.found else "误答"
            yield f"{what}：{each.question}（条目：{each.case.question}）"
