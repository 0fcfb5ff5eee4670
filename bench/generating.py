"""
What checking costs while a model writes, over a real HTTP server on this machine that streams scripted sentences.

    python bench/generating.py  ->  first checked sentence after the model's first full sentence; a sentence's check

The server sends a sentence taken from the passages it was given, a character or two at a time, then waits; the time is
taken from its last byte on the wire to the answer that shows it.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(PROJECT))

QUESTIONS = (
    "技术经纪人每年培养多少名？",
    "到2027年要打造多少个应用场景？",
    "规划建设几个专业园区？",
    "中试平台由哪个部门负责？",
    "类脑智能重点做什么？",
    "概念验证平台提供什么服务？",
    "量子信息重点支持哪些方向？",
)
ROUNDS = 10
TOKEN = 0.005  # seconds between two pieces: two hundred a second, faster than models write
PASSAGE = re.compile(r"^\[1\] .*\n(.*)", re.MULTILINE)


def main() -> None:
    from bot.answering.generate.endpoint import connect
    from bot.answering.generate.generator import Generator
    from bot.answering.generate.passages import passages
    from bot.answering.ground import Grounder
    from bot.answering.pipeline import open_pipeline
    from tests.answering.generate.scripted_endpoint import End, Pause, Piece, Script, ScriptedEndpoint

    def first_sentence(body: dict[str, list[dict[str, str]]]) -> Script:
        found = PASSAGE.search(body["messages"][1]["content"])
        assert found
        text = found[1].rstrip("。；") + "。"
        pieces = [step for place in range(0, len(text), 2) for step in (Piece(text[place : place + 2]), Pause(TOKEN))]
        return [*pieces, Piece("[1]"), Pause(0.2), End()]

    with tempfile.TemporaryDirectory() as store, ScriptedEndpoint().running() as endpoint:
        subprocess.run(
            [sys.executable, "-m", "bot", "index", "--store", store], cwd=PROJECT, check=True, capture_output=True
        )
        pipeline = open_pipeline(Path(store), "quoted")
        endpoint.script = first_sentence
        outlines = pipeline.store.outlines
        pipeline.generator = Generator(
            connect(endpoint.url, "scripted", "", 30.0), "scripted", Grounder, 30.0, outlines=outlines
        )
        waits = []
        for _ in range(ROUNDS):
            for question in QUESTIONS:
                endpoint.first_sentence_at = 0.0
                answers = pipeline.stream(question)
                answer = next(answers)
                if answer.mode == "generated":
                    waits.append(1000 * (time.monotonic() - endpoint.first_sentence_at))
                list(answers)
        grounder, spent = Grounder(outlines), []
        for question in QUESTIONS:
            given, _ = passages(*pipeline.drafted(question))
            for passage in given * ROUNDS:
                started = time.perf_counter()
                grounder.check(passage.quote, [passage])
                spent.append(1000 * (time.perf_counter() - started))
    print(f"模型写完第一句到端出核对过的第一句：{told(waits[len(QUESTIONS) :])}")
    print(f"核对一句：{told(spent)}")


def told(milliseconds: list[float]) -> str:
    cuts = statistics.quantiles(milliseconds, n=100)
    return (
        f"p50 {cuts[49]:.1f} 毫秒，p99 {cuts[98]:.1f} 毫秒，最长 {max(milliseconds):.1f} 毫秒（{len(milliseconds)} 次）"
    )


if __name__ == "__main__":
    main()
