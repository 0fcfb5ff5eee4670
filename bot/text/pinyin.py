"""
Terms as they sound and as they look: typed pinyin, initials, homophone and look-alike typos.

    index = PinyinIndex(terms=["专精特新"], texts=["…类脑智能…"])
    index.spelled("zjtx")               ->  "专精特新"
    index.spell_out("gui shei leinao")  ->  (("gui shei", "归谁"), ("leinao", "类脑"))
    index.mend("类恼智能怎么支持")       ->  ("类脑智能怎么支持", (("类恼智能", "类脑智能"),))
"""

import re
from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterable
from functools import cache, lru_cache
from itertools import accumulate, pairwise

SHORTEST_SPELLED = 3  # letters: "zj" would match too much
SHORTEST_TYPED = 5  # letters of full pinyin: two syllables at least
SHORTEST_BLURRED = 8  # letters that may be typed as in the south: zi for zhi, xin for xing
SHORTEST_MENDED, LONGEST_MENDED = 2, 8  # characters
LONGEST_TERM_ONLY = 3  # characters: up to here only terms are mended, longer stretches of any text
PARTICLES = frozenset(
    "吗呢吧啊呀嘛么的了得地着过是在和与就都也有没不哪个几由归被把"
)  # what sounds like a term with one of these is chance
REMEMBERED = 1 << 14  # stretches of questions whose sound has been looked for
TEXT_LIMIT = 2_000_000  # characters; above it only the terms are heard, not the whole texts
# What people type in pinyin around a term. The characters stand for every other way to say it.
SPOKEN = """
归谁管 归谁 谁管 谁负责 由谁负责 由谁牵头 谁牵头 负责 牵头 哪个部门 哪个局 哪些部门 责任单位 部门 单位 有哪些 哪些
多少个 多少家 多少名 多少钱 多少 几个 几家 什么时候 什么意思 是什么 有什么 做什么 干什么 什么 怎么申请 怎么 如何
支持 补贴 政策 企业 在哪里 哪里 和 的 吗 有 是
"""
_CHINESE_RUN = re.compile(r"[\u4e00-\u9fff]+")
_LETTER_RUN = re.compile(r"[a-z]+(?:[ '][a-z]+)*")
_BLURRED = re.compile(r"(?<=[zcs])h|(?<=n)g(?![aeiouv])")


@lru_cache(maxsize=65536)
def syllable(character: str) -> str:
    """The character's toneless reading, the common one where there are several; itself if it has none."""
    from pypinyin import lazy_pinyin

    return str(lazy_pinyin(character)[0])


def syllables(text: str) -> list[str]:
    return list(map(syllable, text))


