"""
Answers that stand on a document's structure rather than on one sentence.

    "五大行动是哪五个"        ->  the five section headings, each cited
    "市教育局负责哪些任务"    ->  the segments whose bracket names 市教育局
    "什么时候印发的"          ->  issuer and date as signed
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

from bot.answering import replies
from bot.answering.draft import Draft, Pick
from bot.answering.evidence import DATE, TELLING, match
from bot.answering.lines import body_sentences
from bot.answering.quote import whole
from bot.index.store import Store
from bot.retrieval.terms import NUMBER, is_figure
from bot.retrieval.understand import preamble
from bot.text.normalise import comparable
from bot.types import Clause, Heading, Hit, Outline, Query, Segment, Span, Term

BODY = re.compile(r"市[\u4e00-\u9fff]{2,7}?(?:局|委员会|委(?!员))")
OF_ANOTHER = tuple("省国家区县")
NOT_DUTIES = frozenset({"money", "contact", "unit", "count", "date", "place", "promise", "whether", "support", "own"})
NEAR = 3  # hits
FEWEST = 3  # parts of a heading that make a counted list
VERB, SHORTEST_NAME = 2, 4  # characters
HALF = 0.5  # of a word
FEW_DUTIES = 6  # segments; up to here each is quoted whole, beyond it by its first sentence
IDENTITY = re.compile(
    r"印发|发布(单位|机关|日期|时间)|发文|落款|成文|出台|颁布|实施期|有效期|生效|施行|失效|过期|到期|期满|文号|谁发的|哪一级"
    r"|(管|到)(到)?哪(一)?年|哪年(管)?到哪年|哪几年|(实施|执行)年限|几年的|还(在)?(有效|实施|管用|算数)|起止|(政府|厅|局|办|委)(发|印|出)的"
    r"|主送|(哪天|几号|几月|何时|什么时候)发的"
)
ADDRESSED = re.compile(r"主送|发文对象|收文|发(给|到|往|了)(了)?(哪|谁|什么|各|区|市)")
PURPOSE = re.compile(
    r"为(了)?(什么|啥)(要)?(出台|印发|发|搞|制定|出)|图(个)?(什么|啥)|由头|(出台|制定|印发)的?(目的|背景|缘由|初衷|原因)|目的是"
)
TERM = re.compile(r"^(?:那么?)?(?:管|干|做|是|要)?到?哪一?年|几年的")
CHANGED = re.compile(r"顺延|延期|延长|续期")  # what comes after its term no paper says
STATED_PURPOSE = re.compile(r"^为(了)?.*制定本")
HEAD_WORDS = re.compile(r"为(什么|啥)|末尾|抬头|落款|发函|通知|文件|方案|对象|起止|年份|那会|名头|管用|以后|之后")
NUMBERING = re.compile(r"^(第?[一二三四五六七八九十百零]+[编章节条、]|[（(][一二三四五六七八九十]+[）)]|\d+[.．、])\s*")
# X是8大赛道之一: the subject stands at the start and is a name, not 我的技术 or 那个.
CLAIM = re.compile(
    r"^(?P<subject>[A-Za-z0-9\u4e00-\u9fff]{2,10}?)(?<![我你他它这那的在不])(也|都)?(是不是|属不属于|算不算|是|属于|算|列入)"
    r"(青岛市?|我市|方案)?(里|中)?的?(?P<count>\d+)(大|个|项|条|类)(重点|未来产业|细分)*(?P<head>(?!之一)[\u4e00-\u9fff]{2})?"
)
OPENING = re.compile(r"^(听说|据说|请问|我记得|好像|那|[,。?! ])+")
AUTHORITY = re.compile(r"(政府|[省市区县]里?|市委|办公厅|办|部|局|委)$")
COUNTED = re.compile(r"(\d+)(?:大|个|项|条|类|张|种)(?:重点|具体|主要|未来产业)?(?P<head>[\u4e00-\u9fff]{2})?")
GUESS = re.compile(r"还是|[吧吗]\??$|对(吧|吗|不对)|是吧|没错")  # 是教育局还是科技局盯着, 是教育局的职责吧
REVERSE = re.compile(r"(是|指|说)的?(都)?(什么|啥|哪|谁)|都(是|有|指)|好几个|几处|哪些地方|什么东西|对应")


def draft(query: Query, store: Store, outlines: Sequence[Outline]) -> Draft | None:
    """The answer that the structure alone gives, or None. A unit's duties are looked for in all documents."""
    if found := duties_of_unit(query, store):
        return found
    for answer in (membership, parts_of_heading, miscounted, places_of_figure, identity):
        if found := answer(query, outlines):
            return found
    return None


