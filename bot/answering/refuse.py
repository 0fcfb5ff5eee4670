"""
When not to answer, and what to say instead: what is missing, the nearest clause where there is one, and whom to ask.

    "瞪羚企业奖励多少钱"  ->  unanswerable_not_stated: 文件未载明金额…… 最接近的条款是：……[1] 可向市民营经济局咨询……
"""

import re
from collections.abc import Sequence

from bot.answering import replies
from bot.answering.answerable import probability, strangeness, threshold, unstated_attribute
from bot.answering.boundaries import boundaries, is_unsafe, sounds_unsafe
from bot.answering.draft import Draft, Pick
from bot.answering.evidence import Evidence
from bot.answering.reference import asked_articles
from bot.answering.stated import no_choice, other_year, uncounted, unnamed, unstated_details
from bot.index.store import Store
from bot.retrieval.understand import ABOUT_ASKER
from bot.text.normalise import MAXIMUM_QUESTION_LENGTH, comparable, normalise
from bot.types import Document, Query, Status

SMALL_TALK = {
    "greeting": replies.GREETING,
    "thanks": replies.THANKS,
    "who_are_you": replies.WHO_ARE_YOU,
    "human": replies.HUMAN,
    "goodbye": replies.GOODBYE,
}
ABOUT_SOMETHING_ELSE = 0.6  # an everyday matter whose words the corpus covers less than this is out of scope
SURE = 0.8  # unless the evidence answers it for sure
SAME_SUBJECT = 0.5  # from this coverage on the subject is there and only the detail is missing
AS_NEAR = 0.8  # share of the best coverage
NEAR = 0.2  # a clause that covers less than this is not worth showing
IN_ITS_WORDS = 0.6  # of a question's wording, by weight; a sentence that has it answers, whatever the model makes of it
# Where these are asked for and missing, nothing else answers.
DECISIVE = frozenset({"money", "place", "contact", "penalty"})
# A question that goes on with what was said before and names nothing by itself.
LEANS = re.compile(
    r"^(好|那|所以|就|继续|接着|执行|照|按|把它|第[一二三四五六七八九十\d]+步|然后|再|后半|下一|开始|连起来)|^.{1,8}$"
)
DOC_NUMBER = re.compile(r"[\u4e00-\u9fff]{2,8}\s?[〔\[【(（]\d{4}[〕\]】)）]\s?第?\d{1,4}号")
BASED_ON = re.compile(r"^.*?(?:根据|依照|按照|依据|遵照|参照)")
# The same again and again: most of a question that is long.
FLOOD = re.compile(r"(.{1,20}?)\1{7,}", re.DOTALL)
LONG = 40  # characters
NAMED = 0.4  # weight of a word that a refusal names as not found


def before_search(query: Query) -> Draft | None:
    """The outcome of a question that needs no search: empty, too long, small talk, unsafe; else None."""
    text = query.understood
    if not text:
        return Draft(query, "error_invalid_question", closing=(replies.EMPTY,))
    if len(text) > MAXIMUM_QUESTION_LENGTH:
        limit = replies.TOO_LONG.format(limit=MAXIMUM_QUESTION_LENGTH, length=len(text))
        return Draft(query, "error_invalid_question", closing=(limit,))
    if not re.search(r"[\u4e00-\u9fff]|[A-Za-z0-9]{2}", text):
        return Draft(query, "clarification", closing=(replies.NO_WORDS,))
    for kind, reply in SMALL_TALK.items():
        if boundaries()[kind].search(text):
            return Draft(query, "clarification", closing=(reply,))
    if boundaries()["secret"].search(query.asked):
        return Draft(query, "refused_unsafe", closing=(replies.CLASSIFIED,))
    if is_unsafe(query.asked, text) or _follows_orders(query):
        return Draft(query, "refused_unsafe", closing=(replies.UNSAFE, replies.ASK_HOTLINE))
    if len(text) >= LONG and 2 * sum(len(found[0]) for found in FLOOD.finditer(text)) > len(text):
        return Draft(query, "clarification", closing=(replies.NO_WORDS,))
    if boundaries()["other_task"].search(text):
        return Draft(query, "refused_out_of_scope", closing=(replies.OUT_OF_SCOPE, replies.ASK_HOTLINE))
    if sounds_unsafe(query.asked):
        return Draft(query, "refused_unsafe", closing=(replies.UNSAFE, replies.ASK_HOTLINE))
    return None


def _follows_orders(query: Query) -> bool:
    """Whether a question that says little by itself goes on with orders given in the turns before it."""
    if not query.history or not LEANS.search(normalise(query.asked)):
        return False
    before = [turn.question for turn in query.history]
    turns = (*before, "".join((*before, query.asked)))
    return any(is_unsafe(said, normalise(said)) or sounds_unsafe(said) for said in turns)


def not_collected(query: Query, store: Store) -> Draft | None:
    """The reply to a question about a paper that is not there; None where others tell of it and no article is asked."""
    missing = query.scope.missing
    if store.mentions(missing) and not asked_articles(query.understood):
        return None
    said = replies.NOT_COLLECTED.format(title=missing)
    return Draft(query, "unanswerable_not_in_corpus", opening=(said, replies.ASK_HOTLINE))