class PinyinIndex:
    """Hears the words of a corpus: `terms` by their initials too, `texts` by their full sound."""

    def __init__(self, terms: Iterable[str], texts: Iterable[str] = ()) -> None:
        terms, texts = [term for term in terms if _CHINESE_RUN.fullmatch(term)], list(texts)
        heard = texts if sum(map(len, texts)) <= TEXT_LIMIT else []
        self._terms = frozenset(terms)
        self._characters = "|".join(run for text in (*terms, *heard) for run in _CHINESE_RUN.findall(text))
        self._sounds = _sounds(self._characters)
        heard_as = self._sounds.split()
        self._starts = array("I", (0, *accumulate(len(sound) + 1 for sound in heard_as)))  # of each character's sound
        # Where two sounds first stand side by side: most stretches have two that never do.
        self._neighbours: dict[tuple[str, str], int] = {}
        for place, pair in enumerate(pairwise(heard_as)):
            self._neighbours.setdefault(pair, place)
        self._blurred = _blur(self._sounds)
        self._sounding = lru_cache(REMEMBERED)(self._find_sounding)
        self._initials: dict[str, str] = {}
        self._shapes: dict[str, str] = {}
        for term in terms:
            initials = "".join(part[0] for part in syllables(term))
            for spelled in (initials, f"{initials}qy"):  # 瞪羚 is also asked for as 瞪羚企业
                if len(spelled) >= SHORTEST_SPELLED:
                    self._initials.setdefault(spelled, term)
            if len(term) > LONGEST_TERM_ONLY:
                for place in range(1, len(term) - 1):  # at the edge it may be another word: 拿实验室, 省实验室
                    self._shapes.setdefault(f"{term[:place]}?{term[place + 1 :]}", term)

    def spelled(self, letters: str) -> str | None:
        """What `letters` spell in full ("fuhuaqi") or by initials ("zjtx"), else None."""
        joined = re.sub(r"[ ']", "", letters.lower())
        if joined in self._initials:
            return self._initials[joined]
        if len(joined) < SHORTEST_TYPED:
            return None
        if found := _typed(joined).search(self._sounds):
            return self._written(self._sounds, found.start(1), found[1])
        if len(joined) >= SHORTEST_BLURRED and (found := _typed(_blur(joined)).search(self._blurred)):
            return self._written(self._blurred, found.start(1), found[1])
        return None

    def spell_out(self, run: str) -> tuple[tuple[str, str], ...]:
        """
        What the words of a letter run spell, the longest stretches first; nothing where none of them is a term.

        Beside a term, what people ask about it is read too: "gui shei guan leinao".
        """
        words = run.split(" ")
        read: dict[int, tuple[int, str]] = {}  # where a stretch of words starts -> where it ends, what it spells
        for hear in (self._heard, spoken):
            for length in range(len(words), 0, -1):
                for start in range(len(words) - length + 1):
                    taken = any(start < end and begin < start + length for begin, (end, _) in read.items())
                    if not taken and (meant := hear("".join(words[start : start + length]))):
                        read[start] = (start + length, meant)
            if not read:
                return ()
        return tuple((" ".join(words[start:end]), meant) for start, (end, meant) in sorted(read.items()))

    def _heard(self, letters: str) -> str | None:
        """As `spelled`; or a term with what is asked about it, written without a space: fuhuaqiguishui."""
        if whole := self.spelled(letters):
            return whole
        for asked, meant in _spoken().items():
            about = letters.removesuffix(asked) if len(asked) >= SHORTEST_TYPED else letters
            if about != letters and (term := self.spelled(about)):
                return term + meant
        return None

    def mend(
        self, text: str, is_word: Callable[[str], bool], known: Callable[[str], bool]
    ) -> tuple[str, tuple[tuple[str, str], ...]]:
        """
        `text` with homophone and single-character typos mended, and the list of (as typed, as meant).

        A stretch that stands in the corpus (`known`) is never touched. A stretch that only looks alike is mended only
        where its odd character is no part of a word (`is_word`), so that 创业平台 does not turn into 创新平台.
        """
        changes: list[tuple[str, str]] = []
        for length in range(LONGEST_MENDED, SHORTEST_MENDED - 1, -1):
            start = 0
            while start + length <= len(text):
                typed = text[start : start + length]
                meant = self._meant(typed, is_word, known) if _CHINESE_RUN.fullmatch(typed) else None
                if meant and not known(typed):
                    text = text[:start] + meant + text[start + length :]
                    changes.append((typed, meant))
                    start += length
                start += 1
        return text, tuple(changes)

    def _meant(self, typed: str, is_word: Callable[[str], bool], known: Callable[[str], bool]) -> str | None:
        if len(typed) <= LONGEST_TERM_ONLY and not PARTICLES.isdisjoint(typed):
            return None
        heard = self._sounding(tuple(syllables(typed)))
        if heard:
            same = [a == b for a, b in zip(heard, typed, strict=True)]
            # A typo leaves the first or last character and most others right; what differs more is another word.
            # A few characters of a text may be no word; two that everyday Chinese has are no typo.
            named = heard in self._terms or (len(heard) == LONGEST_TERM_ONLY and is_word(heard))
            whole = named or (len(typed) > LONGEST_TERM_ONLY and same[0] and same[-1])
            word = len(typed) == SHORTEST_MENDED and is_word(typed)
            chance = any(character in PARTICLES for character, kept in zip(typed, same, strict=True) if not kept)
            if whole and not word and not chance and sum(same) >= len(typed) / 2 and (same[0] or same[-1]):
                return heard
        return self._alike(typed, is_word, known)

    def _find_sounding(self, heard_as: tuple[str, ...]) -> str:
        """The first stretch of the corpus that sounds so, empty where none does."""
        places = [self._neighbours.get(pair) for pair in pairwise(heard_as)]
        known = [place for place in places if place is not None]
        if len(known) < len(places):
            return ""
        # No stretch begins before its pairs first stand anywhere.
        first = max((place - number for number, place in enumerate(known)), default=0)
        place = self._sounds.find(f" {' '.join(heard_as)} ", self._starts[max(first, 0)])
        if place < 0:
            return ""
        start = bisect_left(self._starts, place)
        return self._characters[start : start + len(heard_as)]

    def _alike(self, typed: str, is_word: Callable[[str], bool], known: Callable[[str], bool]) -> str | None:
        """The term that differs in one character, or has two of them the other way round; or such a text stretch."""
        long_enough = len(typed) > LONGEST_TERM_ONLY and PARTICLES.isdisjoint(typed)
        for odd in range(1, len(typed) - 1):
            if typed[odd] in PARTICLES or _in_word(typed, odd, is_word):
                continue
            if term := self._shapes.get(f"{typed[:odd]}?{typed[odd + 1 :]}"):
                return term
            turned = f"{typed[:odd]}{typed[odd + 1]}{typed[odd]}{typed[odd + 2 :]}"
            if turned in self._terms and not is_word(typed[odd : odd + 2]):
                return turned
            if long_enough and not known(typed[odd - 1 : odd + 1]) and not known(typed[odd : odd + 2]):
                before, after = typed[:odd], typed[odd + 1 :]
                # Looked for first: a pattern of its own for each stretch costs more than both.
                if before in self._characters and after in self._characters:
                    alike = f"{re.escape(before)}([^|]){re.escape(after)}"
                    if found := re.search(alike, self._characters):
                        return found[0]
        return None

    def _written(self, sounds: str, start: int, sound: str) -> str:
        first = sounds.count(" ", 0, start) - 1
        return self._characters[first : first + len(sound.split())]


