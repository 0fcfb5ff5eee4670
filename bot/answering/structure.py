"""
Answers that stand on a document's structure rather than on one sentence.

    "五大行动是哪五个"        ->  the five section headings, each cited
    "什么时候印发的"          ->  issuer and date as signed
"""

import re
from collections.abc import Iterable, Sequence
from itertools import groupby, islice

from bot.answering import replies
from bot.answering.draft import Draft, Pick
from bot.answering.duties import duties_of_unit
from bot.answering.evidence import DATE, FOUND, TELLING, match
from bot.answering.lines import body_sentences
from bot.answering.quote import whole
from bot.documents.lists import bare, is_list_of, parts, parts_below
from bot.index.store import Store
from bot.retrieval.terms import NUMBER, is_figure
from bot.retrieval.understand import STOP, asking, preamble
from bot.text.normalise import comparable
from bot.types import Clause, Heading, Hit, Outline, Query, Segment, Span, Term

NEAR = 3  # hits
MOST_UNDER_HEADING = 14  # segments; those of more are asked for task by task
VERB, SHORTEST_NAME = 2, 4  # characters
IDENTITY = re.compile(
    r"印发|发布(单位|机关|日期|时间)|发文|落款|成文|出台|颁布|实施期|有效期|生效|施行|失效|过期|到期|期满|文号|谁发的|哪一级"
    r"|(管|到)(到)?哪(一)?年|哪年(管)?到哪年|哪几年|(实施|执行)年限|几年的|还(在)?(有效|实施|管用|算数)|起止|(政府|厅|局|办|委)(发|印|出)的"
    r"|(管|实施|执行|有效|适用)[到至](?=\d{4})|(市委|政府)[^,。?!]{0,6}(研究|同意|批准|审定|审议)"
    r"|主送|(哪天|几号|几月|何时|什么时候)发的"
)
PAPER = re.compile(r"文件|方案|政策|通知|这份")
# What was issued, not by whom or when: 出台了哪些支持政策.
ISSUED_WHAT = re.compile(
    r"(?:印发|发布|出台|颁布)[了过的]*(?:哪[些几]|什么|多少|何种|几)(?![年月日号时]|单位|部门|机关|候)"
)
ADDRESSED = re.compile(r"主送|发文对象|收文|发(给|到|往|了)(了)?(哪|谁|什么|各|区|市)")
PURPOSE = re.compile(
    r"为(了)?(什么|啥)(要)?(出台|印发|发|搞|制定|出)|图(个)?(什么|啥)|由头|(出台|制定|印发)的?(目的|背景|缘由|初衷|原因)|目的是"
)
TERM = re.compile(r"^(?:那么?)?(?:管|干|做|是|要)?到?哪一?年|几年的")
CHANGED = re.compile(r"顺延|延期|延长|续期")  # what comes after its term no paper says
STATED_PURPOSE = re.compile(r"^为(了)?.*制定本")
HEAD_WORDS = re.compile(
    r"^发[到给往]?$|年限|研究|同意|批准|审定|审议|一级|为(什么|啥)|末尾|抬头|落款|发函|通知|文件|方案|对象|起止|年份|那会|名头|管用|以后|之后"
)
# X是8大赛道之一: the subject stands at the start and is a name, not 我的技术 or 那个.
CLAIM = re.compile(
    r"^(?P<subject>[A-Za-z0-9\u4e00-\u9fff]{2,10}?)(?<![我你他它这那的在不])(也|都)?(是不是|属不属于|算不算|是|属于|算|列入)"
    r"(青岛市?|我市|方案)?(里|中)?的?(?P<count>\d+)(大|个|项|条|类)(重点|未来产业|细分)*(?P<head>(?!之一)[\u4e00-\u9fff]{2})?"
)
RELATED = re.compile(r"有关|相关|涉及|提到|沾边|沾上|挂钩|搭边|关联")
NUMERALS = "一二三四五六七八九"
# “四投”, “四个未来”: only what is quoted is such a word.
SUMMED_UP = re.compile(
    rf"[\"'](?P<count>[2-9{NUMERALS[1:]}])个?(?P<word>(?![个大项条类张种家名年月])[\u4e00-\u9fff]{{1,2}})[\"']"
)
OPENING = re.compile(r"^(听说|据说|请问|我记得|好像|那|[,。?! ])+")
AUTHORITY = re.compile(r"(政府|[省市区县]里?|市委|办公厅|办|部|局|委)$")
COUNTED = re.compile(
    r"(\d+)(?:大|个|项|条|类|张|种)"
    r"(?:(?:重点|具体|主要|未来产业)?(?P<head>(?!未来产业|[是分有都叫哪归由各里中之给列])[\u4e00-\u9fff]{2})|(?P<whole>未来产业))?"
)
REVERSE = re.compile(r"(是|指|说)的?(都)?(什么|啥|哪|谁)|都(是|有|指)|好几个|几处|哪些地方|什么东西|对应")


