"""
Bring typed text to one form without touching its meaning.

    "Ａ轮企業\\u200b  有啥 支持？"  ->  "A轮企业 有啥 支持?"

Width, script and invisible characters only (OpenCC, the library its own authors keep up, does the script): typos and
synonyms are matters of retrieval.
"""

import re
import unicodedata
from functools import cache, lru_cache

MAXIMUM_QUESTION_LENGTH = 300  # characters

# Zero-width, bidirectional and tag characters carry no words but can hide an order inside a question; lone surrogates
# are what is left of broken text.
INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff\U000e0000-\U000e007f]")
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
SPACES = re.compile(r"\s+")
QUOTES = str.maketrans("“”‘’「」『』", '""\'\'""""')
_QUOTE = re.compile("[“”‘’「」『』]")


def strip_invisible(text: str) -> str:
    """Without zero-width, bidirectional, tag and control characters; line breaks stay."""
    return CONTROL.sub("", INVISIBLE.sub("", text))


def fold_width(text: str) -> str:
    """Full-width letters, digits and punctuation as their half-width forms (Unicode NFKC), curly quotes straight."""
    folded = unicodedata.normalize("NFKC", text)
    return folded.translate(QUOTES) if _QUOTE.search(folded) else folded  # looking is 10 times as fast as translating


def to_simplified(text: str) -> str:
    """Traditional characters as simplified ones; where there are any, Taiwan's words too (人工智慧 -> 人工智能)."""
    if _converter("t2s").convert(text) == text:
        return text
    return str(_converter("t2s").convert(_converter("tw2sp").convert(text)))


def normalise(text: str) -> str:
    """One line of plain half-width simplified Chinese."""
    return SPACES.sub(" ", to_simplified(fold_width(strip_invisible(text)))).strip()


@lru_cache(maxsize=16384)
def comparable(text: str) -> str:
    """A form for comparing two texts: width folded, lower case, no white space."""
    return SPACES.sub("", fold_width(strip_invisible(text))).lower()


@cache
def _converter(configuration: str):  # type: ignore[no-untyped-def]
    from opencc import OpenCC

    return OpenCC(configuration)