def outlines_for(query: Query, store: Store, hits: Sequence[Hit] = ()) -> list[Outline]:
    """
    Where a list, a title block, a figure or an article's number is looked for: in the papers the question names, or
    else in the main ones, or else in those of the best `hits`.
    """
    if query.scope.named:
        return [outline for outline in store.outlines if outline.document.id in query.scope.named]
    main = [outline for outline in store.outlines if outline.document.primary]
    near = {hit.chunk.clause.document.id for hit in hits[:NEAR]}
    return main or [outline for outline in store.outlines if not near or outline.document.id in near]


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
    own = [
        (clause, segment)
        for outline in store.outlines
        for clause in outline.clauses
        for segment in clause.segments
        if named.keys() & set(segment.units)
    ]
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
    core = unit.removeprefix("青岛").removeprefix("市委").removeprefix("市")
    for short in (said, said.removeprefix("青岛市").removeprefix("市")):
        if len(short) > 2 and short[0] == core[0] and short[-1] == core[-1] and short[-1] in "局委办部院会厅":
            rest = iter(core)
            if all(character in rest for character in short):
                return True
    return False


def parts_of_heading(query: Query, outlines: Sequence[Outline]) -> Draft | None:
    """What stands under a heading: 五大行动, 重点任务分几条, 8大赛道有哪些."""
    if not query.asks & {"list", "count", "definition"} or query.asks & {"money", "unit", "contact", "date"}:
        return None
    said = COUNTED.search(query.understood)
    number = int(said[1]) if said else None
    head = (said["head"] or "") if said else ""
    others = [term for term in query.terms if not re.search(r"\d", term.text)]
    for outline in outlines:
        for heading in outline.headings:
            below = list(parts_below(outline, heading))
            names = [_name(part) for part in below]
            if not all(map(bare, names)):  # articles have numbers and no names
                continue
            if len(below) < 2 or (number is not None and number != len(below)):
                continue
            named = any(comparable(name) in comparable(query.understood) for name in _names(heading))
            titles = " ".join((outline.document.title, *heading.path, *names))
            strangers = [term for term in others if term.weight > TELLING and not match(term, comparable(titles))]
            counted = bool(head) and not strangers and (head in heading.text or all(head in name for name in names))
            if named or counted or (number is not None and not others):
                picks = _listed(outline, below)
                return Draft(query, "answered", picks, (replies.COUNTED.format(count=len(below)),))
    return None


def miscounted(query: Query, outlines: Sequence[Outline]) -> Draft | None:
    """Another number of parts than a heading has: 七大行动分别归谁. The list is quoted as it is."""
    said = COUNTED.search(query.understood)
    if not said or not said["head"]:
        return None
    lists = [
        (outline, list(parts_below(outline, heading)), heading) for outline in outlines for heading in outline.headings
    ]
    named = [found for found in lists if _is_list_of(said["head"], *found[1:])]
    if not named or any(len(below) == int(said[1]) for _, below, _ in named):
        return None
    outline, below, _ = named[0]
    picks = _listed(outline, below)
    return Draft(query, "answered", picks, (replies.MISCOUNTED.format(count=len(below), said=said[1]),))


def _is_list_of(head: str, below: Sequence[Heading | Clause], heading: Heading) -> bool:
    """Whether the parts are counted as `head` in their heading (8大未来产业细分赛道) or all end in it (…行动)."""
    stated = re.search(rf"{len(below)}[大个项条类张种][^，。]*{head}$", comparable(heading.text))
    alike = len({_name(part) for part in below}) >= FEWEST and all(_name(part).endswith(head) for part in below)
    return bool(stated) or alike


def membership(query: Query, outlines: Sequence[Outline]) -> Draft | None:
    """A subject that is taken for one of a counted list and is not: 低空经济是8大赛道之一吧."""
    claim = CLAIM.search(OPENING.sub("", query.understood))
    if not claim or "whether" not in query.asks or "belongs" in query.asks or claim["subject"] not in query.asked:
        return None
    for outline in outlines:
        for heading in outline.headings:
            below = list(parts_below(outline, heading))
            names = [comparable(bare(_name(part))) for part in below]
            head = claim["head"] or ""
            shared = all(head in name for name in names)
            if len(below) != int(claim["count"]) or not (shared or head in heading.text):
                continue
            subject = comparable(claim["subject"])
            picks = _listed(outline, below)
            if any(name in subject or subject in name for name in names):
                return Draft(query, "answered", picks)
            if any(subject in comparable(part.path[-1]) for part in _parts(outline) if part.path):
                return None  # it stands elsewhere in the outline: not for us to say what it is one of
            opening = (replies.NOT_AMONG.format(count=len(below), name=claim["subject"]),)
            return Draft(query, "answered", (*picks, *_mentions(outline, claim["subject"])), opening)
    return None


def _mentions(outline: Outline, word: str) -> tuple[Pick, ...]:
    """The first sentence that has the word."""
    return tuple(islice((pick for pick in whole(outline.clauses) if comparable(word) in comparable(pick.text)), 1))


def _listed(outline: Outline, parts: Sequence[Heading | Clause]) -> tuple[Pick, ...]:
    """The parts as the text enumerates them in one breath, or else line by line."""
    return enumeration(outline, parts) or tuple(Pick(part, _line(part)) for part in parts)


