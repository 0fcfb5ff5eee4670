"""
A retrieval collection in BEIR's layout, read and checked.

    DIR/corpus.jsonl[.gz]    {"_id": "g7", "title": "种树办法第二条", "text": "银杏由园林局管理。"}
    DIR/queries.jsonl[.gz]   {"_id": "q1", "text": "银杏归谁管"}
    DIR/qrels/train.tsv      query-id  corpus-id  score   (a head line, tabs)

    ->  Collection(passages=(Passage("g7", …),), queries={"q1": "银杏归谁管"}, relevant={"q1": {"g7": 1}})
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from eval.errors import EvaluationError

HEAD = "query-id"


@dataclass(frozen=True, slots=True)
class Passage:
    """One entry of the corpus, found or not found as a whole."""

    id: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Collection:
    """Queries of one split, each with at least one relevant passage (id -> grade, all positive)."""

    name: str
    split: str
    passages: tuple[Passage, ...]
    queries: Mapping[str, str]
    relevant: Mapping[str, Mapping[str, int]]

    def first(self, limit: int) -> Collection:
        """The same corpus with the first `limit` queries only."""
        queries = dict(islice(self.queries.items(), limit))
        return replace(self, queries=queries, relevant={query: self.relevant[query] for query in queries})


def read_beir(folder: Path, split: str) -> Collection:
    """Raises EvaluationError for a missing or broken file, an empty split, and qrels that name unknown ids."""
    corpus, questions, qrels = _file(folder, "corpus.jsonl"), _file(folder, "queries.jsonl"), _qrels_file(folder, split)
    passages = {id_: Passage(id_, row.get("title") or "", row["text"]) for id_, row in _rows(corpus)}
    texts = {id_: row["text"] for id_, row in _rows(questions)}
    relevant: dict[str, dict[str, int]] = {}
    for number, query, passage, grade in _judgements(qrels):
        for what, id_, known in (("查询", query, texts), ("段落", passage, passages)):
            if id_ not in known:
                source = questions if known is texts else corpus
                raise EvaluationError(f"{qrels} 第 {number} 行的{what} {id_} 不在 {source.name} 里，请核对两份文件。")
        if grade > 0:
            relevant.setdefault(query, {})[passage] = grade
    if not relevant:
        raise EvaluationError(f"{qrels} 里没有一条有相关段落的查询，请换一个 --split 或补上标注。")
    queries = {id_: text for id_, text in texts.items() if id_ in relevant}
    return Collection(folder.resolve().name, split, tuple(passages.values()), queries, relevant)


def _file(folder: Path, name: str) -> Path:
    for path in (folder / name, folder / f"{name}.gz"):
        if path.is_file():
            return path
    raise EvaluationError(f"{folder} 里没有 {name} 或 {name}.gz，请给出 BEIR 格式的文件夹。")


def _qrels_file(folder: Path, split: str) -> Path:
    path = folder / "qrels" / f"{split}.tsv"
    if not path.is_file():
        there = "、".join(sorted(other.stem for other in path.parent.glob("*.tsv"))) or "无"
        raise EvaluationError(f"找不到 {path}，--split 可选：{there}。")
    return path


def _rows(path: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """(_id, row) of each line, with a text in every row."""
    seen: set[str] = set()
    for number, line in _lines(path):
        try:
            row = json.loads(line)
            id_, text = row["_id"], row["text"]
        except (ValueError, KeyError, TypeError):
            raise EvaluationError(f"{path} 第 {number} 行应是带 _id 和 text 的 JSON，请改正。") from None
        if not (isinstance(id_, str) and isinstance(text, str) and isinstance(row.get("title") or "", str)):
            raise EvaluationError(f"{path} 第 {number} 行的 _id、title、text 都应是文字，请改正。")
        if id_ in seen:
            raise EvaluationError(f"{path} 第 {number} 行的 _id {id_} 前面已经有了，请改成不同的编号。")
        seen.add(id_)
        yield id_, row


def _judgements(path: Path) -> Iterator[tuple[int, str, str, int]]:
    """(line number, query, passage, grade)"""
    for number, line in _lines(path):
        fields = line.rstrip("\n").split("\t")
        if number == 1 and fields[0] == HEAD:
            continue
        try:
            query, passage, grade = fields
            yield number, query, passage, int(grade)
        except ValueError:
            raise EvaluationError(f"{path} 第 {number} 行应是“查询、段落、整数”三列，用制表符隔开，请改正。") from None


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """The numbered lines of a file, packed or not, that hold something."""
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8-sig") as lines:
            yield from ((number, line) for number, line in enumerate(lines, 1) if line.strip())
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise EvaluationError(f"{path} 读不出来（{error}），请重新下载或解压。") from error
