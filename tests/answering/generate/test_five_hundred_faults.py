"""
Five hundred replies of an endpoint that tells the truth, changes figures and breaks down, as chance will have it.

Each reply is written from the passages it was sent; which of its sentences are false is known, because they were made.
"""

import random
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.answering.generate.breaker import Breaker
from bot.answering.generate.endpoint import connect
from bot.answering.generate.generator import Generator
from bot.answering.ground import Grounder
from bot.answering.pipeline import Pipeline
from bot.index.store import Store
from bot.text.normalise import comparable
from bot.types import Answer
from tests.answering.generate.scripted_endpoint import (
    Cut,
    End,
    Endless,
    Pause,
    Piece,
    Raw,
    Script,
    ScriptedEndpoint,
    Status,
    Step,
    says,
)

FAULTS, WAIT = 500, 1.5
NEVER = 20  # seconds: more than a busy machine adds to WAIT, less than what a fault that is waited out takes
QUESTIONS = (
    "技术经纪人每年培养多少名？",
    "到2027年要打造多少个应用场景？",
    "规划建设几个专业园区？",
    "中试平台由哪个部门负责？",
    "类脑智能重点做什么？",
    "人才方面有什么支持？",
    "市民营经济局承担哪些任务？",
    "概念验证平台提供什么服务？",
)
PASSAGE = re.compile(r"^\[(\d+)\] .*\n(.*)", re.MULTILINE)
NUMBER = re.compile(r"\d+")
FIGURES = ("9173", "4861", "7359")  # of no passage
JUNK = (
    "| 指标 | 9173 |\n|---|---|\n",
    '{"figure": 9173}',
    "<b>9173</b>\n",
    "抱歉，无法回答。[1]",
    "As an AI, 9173. [1]\n",
    "<think>9173？",
    "</think>",
    "每年9173项。[99]",
    "【1】",
    "[1][2]",
    "\n\n",
    "http://a.cn/9173 ",
    "###",
    "无。[1]",
)


class Liar:
    """Writes scripts; `false` are the sentences it has put a figure into."""

    def __init__(self, seed: int) -> None:
        self._chance = random.Random(seed)
        self._lock = threading.Lock()
        self.false: set[str] = set()

    def __call__(self, body: dict[str, object]) -> Script:
        with self._lock:
            return self._script(str(body["messages"][1]["content"]))  # type: ignore[index]

    def _script(self, prompt: str) -> Script:
        chance = self._chance
        if chance.random() < 0.15:
            waits = {"Retry-After": chance.choice(["0", "0.2", "30", "soon"])}
            return [Status(chance.choice([400, 401, 404, 408, 422, 429, 500, 502, 503]), waits)]
        passages = [(int(number), text) for number, text in PASSAGE.findall(prompt)]
        text = "".join(self._sentence(*chance.choice(passages)) for _ in range(chance.randint(1, 6)))
        steps: list[Step] = [*says(text, chance.choice([1, 3, 50]), chance.choice(["stop", "stop", "stop", "length"]))]
        if chance.random() < 0.5:
            steps[chance.randrange(len(steps)) :] = [self._fault(), *says("每年9173项。[1]")]
        return steps or [End()]

    def _sentence(self, number: int, text: str) -> str:
        chance = self._chance
        if chance.random() < 0.15:
            return chance.choice(JUNK)
        sentence = text.rstrip("。；")
        if chance.random() < 0.5:
            figure = chance.choice(FIGURES)
            found = list(NUMBER.finditer(sentence))
            if found:
                replaced = chance.choice(found)
                sentence = sentence[: replaced.start()] + figure + sentence[replaced.end() :]
            else:
                sentence += f"，共{figure}项"
            self.false.add(comparable(sentence))
        return f"{sentence}。" + chance.choice(["[{}]", "[{}]", "【{}】", "［{}］", "[{}]\n"]).format(number)

    def _fault(self) -> Step:
        return self._chance.choice(
            [
                Cut(),
                Cut(reset=True),
                Pause(0.3),
                Pause(60),
                Raw(b"data: {oops\n\n"),
                Raw(b'data: {"error": {"message": "busy"}}\n\n'),
                Raw(b"\xff\xfe\n\n"),
                Raw(b": ping\n\n"),
                Piece(delta={"tool_calls": [{"index": 0, "id": "a", "function": {"name": "f", "arguments": "{"}}]}),
                End("content_filter"),
                Endless("共9173项", 0.01),
                Endless(":\n", 0.05, is_raw=True),
                Endless("共9173项。[1]"),
            ]
        )


@pytest.mark.slow
def test_no_fault_is_unhandled_no_false_figure_shown_and_every_answer_in_time(plan_store: Store) -> None:
    liar = Liar(seed=20261123)

    def ask(number: int) -> tuple[Answer, float]:
        started = time.monotonic()
        answer = pipeline.invoke(QUESTIONS[number % len(QUESTIONS)])
        return answer, time.monotonic() - started

    with ScriptedEndpoint().running() as endpoint, ThreadPoolExecutor(4) as several:
        endpoint.script = liar
        chat = connect(endpoint.url, "scripted", "", WAIT)
        breaker = Breaker(limit=10**9)
        outlines = plan_store.outlines
        pipeline = Pipeline(
            plan_store,
            generator=Generator(chat, "scripted", Grounder, WAIT, outlines=outlines, breaker=breaker),
        )
        ask(0)
        told = list(several.map(ask, range(FAULTS)))
    answers = [answer for answer, _ in told]
    assert len(liar.false) > 50
    assert {answer.status for answer in answers} == {"answered"}
    assert [answer.usage.fault for answer in answers if answer.usage and answer.usage.fault == "unexpected"] == []
    generated = [answer for answer in answers if answer.mode == "generated"]
    assert len(generated) > FAULTS / 4
    for answer in generated:
        segments = {citation.number: citation.segment for citation in answer.citations}
        for sentence in answer.sentences:
            if sentence.origin == "generated":
                stated = "".join(segment.text for number in sentence.citations if (segment := segments[number]))
                assert comparable(sentence.text.rstrip("。")) not in liar.false
                assert set(NUMBER.findall(comparable(sentence.text))) <= set(NUMBER.findall(comparable(stated)))
    assert not any(figure in answer.text for answer in answers for figure in FIGURES)
    assert max(seconds for _, seconds in told) < NEVER
