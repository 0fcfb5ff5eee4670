"""
Evidence -> the few sentences to quote: the shortest that answers what was asked.

    asks {"count"}  ->  one sentence;  a bare topic ("类脑智能")  ->  the whole clause
"""

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from itertools import combinations

from bot.answering.draft import Pick
from bot.answering.evidence import FOUND, QUANTITY, STATES, TELLING, Evidence, match, states
from bot.answering.lines import Line, body_sentences
from bot.answering.stated import asks_point
from bot.answering.statute import is_article, stretch_of_article
from bot.answering.years import year_line
from bot.documents.structure import HEAD
from bot.text.normalise import comparable
from bot.types import Clause, Query, Span

SHORT_ASKS = frozenset({"unit", "count", "date", "money", "place", "contact"})
# More than one thing may be asked about; 协同, 参与 and 各行业 join nothing.
SEVERAL = re.compile(
    r"(?<=[^,。?! ])(?:[和跟、]|(?<!参)与|(?<![协共合相不等一])同)|分别|各(?!行|类|级|地|界)|一样|不同|以及|还有|都"
)
SMALL_SHARE = 0.25
CLOSE = 0.9  # a sentence right before the best one must reach this share of its score
FAR = 0.45  # a sentence that adds something new must reach this share of the best one's score
EACH = 2  # sentences of each clause, where several are named
SHORT, LONG = 2, 4  # sentences at most
FEW_WORDS = 2
GAIN = 0.12  # a sentence from elsewhere must add this share of the question's weight
TRIMMED = 60  # characters; a longer sentence that states a figure is quoted between commas
SPARED = 0.6  # what leaving out the rest of it is worth beside the question's words in it
RUN = 200  # characters of a stretch of one clause
SECTION = 300  # of a list, or of what stands under a heading that names what is asked about
HEADED = 0.35  # share of the question's wording from which a heading names it
GOES_ON = re.compile(
    r"[一二三四五六七八九十]+(?:是|要)|首先|其次|再次|最后|同时|此外|另外|其中|并|还|另|以上|上述|如|对"
    r"|[（(]?[一二三四五六七八九十\d]+[)）、.．]|[①-⑩]"
)
# A part that begins so limits or completes the one before it; neither is quoted without the other.
JOINED = re.compile(r"但|除|其中|不含|且|并|最高|最多|期限|含|即|以及|或|的|由|和")
EXCEPTION = re.compile(r"但(?!是?不限于)|除.{1,30}外|不含|不包括|不适用|不得")
COMMAS = frozenset("，,；;")
MOST_PARTS = 30  # of a sentence; a table without its lines has hundreds


def choose(query: Query, evidence: Sequence[Evidence], read: Callable[[str], Sequence[Line]]) -> tuple[Pick, ...]:
    """
    The picks for a question that the evidence answers; `evidence` is best first and not empty.

    `read` gives the document of an id line by line.
    """
    best = evidence[0]
    if _names_clause(query, best):
        return whole([best.clause])
    if query.asks >= {"count", "list"} and len(query.terms) <= FEW_WORDS:
        return _figures_of(best.clause) or (Pick.of(best),)
    if "belongs" in query.asks:
        first = [read(best.clause.document.id)[best.place]]
        same = [item for item in evidence if item.clause is best.clause]
        return (*_label(best.clause), Pick.of(best), *map(Pick.of, _added(query, same, first, 1)))
    titles = {item.clause.title for item in evidence} & {term.text for term in query.terms}
    if len(titles) > 1 and not query.asks & SHORT_ASKS:
        return _of_each(titles, evidence)
    if "unit" in query.asks and not is_article(best.clause) and not _several(query, best):
        return (Pick.of(best),)  # another sentence has another bracket
    if asks_point(query) and (dated := _dated(query, evidence)):
        return dated
    short = bool(query.asks & SHORT_ASKS) and not query.asks & {"list", "support"}
    lines = read(best.clause.document.id)
    if is_article(best.clause):
        listed = "list" in query.asks or bool(query.asks & {"procedure", "names"})
        stretch = stretch_of_article(best.place, lines, listed)
        stretch += _stating(query, evidence, stretch, lines)
    else:
        alone = short or _enumerates(query, best)
        stretch = [lines[best.place]] if alone else _stretch(evidence, lines)
    added = _added(query, evidence, stretch, (SHORT if short else LONG) - 1)
    if short and not added and len(stretch) == 1:
        return (_between_commas(query, best),)
    return (*(Pick(line.clause, line.span, line.segment) for line in stretch), *map(Pick.of, added))