def spoken(letters: str) -> str | None:
    """What people ask in pinyin: "shuiguan" -> 谁管."""
    return _spoken().get(letters)


@cache
def _spoken() -> dict[str, str]:
    """The longest first; 谁 is also typed shei."""
    phrases = {"".join(syllables(phrase)).replace("shei", "shui"): phrase for phrase in SPOKEN.split()}
    phrases |= {letters.replace("shui", "shei"): phrase for letters, phrase in phrases.items()}
    return dict(sorted(phrases.items(), key=lambda item: -len(item[0])))


def _typed(joined: str) -> re.Pattern[str]:
    """Letters that are whole syllables, wherever one ends."""
    return re.compile(" (" + " ?".join(map(re.escape, joined)) + ") ")


def _sounds(characters: str) -> str:
    """Every character's syllable between single spaces; a bar stays a bar, so that no word runs over it."""
    return " " + " ".join("|" if character == "|" else syllable(character) for character in characters) + " "


def _blur(sounds: str) -> str:
    """Without what is often left out or put in: zh, ch, sh as z, c, s and -ng as -n."""
    return _BLURRED.sub("", sounds)


def _in_word(typed: str, place: int, is_word: Callable[[str], bool]) -> bool:
    """Whether the character at a place within `typed` makes a word with one beside it."""
    return is_word(typed[place - 1 : place + 1]) or is_word(typed[place : place + 2])


def letter_runs(text: str) -> list[str]:
    """Runs of letters that may be typed pinyin: "zjtx 找哪个局" -> ["zjtx"]."""
    return _LETTER_RUN.findall(text.lower())
