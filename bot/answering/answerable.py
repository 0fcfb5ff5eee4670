"""
How likely the evidence answers the question: a logistic model over some fifty plain observations.

    "先投后股最多能投多少万"  ->  {"held": 0.71, "unstated": 1.0, "strange": 0.0, …}  ->  0.08

The weights stand in answerable.toml. `python -m eval calibrate` learns them from labelled questions and says how well
the probabilities hold; nobody sets them by hand.
"""

import math
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from bot.answering.boundaries import attributes, boundaries
from bot.answering.evidence import Evidence, longest_part, match
from bot.answering.ranking import measures
from bot.answering.stated import (
    NEAREST,
    STRICT_DETAILS,
    figures_wanted,
    good,
    missing_details,
    no_choice,
    results_missing,
    share_asked,
    told_apart,
    uncounted,
    undated,
    unnamed,
    unstated_details,
)
from bot.documents.places import places_named
from bot.index.store import Store
from bot.retrieval.terms import NUMBER, YEAR, alternatives, is_figure, stop_words, unknown_technologies
from bot.retrieval.understand import ABOUT_ASKER, preamble
from bot.text.normalise import comparable
from bot.types import Query, Term

# A question word; what is to be known stands right before it (收费标准是多少) or right after it (发什么证, 多少亩地).
QUESTION_WORD = re.compile(
    r"(?P<copula>(分别|都|各|一共|总共)?(是|有|为|需要|需|要求|定|占|达到|要|打|给|发)?(了|到)?)"
    r"(多少|多大|多高|多长|多久|百分之几|什么时候|什么样|什么|啥|哪家|哪所|哪几[个家所位]?|哪位|哪些|哪个|谁|怎么|怎样|如何|几(?!乎))"
)
MOVED_FROM = re.compile(
    r"(?:从|自|由)[\u4e00-\u9fff]{2,8}?(?:搬|迁|来的|过来|转到|回来)"
)  # 从沈阳搬来 tells of the asker
DAY = re.compile(r"20\d\d年\d{1,2}月")
PERIOD = re.compile(r"十[一二三四五六七八九]五|第十[一二三四五六七八九]个五年")
TOGETHER = re.compile(r"合作|协同|交流|学|借鉴|互补|联动|对接|关系|[和与跟同]")
HEAD_OF_DOCUMENT = 200  # characters: title, addressees, signature
HEAD = 4  # words looked at before the question word for what a figure is of
SHORTEST = 3  # characters of a part of a longer word that tell the same thing
FOCUS = 2  # words looked at on either side of the question word
UNMET = 0.1  # evidence that covers less of the question was found by its sense alone
SUBJECT = 0.5  # weight of a noun that may be the subject itself
TELLING_AT_ALL = 0.15
DETAILS = frozenset({"count", "list", "names", "date", "money", "unit", "place"})
TELLING = 0.25  # weight of a word that says something about the subject


def probability(query: Query, evidence: Sequence[Evidence], store: Store) -> float:
    """0 to 1: that the best evidence holds what is asked for."""
    if not evidence or not evidence[0].wording:  # not even a pair of characters in common
        return 0.0
    weights = model()
    score = sum(weights.get(name, 0.0) * value for name, value in observe(query, evidence, store).items())
    return 1 / (1 + math.exp(-score))