def draft(query: Query, store: Store, outlines: Sequence[Outline]) -> Draft | None:
    """The answer that the structure alone gives, or None. A unit's duties are looked for in all documents."""
    if found := duties_of_unit(query, store):
        return found
    for answer in (membership, units_of_heading, parts_of_heading, miscounted, summed_up, places_of_figure, identity):
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


def units_of_heading(query: Query, outlines: Sequence[Outline]) -> Draft | None:
    """Who is responsible for what stands under a heading: every segment below it, each with its units."""
    if "unit" not in query.asks or query.asks & {"money", "contact", "date"}:
        return None
    for outline in outlines:
        for heading in outline.headings:
            below = [
                (clause, segment)
                for clause in outline.clauses
                for segment in clause.segments
                if segment.units and clause.path[: len(heading.path)] == heading.path
            ]
            named = any(comparable(name) in comparable(query.understood) for name in _names(heading))
            if not named or not 1 < len(below) <= MOST_UNDER_HEADING or _strangers(query.terms, heading.path):
                continue
            picks = tuple(Pick(clause, body_sentences(clause, segment)[0], segment) for clause, segment in below)
            return Draft(query, "answered", picks, with_units=True)
    return None


def _strangers(terms: Iterable[Term], path: Sequence[str]) -> list[Term]:
    """The telling words that these headings do not have."""
    heads = comparable(" ".join(path))
    return [term for term in terms if term.weight > TELLING and not match(term, heads)]


def parts_of_heading(query: Query, outlines: Sequence[Outline]) -> Draft | None:
    """What stands under a heading: 五大行动, 重点任务分几条, 8大赛道有哪些."""
    if query.asks & {"money", "unit", "contact", "date"}:
        return None
    said = COUNTED.search(query.understood)
    number = int(said[1]) if said else None
    head = _head(said)
    wanted = bool(query.asks & {"list", "count", "definition"} or (head and not query.asks - {"whether"}))
    others = [term for term in query.terms if not re.search(r"\d", term.text)]
    for outline in outlines:
        for heading in outline.headings:
            below = list(parts_below(outline, heading))
            names = [part.path[-1] for part in below]
            if not all(map(bare, names)):  # articles have numbers and no names
                continue
            if len(below) < 2 or (number is not None and number != len(below)):
                continue
            named = any(comparable(name) in comparable(query.understood) for name in _names(heading))
            titles = " ".join((outline.document.title, *heading.path, *names))
            strangers = [term for term in others if term.weight > TELLING and not match(term, comparable(titles))]
            called = not head or _calls(head, heading, names, outline)
            counted = bool(head) and not strangers and called
            if called and head and RELATED.search(query.understood) and (some := _related(below, others, heading)):
                count = len({pick.clause.ref for pick in some})
                return Draft(query, "answered", some, (replies.COUNTED.format(count=count),))
            bare_name = named and not query.asks - {"whether"} and not _strangers(others, heading.path)
            if not wanted and not bare_name:
                continue
            if named or counted or (number is not None and called and not others):
                picks = _listed(outline, below)
                return Draft(query, "answered", picks, (replies.COUNTED.format(count=len(below)),))
    return None


def _head(said: re.Match[str] | None) -> str:
    """What is counted: 赛道 in 8大细分赛道, 未来产业 in 8大未来产业; empty where nothing is named."""
    return (said["head"] or said["whole"] or "") if said else ""


def _related(below: Sequence[Heading | Clause], terms: Iterable[Term], heading: Heading) -> tuple[Pick, ...]:
    """Of a list's clauses those that name what the question is about, each with the first sentence that does."""
    about = [term for term in terms if term.weight > TELLING and not match(term, comparable(heading.text))]
    found: list[Pick] = []
    for clause in (part for part in below if isinstance(part, Clause)):
        said = ((pick, comparable(clause.title + pick.text)) for pick in whole([clause]))
        naming = (pick for pick, text in said if any(match(term, text) >= FOUND for term in about))
        if first := next(naming, None):
            found += (Pick(clause, _line(clause), clause.segments[0]), first)
    return tuple(found)


