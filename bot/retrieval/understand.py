"""
Question + history -> Query: what was meant, what kind of thing is asked for, and the words that say about what.

    "zjtx 归谁"  ->  Query(understood="专精特新 归谁", asks={"unit"}, terms=(Term("专精特新", 1.0),),
                              changes=(("zjtx", "专精特新"),))
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import lru_cache
from itertools import pairwise

from bot.index.store import Store
from bot.retrieval.asks import detect_asks
from bot.retrieval.english import is_kept, translate
from bot.retrieval.follow_up import ALSO, instead, rewrite
from bot.retrieval.ordinals import named_by_place
from bot.retrieval.scope import Scoper
from bot.retrieval.sides import sides as sides_of
from bot.retrieval.terms import find_terms
from bot.settings import settings
from bot.text.normalise import MAXIMUM_QUESTION_LENGTH, normalise
from bot.text.pinyin import PinyinIndex, letter_runs
from bot.types import Query, Term, Turn

# Words that point back at the conversation.
POINTING = re.compile(
    r"它|他们|她|这(个|些|条|项|块|家|事|里|样|类)|那(个|些|条|项|块|家|里|边|样|类|它|谁|么?[^\u4e00-\u9fff])"
    r"|那(?=[\u4e00-\u9fff]{1,12}呢)|该(项|条|平台|赛道|单位|政策)|其(中|他|余)?(?=[由归责牵])|上面|上述|前面|刚才|同样"
    r"|第[一二三四五]句|前(半句|一个|一条)|后(半句|一个|一条)|^(那|那么|还有|再问|另外|然后)|呢[?!。]*$"
)
COMPARED = re.compile(r"(它|他们|这个?|那个?|上面的?|前面的?)(跟|和|与|同|比)")
INSTEAD = re.compile(r"^(那么?|换成|如果是|要是)(?=[\u4e00-\u9fff]{2,12}呢(?:[,?。 ]|$))")
INSTEAD_SHARE = 0.5
MARKS = "?!。;,、 "
SPLIT = re.compile(rf"((?:[{MARKS}]|以及|并且|另外|此外|还有(?!吗|没|别的|其)|顺便(?:再?问(?:一下)?)?)+)")
ENUMERATED = re.compile(rf"(^|[{MARKS}:])\(?(?:[1-9]|[①-⑨])[、.)](?!\d)")

STOP = re.compile(r"[:,。;!?]")
NUMERALS = "一二三四五六七八九"
# 八大赛道, 五个行动; not 大学, 一家企业.
COUNTED = re.compile(
    rf"(?<![第{NUMERALS}十百])([{NUMERALS}])(大(?!学|家|会|批|型|事|数|规)|(?<!一)(?:个(?!月)|项|条|类|家(?!企|公)))"
)
REMEMBERED = 1024  # questions, and parts of them
HISTORY_WEIGHT = 0.6  # words taken over from the conversation count less than the question's own
BESIDE_OWN = 0.3  # and less still where the question names a subject itself
HARDLY_ANY_WORDS = 0.4  # a question whose own words weigh less than this names no subject
LEANS = 0.6  # and one whose words weigh less than this leans on the conversation
MOST_HEARD = 100_000  # characters of all documents together
LONGEST_READ = 10 * MAXIMUM_QUESTION_LENGTH  # characters, white space and invisible ones included
FEW_WORDS = 0.9  # one whose words weigh less than this needs what was said before it
PREAMBLE_WEIGHT = 0.35  # 我们是一家做…的公司, 领导让写材料: the question comes after it
TELLING = 0.15  # words that weigh less than this name nothing in particular
FEW_NAMES = 2  # an earlier answer that names more clauses than this is about none in particular
CIRCUMSTANCES = frozenset({"own", "support", "whether"})  # they tell of the asker or soften; a question needs more
ABOUT_ASKER = frozenset({"own", "support", "belongs"})  # what askers tell of themselves is the subject
FROM_HISTORY = "结合上文"


class Understander:
    """Makes questions searchable against one opened store; safe to share between threads."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.home = settings().home
        main = tuple(outline for outline in store.outlines if outline.document.primary)
        self._main = main or (store.outlines if len(store.outlines) == 1 else ())  # whose lists are meant by 第三个赛道
        self._scope = Scoper(store.documents, self.home, store.segmenter.is_place)
        texts = [outline.document.text for outline in store.outlines]
        # A large corpus is too long to search for every stretch of a question, and in it most things sound alike.
        whole = sum(map(len, texts)) <= MOST_HEARD
        self._pinyin = PinyinIndex(store.lexicon, texts if whole else ())
        # A question is looked at again as a part of itself, and as what was said before the next one.
        self.terms = lru_cache(REMEMBERED)(self._find_terms)
        self._mend = lru_cache(REMEMBERED)(self._make_mended)

    def __call__(self, question: str, history: Sequence[Turn] = ()) -> Query:
        # What is too long will not be answered, so nothing is spent on understanding it.
        plain = normalise(question) if len(question) <= LONGEST_READ else question
        if len(plain) > MAXIMUM_QUESTION_LENGTH:
            return Query(question, plain, (), history=tuple(history))
        if len(ENUMERATED.findall(plain)) > 1:  # 1、…；2、…
            plain = ENUMERATED.sub(r"\1", plain)
        asked = COUNTED.sub(lambda found: f"{NUMERALS.index(found[1]) + 1}{found[2]}", plain)
        mended, changes = self._mend(asked)
        text, pointed = rewrite(mended, history, self._store)
        if not pointed:
            text, pointed = named_by_place(text, self._main)
        changes = (*changes, *pointed)
        asks = detect_asks(text)
        terms = self._weighed(text)
        if history and not pointed and (POINTING.search(text) or _weight(terms) < LEANS):
            inherited = self._inherited(terms, history, text)
            if not asks - {"whether"}:
                asks |= detect_asks(normalise(history[-1].question))
            if inherited:
                terms = (*terms, *inherited)
                changes = (*changes, (FROM_HISTORY, "、".join(term.text for term in inherited)))
        scope = self._scope(text, history, date.today())
        return Query(question, text, terms, asks, changes, tuple(history), scope)

    def parts(self, query: Query) -> tuple[Query, ...]:
        """The questions in a question, each with its own words; one that names nothing takes over the one before."""
        questions = _pieces(query.understood) or [query.understood]
        pieces = [each for piece in questions for each in self._sides(piece)]
        sides = len(questions) == 1  # each has a subject of its own
        if len(pieces) < 2:
            return (query,)
        parts: list[Query] = []
        for piece in pieces:
            also = ALSO.match(piece) if parts else None
            if also and (whole := instead(also["other"], parts[-1].understood, self._store)):
                piece = whole
            terms = self._weighed(piece)
            asks = detect_asks(piece)
            if also:  # 青年人才呢 asks what was asked before
                asks |= parts[-1].asks
            if _weight(terms) < FEW_WORDS / 2 and not (sides and terms):
                earlier = parts[-1].terms if parts else query.terms
                terms = (*terms, *(term for term in earlier if term not in terms))
            scope = self._scope(piece, (), date.today())
            scope = scope if scope.named else query.scope  # a paper named once is meant throughout
            parts.append(Query(query.asked, piece, terms, asks, query.changes, query.history, scope))
        return tuple(parts)

    def _sides(self, piece: str) -> list[str]:
        """A question about several subjects, once for each; papers that are compared are set side by side later."""
        return [piece] if self._scope(piece, (), date.today()).sides else sides_of(piece, self._tells)

    def _tells(self, text: str) -> bool:
        """Whether the text names something in particular that the corpus has."""
        known = (term for term in self.terms(text) if any(map(self._store.mentions, (term.text, *term.alternatives))))
        return _weight(tuple(known)) >= TELLING

    def _weighed(self, text: str) -> tuple[Term, ...]:
        """The terms of `text`; what is only said before the question itself weighs less."""
        told, question = preamble(text)
        asked = self.terms(question)
        before = [term for term in self.terms(told) if term.text not in {other.text for other in asked}]
        if _weight(asked) < FEW_WORDS or detect_asks(text) & ABOUT_ASKER:
            return (*before, *asked)
        return (*(Term(term.text, term.weight * PREAMBLE_WEIGHT, term.alternatives) for term in before), *asked)

    def _find_terms(self, text: str) -> tuple[Term, ...]:
        return find_terms(text, self._store.segmenter, self._store.lexicon, self._store.mentions)

    def _make_mended(self, text: str) -> tuple[str, tuple[tuple[str, str], ...]]:
        text, english = translate(text, self._store.mentions)
        changes = list(english)
        for letters in letter_runs(text):
            typeable = " ".join(word for word in letters.split() if not is_kept(word))
            for typed, meant in self._pinyin.spell_out(typeable):
                text = re.sub(rf"(?<![a-z]){re.escape(typed)}(?![a-z])", meant, text, flags=re.I)
                changes.append((typed, meant))
        mended, _ = self._pinyin.mend(text, self._store.segmenter.is_word, self._store.mentions)
        return mended, (*changes, *self._words_changed(text, mended))

    def _words_changed(self, typed: str, meant: str) -> Iterator[tuple[str, str]]:
        """Each word of `meant` that was typed otherwise, and how; the two texts are equally long."""
        ends = [0]
        for word in self._store.segmenter.words(meant):
            ends.append(meant.index(word, ends[-1]) + len(word))
        for start, end in pairwise(ends):
            if typed[start:end] != meant[start:end]:
                # A single character says nothing: it is shown with the one before it.
                start = max(0, min(start, end - 2))
                yield typed[start:end], meant[start:end]

    def _inherited(self, terms: Sequence[Term], history: Sequence[Turn], text: str) -> tuple[Term, ...]:
        """The words of the latest turn that has any; a title asked for now takes the place of one asked before."""
        named = _weight(terms) >= HARDLY_ANY_WORDS and not COMPARED.search(text)
        own = {term.text for term in terms}
        titled = any(self._is_title(word) for word in own)
        for turn in reversed(history):
            earlier = [*self.terms(self._mend(normalise(turn.question))[0]), *self._named(turn.answer)]
            share = BESIDE_OWN if named else HISTORY_WEIGHT
            if terms and INSTEAD.search(text):  # 那金融呢: what is asked now outweighs what was asked before
                share = min(share, INSTEAD_SHARE * _weight(terms) / (_weight(earlier) or 1.0))
            kept = {
                term.text: Term(term.text, term.weight * share, term.alternatives)
                for term in earlier
                if term.text not in own and not (titled and self._is_title(term.text))
            }
            if earlier:
                return tuple(kept.values())
        return ()

    def _named(self, answer: str) -> list[Term]:
        """The clauses an earlier answer names, where it names only a few."""
        words = dict.fromkeys(word for word in self._store.segmenter.words(normalise(answer)) if self._is_title(word))
        return [Term(word, 1.0) for word in words] if len(words) <= FEW_NAMES else []

    def _is_title(self, word: str) -> bool:
        return self._store.lexicon.get(word) == "title"


def _weight(terms: Sequence[Term]) -> float:
    return sum(term.weight for term in terms)


def preamble(text: str) -> tuple[str, str]:
    """What stands before the last sentence part that asks something, and that part with all that follows it."""
    cuts = [match.end() for match in STOP.finditer(text)]
    for cut in reversed([0, *cuts]):
        if detect_asks(text[cut:]) - CIRCUMSTANCES:
            return text[:cut], text[cut:]
    return "", text


def _pieces(text: str) -> list[str]:
    """The sentence parts of `text` that ask something; what only tells of the asker goes with the one after it."""
    pieces: list[str] = []
    pending = ""
    for piece in SPLIT.split(text):  # the marks themselves are pieces too
        pending += piece
        asks = detect_asks(pending) - CIRCUMSTANCES or (pieces and ALSO.match(piece))
        if not SPLIT.fullmatch(piece) and asks:
            pieces.append(pending.strip(MARKS))
            pending = ""
    if pending.strip(MARKS) and pieces:
        pieces[-1] += pending
    return pieces
