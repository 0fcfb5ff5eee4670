"""
Terms as they sound: full syllables and initials, for typed pinyin and homophone typos.

    PinyinIndex(["专精特新"]).spelled("zjtx")            ->  "专精特新"
    PinyinIndex(["类脑智能"]).mend("类恼智能怎么支持")     ->  ("类脑智能怎么支持", (("类恼智能", "类脑智能"),))
"""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache

SHORTEST_SPELLED = 3  # letters: "zj" would match too much
SHORTEST_MENDED = 3  # characters: most pairs of characters have homophones that are words
_CHINESE_RUN = re.compile(r"[\u4e00-\u9fff]+")
_LETTER_RUN = re.compile(r"[a-z]+(?:[ '][a-z]+)*")


@lru_cache(maxsize=65536)
def syllable(character: str) -> str:
    """The character's toneless reading, the common one where there are several; itself if it has none."""
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(character)[0])


def syllables(text: str) -> tuple[str, ...]:
    return tuple(map(syllable, text))


class PinyinIndex:
    """Looks Chinese terms up by sound. Terms with anything but Chinese characters are left out."""

    def __init__(self, terms: Iterable[str]) -> None:
        self._by_sound: dict[tuple[str, ...], str] = {}
        self._by_letters: dict[str, str] = {}
        for term in terms:
            if _CHINESE_RUN.fullmatch(term) and len(term) > 1:
                sound = syllables(term)
                if len(term) >= SHORTEST_MENDED:
                    self._by_sound.setdefault(sound, term)
                    self._by_letters.setdefault("".join(part[0] for part in sound), term)
                self._by_letters.setdefault("".join(part[0] for part in (*sound, "qi", "ye")), term)
                self._by_letters["".join(sound)] = term
        self._lengths = sorted({len(sound) for sound in self._by_sound}, reverse=True)
        self._shapes: dict[str, list[str]] = {}
        for term in self._by_sound.values():
            if len(term) >= SHORTEST_MENDED + 1:
                for place in range(len(term)):
                    self._shapes.setdefault(f"{term[:place]}?{term[place + 1 :]}", []).append(term)

    def spelled(self, letters: str) -> str | None:
        """The term that `letters` spell in full ("fuhuaqi") or by initials ("zjtx"), else None."""
        joined = re.sub(r"[ ']", "", letters.lower())
        return self._by_letters.get(joined) if len(joined) >= SHORTEST_SPELLED else None

    def mend(
        self, text: str, is_word: Callable[[str], bool], known: Callable[[str], bool]
    ) -> tuple[str, tuple[tuple[str, str], ...]]:
        """
        `text` with homophone and single-character typos of terms mended, and the list of (as typed, as meant).

        A stretch that stands in the corpus (`known`) is never touched; one that only looks alike is mended only where
        its odd character is no part of a word (`is_word`), so that 创业平台 does not turn into 创新平台.
        """
        changes: list[tuple[str, str]] = []
        for length in self._lengths:
            start = 0
            while start + length <= len(text):
                typed = text[start : start + length]
                meant = self._meant(typed, is_word) if _CHINESE_RUN.fullmatch(typed) and not known(typed) else None
                if meant:
                    text = text[:start] + meant + text[start + length :]
                    changes.append((typed, meant))
                    start += length
                start += 1
        return text, tuple(changes)

    def _meant(self, typed: str, is_word: Callable[[str], bool]) -> str | None:
        term = self._by_sound.get(syllables(typed))
        if term:
            return term if term != typed else None
        for place in range(len(typed)):
            for term in self._shapes.get(f"{typed[:place]}?{typed[place + 1 :]}", ()):
                pairs = (typed[max(place - 1, 0) : place + 1], typed[place : place + 2])
                if not any(len(pair) == 2 and is_word(pair) for pair in pairs):
                    return term
        return None


def letter_runs(text: str) -> list[str]:
    """Runs of small letters that may be typed pinyin: "zjtx 找哪个局" -> ["zjtx"]."""
    return _LETTER_RUN.findall(text.lower())
