"""
The evaluation's questions: one JSON object a line in, a Question out.

    {"id": "dev-unit-01", "kind": "unit", "question": "海上综合试验场建设归谁管？", "history": [], "expect": "answered",
     "clauses": ["三、(一)3."], "required": [], "units": ["市发展改革委", "市科技局"], "must_not": ["市大数据局"],
     "note": "", "source": "own"}
    ->  Question(id="dev-unit-01", …)

Nothing here knows the system that will be asked.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from eval.errors import EvaluationError

FOLDER = Path(__file__).resolve().parent / "questions"
SETS = {
    "dev": (FOLDER / "plan-dev.jsonl",),
    "held": (FOLDER / "plan-held.jsonl",),
    "all": (FOLDER / "plan-dev.jsonl", FOLDER / "plan-held.jsonl"),
}
REGULATIONS = {  # asked of the statutes beside the corpus
    "regulations": (FOLDER / "regulations-dev.jsonl",),
    "regulations-held": (FOLDER / "regulations-held.jsonl",),
    "refusals": (FOLDER / "refusals-dev.jsonl",),
    "refusals-held": (FOLDER / "refusals-held.jsonl",),
}
HELD = "held-"  # ids that begin so belong to the set nobody tunes on

KINDS = {
    "figure": "数字",
    "date": "日期",
    "unit": "责任单位",
    "measures": "单位的任务",
    "content": "条款内容",
    "belongs": "归属赛道",
    "list": "列举",
    "yes_no": "是不是",
    "support": "企业找支持",
    "condition": "条件",
    "definition": "说法含义",
    "article": "按条号问",
    "fine": "罚则",
    "levels": "各级规定",
    "reference": "引用的规定",
    "comparison": "比较",
    "follow_up": "追问",
    "colloquial": "口语",
    "misspelt": "错别字",
    "mixed": "拼音英文",
    "traditional": "繁体",
    "multiple": "一问多事",
    "false_premise": "前提有误",
    "not_stated": "细节未载明",
    "not_in_corpus": "文件没有",
    "out_of_scope": "不相干",
    "unsafe": "不当指令",
    "promise": "要求承诺",
}

Expect = Literal["answered", "partial", "correct_premise", "unanswerable", "refused"]
TO_REFUSE: frozenset[Expect] = frozenset({"unanswerable", "refused"})

_TEXTS = ("id", "kind", "question", "expect")
_LISTS = ("clauses", "required", "units", "must_not")


@dataclass(frozen=True, slots=True)
class Question:
    """
    One question and what a right reply must and must not contain.

    clauses: canonical references, the best first, each acceptable; a section such as 三、(一) stands for its items. Of
    several documents each names its own: 专利法 第六条 (see `bot.types.Document.work`).
    required: words of the document that the answer must hold. units: responsible units it must name.
    """

    id: str
    kind: str
    question: str
    expect: Expect
    history: tuple[tuple[str, str], ...] = ()
    clauses: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    must_not: tuple[str, ...] = ()
    note: str = ""
    source: str = "own"

    @property
    def to_refuse(self) -> bool:
        return self.expect in TO_REFUSE

    @property
    def held(self) -> bool:
        return self.id.startswith(HELD)


def load_set(name: str) -> tuple[Question, ...]:
    """The questions of a set of SETS or REGULATIONS, or of a file. Raises EvaluationError."""
    paths = {**SETS, **REGULATIONS}.get(name, (Path(name),))
    questions = tuple(question for path in paths for question in read_questions(path))
    repeated = [id_ for id_, times in Counter(question.id for question in questions).items() if times > 1]
    if repeated:
        raise EvaluationError(f"{name} 里 id 重复：{'、'.join(repeated)}，请让每个 id 只出现一次。")
    return questions


def read_questions(path: Path) -> tuple[Question, ...]:
    """Raises EvaluationError naming the file and the line at fault."""
    return tuple(_question(record, f"{path.name} 第 {number} 行") for number, record in read_jsonl(path))


def read_jsonl(path: Path) -> list[tuple[int, Mapping[str, Any]]]:
    """The objects of a JSONL file with their line numbers. Raises EvaluationError."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluationError(f"读不了 {path}（{error}），请检查路径和编码（UTF-8）。") from error
    records: list[tuple[int, Mapping[str, Any]]] = []
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except json.JSONDecodeError as error:
            raise EvaluationError(f"{path.name} 第 {number} 行不是 JSON（{error.msg}），请改正。") from error
        if not isinstance(record, dict):
            raise EvaluationError(f"{path.name} 第 {number} 行应是一个 JSON 对象，请改正。")
        records.append((number, record))
    if not records:
        raise EvaluationError(f"{path} 是空的，请给出至少一行。")
    return records


def _question(record: Mapping[str, Any], where: str) -> Question:
    for name in _TEXTS:
        if not isinstance(record.get(name), str) or not record[name]:
            raise EvaluationError(f"{where}缺少 {name}（非空字符串），请补上。")
    for name in _LISTS:
        if not _all_text(record.get(name, [])):
            raise EvaluationError(f"{where}的 {name} 应是字符串列表，请改正。")
    if record["kind"] not in KINDS:
        raise EvaluationError(f"{where}的 kind 是“{record['kind']}”，应是 {'、'.join(KINDS)} 之一。")
    if record["expect"] not in get_args(Expect):
        raise EvaluationError(f"{where}的 expect 是“{record['expect']}”，应是 {'、'.join(get_args(Expect))} 之一。")
    history = record.get("history", [])
    if not isinstance(history, list) or not all(_all_text(turn) and len(turn) == 2 for turn in history):
        raise EvaluationError(f"{where}的 history 应是 [[问, 答], …]，请改正。")
    return Question(
        id=record["id"],
        kind=record["kind"],
        question=record["question"],
        expect=record["expect"],
        clauses=tuple(record.get("clauses", [])),
        required=tuple(record.get("required", [])),
        units=tuple(record.get("units", [])),
        must_not=tuple(record.get("must_not", [])),
        history=tuple((asked, answered) for asked, answered in history),
        note=record.get("note", ""),
        source=record.get("source", "own"),
    )


def _all_text(value: object) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str) and all(isinstance(item, str) for item in value)
