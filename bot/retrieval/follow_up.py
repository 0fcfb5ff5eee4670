"""
A question that stands on the answer before it -> the question it stands for, and what was put in.

    "第二个呢", after "优先发展太赫兹、海洋电子信息等[1]"       ->  "海洋电子信息呢"
    "2026年呢", after "2027年应用场景要打造多少个"             ->  "2026年应用场景要打造多少个"
    "中试平台呢", after "孵化器归谁管"                     ->  "中试平台归谁管"
    "第二句的单位呢", after "三(一)3的责任单位"            ->  "三(一)3第二句的单位呢"
    "具体点", after a sentence of 5.打造未来产业专业孵化器       ->  "打造未来产业专业孵化器"

What only leaves its subject out (由谁牵头) is not rewritten: it takes over words, in understand.py.
"""

import re
from collections.abc import Sequence
from itertools import dropwhile

from bot.index.store import Store
from bot.retrieval.asks import detect_asks
from bot.text.normalise import fold_width, normalise
from bot.text.sentences import split_sentences
from bot.types import Clause, Turn

NUMERALS = "一二三四五六七八九十"
ORDINAL = re.compile(
    rf"那?(?P<which>(?:倒数?)?第(?P<number>[{NUMERALS}]|\d{{1,2}})|最后(?:面?的?)?(?P<last>[一1]?))(?P<measure>[个项类种家位张点])"
)
# 第三条 is an article, but after a list of items one of them.
NUMBERED = re.compile(rf"那?(?P<which>(?:倒数?)?第(?P<number>[{NUMERALS}]|\d{{1,2}}))(?P<last>)(?P<measure>条)")
IT = re.compile(r"(?<![其吉])它(?!们)")
# What follows an ordinal only to say what kind of thing is meant: 第三个赛道归谁管.
THE_UNIT = re.compile(
    r"^那?(?P<it>它|他们|[这该]个?(?:单位|部门|局|委|办|家))(?:还|另外|都)?(?:管|负责|承担|牵头|干|做|有)(?:着|了)?(?:什么|啥|别的|其他|其它|哪)"
)
KIND = re.compile(r"^的?(赛道|领域|方向|行动|平台|单位|部门|任务|项目|产业|措施|清单|内容|方面|要求|目标|指标|模式)")
OF_UNITS = re.compile(r"^的?(单位|部门|局|委办|责任单位)")
FORMER = re.compile(r"(?<![一-鿿])那?(前者|后者)|(前者|后者)(?=[^一-鿿]|归|的|由|有|呢|是|怎)")
JOINED = re.compile(r"[和与跟及同、]|以及|还是")
YEAR_ONLY = re.compile(
    r"^(?:那么?|如果是|换成|要是)?(?:到|截至|在)?(?P<year>(?:19|20)\d{2})年?[底末]?(?:的|时|怎么样|有吗)*呢?\??$"
)
YEAR = re.compile(r"(?:19|20)\d{2}(?=年)|(?<!\d)(?:19|20)\d{2}(?!\d)")
MORE = re.compile(
    r"^(?:那|能|能不能|可以|请|麻烦|帮我|再|给我|是否)*(?:"
    r"(?:更|说得?|讲得?)?(?:具体|详细|仔细|全面|完整|展开)(?:一?点|一?些|来?说说|说一?下|讲讲|讲一?下|介绍一?下|讲|说|的)*(?:内容)?"
    r"|(?:细|多)(?:说说?|讲讲?)(?:一?点|一?些|几句)?|还有(?:别的|其他的?|其它的?|更多的?|没有?|哪些|什么)?|继续|接着说?|然后"
    r"|(?:看看?|给)?(?:原文|全文)(?:是什么|怎么说的?)?"
    r")(?:吗|呢|吧|么|不|没|一下)*[?。!]*$"
)
# What takes the place of something the question before named: 那中试平台呢, 上海的呢, 专精特新也是吗.
ALSO = re.compile(
    r"^(?:那么?|换成|要是|如果是|至于|还有)?(?P<other>(?![每各这那其它他哪谁]|[^呢]{0,3}第)[\u4e00-\u9fff]{2,12}?)(?:的话|的|这块|那块|方面)?"
    r"(?:呢|也(?:是|一样|同样)?(?:这样|如此|归.{1,8}|由.{1,8}|有)?(?:吗|么|嘛))(?:[,?。! ]+(?P<rest>.*))?$"
)
# 与深圳合作, 面向日韩的交流: another place or group of states takes its place.
PARTNER = re.compile(r"(?:与|和|跟|同|面向)([\u4e00-\u9fff、]{2,10}?)(?=的?(?:科技|产业)?(?:合作|交流|协同|对接|联动))")
ABROAD = re.compile(r"国家?$|组织|地区$")
# What is asked for at the end; of 多少家创新平台 with the measure, as another thing has another.
TAIL = re.compile(r"(?:(?<=多少)|几[个家项名条种类位所座批]|哪些|什么)(?P<asked>[\u4e00-\u9fff]{2,12})[?。!]*$")
SENTENCE = re.compile(r"第[一二三四五六七八九十\d]+句|最后一?句")
REFERENCE = re.compile(
    r"[一二三四五六七八九十]+[、.]?\s*\([一二三四五六七八九十]+\)\s*\d*|第\s*[一二三四五六七八九十百\d]+\s*条"
)
SHARED = 2  # characters at the end by which 青年人才 takes the place of 外籍人才
LONG_NAME = 5  # characters; what is longer and no noun is no name: 合同里另外约定的呢
MARKER = re.compile(r"\[\d+\]")
UNITS_LINE = re.compile(r"^责任单位[：:]")
COUNTED_LINE = re.compile(r"^共\d+项[：:]$")
NUMBERING = re.compile(rf"^(?:第?[{NUMERALS}百零]+[编章节条、]|[（(][{NUMERALS}]+[）)]|\d+[.．、])\s*")
STRETCH = re.compile(r"[^，。；！？：,;!?:\n]+")
AFTER_LAST = re.compile(r"等|在|为|的|给|方面|、$|[“”\"]$")
SHORT_LINE = 30  # characters; a list of longer lines is a list of sentences, not of names
SHORTEST_QUOTE = 8  # characters that tell which clause an answer quoted


