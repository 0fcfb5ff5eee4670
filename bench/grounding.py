"""
How long the check of one generated sentence takes.

    python bench/grounding.py [FOLDER …]  ->  p50 and p99 in milliseconds of processor time

Every sentence is checked against its own passage and one of another clause; no passage was read before.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

MOST = 3000  # sentences


def main(folders: list[Path]) -> None:
    from bot.answering.ground import Grounder
    from bot.documents.corpus import read_corpus
    from bot.text.sentences import split_sentences
    from bot.types import Citation

    outlines = read_corpus(folders).outlines
    started = time.process_time()
    grounder = Grounder(outlines)
    begun = time.process_time() - started
    chance = random.Random(16)
    passages = [
        Citation(1, clause, segment.text, segment.span, segment)
        for outline in outlines
        if not outline.document.is_glossary
        for clause in outline.clauses
        for segment in clause.segments
    ]
    sentences = [(span.of(passage.quote), passage) for passage in passages for span in split_sentences(passage.quote)]
    spent = []
    for sentence, passage in chance.sample(sentences, min(MOST, len(sentences))):
        cited = (passage, chance.choice(passages))
        started = time.process_time()
        grounder.check(sentence, cited)
        spent.append(1000 * (time.process_time() - started))
    cuts = statistics.quantiles(spent, n=100)
    shown = f"p50 {cuts[49]:.2f} 毫秒，p99 {cuts[98]:.2f} 毫秒；准备 {begun:.1f} 秒"
    print(f"{len(outlines)} 份文件，{len(spent)} 句：{shown}")


if __name__ == "__main__":
    main([Path(folder) for folder in sys.argv[1:]] or [PROJECT / "corpus"])
