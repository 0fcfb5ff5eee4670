"""A check that a reader understands at a glance: a sentence's figures and most of its pairs stand in what it cites."""

import re
from collections.abc import Iterable, Sequence

from bot.answering.ground import Fault, Verdict
from bot.text.normalise import comparable
from bot.types import Citation, Outline, Span

EXCEPT = re.compile(r"但[^。]*除外")


class PlainGrounder:
    def __init__(self, outlines: Iterable[Outline] = ()) -> None:
        self.outlines = list(outlines)

    def check(self, sentence: str, cited: Sequence[Citation]) -> Verdict:
        if not cited:
            return Verdict((Fault("citation", "", ""),))
        said, stated = comparable(sentence), comparable("".join(citation.quote for citation in cited))
        for figure in re.findall(r"\d+", said):
            if figure not in re.findall(r"\d+", stated):
                return Verdict((Fault("figure", figure, ""),))
        pairs = {said[place : place + 2] for place in range(len(said) - 1)}
        if sum(pair in stated for pair in pairs) < len(pairs) / 2:
            return Verdict((Fault("unsupported", sentence, ""),))
        return Verdict(omitted=tuple(_exceptions(sentence, cited[0])))


def _exceptions(sentence: str, citation: Citation) -> Iterable[Span]:
    for found in EXCEPT.finditer(citation.quote):
        if "除外" not in sentence:
            yield Span(citation.span.start + found.start(), citation.span.start + found.end())
