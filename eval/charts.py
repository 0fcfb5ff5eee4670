"""
Charts for the report: numbers in, the text of an <svg> out.

    latency([8.1, 9.4, 31.0], "调试集")  ->  '<svg … viewBox="0 0 360 270" …>…</svg>'

Text stays text, so that the reader's own fonts draw it: the machine that makes the report needs no Chinese font, which
would only make the margins exact. Nothing is fetched.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Callable, Mapping, Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any

import numpy as np

from eval.calibration import Calibration
from eval.metrics import percentile

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = (5, 3.75)  # inches of 72 units: as wide as a phone, so that text keeps its size there
COLOURS = ("#1f5fa8", "#c2571a", "#3c7d4e", "#7a4fa0")
FAINT = "#8a93a0"
FONTS = ("Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", "SimHei", "WenQuanYi Zen Hei")
BINS = 8
SHORTEST = 0.1  # ms; a logarithmic axis has no 0
STEPS = np.linspace(0, 1, 101)
STYLE = {
    "svg.fonttype": "none",
    "svg.hashsalt": "eval",  # the same numbers give the same file
    "font.size": 11,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.edgecolor": FAINT,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": "#e6e9ee",
}


def reliability(named: Mapping[str, Calibration]) -> str:
    """Predicted against observed share of right evidence, a line a set; the closer to the diagonal the better."""

    def paint(axes: Axes) -> None:
        axes.plot([0, 1], [0, 1], color=FAINT, linestyle="--", linewidth=1)
        for (name, calibration), colour in zip(named.items(), cycle(COLOURS), strict=False):
            bins = calibration.bins(BINS)
            x, y = [each.likely for each in bins], [each.right for each in bins]
            axes.plot(x, y, marker="o", markersize=4, color=colour, label=name)
        axes.set(xlabel="模型认为答得上的概率", ylabel="实际答得上的比例", xlim=(0, 1), ylim=(0, 1.02))
        axes.legend(frameon=False, loc="upper left")

    return _svg(paint)


def thresholds(calibration: Calibration) -> str:
    """What each threshold would refuse, of what would be right and of what would be wrong."""

    def paint(axes: Axes) -> None:
        for label, refused, colour in (
            ("答不上的被拒答", calibration.rightly_refused, COLOURS[0]),
            ("答得上的被误拒", calibration.wrongly_refused, COLOURS[1]),
        ):
            shares = [share for step in STEPS if (share := refused(step)) is not None]
            if shares:
                axes.plot(STEPS, shares, color=colour, label=label)
        axes.axvline(calibration.threshold, color=FAINT, linestyle="--", linewidth=1)
        _label(axes, f"现用 {calibration.threshold}", calibration.threshold, 0.93, FAINT)
        axes.set(xlabel="拒答阈值", ylabel="被拒答的比例", xlim=(0, 1), ylim=(0, 1.02))
        axes.legend(frameon=False, loc="upper left")

    return _svg(paint)


def latency(times: Sequence[float]) -> str:
    """How many questions took how many milliseconds, the median and the slowest hundredth marked."""
    from matplotlib.ticker import LogLocator, NullFormatter, ScalarFormatter

    def paint(axes: Axes) -> None:
        low, high = max(min(times), SHORTEST) * 0.9, max(max(times), SHORTEST) * 1.1
        axes.hist(times, bins=np.geomspace(low, high, 31).tolist(), color=COLOURS[0])
        axes.margins(y=0.2)
        for percent, height in ((50, 0.95), (99, 0.87)):
            value = percentile(times, percent)
            axes.axvline(value, color=COLOURS[1], linestyle="--", linewidth=1)
            middle = (low * high) ** 0.5
            _label(axes, f"p{percent} {value:.0f}", max(value, low), height, COLOURS[1], right=value < middle)
        axes.set(xlabel="毫秒（对数）", ylabel="题数", xscale="log")
        axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
        axes.xaxis.set_major_formatter(ScalarFormatter())
        axes.xaxis.set_minor_formatter(NullFormatter())

    return _svg(paint)


def _label(axes: Axes, text: str, x: float, height: float, colour: str, right: bool = True) -> None:
    """Words beside the upright line at `x`, at a share of the axes' height."""
    axes.annotate(
        text,
        (x, height),
        xycoords=("data", "axes fraction"),
        xytext=(4 if right else -4, 0),
        textcoords="offset points",
        ha="left" if right else "right",
        color=colour,
    )


def _svg(paint: Callable[[Axes], None]) -> str:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import font_manager, pyplot

    known = set(font_manager.get_font_names())
    style: Any = {**STYLE, "font.family": [*(name for name in FONTS if name in known), "DejaVu Sans"]}
    buffer = io.StringIO()
    with matplotlib.rc_context(style), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")  # the reader's fonts have them
        figure, axes = pyplot.subplots(figsize=SIZE, layout="constrained")
        paint(axes)
        figure.savefig(buffer, format="svg", metadata=dict.fromkeys(("Date", "Creator", "Format", "Type")))
        pyplot.close(figure)
    return _bare(buffer.getvalue())


def _bare(svg: str) -> str:
    """The element alone: no prologue, and no size of its own, so that it takes its column's."""
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg[svg.index("<svg") :], flags=re.S)
    head, closed, rest = svg.partition(">")
    return re.sub(r' (?:width|height)="[^"]*"', "", head) + closed + rest