def rewrite(text: str, history: Sequence[Turn], store: Store) -> tuple[str, tuple[tuple[str, str], ...]]:
    """`text` with what it points at put in, and the list of (as typed, as meant); unchanged where it points nowhere."""
    if not history:
        return text, ()
    if found := YEAR_ONLY.match(text):
        return _with_year(text, found["year"], history)
    if (found := ALSO.match(text)) and not detect_asks(found["other"]):
        asked = instead(found["other"], normalise(history[-1].question), store)
        rest = found["rest"] or ""  # 那产品呢,定了多少: what only asks the same again says nothing new
        again = detect_asks(rest) <= detect_asks(asked)
        whole = asked if again else f"{asked.rstrip('?!。')},{rest}"
        return (whole, ((text, whole),)) if asked else (text, ())
    if SENTENCE.search(text) and not REFERENCE.search(text):
        named = REFERENCE.search(normalise(history[-1].question))
        return (f"{named[0]}{text}", ((text, f"{named[0]}{text}"),)) if named else (text, ())
    if MORE.match(text):
        clause = next(filter(None, (quoted_clause(turn.answer, store) for turn in reversed(history[-1:]))), None)
        title = _title(clause) if clause else ""
        return (title, ((text, title),)) if title else (text, ())
    if found := THE_UNIT.search(text):
        return _with_unit(text, found, history, store)
    listed = any(COUNTED_LINE.match(line) for line in _lines(history[-1].answer))
    if found := ORDINAL.search(text) or (listed and NUMBERED.search(text)) or None:
        return _with_item(text, found, history, store)
    if found := FORMER.search(text):
        return _with_former(text, found, history, store)
    if (found := IT.search(text)) and (subject := _opening(normalise(history[-1].question), store)):
        return text[: found.start()] + subject + text[found.end() :], ((found[0], subject),)
    return text, ()


