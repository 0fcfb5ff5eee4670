"""
Answers that stand on the brackets “（责任单位：…）” alone.

    "市教育局负责哪些任务"            ->  the segments whose bracket names 市教育局
    "市科技局和市工信局共同负责的"    ->  those whose bracket names both
    "哪些由市科技局单独负责"          ->  those whose bracket names no other
"""

import re
from collections.abc import Iterable, Sequence

from bot.answering import replies
from bot.answering.draft import Draft, Pick
from bot.answering.evidence import TELLING, match
from bot.answering.lines import body_sentences
from bot.documents.places import places_named
from bot.index.store import Store
from bot.text.normalise import comparable
from bot.types import Clause, Query, Segment, Term

BODY = re.compile(r"市[\u4e00-\u9fff]{2,7}?(?:局|委员会|委(?!员))")
OF_ANOTHER = tuple("省国家区县")
NOT_DUTIES = frozenset({"money", "contact", "unit", "count", "date", "place", "promise", "whether", "support", "own"})
TOGETHER = re.compile(r"共同|一起|一块儿?|联合|联手|合力|携手|同时|都(?=有|要|在|负责|参与|管|牵头)|重合|交叉")
ALONE = re.compile(
    r"单独|独自|独家|独力|独立(?=负责|承担|牵头)|一家(?=负责|管|承担|牵头|干)|只(?=由|归)|自己(?=负责|管|牵头)"
)
HALF = 0.5  # of a word
FEW_DUTIES = 6  # segments; up to here each is quoted whole, beyond it by its first sentence
GUESS = re.compile(r"还是|[吧吗]\??$|对(吧|吗|不对)|是吧|没错")  # 是教育局还是科技局盯着, 是教育局的职责吧


def duties_of_unit(query: Query, store: Store) -> Draft | None:
    """
    What a unit named in the question is responsible for: every such segment, or those the question is about.

    A question that asks who, how much or when is none about duties, whatever unit it mentions.
    """
    if query.asks & NOT_DUTIES and "duties" not in query.asks:
        return None
    named = named_units(query.understood, store)
    if not named:
        return None
    places = {place for _, place in places_named(query.understood)}
    own = [
        (clause, segment)
        for outline in store.outlines
        # 重庆市税务局 is none of the units of a paper of 南通市.
        if not places or outline.document.place in places
        for clause in outline.clauses
        for segment in clause.segments
        if named.keys() & set(segment.units)
    ]
    if TOGETHER.search(query.understood) and len(named) > 1:
        own = [each for each in own if named.keys() <= set(each[1].units)]
        missing = replies.NO_SHARED_DUTIES
    elif ALONE.search(query.understood):
        own = [each for each in own if set(each[1].units) <= named.keys()]
        missing = replies.NO_OWN_DUTIES
    else:
        missing = ""
    if missing and not own:
        return Draft(query, "unanswerable_not_in_corpus", opening=(missing.format(units="、".join(named)),))
    rest = query.understood
    for said in named.values():
        rest = rest.replace(said, "")
    nouns = (term for term in query.terms if term.text in rest and store.segmenter.is_noun(term.text))
    others = [term for term in nouns if term.weight > TELLING]
    if not own or (others and "duties" not in query.asks):
        return None
    about = _about(own, others)
    if others and not about and GUESS.search(query.understood):
        return None
    found = about or own
    picks = tuple(
        Pick(clause, span, segment)
        for clause, segment in found
        for span in body_sentences(clause, segment)[: None if len(found) <= FEW_DUTIES else 1]
    )
    return Draft(query, "answered", picks, (replies.COUNTED.format(count=len(found)),))


def _about(own: Sequence[tuple[Clause, Segment]], terms: Sequence[Term]) -> list[tuple[Clause, Segment]]:
    """Of a unit's segments those about any of the terms: under a heading that has it, or else that have it."""
    found: set[Segment] = set()
    for term in terms:
        under = [part for each, part in own if match(term, comparable(" ".join(each.path))) > HALF]
        found |= set(under or [part for _, part in own if match(term, comparable(part.text))])
    return [(each, part) for each, part in own if part in found]


def named_units(question: str, store: Store) -> dict[str, str]:
    """The responsible units of the corpus that the question names, each with the words it is named by."""
    return {unit: said for unit in store.units if (said := said_as(unit, question))}


def other_bodies(question: str, named: Iterable[str]) -> list[str]:
    """Municipal bodies that the question names and no bracket of the corpus does: 市商务局."""
    known = "|".join(map(re.escape, named))
    return [body for body in BODY.findall(question) if not known or not re.search(known, body)]


def said_as(unit: str, question: str) -> str | None:
    """The words of the question that name the unit: 发改委 or 工信局 for 市发展改革委, 市工业和信息化局."""
    for end in (found.end() for found in re.finditer(re.escape(unit[-1]), question)):
        for start in range(max(0, end - len(unit) - len("青岛")), end - 2):
            # 国家发展改革委 and 即墨区科技局 are other bodies than ours.
            before = question[max(0, start - 1) : start]
            if same_unit(question[start:end], unit) and before not in OF_ANOTHER:
                return question[start:end]
    return None


def same_unit(said: str, unit: str) -> bool:
    """Whether `said` is the unit's name or a usual short form: its characters in order, from its first one on."""
    if said == unit:
        return True
    core = unit.removeprefix("有关").removeprefix("青岛").removeprefix("市委").removeprefix("市")
    for short in (said, said.removeprefix("青岛市").removeprefix("市")):
        if len(short) > 2 and short[0] == core[0] and short[-1] == core[-1] and short[-1] in "局委办部院会厅府":
            rest = iter(core)
            if all(character in rest for character in short):
                return True
    return False