def unknown_number(query: Query, store: Store) -> Draft | None:
    """The reply to a question that rests on a 发文字号 which no document bears and no text names, else None."""
    found = DOC_NUMBER.search(query.understood)
    if found is None:
        return None
    named = _in_one_kind_of_brackets(BASED_ON.sub("", found[0]))
    if any(_bears(named, document) for document in store.documents):
        return None
    said = replies.NOT_COLLECTED.format(title=BASED_ON.sub("", found[0]))
    return Draft(query, "unanswerable_not_in_corpus", opening=(said, replies.ASK_HOTLINE))


def _bears(number: str, document: Document) -> bool:
    """Whether the number is the document's own, or stands in its text: by its last two characters before the year."""
    own = _in_one_kind_of_brackets(document.doc_number or "")
    short = number[max(number.index("〔") - 2, 0) :]
    return bool(own and number.endswith(own)) or short in own or short in _in_one_kind_of_brackets(document.text)


def _in_one_kind_of_brackets(text: str) -> str:
    return re.sub(r"[\[【(（［]", "〔", re.sub(r"[\]】)）］]", "〕", re.sub(r"\s", "", text)))


def after_search(
    query: Query, evidence: Sequence[Evidence], store: Store, strangers: Sequence[str] = ()
) -> Draft | None:
    """
    The refusal that the evidence calls for, or None where it answers.

    `strangers` are the bodies asked about where no document gives any of them a task.
    """
    if strangers and "duties" in query.asks:
        said = replies.NO_DUTIES.format(units="、".join(strangers))
        return refusal(query, "unanswerable_not_in_corpus", said, evidence)
    coverage = evidence[0].coverage if evidence else 0.0
    likely = probability(query, evidence, store)
    everyday = boundaries()["out_of_scope"].search(query.understood)
    if everyday and coverage < ABOUT_SOMETHING_ELSE and not store.mentions(everyday[0]) and likely < SURE:
        return Draft(query, "refused_out_of_scope", closing=(replies.OUT_OF_SCOPE, replies.ASK_HOTLINE))
    if "promise" in query.asks:
        return refusal(query, "unanswerable_not_stated", replies.NO_PROMISE, evidence)
    if year := other_year(query, evidence):
        said = replies.NOT_STATED.format(details=replies.OF_YEAR.format(year=year))
        return refusal(query, "unanswerable_not_stated", said, evidence)
    decisive = DECISIVE & set(unstated_details(query, evidence)) and not query.asks & ABOUT_ASKER
    if evidence and query.terms and not decisive and likely >= threshold(evidence):
        return None
    details = [replies.DETAILS[ask] for ask in unstated_details(query, evidence)]
    if evidence and not details and _says_it_all(evidence):
        return None
    if not details and uncounted(query, evidence):
        details = [replies.DETAILS["count"]]
    if not details and unnamed(query, evidence):
        details = [replies.NAME]
    if not details and no_choice(query, evidence, store.segmenter.words):
        details = [replies.THIS_DETAIL]
    if not details and (attribute := unstated_attribute(query, evidence, store)):
        details = [f"“{attribute}”"]
    if details and coverage >= NEAR:
        said = replies.NOT_STATED.format(details="、".join(details))
        return refusal(query, "unanswerable_not_stated", said, evidence)
    unknown = [term.text for term in query.terms if term.weight >= NAMED and strangeness(term, store.mentions) > 0.5]
    if coverage >= SAME_SUBJECT:
        missing = "、".join(f"“{word}”" for word in unknown) or replies.THIS_DETAIL
        return refusal(query, "unanswerable_not_stated", replies.NOT_STATED.format(details=missing), evidence)
    said = replies.NOT_IN_CORPUS_TERMS.format(terms="、".join(unknown)) if unknown else replies.NOT_IN_CORPUS
    return refusal(query, "unanswerable_not_in_corpus", said, evidence)


def _says_it_all(evidence: Sequence[Evidence]) -> bool:
    """Whether the best sentence, of a paper without articles and units that is not the main one, is in its words."""
    best = evidence[0]
    if best.clause.document.primary or any(item.is_article or item.segment.units for item in evidence):
        return False
    text, said = comparable(best.text), best.rarities
    met = sum(weight for piece, weight in said.items() if piece in text)
    return bool(said) and met >= IN_ITS_WORDS * sum(said.values())


def refusal(query: Query, status: Status, said: str, evidence: Sequence[Evidence]) -> Draft:
    """What is missing, the nearest clause where one is near, and whom to ask."""
    if not evidence or evidence[0].coverage < NEAR:
        return Draft(query, status, opening=(said, replies.ASK_HOTLINE), evidence=tuple(evidence))
    # Of clauses about as near, one that names units tells whom to ask.
    about = sorted(evidence, key=lambda item: (item.coverage, item.score), reverse=True)
    near = (item for item in about if item.segment.units and item.coverage >= AS_NEAR * about[0].coverage)
    nearest = next(near, about[0])
    units = "、".join(nearest.segment.units)
    ask = replies.ASK_UNIT.format(units=units) if units else replies.ASK_HOTLINE
    return Draft(query, status, (Pick.of(nearest),), (said, replies.NEAREST), (ask,), evidence=tuple(evidence))
