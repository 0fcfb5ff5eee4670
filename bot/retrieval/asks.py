"""
What kind of thing a question asks for, read from its wording.

    "今年建多少条试验线？由谁牵头？"  ->  {"count", "unit"}

The patterns are data, in asks.toml. They also mark the words that ask, so that what remains is the subject.
"""

import re
import tomllib
from functools import cache, lru_cache
from pathlib import Path

REMEMBERED = 1024  # questions and parts of them: each is asked about some twenty times
# 支持, 补贴 and the like both ask and say what about: they stay in the topic.
STRIPPED = ("unit", "count", "list", "definition", "whether")


@lru_cache(REMEMBERED)
def detect_asks(question: str) -> frozenset[str]:
    """The kinds of thing asked for; empty for a bare topic ("类脑智能")."""
    return frozenset(kind for kind, pattern in patterns().items() if kind != "filler" and pattern.search(question))


def topic_of(question: str) -> str:
    """The question without the words that ask: "今年建多少条试验线" -> "今年建 试验线"."""
    for kind in (*STRIPPED, "filler"):
        question = patterns()[kind].sub(" ", question)
    return question


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """Kind -> pattern, and "filler"."""
    data = tomllib.loads((Path(__file__).parent / "asks.toml").read_text(encoding="utf-8"))
    return {kind: re.compile("|".join(parts)) for kind, parts in (data["asks"] | data["words"]).items()}
