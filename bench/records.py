"""
How fast the console's lists, search and dashboard are over a million answers.

    python bench/records.py [--rows 1000000] [--records sqlite:////tmp/many.db] [--times 20]
        ->  a line each: what, p50 and p95 by the clock and of processor time, in ms; exit 1 where a p95 is over 1000

The rows are made once (seeded; ten minutes and 5 GB for a million) and kept where `--records` says: 90 days of
questions from the practice set as people vary them, four answers of five given, with sources, hits and rejected chunks
as long as real ones, one in fifty disliked. Each query is asked with another period or word each time, so that nothing
is found ready but what the database keeps itself. --records takes PostgreSQL too. On a machine that has other work the
processor's time tells more than the clock does.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, func, insert, select

from bot.documents.corpus import read_corpus
from bot.index.embed import open_embedder
from bot.service.console.insight.figures import Period, coverage, figures, today
from bot.service.console.insight.questions import Wanted, detail, listed
from bot.service.console.insight.topics import topics
from bot.service.console.insight.unanswered import unanswered
from bot.service.records import Records
from bot.service.records.models import AnswerRow, Feedback
from bot.settings import settings
from bot.text.segment import Segmenter

PROJECT = Path(__file__).resolve().parent.parent
QUESTIONS = PROJECT / "eval" / "questions" / "plan-dev.jsonl"
DAYS = 90
TOGETHER = 5000
MOST_MS = 1000.0
STATUSES = {
    "answered": 80,
    "clarification": 2,
    "unanswerable_not_stated": 8,
    "unanswerable_not_in_corpus": 4,
    "refused_out_of_scope": 5,
    "refused_unsafe": 1,
}
WHO = (
    "",
    "",
    "",
    "",
    "请问",
    "你好，",
    "想问一下，",
    "我们是做软件的，",
    "我是办企业的，",
    "城阳这边",
    "市南区",
    "麻烦问下",
)
END = ("", "", "", "？", "?", "呢", "，谢谢", "，急")
WORDS = ("瞪羚", "脑机接口", "补贴", "哪个局", "中试平台", "2027年", "人工智能", "没有这个词", "申报", "量子 平台")


def rows(count: int, seed: int = 8) -> Iterator[dict[str, Any]]:
    """Answers as the service would have kept them, oldest first."""
    chance = random.Random(seed)
    known = [json.loads(line)["question"] for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    chance.shuffle(known)
    asked = list(range(len(known)))
    weights = [1 / (place + 3) for place in asked]
    clauses = [
        (outline.document.id, clause.ref, clause.span.start, clause.span.end)
        for outline in read_corpus([settings().corpus]).outlines
        for clause in outline.clauses
    ]
    often = [1 / (place + 2) for place in range(len(clauses))]
    ended = datetime.now(UTC).replace(tzinfo=None) - timedelta(minutes=5)
    step = timedelta(days=DAYS) / count
    chunks = [f"{document}#{start}-{end}" for document, _, start, end in clauses]
    places = chance.choices(asked, weights, k=count)
    statuses = chance.choices(list(STATUSES), list(STATUSES.values()), k=count)
    for number, (place, status) in enumerate(zip(places, statuses, strict=True)):
        cited = chance.choices(clauses, often, k=3) if status == "answered" else []
        rejected = chance.sample(chunks, 36)
        yield {
            "id": f"{number:026d}",
            "at": ended - step * (count - number),
            "conversation": f"conversation-{number // 3}",
            "route": chance.choice(("/api/v1/ask", "/chat", "/v1/chat/completions")),
            "question": chance.choice(WHO) + known[place] + chance.choice(END),
            "understood": known[place],
            "status": status,
            "mode": "quoted",
            "answer": "支持符合条件的企业申报，具体以主管部门的通知为准。[1]" * 4,
            "sources": [dict(zip(("document", "ref", "start", "end"), clause, strict=True)) for clause in cited],
            "timings_ms": {"search": 9.0, "answer": 7.0, "total": round(chance.lognormvariate(2.9, 0.5), 2)},
            "hits": [[chunk, 0.61, 1, 2] for chunk in rejected[:2]],
            "rejected": [[chunk, 0.5, rank, rank + 3] for rank, chunk in enumerate(rejected)],
            "generation": "000001",
            "configuration": {"embedding": "model", "reranker": ""},
            "usage": None,
        }


def fill(url: str, count: int) -> None:
    """The rows, and feedback on some of them, past the writer: nothing here has to outlive a power cut."""
    chance = random.Random(9)
    engine = create_engine(url)
    made = rows(count)
    while batch := list(islice(made, TOGETHER)):
        thoughts = [
            {"at": row["at"], "answer": row["id"], "verdict": chance.choice(("up", "down")), "comment": ""}
            for row in batch
            if chance.random() < 0.04
        ]
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":
                connection.exec_driver_sql("PRAGMA synchronous=OFF")
            connection.execute(insert(AnswerRow.__table__), batch)
            connection.execute(insert(Feedback.__table__), thoughts)
            connection.commit()
        if sys.stderr.isatty():
            print(f"\r{batch[-1]['id']}", end="", file=sys.stderr)


def measured(name: str, ask: Callable[[int], Any], times: int) -> float:
    """Print the line of one query; returns its p95 in milliseconds."""
    spent, worked = [], []
    for number in range(times):
        started, began = time.perf_counter(), time.process_time()
        ask(number)
        spent.append(1000 * (time.perf_counter() - started))
        worked.append(1000 * (time.process_time() - began))
    (p50, p95), (own50, own95) = ([percentile(each, share) for share in (0.5, 0.95)] for each in (spent, worked))
    print(f"{name:<34} p50 {p50:7.1f}  p95 {p95:7.1f} ms; processor p50 {own50:6.1f}  p95 {own95:6.1f} ms", flush=True)
    return p95


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[math.ceil(share * len(values)) - 1]


def queries(records: Records) -> dict[str, Callable[[int], Any]]:
    """What the pages ask, each with another period or word for each number."""
    outlines = read_corpus([settings().corpus]).outlines
    embed, segmenter = open_embedder(settings()).embed, Segmenter()
    last = today()

    def period(number: int, days: int = DAYS) -> Period:
        return Period.days_until(last - timedelta(days=number % 7), days)

    def page(number: int, **wanted: Any) -> Any:
        return listed(records, Wanted(period(number), **wanted))

    def deep(number: int) -> Any:
        """The page of two months ago, reached as its reader would: by the place where the one before it ended."""
        before = listed(records, Wanted(Period.days_until(last - timedelta(days=60 + number % 20), 10)), size=1)
        return listed(records, Wanted(period(0)), before.after)

    def one(number: int) -> Any:
        return detail(records, f"{1000 * number:026d}")

    def topics_of(number: int, days: int) -> Any:
        rows = listed(records, Wanted(period(number, days)), size=1000).rows
        return topics([(row.question, 1) for row in rows], embed, segmenter)

    return {
        "list, first page": page,
        "list, of two months ago": deep,
        "list, not answered": lambda number: page(number, statuses=["unanswerable_not_stated"]),
        "list, a status nobody had": lambda number: page(number, statuses=["error_internal"]),
        "list, disliked": lambda number: page(number, disliked=True),
        "one answer": one,
        "search, 90 days": lambda number: page(number, contains=WORDS[number % len(WORDS)]),
        "search, 90 days, not there": lambda number: page(number, contains=f"没有{number}"),
        "search, disliked": lambda number: page(number, contains=WORDS[number % len(WORDS)], disliked=True),
        "unanswered, grouped, two weeks": lambda number: unanswered(records, period(number, 14), embed, segmenter),
        "unanswered, grouped, 30 days": lambda number: unanswered(records, period(number, 30), embed, segmenter),
        "topics of the last 1000 questions": lambda number: topics_of(number, 30),
        "dashboard, 7 days": lambda number: coverage(figures(records, period(number, 7)), outlines),
        "dashboard, 90 days": lambda number: coverage(figures(records, period(number)), outlines),
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--records", default="sqlite:////tmp/bench-records.db")
    parser.add_argument("--times", type=int, default=20)
    chosen = parser.parse_args()
    records = Records.open(chosen.records)
    have = records.read(lambda connection: connection.scalar(select(func.count()).select_from(AnswerRow))) or 0
    if not have:
        started = time.perf_counter()
        fill(chosen.records, chosen.rows)
        print(f"{chosen.rows} rows made in {time.perf_counter() - started:.0f} s")
    started = time.perf_counter()
    if counted := records.count():
        print(f"{counted} rows counted into the days in {time.perf_counter() - started:.0f} s")
    slow = [name for name, ask in queries(records).items() if measured(name, ask, chosen.times) > MOST_MS]
    records.close()
    print(f"over {MOST_MS:.0f} ms: {', '.join(slow)}" if slow else f"all p95 within {MOST_MS:.0f} ms")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