def observe(query: Query, evidence: Sequence[Evidence], store: Store) -> dict[str, float]:
    """What the model looks at, each between 0 and 1 or thereabouts; "one" is the constant."""
    best = evidence[0] if evidence else None
    total = sum(term.weight for term in query.terms) or 1.0
    # What the paper that would answer does not know is strange, whatever others there are.
    mentions = partial(store.mentions, document=best.clause.document.id) if best else store.mentions
    strange = {term: term.weight * strangeness(term, mentions) for term in query.terms}
    own = sum(term.weight for term in query.terms if best and term.text in best.own) / total
    told_of_asker = bool(query.asks & ABOUT_ASKER)
    share = sum(strange.values()) / total
    unstated = unstated_details(query, evidence)
    details = bool(missing_details(query, evidence))
    nouns = [term for term in strange if store.segmenter.is_noun(term.text)]
    specific = [term for term in nouns if term.text not in attributes()["common"]]
    unknown_specific = sum(strange[term] for term in specific) / (sum(term.weight for term in specific) or 1.0)
    technologies = unknown_technologies(query.understood, mentions)
    _, asked = preamble(query.understood)
    no_results = results_missing(query, evidence)
    strange_noun = max((strange[term] for term in nouns), default=0.0)
    return {
        "one": 1.0,
        "near": best.hit.score if best else 0.0,
        "own": own,
        "unmet": float(not best or best.coverage < UNMET),
        "held": held(query, best) if best else 0.0,
        "score": best.score if best else 0.0,
        **_of_article(query, best),
        "named": float(bool(query.scope.named)),
        "beside_main": float(bool(best) and not of_main(evidence) and _has_main(store)),
        "strange": 0.0 if told_of_asker else share,
        "strange_of_asker": share if told_of_asker else 0.0,
        "strangest": 0.0 if told_of_asker else max(strange.values(), default=0.0),
        "telling": float(any(term.weight >= TELLING and best and term.text in best.own for term in query.terms)),
        "few_words": 1 / (1 + total),
        "attribute": float(bool(unstated_attribute(query, evidence, store))),
        "focus": focus_missing(query, evidence, store),
        "details": float(details and not told_of_asker),
        "details_to_asker": float(details and told_of_asker),
        "strange_noun": strange_noun if not told_of_asker else 0.0,
        "strange_noun_of_asker": strange_noun if told_of_asker else 0.0,
        "unknown_subject": float(any(term.weight >= SUBJECT and strange[term] >= SUBJECT / 2 for term in nouns)),
        "unknown_specific": unknown_specific if not told_of_asker else 0.0,
        "unknown_specific_of_asker": unknown_specific if told_of_asker else 0.0,
        "unknown_compound": unknown_compound(query, mentions),
        "list": float("list" in query.asks),
        "definition": float("definition" in query.asks),
        "whether": float("whether" in query.asks),
        "uncounted": float(uncounted(query, evidence)),
        "list_of_figure": float("list" in query.asks and any(map(is_figure, query.terms))),
        "results_missing": float(no_results),
        "result_detail": float(no_results and bool(query.asks & DETAILS or QUESTION_WORD.search(asked))),
        "everyday": float(bool(boundaries()["out_of_scope"].search(query.understood))),
        "undated": float(undated(query, evidence)),
        "share_asked": float(share_asked(query, evidence)),
        "told_apart": told_apart(query, evidence),
        "figure_elsewhere": float(figure_elsewhere(query, evidence, store)),
        "asked_missing": 0.0 if told_of_asker else asked_missing(query, evidence),
        "unnamed": float(unnamed(query, evidence)),
        "no_choice": float(no_choice(query, evidence, store.segmenter.words)),
        "unknown_technology": float(any(name in asked.lower() for name in technologies)),
        "unknown_year": float(any(not mentions(year) for year in _times(query))),
        "other_place": float(about_other_place(query, evidence, store)),
        "foreign_place": float(any(store.segmenter.is_place(term.text) for term in strange if strange[term] > 0)),
        "unstated": float(bool(unstated) and not told_of_asker),
        **{f"no_{ask}": float(ask in unstated) for ask in STRICT_DETAILS},
        "unstated_to_asker": float(bool(unstated) and told_of_asker),
        "unit": float("unit" in query.asks),
        "of_asker": float(told_of_asker),
        "names": float("names" in query.asks),
        "history": float(bool(query.history)),
    }