def _several(query: Query, best: Evidence) -> bool:
    """Whether several things may be asked about; what the sentence itself joins is one: 行业管理与服务."""
    text = comparable(best.text)
    joints = SEVERAL.finditer(query.understood)
    return any(query.understood[max(0, found.start() - 2) : found.end() + 2].lower() not in text for found in joints)


def _enumerates(query: Query, best: Evidence) -> bool:
    """Whether a list is asked for and the sentence, which has all the question's words, is one: 甲、乙、丙等."""
    listed = any(part.count("、") > 1 for part in re.split(r"[，,。；;]", best.text))
    words = {term.text for term in query.terms if term.weight >= TELLING}
    return "list" in query.asks and listed and words <= best.own and best.headed < HEADED


def _stating(query: Query, evidence: Sequence[Evidence], stretch: Sequence[Line], lines: Sequence[Line]) -> list[Line]:
    """The line of the same article that states what is asked for, where the stretch does not."""
    missing = [ask for ask in query.asks & STATES.keys() if not any(states(ask, line.text) for line in stretch)]
    same = (item for item in evidence[1:] if item.clause is evidence[0].clause)
    found = next((item for item in same if any(states(ask, item.text) for ask in missing)), None)
    return [lines[found.place]] if found and lines[found.place] not in stretch else []


def _dated(query: Query, evidence: Sequence[Evidence]) -> tuple[Pick, ...]:
    """What is asked about, with the line above it that sets the year for its paragraph; nothing where none does."""
    same = [item for item in evidence if item.segment is evidence[0].segment]
    weights = {term.text: term.weight for term in query.terms}
    subject = max(same, key=lambda item: sum(weights[word] for word in item.own))
    above = year_line(subject, evidence)
    return (Pick.of(above), Pick.of(subject)) if above and above is not subject else ()


def _stretch(evidence: Sequence[Evidence], lines: Sequence[Line]) -> list[Line]:
    """
    The best sentence with what goes on from it: the rest of its clause, the items of a list.

    Where the heading rather than the sentence names what is asked about, all that stands under it.
    """
    best = evidence[0]
    first = lines[best.place]
    if _is_title_block(first.clause):
        return [first]
    headed = best.headed >= HEADED
    close = {item.span for item in evidence if item.segment is best.segment and item.score >= CLOSE * best.score}
    stretch = [first]
    length = len(first.text)
    for line in reversed(lines[: best.place]):
        length += len(line.text)
        under_it = headed and line.clause is first.clause and line.lead == first.lead and not _units_differ(line, first)
        if line.leads or length > SECTION or not (under_it or line.span in close):
            break
        stretch.insert(0, line)
    length = sum(len(line.text) for line in stretch)
    for line in lines[best.place + 1 :]:
        length += len(line.text)
        led = bool(first.lead) and line.lead == first.lead
        same_clause = line.clause is first.clause
        listed = led or (headed and same_clause) or GOES_ON.match(line.text)
        if line.leads or _units_differ(line, first) or not (same_clause or (headed and led)):
            break
        if length > (SECTION if listed else RUN):
            break
        stretch.append(line)
    return stretch


def _units_differ(one: Line, other: Line) -> bool:
    return one.segment is not other.segment and bool(one.segment.units or other.segment.units)


def _added(query: Query, evidence: Sequence[Evidence], stretch: Sequence[Line], limit: int) -> list[Evidence]:
    """At most `limit` sentences of the same document that say of the question what neither stretch nor heading does."""
    best = evidence[0]
    quoted = {line.span for line in stretch}
    covered = {word for item in evidence if item.span in quoted for word in item.own}
    lead = stretch[0].lead
    heads = comparable(" ".join((best.clause.document.title, lead)))
    covered |= {term.text for term in query.terms if match(term, heads) >= FOUND}
    weights = {term.text: term.weight for term in query.terms}
    total = sum(weights.values()) or 1.0
    added: list[Evidence] = []
    for item in evidence[1:]:
        gain = sum(weights[word] for word in item.own - covered) / total
        if (
            len(added) < limit
            and not _is_title_block(item.clause)
            and item.clause.document.id == best.clause.document.id
            and item.span not in quoted
            and gain >= GAIN
            and item.score >= FAR * best.score
            and _states_what_is_asked(query, item)
        ):
            added.append(item)
            covered |= item.own
    return added