def _calls(head: str, heading: Heading, names: Sequence[str], outline: Outline) -> bool:
    """Whether the parts are called so, each or by their heading; （五）…行动 is one action, not a list of them."""
    if all(head in name for name in names):
        return True
    if head not in heading.text:
        return False
    above = heading.path[:-1]
    beside = [part.path[-1] for part in parts(outline) if part.path[:-1] == above and len(part.path) > len(above)]
    return re.search(r"\d", bare(heading.text)) is not None or not all(head in name for name in beside)


def miscounted(query: Query, outlines: Sequence[Outline]) -> Draft | None:
    """Another number of parts than a heading has: 七大行动分别归谁. The list is quoted as it is."""
    said = COUNTED.search(query.understood)
    head = _head(said)
    if not said or not head:
        return None
    lists = [
        (outline, list(parts_below(outline, heading)), heading) for outline in outlines for heading in outline.headings
    ]
    named = [found for found in lists if is_list_of(head, *found[1:])]
    if not named or any(len(below) == int(said[1]) for _, below, _ in named):
        return None
    outline, below, _ = named[0]
    picks = _listed(outline, below)
    return Draft(query, "answered", picks, (replies.MISCOUNTED.format(count=len(below), said=said[1]),))


def summed_up(query: Query, outlines: Sequence[Outline]) -> Draft | None:
    """What a numeral and a word in common sum up: 四投 for 投早、投小、投长期、投硬科技."""
    said = SUMMED_UP.search(query.understood)
    if not said or query.asks & {"unit", "money", "date"}:
        return None
    count = int(said["count"]) if said["count"].isdigit() else NUMERALS.index(said["count"]) + 1
    for outline in outlines:
        for pick in whole(outline.clauses):
            for part in re.findall(r"[^，,。；;]+", pick.text):
                runs = (
                    list(run)
                    for has, run in groupby(re.split(r"[、+]", part), lambda item: said["word"] in item)
                    if has
                )
                if any(len(run) == count for run in runs):
                    return Draft(query, "answered", (pick,))
    return None


def membership(query: Query, outlines: Sequence[Outline]) -> Draft | None:
    """A subject that is taken for one of a counted list and is not: 低空经济是8大赛道之一吧."""
    claim = CLAIM.search(OPENING.sub("", query.understood))
    if not claim or "whether" not in query.asks or "belongs" in query.asks or claim["subject"] not in query.asked:
        return None
    for outline in outlines:
        for heading in outline.headings:
            below = list(parts_below(outline, heading))
            names = [comparable(bare(part.path[-1])) for part in below]
            head = claim["head"] or ""
            shared = all(head in name for name in names)
            if len(below) != int(claim["count"]) or not (shared or head in heading.text):
                continue
            subject = comparable(claim["subject"])
            picks = _listed(outline, below)
            if any(name in subject or subject in name for name in names):
                return Draft(query, "answered", picks)
            if any(subject in comparable(part.path[-1]) for part in parts(outline) if part.path):
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
    names = [bare(part.path[-1]) for part in parts]
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
    asked = _asking_part(query.understood)
    about = [term for term in query.terms if term.text in asked and not _of_identity(term.text, titles)]
    others = [term for term in about if term.weight > 0.3]
    counted = any(map(is_figure, query.terms))
    if CHANGED.search(query.understood) or ISSUED_WHAT.search(query.understood) or query.asks & {"promise"}:
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
    """Whether it asks who issued the document, to whom, when, why or for how long; or goes on from such a question."""
    before = [term.text for term in query.terms if term.text not in query.understood]
    goes_on = len(before) == len(query.terms) and query.asks & {"date", "unit"}
    if goes_on and any(IDENTITY.search(word) for word in before):
        return True
    asked = query.understood if PAPER.search(query.understood) else asking(query.understood)
    return any(pattern.search(asked) for pattern in (IDENTITY, ADDRESSED, PURPOSE))


def _asking_part(text: str) -> str:
    """From the sentence part on that asks about the paper itself; what stands before it tells of the asker."""
    places = [found.start() for pattern in (IDENTITY, ADDRESSED) if (found := pattern.search(text))]
    cuts = [mark.end() for mark in STOP.finditer(text) if places and mark.end() <= min(places)]
    return text[max(cuts) :] if cuts else preamble(text)[1]


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