def _of_article(query: Query, best: Evidence | None) -> dict[str, float]:
    """Statutes share more words than a plan with what they do not answer, and give figures by their measure."""
    article = best is not None and best.is_article
    wanted = measures(query.understood)
    stated = best is not None and any(written.search(comparable(best.clause.text)) for written in wanted)
    return {
        "article": float(article),
        "article_near": best.hit.score if best and article else 0.0,
        "article_held": held(query, best) if best and article else 0.0,
        "article_score": best.score if best and article else 0.0,
        "measured": float(article and stated),
        "unmeasured": float(article and bool(wanted) and not stated),
    }


def held(query: Query, best: Evidence) -> float:
    """Share of the question's words, by weight, that the clause of the best evidence has, headings included."""
    clause = best.clause
    text = comparable(" ".join((clause.document.title, *clause.path, clause.text)))
    total = sum(term.weight for term in query.terms) or 1.0
    return sum(term.weight * min(1.0, match(term, text)) for term in query.terms) / total


def _has_main(store: Store) -> bool:
    """Whether there is a paper that is meant where none is named; another that answers then is less likely meant."""
    return any(document.primary for document in store.documents)


@cache
def _learnt() -> dict[str, Any]:
    return tomllib.loads((Path(__file__).parent / "answerable.toml").read_text(encoding="utf-8"))


def model() -> Mapping[str, float]:
    """Observation -> weight."""
    weights: dict[str, float] = _learnt()["weights"]
    return weights


def threshold(evidence: Sequence[Evidence] = ()) -> float:
    """The probability below which a question is refused; a lower one where another paper than the main one answers."""
    return float(_learnt()["elsewhere" if evidence and not of_main(evidence) else "threshold"])


def of_main(evidence: Sequence[Evidence]) -> bool:
    """Whether the best evidence is from a main paper."""
    return bool(evidence) and evidence[0].clause.document.primary


def unknown_compound(query: Query, mentions: Callable[[str], bool]) -> float:
    """Share of the words standing side by side in the question that do not so stand in the corpus: 合成 + 生物."""
    text = comparable(query.understood)
    words = [comparable(term.text) for term in query.terms]
    pairs = [first + second for first, second in pairwise(words) if first + second in text]
    return sum(not mentions(pair) for pair in pairs) / len(pairs) if pairs else 0.0


def strangeness(term: Term, mentions: Callable[[str], bool]) -> float:
    """How little of the word the corpus knows: 0 where it or a synonym occurs, 1 where no part of it does."""
    if any(mentions(word) for word in (term.text, *term.alternatives)):
        return 0.0
    word = comparable(term.text)
    if figure := NUMBER.match(word):
        return 0.0 if mentions(figure.group()) and not YEAR.match(word) else 1.0
    for length in range(len(word) - 1, 1, -1):
        if any(mentions(word[start : start + length]) for start in range(len(word) - length + 1)):
            return 1 - length / len(word)
    return 1.0


def unstated_attribute(query: Query, evidence: Sequence[Evidence], store: Store) -> str | None:
    """
    The noun right before the question word, where no good evidence has it: 收费标准是多少 -> 收费.

    It is what is to be known of the subject; a text that does not even name it cannot tell.
    """
    before, _ = _around_question_word(query, store)
    head = before[-1] if before else ""
    if head in attributes()["vague"] and len(before) > 1:
        head = before[-2]
    elif head in attributes()["common"] or store.segmenter.is_function(head) or not store.segmenter.is_noun(head):
        return None
    return head if len(head) > 1 and evidence and not _stands_in(head, evidence) else None


def focus_missing(query: Query, evidence: Sequence[Evidence], store: Store) -> float:
    """Share of the telling words next to the question word that no good evidence has: 怎么收费, 发什么证."""
    before, after = _around_question_word(query, store)
    plain = attributes()["common"] | attributes()["vague"] | stop_words()
    near = [word for word in (*before[-FOCUS:], *after[:FOCUS]) if len(word) > 1 and word not in plain]
    telling = [word for word in near if not store.segmenter.is_function(word)]
    if not telling:
        return 0.0
    return sum(not _stands_in(word, evidence) for word in telling) / len(telling)


