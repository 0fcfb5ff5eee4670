"""Retrieval measured on a tiny BEIR folder, through the product's own index and search."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

import eval.__main__ as command
from eval.beir import Collection, read_beir
from eval.retrieval import LABELS, METRICS, evaluate, index, open_rankers, score
from tests.eval.small_beir import write_beir
from tests.index.small_index import character_embedder


@pytest.fixture
def trees(tmp_path: Path) -> Collection:
    return read_beir(write_beir(tmp_path / "trees"), "test")


def test_every_ranker_finds_what_shares_the_querys_words(trees: Collection, tmp_path: Path) -> None:
    with index(trees.passages, tmp_path, character_embedder()) as (store, spent):
        found = {name: ranker("银杏由市园林局管理") for name, ranker in open_rankers(store).items()}
    assert {name: chunks[0].clause.ref for name, chunks in found.items()} == dict.fromkeys(found, "p1")
    assert (list(found), list(spent)) == (["bm25", "dense", "hybrid"], ["bm25", "dense"])


def test_articles_of_one_law_are_clauses_of_one_document(trees: Collection, tmp_path: Path) -> None:
    with index(trees.passages, tmp_path, character_embedder()) as (store, _):
        assert [(chunk.clause.ref, chunk.context) for chunk in store.chunks[:2]] == [
            ("p1", "种树办法 第一条"),
            ("p2", "种树办法 第二条"),
        ]
        assert list(store.chunk_counts.values()) == [3, 2]


def test_a_reranker_orders_what_the_hybrid_search_found(trees: Collection) -> None:
    measured = evaluate(trees, character_embedder(), rerank=lambda _, hits: hits[::-1])
    assert list(measured.rankers) == list(LABELS)
    found, reversed_ = measured.rankers["hybrid"].metrics, measured.rankers["reranked"].metrics
    assert found["mrr@10"] > reversed_["mrr@10"]
    assert found["recall@100"] == reversed_["recall@100"]
    assert (measured.passages, measured.queries) == (5, 2)


def test_metrics_are_those_worked_out_by_hand(trees: Collection) -> None:
    found = {"q1": ["p4", "p1"], "q2": ["p2", "p4", "p5", "p1", "p6", "p3"]}
    assert score(found, trees) == {
        "recall@5": 0.75,  # (1 + 1/2) / 2
        "recall@10": 1.0,
        "recall@20": 1.0,
        "recall@100": 1.0,
        "mrr@10": 0.75,  # (1/2 + 1) / 2
        "ndcg@10": 0.7633,  # (1/log2(3) + (2 + 1/log2(7)) / (2 + 1/log2(3))) / 2
    }


def test_a_query_that_found_nothing_counts(trees: Collection) -> None:
    assert score({"q1": ["p1"], "q2": []}, trees) == dict.fromkeys(METRICS, 0.5)


def test_the_command_prints_and_keeps_the_figures(tmp_path: Path) -> None:
    folder = write_beir(tmp_path / "trees")
    places = ["--out", str(tmp_path / "kept"), "--plot", str(tmp_path / "docs" / "trees.png")]
    done = CliRunner().invoke(command.app, ["retrieval", str(folder), "--split", "test", "--limit", "1", *places])
    assert (done.exit_code, (tmp_path / "docs" / "trees.png").is_file()) == (0, True)
    kept = json.loads((tmp_path / "kept" / "retrieval-trees-test-1-latest.json").read_text(encoding="utf-8"))
    assert (kept["passages"], kept["queries"], kept["run"]["set"]) == (5, 1, "trees-test-1")
    assert kept["rankers"]["bm25"]["metrics"] == dict.fromkeys(METRICS, 1.0)


def test_a_wrong_folder_is_one_sentence(tmp_path: Path) -> None:
    done = CliRunner().invoke(command.app, ["retrieval", str(tmp_path), "--split", "test"])
    assert (done.exit_code, done.output.count("错误："), done.output.count("。")) == (2, 1, 1)
