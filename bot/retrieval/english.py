"""
English in a question -> the Chinese names that documents use.

    "quantum sensing 用在哪里"  ->  ("量子传感 用在哪里", (("quantum sensing", "量子传感"),))
    "Who is responsible for incubators?"  ->  ("由哪个部门负责 孵化器?", (("incubators", "孵化器"),))

The vocabulary is data: english.toml.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

CHINESE = re.compile(r"[\u4e00-\u9fff]")
LETTERS = r"[A-Za-z0-9]"
JOINT = "\0"  # where a Chinese name came in: two of them stand together without a space
SPACED_JOINT = re.compile(rf"{JOINT} {JOINT}|{JOINT}")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """english.toml, ready to be used."""

    term: re.Pattern[str]
    names: Mapping[str, tuple[str, ...]]  # a term's key -> Chinese names, the usual one first
    question: tuple[tuple[re.Pattern[str], str], ...]
    keep: frozenset[str]  # letters that are no pinyin


def translate(text: str, mentions: Callable[[str], bool]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """
    The question with its English terms in Chinese, and the list of (as typed, as meant).

    `mentions` tells whether the corpus has a word: what it has in English stays, and of several names the one it has
    is taken. A question without any Chinese has its question words read too.
    """
    changes: list[tuple[str, str]] = []
    entirely = not CHINESE.search(text)

    def chinese(found: re.Match[str]) -> str:
        if mentions(found[0]):
            return found[0]
        names = vocabulary().names[_key(found[0])]
        meant = next(filter(mentions, names), names[0])
        if meant != found[0]:
            changes.append((found[0], meant))
        return f"{JOINT}{meant}{JOINT}"

    translated = SPACED_JOINT.sub("", vocabulary().term.sub(chinese, text))
    if entirely and changes:
        for pattern, meant in vocabulary().question:
            translated = pattern.sub(meant, translated)
        translated = " ".join(translated.split())
    return translated, tuple(changes)


def is_kept(letters: str) -> bool:
    """Whether these letters are written as they are by everyone (GDP, PDF): neither pinyin nor initials."""
    return letters.lower() in vocabulary().keep


@cache
def vocabulary() -> Vocabulary:
    data = tomllib.loads((Path(__file__).parent / "english.toml").read_text(encoding="utf-8"))
    names = {_key(term): tuple(meant) for term, meant in data["terms"].items()}
    longest_first = sorted(data["terms"], key=len, reverse=True)
    either = "|".join("[- ]?".join(map(re.escape, re.split("[- ]", term))) for term in longest_first)
    question = tuple(
        (re.compile(rf"(?<!{LETTERS})(?:{pattern})(?!{LETTERS})", re.IGNORECASE), meant)
        for pattern, meant in data["question"].items()
    )
    term = re.compile(rf"(?<!{LETTERS})(?:{either})s?(?!{LETTERS})", re.IGNORECASE)
    return Vocabulary(term, names, question, frozenset(data["keep"].split()))


def _key(term: str) -> str:
    """One form for brain-computer interface, Brain Computer Interfaces and a plural s."""
    return re.sub(r"[- ]", "", term).lower().removesuffix("s")