def _between_commas(query: Query, best: Evidence) -> Pick:
    """Of a long sentence the parts that hold the figure asked for and most of the question's words."""
    parts = _parts(best.text)
    plain = [comparable(part.of(best.text)) for part in parts]
    states = [any(STATES[ask].search(part) for ask in query.asks & STATES.keys()) for part in plain]
    if len(best.text) <= TRIMMED or len(parts) > MOST_PARTS or is_article(best.clause) or not any(states):
        return Pick.of(best)
    met = [{piece for piece in best.rarities if piece in part} for part in plain]
    total = sum(best.rarities[piece] for piece in set().union(*met)) or 1.0

    def worth(stretch: tuple[int, int]) -> float:
        inside = slice(*stretch)
        said = sum(best.rarities[piece] for piece in set().union(*met[inside]))
        return said / total - SPARED * sum(map(len, plain[inside])) / sum(map(len, plain))

    stretches = combinations(range(len(parts) + 1), 2)
    first, end = max((stretch for stretch in stretches if any(states[slice(*stretch)])), key=worth)
    while first > 0 and (JOINED.match(plain[first]) or plain[first - 1].rstrip(",;").endswith("的")):
        first -= 1
    while end < len(parts) and JOINED.match(plain[end]):
        end += 1
    if any(EXCEPTION.search(part) for part in (*plain[:first], *plain[end:])):
        return Pick.of(best)
    stretch = best.text[parts[first].start : parts[end - 1].end].rstrip("，,；;")
    start = best.span.start + parts[first].start
    return Pick(best.clause, Span(start, start + len(stretch)), best.segment)


def _parts(text: str) -> list[Span]:
    """The parts of a sentence between commas; brackets, titles and 1,000 stay whole."""
    parts: list[Span] = []
    start = depth = 0
    for place, character in enumerate(text):
        depth += (character in "（(《“[【") - (character in "）)》”]】")
        grouped = text[place - 1 : place].isdigit() and text[place + 1 : place + 2].isdigit()
        if depth <= 0 and character in COMMAS and not grouped:
            parts.append(Span(start, place + 1))
            start = place + 1
    return [*parts, Span(start, len(text))] if start < len(text) else parts


def _of_each(titles: Collection[str], evidence: Sequence[Evidence]) -> tuple[Pick, ...]:
    """The best sentences of every clause whose title the question names: 太赫兹和深海开发都搞什么."""
    order = dict.fromkeys(item.clause.title for item in evidence if item.clause.title in titles)
    clauses = ([item for item in evidence if item.clause.title == title] for title in order)
    return tuple(Pick.of(item) for items in clauses for item in items[:EACH])


def _is_title_block(clause: Clause) -> bool:
    """What stands above a document's first heading; it only adds to an answer where a document has no headings."""
    return clause.ref == HEAD and len(clause.text) < SMALL_SHARE * len(clause.document.text)


def _states_what_is_asked(query: Query, item: Evidence) -> bool:
    wanted = query.asks & STATES.keys()
    return not wanted or any(states(ask, item.text) for ask in wanted)


def _names_clause(query: Query, best: Evidence) -> bool:
    """Whether the question names the clause and nothing in particular inside it."""
    title = comparable(best.clause.title)
    words = [comparable(term.text) for term in query.terms]
    return bool(words) and all(word in title for word in words) and not query.asks & SHORT_ASKS


def wants_units(query: Query) -> bool:
    """Whether the responsible units belong in the answer: asked for, or needed to act on it."""
    return bool(query.asks & {"unit", "support", "procedure"})


def other_units(said: Sequence[str], picks: Sequence[Pick]) -> list[str]:
    """Units the asker names that no bracket of what is quoted names, where those brackets name any."""
    responsible = {unit for pick in picks if pick.segment for unit in pick.segment.units}
    return [unit for unit in said if unit not in responsible] if responsible else []


def whole(clauses: Iterable[Clause]) -> tuple[Pick, ...]:
    """Every sentence of the clauses."""
    return tuple(
        Pick(clause, span, segment)
        for clause in clauses
        for segment in clause.segments
        for span in body_sentences(clause, segment)
    )


def _figures_of(clause: Clause) -> tuple[Pick, ...]:
    """Every sentence of the clause that states a quantity."""
    return tuple(pick for pick in whole([clause]) if QUANTITY.search(comparable(pick.text)))


def _label(clause: Clause) -> tuple[Pick, ...]:
    """The item's own heading, which says what the sentence belongs to: "7.先进半导体材料。"."""
    first = clause.segments[0]
    body = body_sentences(clause, first)
    label = Span(first.span.start, body[0].start)
    return (Pick(clause, label, first),) if label.of(clause.document.text).strip() else ()