def _with_year(text: str, year: str, history: Sequence[Turn]) -> tuple[str, tuple[tuple[str, str], ...]]:
    """The question before, asked of another year."""
    for turn in reversed(history):
        earlier = normalise(turn.question)
        if YEAR_ONLY.match(earlier) or not earlier:
            continue
        asked = YEAR.sub(year, earlier, count=1) if YEAR.search(earlier) else f"{year}年{earlier}"
        return asked, ((text, asked),)
    return text, ()


def instead(other: str, question: str, store: Store) -> str:
    """
    `question` asked of `other` instead of the one thing in it that is of the same kind; empty where none or two are.

    Of the same kind are two places, two terms of the corpus of one kind, and two names that end alike.
    """
    replaced = [name for name in _of_its_kind(other, question, store) if name != other]
    return question.replace(replaced[0], other, 1) if len(replaced) == 1 and other not in question else ""


def _of_its_kind(other: str, question: str, store: Store) -> list[str]:
    words = store.segmenter.words(question)
    abroad = store.segmenter.is_place(other) or other in store.lexicon or ABROAD.search(other)
    if abroad and (partner := PARTNER.search(question)):
        return [partner[1]]
    if store.segmenter.is_place(other) and (places := [word for word in words if store.segmenter.is_place(word)]):
        return places
    if kind := _kind(other, store):
        if kind == "unit":
            return []
        text = fold_width(question)
        named = [term for term in store.lexicon if term in text and store.lexicon[term] == kind]
        longest = [term for term in named if not any(term != each and term in each for each in named)]
        if longest:
            return longest
    alike = [place for place, word in enumerate(words) if word.endswith(other[-SHARED:])]
    if alike:
        return ["".join([*reversed(_nouns(store, words[:place][::-1])), words[place]]) for place in alike]
    if len(other) > LONG_NAME and "".join(_nouns(store, store.segmenter.words(other))) != other:
        return []
    if tail := TAIL.search(question):
        return [tail["asked"]]
    subject = _opening(question, store)
    return [subject] if len(subject) > 1 and subject not in store.lexicon and not _kind(other, store) else []


def _opening(question: str, store: Store) -> str:
    """What a question opens with is what it is about; a verb may open a name: 应用场景."""
    words = store.segmenter.words(question)
    verb = words[:1] if len(words) > 1 and store.segmenter.tag(words[0])[0] == "v" and len(words[0]) > 1 else []
    nouns = _nouns(store, words[len(verb) :])
    return "".join([*verb, *nouns]) if nouns else ""


def _kind(term: str, store: Store) -> str:
    """A name's kind in the corpus; what opens just one title is short for it."""
    if term in store.lexicon:
        return store.lexicon[term]
    titles = [title for title in store.lexicon.of_kind("title") if title.startswith(term)]
    return "title" if len(titles) == 1 else ""


