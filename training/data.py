"""
What belongs together, drawn from the data folder.

    an article of three sentences  ->  Pair("第二句。", "工伤保险条例第一条 第一句。第三句。")
    a question with its article    ->  Pair("老板不发工资怎么办", "劳动法第五十条 工资应当…")
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from bot.documents.chunk import split
from bot.documents.corpus import read_corpus
from bot.index.vectors import embedded_text
from eval import beir

SENTENCE = re.compile(r"[^。；！？\n]+[。；！？\n]*")
CLAUSE = re.compile(r"[^，。；：、！？\n]+[，。；：、！？\n]*")
OUR_PAIRS = Path(__file__).parent / "pairs"
PASSAGE = 400  # characters kept of a passage: later ones hardly move a sum of words, but cost time


class Pair(NamedTuple):
    anchor: str
    positive: str


class Article(NamedTuple):
    """One article of a law; `heading` is law and number, `chapter` law and chapter's name (empty where unknown)."""

    heading: str
    chapter: str
    text: str


class PolicyQuestion(NamedTuple):
    """A question about a policy paper, the passage that answers it, and the paper's other passages."""

    question: str
    passage: str
    others: tuple[str, ...]


class Asked(NamedTuple):
    """A question and the ids of the articles that answer it."""

    question: str
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Retrieval:
    """A BEIR folder: texts of the corpus, questions, and for each question the ids that answer it."""

    corpus: Mapping[str, str]
    queries: Mapping[str, str]
    relevant: Mapping[str, frozenset[str]]
    titles: Mapping[str, str] = field(default_factory=dict)  # id -> law and number of the article

    def asked(self, queries: Iterable[str]) -> list[Asked]:
        """The questions with these ids."""
        return [Asked(self.queries[query], tuple(sorted(self.relevant[query]))) for query in queries]


def read_jsonl(path: Path) -> Iterator[dict[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def read_beir(folder: Path, split: str) -> Retrieval:
    """The corpus's title and text become one passage. Raises EvaluationError for what eval.beir cannot read."""
    collection = beir.read_beir(folder, split)
    return Retrieval(
        {passage.id: f"{passage.title} {passage.text}".strip() for passage in collection.passages},
        collection.queries,
        {query: frozenset(articles) for query, articles in collection.relevant.items()},
        {passage.id: passage.title for passage in collection.passages},
    )


def read_articles(folder: Path) -> list[Article]:
    """Every article there is to learn from: the statute collection and the retrieval corpus."""
    collected = [
        Article(f"{row['law']}{row['article']}", f"{row['law']} {row['chapter'].partition(' ')[2]}", row["text"])
        for row in read_jsonl(folder / "law-articles.jsonl.gz")
    ]
    for row in read_jsonl(folder / "stard-train" / "corpus.jsonl.gz"):
        collected.append(Article(row["title"], "", row["text"]))
    return collected


def read_question_pairs(folder: Path) -> list[Pair]:
    """Reading-comprehension questions with their passages."""
    files = ("cmrc2018-pairs.jsonl.gz", "drcd-pairs.jsonl.gz")
    return [Pair(row["query"], row["passage"][:PASSAGE]) for name in files for row in read_jsonl(folder / name)]


def read_our_pairs(folder: Path = OUR_PAIRS) -> list[Pair]:
    """What we wrote ourselves: tab-separated, a line starting with # is a comment."""
    lines = [line for path in sorted(folder.glob("*.tsv")) for line in path.read_text(encoding="utf-8").splitlines()]
    return [Pair(*line.split("\t")) for line in lines if line and not line.startswith("#")]


def read_our_questions(retrieval: Retrieval, path: Path = OUR_PAIRS / "questions.txt") -> list[Asked]:
    """
    Questions we wrote to articles: a line with law and number of one or more articles (＋ between them), then one line
    a question, then an empty line. Articles that the collection does not have are left out.
    """
    ids: dict[str, list[str]] = {}
    for id_, title in retrieval.titles.items():
        ids.setdefault(title, []).append(id_)
    asked = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        heading, *questions = [line for line in block.splitlines() if not line.startswith("#")] or [""]
        articles = tuple(id_ for title in heading.split("＋") for id_ in ids.get(title, ()))
        asked += [Asked(question, articles) for question in questions if articles]
    return asked


def read_policy_questions(corpus: Path, path: Path = OUR_PAIRS / "policy.txt") -> list[PolicyQuestion]:
    """
    Questions we wrote to the product's own papers: a line with the paper's id and a stretch of its text that stands
    there once (｜ between them), then one line a question, then an empty line. Passages are the product's chunks.

    Raises ValueError for a stretch that no chunk has.
    """
    chunks = {outline.document.id: split(outline) for outline in read_corpus([corpus]).outlines}
    found = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        heading, *questions = [line for line in block.splitlines() if not line.startswith("#")] or [""]
        if not questions:
            continue
        document, stretch = heading.split("｜")
        passages = [embedded_text(chunk)[:PASSAGE] for chunk in chunks[document]]
        right = [place for place, chunk in enumerate(chunks[document]) if stretch in chunk.text]
        if not right:
            raise ValueError(f"{path.name}：{document} 里没有“{stretch}”")
        others = tuple(passage for place, passage in enumerate(passages) if place not in right)
        found += [PolicyQuestion(question, passages[right[0]], others) for question in questions]
    return found


def read_our_words(path: Path = OUR_PAIRS / "words.txt") -> list[str]:
    """Words of policy papers that statutes rarely use: they are to stay whole."""
    return path.read_text(encoding="utf-8").split()


def cut_article(article: Article, chooser: random.Random, headed: float = 0.7) -> Pair | None:
    """A run of sentences (or of clauses) against the rest, with its heading in a share of the cases."""
    pieces = SENTENCE.findall(article.text)
    if len(pieces) < 2 or chooser.random() < 0.25:
        pieces = CLAUSE.findall(article.text)
    if len(pieces) < 2:
        return None
    length = chooser.randint(1, len(pieces) // 2)
    start = chooser.randrange(len(pieces) - length + 1)
    anchor, rest = "".join(pieces[start : start + length]), "".join(pieces[:start] + pieces[start + length :])
    if len(anchor) < 5 or len(rest) < 5:
        return None
    heading = f"{article.heading} " if chooser.random() < headed else ""
    return Pair(anchor[: PASSAGE // 2], f"{heading}{rest}"[:PASSAGE])


def statute_pairs(articles: Sequence[Article], chooser: random.Random, chapters: float = 0.15) -> list[Pair]:
    """One cut of every article; for a share of them also the chapter's name against the text."""
    pairs = [pair for article in articles if (pair := cut_article(article, chooser))]
    pairs += [
        Pair(article.chapter, article.text[:PASSAGE])
        for article in articles
        if article.chapter and chooser.random() < chapters
    ]
    return pairs
