"""
Show and keep the figures: judgements in, a table, a JSON file or the README's table out.

    {"correct": 0.913, "latency_p50_ms": 8.2}  ->  答对 91.3%  …  p50 8.2 毫秒

Every saved result holds how it came about: system, set, settings, date, commit and versions.
"""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Mapping, Sequence
from datetime import datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from rich.box import SIMPLE
from rich.table import Table

from bot.settings import PROJECT, settings
from eval.errors import EvaluationError
from eval.figures import PLAN, percent, rounded, shown
from eval.metrics import Figures, Judgement, by_kind, summarise
from eval.questions import KINDS
from eval.replies import Reply

RESULTS = Path(__file__).resolve().parent / "results"
BEGIN, END = "<!-- eval -->", "<!-- /eval -->"
ONE_LINE = frozenset({"calibration"})  # how much of a result goes on a line
ONE_LINE_EACH = frozenset({"replies"})
_PACKAGES = ("bm25s", "chromadb", "ir-measures", "jieba", "langchain-core", "model2vec", "numpy")


_COLUMNS = ("questions", "correct", "correct_leniently", "right_clause_first", "citation_precision", "citation_recall",
            "refused_or_corrected", "wrongly_refused", "answer_length")  # fmt: skip


def overall_table(title: str, figures: Figures) -> Table:
    table = Table("指标", "数值", title=title)
    for name, figure in PLAN.items():
        table.add_row(figure.label, shown(name, figures[name]))
    return table


def kind_table(kinds: Mapping[str, Figures]) -> Table:
    """One row a kind, in the order of KINDS; whole percents, so that it fits 80 columns."""
    table = Table(title="分类别", box=SIMPLE)
    for label in ("类别", *(PLAN[name].short for name in _COLUMNS)):
        table.add_column(label, no_wrap=True, justify="left" if label == "类别" else "right")
    for kind in sorted(kinds, key=list(KINDS).index):
        table.add_row(KINDS[kind], *(_briefly(name, kinds[kind][name]) for name in _COLUMNS))
    return table


def result(judgements: Sequence[Judgement], run: Mapping[str, Any]) -> dict[str, Any]:
    """What is saved: the run, the figures overall and by kind, and the ids (never the words) of what went wrong."""
    return {
        "run": dict(run),
        "overall": rounded(summarise(judgements)),
        "by_kind": {kind: rounded(figures) for kind, figures in by_kind(judgements).items()},
        "wrong": [judgement.id for judgement in judgements if not judgement.correct],
        "replies": {
            item.id: Reply(item.kind, item.status, item.correct, round(item.total_ms, 1)).as_json(item.id)
            for item in judgements
        },
    }


def describe_run(system: str, questions: str, command: str) -> dict[str, Any]:
    """How a result came about. Paths are relative to the project, so that results compare between machines."""
    values = {name: _portable(value) for name, value in settings().model_dump(mode="json").items()}
    return {
        "system": system,
        "set": questions,
        "command": command,
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
        "commit": _git("rev-parse", "--short", "HEAD") or "unknown",
        "changed_since_commit": bool(_git("status", "--porcelain", "--", "bot", "corpus", "prompts", "eval/questions")),
        "settings": values,
        "versions": {"python": platform.python_version(), **{name: _version(name) for name in _PACKAGES}},
    }


def save(folder: Path, stem: str, content: Mapping[str, Any]) -> Path:
    path = folder / f"{stem}-latest.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        path.write_text(written(content), encoding="utf-8")
    except OSError as error:
        raise EvaluationError(f"写不了 {path}（{error.strerror}），请检查目录和磁盘空间。") from error
    return path


def written(content: Mapping[str, Any]) -> str:
    """JSON to read and to compare by lines: what there is one of for every question takes one line each."""
    parts = []
    for name, value in content.items():
        if name in ONE_LINE_EACH:
            lines = ",\n".join(f"  {_json(id_)}: {_json(entry)}" for id_, entry in value.items())
            parts.append(f" {_json(name)}: {{\n{lines}\n }}")
        elif name in ONE_LINE:
            parts.append(f" {_json(name)}: {_json(value)}")
        else:
            parts.append(f" {_json(name)}: " + _json(value, indent=1).replace("\n", "\n "))
    return "{\n" + ",\n".join(parts) + "\n}\n"


def stem(system: str, name: str) -> str:
    """dev, or baseline-dev for another system than ours."""
    return name if system == "bot" else f"{system}-{name}"


def markdown(results: Mapping[str, Mapping[str, Any]]) -> str:
    """One column a saved result, one row a figure, and under it the commands and dates they came from."""
    lines = ["| 指标 | " + " | ".join(results) + " |", "|---" * (len(results) + 1) + "|"]
    for name, figure in PLAN.items():
        cells = (shown(name, content["overall"][name]) for content in results.values())
        lines.append(f"| {figure.label} | " + " | ".join(cells) + " |")
    lines.append("")
    lines += [
        f"{title}：`{content['run']['command']}`，{content['run']['date'][:10]}，提交 {content['run']['commit']}。"
        for title, content in results.items()
    ]
    return "\n".join(lines)


def saved_results(folder: Path = RESULTS) -> dict[str, Mapping[str, Any]]:
    """Title of the column → the result saved last. Raises EvaluationError where there is none."""
    columns = {"本项目 · 调试集": "dev", "本项目 · 留出集": "held", "教程做法 · 调试集": "baseline-dev",
               "教程做法 · 留出集": "baseline-held"}  # fmt: skip
    found = {
        title: json.loads(path.read_text(encoding="utf-8"))
        for title, name in columns.items()
        if (path := folder / f"{name}-latest.json").is_file()
    }
    if not found:
        raise EvaluationError(f"{folder} 里没有评测结果，请先运行 python -m eval --set dev。")
    return found


def insert_table(readme: Path, table: str) -> None:
    """Put the table between the README's markers. Raises EvaluationError where they are missing."""
    text = readme.read_text(encoding="utf-8") if readme.is_file() else ""
    before, begin, rest = text.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise EvaluationError(f"{readme.name} 里没有 {BEGIN} 和 {END} 两个标记，请先加上再更新表格。")
    readme.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


def _briefly(name: str, value: float | None) -> str:
    return f"{value:.0%}" if value is not None and PLAN[name].write is percent else shown(name, value)


def _json(value: object, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent, default=str)


def _portable(value: object) -> object:
    """A path within the project, or the name alone of one elsewhere; settings hold paths as text too."""
    path = Path(value) if isinstance(value, str | Path) else Path()
    if not path.is_absolute():
        return value
    return path.relative_to(PROJECT).as_posix() if path.is_relative_to(PROJECT) else path.name


def _git(*arguments: str) -> str:
    try:
        done = subprocess.run(["git", *arguments], cwd=PROJECT, capture_output=True, text=True, check=False)
    except OSError:  # no git on this machine
        return ""
    return done.stdout.strip()


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"
