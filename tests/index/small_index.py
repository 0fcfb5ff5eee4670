"""
A corpus of two small papers and a real embedder of single characters, for tests that need an index quickly.

As a program it builds the index of a folder: python -m tests.index.small_index CORPUS STORE
"""

import sys
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer, models, pre_tokenizers

from bot.index.embed import Embedder, StaticEmbedder
from bot.index.store import open_store
from bot.types import Chunk

PLAN = """种树行动方案
一、总体要求
到2027年种树50棵左右。
二、重点任务
1.培育树苗。支持苗圃“先租后建”。（责任单位：市园林局、市水务局）引进瞪羚苗圃。（责任单位：市科技局）
2.浇灌树木。每年浇水10次以上。（责任单位：市水务局）
"""
RULES = """种树管理办法

第一条 为了多种树，制定本办法。

第二条 银杏、水杉、雪松等树种由市园林局管理。
"""
EXTRA = """剪枝办法

第一条 剪枝用“三剪两看”法。

第二条 剪下的银杏枝条由市水务局收集。
"""


def character_embedder(fingerprint: str = "characters", dimension: int = 32) -> Embedder:
    """Every Chinese character has a random vector of its own, so that texts with the same characters are alike."""
    characters = [chr(code) for code in range(0x4E00, 0x9FA6)]
    tokenizer = Tokenizer(models.WordLevel({"?": 0} | {character: n for n, character in enumerate(characters, 1)}, "?"))
    tokenizer.pre_tokenizer = pre_tokenizers.Split("", "isolated")
    table = np.random.default_rng(7).normal(size=(len(characters) + 1, dimension)).astype(np.float32)
    table[0] = 0
    return StaticEmbedder(tokenizer, table, fingerprint)


QUESTIONS = ["银杏归谁管", "每年浇水几次", "先租后建", "种树行动方案", "三剪两看", "市水务局", "瞪羚苗圃", "A+X"]


def generations(store: Path) -> list[str]:
    return sorted(path.name for path in (store / "generations").iterdir())


def seen(folder: Path, embedder: Embedder) -> list[object]:
    """Everything a reader can see of an index."""
    with open_store(folder, embedder) as store:
        known = [(store.mentions(question), store.document_frequency(question)) for question in QUESTIONS]
        found = [_found(search(question, 99)) for question in QUESTIONS for search in (store.lexical, store.dense)]
        return [store.outlines, store.chunks, sorted(store.lexicon.items()), known, found]


def _found(ranked: list[tuple[Chunk, float]]) -> list[tuple[str, float]]:
    return sorted((chunk.id, round(score, 3)) for chunk, score in ranked)


def write_corpus(folder: Path, **texts: str) -> Path:
    """A folder that holds exactly these texts, one file each."""
    folder.mkdir(exist_ok=True)
    for path in folder.iterdir():
        path.unlink()
    for name, text in texts.items():
        (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    return folder


if __name__ == "__main__":
    from bot.index.build import build

    print("ready", flush=True)
    print(build([Path(sys.argv[1])], Path(sys.argv[2]), character_embedder()).generation)
