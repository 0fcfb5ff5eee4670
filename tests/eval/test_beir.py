"""Reading a BEIR folder: what it becomes, and one sentence for each thing that can be wrong with it."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from eval.beir import Collection, Passage, read_beir
from eval.errors import EvaluationError
from tests.eval.small_beir import PASSAGES, write_beir


def test_a_folder_becomes_a_collection_of_the_queries_that_have_an_answer(tmp_path: Path) -> None:
    folder = write_beir(tmp_path / "trees")
    assert read_beir(folder, "test") == Collection(
        "trees",
        "test",
        tuple(Passage(row["_id"], row["title"], row["text"]) for row in PASSAGES),
        {"q1": "银杏归谁管", "q2": "树苗多久浇一次水"},
        {"q1": {"p1": 1}, "q2": {"p2": 2, "p3": 1}},
    )


def test_a_packed_corpus_without_titles_reads_the_same(tmp_path: Path) -> None:
    folder = write_beir(tmp_path / "trees")
    (folder / "corpus.jsonl").unlink()
    with gzip.open(folder / "corpus.jsonl.gz", "wt", encoding="utf-8") as packed:
        packed.writelines(json.dumps({"_id": row["_id"], "text": row["text"]}) + "\n" for row in PASSAGES)
    assert read_beir(folder, "test").passages == tuple(Passage(row["_id"], "", row["text"]) for row in PASSAGES)


def test_a_limit_keeps_the_corpus_and_the_first_queries(tmp_path: Path) -> None:
    read = read_beir(write_beir(tmp_path / "trees"), "test")
    assert (read.first(1).queries, read.first(1).relevant) == ({"q1": "银杏归谁管"}, {"q1": {"p1": 1}})
    assert read.first(1).passages == read.passages


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("corpus.jsonl", None, "里没有 corpus.jsonl 或 corpus.jsonl.gz"),
        ("queries.jsonl", None, "里没有 queries.jsonl 或 queries.jsonl.gz"),
        ("qrels/test.tsv", None, "--split 可选：无"),
        ("corpus.jsonl", '{"_id": "p1"}\n', "第 1 行应是带 _id 和 text 的 JSON"),
        ("corpus.jsonl", '{"_id": "p1", "text": 3}\n', "第 1 行的 _id、title、text 都应是文字"),
        ("corpus.jsonl", '{"_id": "p1", "text": ""}\n' * 2, "第 2 行的 _id p1 前面已经有了"),
        ("queries.jsonl", "不是 JSON\n", "第 1 行应是带 _id 和 text 的 JSON"),
        ("qrels/test.tsv", "query-id\tcorpus-id\tscore\n", "没有一条有相关段落的查询"),
        ("qrels/test.tsv", "q1\tp1\t0\n", "没有一条有相关段落的查询"),
        ("qrels/test.tsv", "q1\tp9\t1\n", "第 1 行的段落 p9 不在 corpus.jsonl 里"),
        ("qrels/test.tsv", "q9\tp1\t1\n", "第 1 行的查询 q9 不在 queries.jsonl 里"),
        ("qrels/test.tsv", "q1 p1 1\n", "第 1 行应是“查询、段落、整数”三列"),
    ],
)
def test_what_is_wrong_is_one_sentence(tmp_path: Path, name: str, content: str | None, sentence: str) -> None:
    folder = write_beir(tmp_path / "trees")
    (folder / name).unlink()
    if content is not None:
        (folder / name).write_text(content, encoding="utf-8")
    with pytest.raises(EvaluationError) as caught:
        read_beir(folder, "test")
    assert sentence in str(caught.value)
    assert (str(caught.value)[-1], str(caught.value).count("。"), "\n" in str(caught.value)) == ("。", 1, False)


def test_a_truncated_archive_is_told(tmp_path: Path) -> None:
    folder = write_beir(tmp_path / "trees")
    packed = gzip.compress((folder / "corpus.jsonl").read_bytes())
    (folder / "corpus.jsonl").unlink()
    (folder / "corpus.jsonl.gz").write_bytes(packed[:-20])
    with pytest.raises(EvaluationError, match="读不出来"):
        read_beir(folder, "test")
