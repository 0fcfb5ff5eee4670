"""
What the system under test said: the OUT rows of `python -m bot ask --batch`.

    {"id": "dev-unit-01", "status": "answered", "answer": "市科技局[1]", "citations": [{"ref": "三、(一)3.", …}], …}

Only the fields that scoring reads are named here; others are carried along untouched.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NotRequired, TypedDict, cast

from eval.errors import EvaluationError
from eval.questions import read_jsonl


class Cited(TypedDict):
    """One citation: `quote` should stand at `start`:`end` of the text of `document` (a file's stem)."""

    document: str
    ref: str
    quote: str
    start: int
    end: int
    units: list[str]
    number: NotRequired[int]
    title: NotRequired[str]
    kind: NotRequired[str]
    text: NotRequired[str]


class Row(TypedDict):
    """One reply; `answer` carries [n] markers."""

    id: str
    question: str
    status: str
    answer: str
    citations: list[Cited]
    timings_ms: dict[str, float]
    found: NotRequired[list[str]]  # documents of what was found, the best first
    written: NotRequired[Any]  # eval.generated.Written, where a model was asked


def read_rows(path: Path) -> list[Row]:
    """Raises EvaluationError naming the line that lacks a field."""
    rows = []
    for number, record in read_jsonl(path):
        missing = [name for name in Row.__annotations__ if name in Row.__required_keys__ - record.keys()]
        if missing:
            raise EvaluationError(f"{path.name} 第 {number} 行缺少 {'、'.join(missing)}，请用 bot ask --batch 的输出。")
        rows.append(cast("Row", record))
    return rows


def write_rows(path: Path, rows: Iterable[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