def _with_unit(
    text: str, found: re.Match[str], history: Sequence[Turn], store: Store
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """它还管别的吗 asks of the one unit that the answer before names."""
    answer = history[-1].answer
    named = [unit for unit in store.units if unit in answer]
    longest = [unit for unit in named if not any(unit != other and unit in other for other in named)]
    if len(longest) != 1:
        return text, ()
    return text.replace(found["it"], longest[0], 1), ((found["it"], longest[0]),)


def _with_item(
    text: str, found: re.Match[str], history: Sequence[Turn], store: Store
) -> tuple[str, tuple[tuple[str, str], ...]]:
    rest = text[found.end() :]
    for turn in reversed(history):
        names = units_of(turn.answer) if OF_UNITS.match(rest) else ()
        names = names or items_of(turn.answer, store)
        place = _place(found, len(names))
        if place is None:
            continue
        name = names[place]
        kind = KIND.match(rest)
        after = rest[kind.end() :] if kind else rest
        typed = text[found.start("which") : found.end() + (kind.end() if kind else 0)]
        return text[: found.start("which")].removesuffix("那") + name + after, ((typed, name),)
    return text, ()


def _place(found: re.Match[str], count: int) -> int | None:
    """Which of `count` items is meant; None where there is none such, or no list."""
    if count < 2:
        return None
    if not found["number"]:
        return count - 1
    said = found["number"]
    number = int(said) if said.isdigit() else NUMERALS.index(said) + 1
    if not 0 < number <= count:
        return None
    return count - number if found["which"].startswith("倒") else number - 1


def _with_former(
    text: str, found: re.Match[str], history: Sequence[Turn], store: Store
) -> tuple[str, tuple[tuple[str, str], ...]]:
    """前者 and 后者 are what the latest question that names two things names."""
    typed = found[1] or found[2]
    for turn in reversed(history):
        pair = joined_pair(normalise(turn.question), store)
        if pair:
            name = pair[0] if typed == "前者" else pair[1]
            return text.replace(typed, name), ((typed, name),)
    return text, ()


def joined_pair(text: str, store: Store) -> tuple[str, str] | None:
    """The two names on either side of an and: "孵化器和中试平台有什么区别" -> 孵化器, 中试平台."""
    for joint in JOINED.finditer(text):
        before = _nouns(store, list(reversed(store.segmenter.words(text[: joint.start()]))))
        after = _nouns(store, store.segmenter.words(text[joint.end() :]))
        if before and after:
            return "".join(reversed(before)), "".join(after)
    return None


def _nouns(store: Store, words: Sequence[str]) -> list[str]:
    """The nouns at the head of `words`."""
    nouns: list[str] = []
    for word in words:
        if not (word in store.lexicon or (len(word) > 1 and store.segmenter.is_noun(word))):
            break
        nouns.append(word)
    return nouns


def items_of(answer: str, store: Store) -> tuple[str, ...]:
    """The names an answer lists: its lines where they are a list, else the longest run of names between commas."""
    lines = [line for line in _lines(answer) if not UNITS_LINE.match(line)]
    listed = [NUMBERING.sub("", line).rstrip("。") for line in lines if not COUNTED_LINE.match(line)]
    if len(listed) > 1 and all(len(line) <= SHORT_LINE for line in listed):
        return tuple(listed)
    runs = [_enumerated(stretch, store) for line in listed for stretch in STRETCH.findall(line) if "、" in stretch]
    return max(runs, key=len, default=())


def units_of(answer: str) -> tuple[str, ...]:
    """The responsible units an answer names, each once."""
    named = (UNITS_LINE.sub("", line).split("、") for line in _lines(answer) if UNITS_LINE.match(line))
    return tuple(dict.fromkeys(unit for units in named for unit in units))


def _lines(answer: str) -> list[str]:
    return [line for line in (MARKER.sub("", line).strip() for line in answer.splitlines()) if line]


def _enumerated(stretch: str, store: Store) -> tuple[str, ...]:
    """优先发展太赫兹、海洋电子信息和深海开发等产业 -> 太赫兹, 海洋电子信息, 深海开发."""
    first, *middle, last = stretch.split("、")
    names = [_without_verbs(first, store), *middle, *re.split(r"[和与及]|以及", AFTER_LAST.split(last)[0])]
    return tuple(name.strip('“”"《》') for name in names if name)


def _without_verbs(phrase: str, store: Store) -> str:
    """The name at the end of a phrase: the longest one the lexicon has, else what follows the verbs before it."""
    for start in range(len(phrase)):
        if fold_width(phrase[start:]) in store.lexicon:
            return phrase[start:]
    words = store.segmenter.words(phrase)
    return "".join(dropwhile(lambda word: store.segmenter.tag(word)[0] in "vdp", words)) or phrase


def quoted_clause(answer: str, store: Store) -> Clause | None:
    """The clause the first quotation of an answer stands in; None where the answer quotes none."""
    for line in _lines(answer):
        for span in split_sentences(line):
            sentence = span.of(line)
            if len(sentence) >= SHORTEST_QUOTE and not UNITS_LINE.match(sentence):
                for chunk in store.chunks_with(sentence):
                    return chunk.clause
    return None


def _title(clause: Clause) -> str:
    return clause.title or (NUMBERING.sub("", clause.path[-1]) if clause.path else "")