def enumeration(outline: Outline, parts: Sequence[Heading | Clause]) -> tuple[Pick, ...]:
    """The shortest stretch between commas that names every part, where the document has one."""
    names = [bare(_name(part)) for part in parts]
    found = [
        Pick(clause, Span(segment.span.start + stretch.start(), segment.span.start + stretch.end()), segment)
        for clause in outline.clauses
        for segment in clause.segments
        for stretch in re.finditer(r"[^，。；！？\n]+", segment.text)
        if all(name in stretch.group() for name in names)
    ]
    return tuple(sorted(found, key=lambda pick: pick.span.end - pick.span.start)[:1])


def _names(heading: Heading) -> tuple[str, ...]:
    """A heading's words, and what follows its first verb: 实施成果转化孵化行动, 成果转化孵化行动."""
    name = bare(heading.text)
    return (name, name[VERB:]) if len(name) > VERB + SHORTEST_NAME else (name,)


def bare(name: str) -> str:
    """A heading without its number: "（一）实施…行动" -> "实施…行动"."""
    return NUMBERING.sub("", name)


def _parts(outline: Outline) -> list[Heading | Clause]:
    """Headings and clauses in reading order."""
    parts: list[Heading | Clause] = [*outline.headings, *outline.clauses]
    return sorted(parts, key=lambda item: item.span.start)


def parts_below(outline: Outline, heading: Heading) -> Iterator[Heading | Clause]:
    depth = len(heading.path)
    for part in _parts(outline):
        if len(part.path) == depth + 1 and part.path[:depth] == heading.path:
            yield part


def _name(part: Heading | Clause) -> str:
    return part.path[-1]


def _line(part: Heading | Clause) -> Span:
    return part.span if isinstance(part, Heading) else Span(part.span.start, part.span.start + len(part.path[-1]) + 1)


def places_of_figure(query: Query, outlines: Sequence[Outline]) -> Draft | None:
    """Every sentence that states a figure the question asks about: ““10项”都指哪些”."""
    numbers = [term.text for term in query.terms if NUMBER.match(term.text)]
    figures = [number for number in numbers if not number.startswith(("19", "20"))]
    others = [term for term in query.terms if term.text not in figures and term.weight > 0.2]
    if not figures or others or not REVERSE.search(query.understood):
        return None
    number = re.sub(r"[^\d.]", "", figures[0])
    # “10家左右” is looked for as it is typed, a bare 30家 wherever the figure counts something.
    typed = re.search(rf"(每年|不少于)?{number}\S?(左右|以上)", query.understood)
    counted = rf"(?<!\d){number}(?!\d)(?=[个家项名条种类]|以上|左右)"
    pattern = re.compile(re.escape(typed[0]) if typed else counted)
    clauses = (clause for outline in outlines for clause in outline.clauses)
    picks = tuple(pick for pick in whole(clauses) if pattern.search(comparable(pick.text)))
    return Draft(query, "answered", picks) if picks else None


def identity(query: Query, outlines: Sequence[Outline]) -> Draft | None:
    """Who issued the document, when, and for which years: the lines of its title block that say so."""
    titles = " ".join(outline.document.title for outline in outlines)
    asked = preamble(query.understood)[1]
    about = [term for term in query.terms if term.text in asked and not _of_identity(term.text, titles)]
    others = [term for term in about if term.weight > 0.3]
    counted = any(map(is_figure, query.terms))
    if CHANGED.search(query.understood) or query.asks & {"promise"}:
        return None
    vague = PURPOSE.search(query.understood) or TERM.search(query.understood)
    if vague and any(term.text not in query.understood for term in query.terms):
        return None  # 为啥要搞这个 or 到哪一年, after a question about something in the document
    if not asks_identity(query) or others or counted:
        return None
    for outline in outlines:
        head = outline.clauses[0]
        if "文号" in query.understood and not head.document.doc_number:
            return None
        lines = [(segment, span) for segment in head.segments for span in _identity_lines(head, segment, query)]
        picks = tuple(Pick(head, span, segment) for segment, span in lines)
        if picks:
            return Draft(query, "answered", picks)
    return None


def asks_identity(query: Query) -> bool:
    """Whether it asks who issued the document, to whom, when, why or for how long."""
    return any(pattern.search(query.understood) for pattern in (IDENTITY, ADDRESSED, PURPOSE))


def _of_identity(word: str, titles: str) -> bool:
    names = (IDENTITY, AUTHORITY, ADDRESSED, PURPOSE, HEAD_WORDS)
    return any(pattern.search(word) for pattern in names) or word in titles or word.startswith("20")


def _identity_lines(head: Clause, segment: Segment, query: Query) -> list[Span]:
    text = head.document.text
    if PURPOSE.search(query.understood):
        return [line for line in body_sentences(head, segment) if STATED_PURPOSE.search(line.of(text).strip())]
    addressed = ADDRESSED.search(query.understood) is not None
    lines = body_sentences(head, segment)
    issuer = head.document.issuer or ""
    return [
        line
        for line in lines
        if (said := line.of(text).strip())
        and (
            said == issuer
            or DATE.search(comparable(said))
            or "研究同意" in said
            or (addressed and said.endswith(("：", ":")))
        )
    ]
