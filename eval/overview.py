"""
The report of all saved runs: a folder of results in, report.md, report.json and report.html out.

    write(read_runs(Path("eval/results")), Path("/tmp/report"))  ->  figures, kinds, calibration, latency; one page each

The HTML holds its charts and styles itself and fetches nothing. No question is quoted; of the held set not even an id.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from eval import charts
from eval.calibration import Calibration
from eval.errors import EvaluationError
from eval.figures import PLAN, SPANS, Figure, shown
from eval.metrics import Figures, percentile
from eval.questions import KINDS
from eval.runs import HEADLINES, Run, read_run

TEMPLATES = Path(__file__).resolve().parent / "templates"
SETS = {
    "dev": "调试集",
    "held": "留出集",
    "all": "全部题目",
    "regulations": "法规调试集",
    "regulations-held": "法规留出集",
}
PERCENTILES = (50, 90, 95, 99)


@dataclass(frozen=True)
class Entry:
    """One run as the report shows it."""

    title: str
    run: Run

    @property
    def short(self) -> str:
        """The title where all are ours: 调试集."""
        return self.title.partition(" · ")[2]

    @property
    def ours(self) -> bool:
        return bool(self.run.about.get("system") == "bot")

    @cached_property
    def calibration(self) -> Calibration | None:
        saved = self.run.calibration
        return Calibration.from_json(saved) if saved and saved["samples"] else None

    @cached_property
    def times(self) -> list[float]:
        """Milliseconds of each reply; empty for results that kept none."""
        return [reply.ms for reply in self.run.replies.values() if reply.ms is not None]

    @property
    def percentiles(self) -> dict[int, float]:
        return {percent: percentile(self.times, percent) for percent in PERCENTILES} if self.times else {}


@dataclass(frozen=True)
class Block:
    """A table of figures: a column an entry."""

    title: str
    entries: tuple[Entry, ...]
    figures: Mapping[str, Figure]

    @property
    def rows(self) -> Iterator[tuple[str, list[str]]]:
        for name, figure in self.figures.items():
            yield figure.label, [shown(name, entry.run.overall.get(name)) for entry in self.entries]


@dataclass(frozen=True)
class Overview:
    """Everything the report shows; the templates only lay it out."""

    entries: tuple[Entry, ...]

    @property
    def ours(self) -> list[Entry]:
        return [entry for entry in self.entries if entry.ours]

    @property
    def blocks(self) -> list[Block]:
        """The runs on the plan's questions, and those on other papers."""
        titles = ("方案上的题目", "外来文件上的原文片段题")
        found = (tuple(entry for entry in self.entries if entry.run.headline == name) for name in HEADLINES)
        tables = zip(titles, found, (PLAN, SPANS), strict=True)
        return [Block(title, entries, figures) for title, entries, figures in tables if entries]

    @property
    def with_kinds(self) -> list[Entry]:
        return [entry for entry in self.ours if entry.run.by_kind]

    @property
    def kinds(self) -> Iterator[tuple[str, list[Figures | None]]]:
        """Kind by its Chinese name -> its figures in each of `with_kinds`; None where a set has none of it."""
        for kind, label in KINDS.items():
            figures = [entry.run.by_kind.get(kind) for entry in self.with_kinds]
            if any(figures):
                yield label, figures

    @property
    def calibrated(self) -> list[tuple[Entry, Calibration]]:
        return [(entry, entry.calibration) for entry in self.ours if entry.calibration]

    @property
    def timed(self) -> list[Entry]:
        return [entry for entry in self.ours if entry.times]

    def as_json(self) -> dict[str, Any]:
        return {"runs": [_entry_json(entry) for entry in self.entries]}


def read_runs(folder: Path) -> Overview:
    """Every result of question answering in the folder, ours first. Raises EvaluationError where there is none."""
    runs = [read_run(path) for path in sorted(folder.glob("*-latest.json")) if _is_of_answers(path)]
    if not runs:
        raise EvaluationError(f"{folder} 里没有评测结果，请先运行 python -m eval --set dev。")
    entries = [Entry(title(run), run) for run in runs]
    sets = [*SETS]
    entries.sort(key=lambda entry: (not entry.ours, sets.index(s) if (s := entry.run.questions) in sets else len(sets)))
    return Overview(tuple(entries))


def title(run: Run) -> str:
    """本项目 · 调试集, BM25 句窗 · 外来文件 trees."""
    spans = run.headline == "covered"
    systems = {"bot": "本项目", "baseline": "BM25 句窗" if spans else "教程做法"}
    system = run.about.get("system", "")
    asked = f"外来文件 {run.questions.removeprefix('spans-')}" if spans else SETS.get(run.questions, run.questions)
    return f"{systems.get(system, system)} · {asked}"


def write(overview: Overview, folder: Path) -> list[Path]:
    """The three files. Raises EvaluationError where they cannot be written."""
    pages = {
        "report.md": _rendered("report.md", overview),
        "report.json": json.dumps(overview.as_json(), ensure_ascii=False, indent=1) + "\n",
        "report.html": _rendered("report.html", overview),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in pages.items():
            (folder / name).write_text(text, encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"写不了 {folder}（{error.strerror}），请检查目录和磁盘空间。") from error
    return [folder / name for name in pages]


def _is_of_answers(path: Path) -> bool:
    return not path.name.startswith(("retrieval-", "grounding"))


def _entry_json(entry: Entry) -> dict[str, Any]:
    calibration = entry.calibration
    return {
        "title": entry.title,
        "run": entry.run.about,
        "overall": entry.run.overall,
        "by_kind": entry.run.by_kind,
        "latency_ms": {f"p{percent}": value for percent, value in entry.percentiles.items()},
        "calibration": calibration
        and {
            "threshold": calibration.threshold,
            "brier": round(calibration.brier, 4),
            "wrongly_refused": calibration.wrongly_refused(calibration.threshold),
            "rightly_refused": calibration.rightly_refused(calibration.threshold),
            "bins": [each._asdict() for each in calibration.bins(charts.BINS)],
        },
    }


def _rendered(name: str, overview: Overview) -> str:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(name).render(
        overview=overview,
        shown=shown,
        reliability=lambda named: Markup(charts.reliability(named)),
        thresholds=lambda calibration: Markup(charts.thresholds(calibration)),
        latency=lambda times: Markup(charts.latency(times)),
        bins=charts.BINS,
        percentiles=PERCENTILES,
    )