def figure_elsewhere(query: Query, evidence: Sequence[Evidence], store: Store) -> bool:
    """Whether no sentence near has a figure such as is asked for beside what it is of: 年费是多少元, 奖金4000元."""
    wanted = figures_wanted(query)
    before, _ = _around_question_word(query, store)
    plain = attributes()["common"] | attributes()["vague"]
    heads = (word for word in reversed(before[-HEAD:]) if len(word) > 1 and word not in plain)
    head = next((word for word in heads if store.segmenter.is_noun(word)), None)
    if not wanted or head is None:
        return False
    called = {head, *alternatives(head, head)}
    texts = [comparable(item.clause.title + item.text) for item in evidence[:NEAREST]]
    stating = [text for text in texts if all(kind.search(text) for kind in wanted)]
    return not any(name in text or longest_part(name, text) >= SHORTEST for name in called for text in stating)


def asked_missing(query: Query, evidence: Sequence[Evidence]) -> float:
    """Share of what is asked, after what is only told before it, that no good clause has: 基础设施,立项批复下来了没."""
    told, asked = preamble(query.understood)
    terms = [term for term in query.terms if term.text in asked]
    total = sum(term.weight for term in terms)
    if not told or total < TELLING_AT_ALL:
        return 0.0
    texts = [comparable(" ".join((item.clause.text, *item.clause.path))) for item in good(evidence)]
    met = sum(term.weight * max((match(term, text) for text in texts), default=0.0) for term in terms)
    return 1 - min(1.0, met / total)


def _around_question_word(query: Query, store: Store) -> tuple[list[str], list[str]]:
    """The words before and after the last question word, punctuation ending both."""
    found = list(QUESTION_WORD.finditer(query.understood))
    if not found:
        return [], []
    before = re.split(r"[,:;。!?]", query.understood[: found[-1].start()])[-1]
    after = re.split(r"[,:;。!?]", query.understood[found[-1].end() :])[0]
    return _plain_words(before, store), _plain_words(after, store)


def _plain_words(text: str, store: Store) -> list[str]:
    return [word for word in store.segmenter.words(text) if re.search(r"\w", word)]


def _stands_in(word: str, evidence: Sequence[Evidence]) -> bool:
    texts = [comparable(item.clause.text) for item in good(evidence)]
    called = {word, *alternatives(word, word)}
    return any(name in text or (len(name) > 2 and longest_part(name, text) >= 2) for name in called for text in texts)


def _times(query: Query) -> list[str]:
    """The years and five-year periods asked about: 2030年, 十五五; not those of a day, which papers often leave out."""
    return [*YEAR.findall(DAY.sub("", query.understood)), *PERIOD.findall(query.understood)]


def about_other_place(query: Query, evidence: Sequence[Evidence], store: Store) -> bool:
    """Whether the question is about a city or province (上海的方案, 深圳给多少) that the best evidence is not about."""
    # A paper of the whole country, or one that does not tell where it is from, is about every place.
    if not evidence or not evidence[0].clause.document.place:
        return False
    document = evidence[0].clause.document
    places = [place for _, place in places_named(MOVED_FROM.sub("", query.understood))]
    # 总部在杭州，想在青岛设点: the last place is the one asked about.
    if not places or places[-1] in {each.place for each in store.documents}:
        return False
    place = places[-1].removesuffix("市").removesuffix("省")
    named = (document.title, document.issuer or "", document.text[:HEAD_OF_DOCUMENT])
    # What the clause says of another place is of the two together, not what the other has.
    together = evidence[0].clause.text if TOGETHER.search(query.understood) else ""
    return not any(place in text for text in (*named, together))
