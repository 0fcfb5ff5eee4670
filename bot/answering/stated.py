"""
Whether the very thing a question asks for is stated: a number with its measure, a name, one of two choices.

    "氧化镓衬底是6英寸还是8英寸"  and  "重点发展磷化铟、氧化镓等为代表的化合物半导体材料"  ->  neither choice is stated

The subject may be there and the detail not: such questions are the ones most easily answered beside the point.
"""

import re
from collections.abc import Callable, Sequence

from bot.answering.boundaries import detail_words
from bot.answering.evidence import FOUND, QUANTITY, STATES, Evidence, match
from bot.answering.years import year_line
from bot.retrieval.understand import preamble
from bot.text.normalise import comparable
from bot.types import Query

STRICT_DETAILS = ("money", "place", "contact", "procedure", "date", "names", "penalty")
GOOD = 0.75  # evidence with this share of the best score is looked at for details
# 多少名 asks for a number of things; 多少亩, 几纳米, 几毛 for one with that very measure; 哪几样 and 几月几号 for none.
_MEASURES = "年|个?工作日|日|天|个?月|个?小时|倍|元|亩|周岁|平(?!台)|度|公斤|千克|岁"
MEASURED = re.compile(
    r"(?P<word>百分之几|多少|(?<!哪)几(?!样|方面|月|号|点|大|乎|时))"
    rf"(?:个?(?P<percent>百?分?点)|(?P<thing>个(?!工作日|月|小时)|[家项名条种类支所座位])|"
    rf"(?P<measure>{_MEASURES}|[^个家项名条种类支所座位就要才会能可以的了罚算起给补付收交发奖\W]{{1,2}}))?"
)
SAME_MEASURE = ("人名位", "家户", "次批期轮回", "天日")  # 多少户 is told by 30家
BODIES = "家所座支名位"  # 多少家 is told by 30家 or 30个, not by 12个月
# 哪几所高校, 哪家银行, 合作高校是哪几所: names of organisations; 哪家负责 asks for a unit.
_ORGANISATION = "高校|大学|院校|学校|学院|银行|公司|企业|医院|机构|院所|研究所|实验室|园区|园子|港口?|港"
NAMED_AFTER = re.compile(rf"哪(?:几|些|一)?[所家个座](?:[\u4e00-\u9fff]{{0,2}}?)(?P<kind>{_ORGANISATION})")
NAMED_BEFORE = re.compile(
    rf"(?P<kind>{_ORGANISATION})[^,。;?!]{{0,6}}?(?:是|有|叫|指|分别|为|具体)*哪(?:几|些|一)?[所家个座](?!部门|单位|局)"
)
# What a proper name of that kind ends in.
ENDINGS = {
    "高校": "大学|学院",
    "大学": "大学",
    "院校": "大学|学院",
    "学校": "大学|学院|中学|学校",
    "学院": "学院",
    "公司": "公司|集团",
    "企业": "公司|集团|股份",
    "机构": "公司|院|所|中心",
    "院所": "院|所|大学",
    "园区": "区|园",
    "园子": "区|园",
    "港口": "港",
}
GENERIC = re.compile(r"(各|等|有关|相关|专业|科技|产业|创业|高新|驻青|涉海|未来技术|多园)$")
CHOICE = re.compile(r"(?P<first>[^,。;?!:还]{1,12}?)还是(?P<second>[^,。;?!呢啊呀]{1,12})")
# What has been done so far; a plan says what is to be done. 签了几个 asks for it, 提了没 does not.
_DONE = (
    "下来|拿到|公布|发布|启动|出台|上线|印出来|签|建成|建好|招|招满|获批|通过|评上|引进|立项|立|培养|认定|批|落实|培育"
    "|成立|设立|开工|选|定|开始|动工"
)
_PAPERS = r"[些几条项个\d]*(?:政策|措施|举措|办法|意见|规定|要求)"  # a paper tells itself what has been issued
RESULTS = re.compile(
    r"目前|眼下|现有|现已|已经|至今|到现在|如今|去年|上一?[批轮届次期]|实际(?!困难|问题|情况|需)|完成得|进展|第[一1]批|首批|头一[项个批]"
    r"|现在[\u4e00-\u9fff]{0,2}(?:有|是|收|建|签|批|招)?了?(?:多少|几|哪)"
    r"|(?:现在|今年|本月|眼前)[^,。?!]{0,16}(?:有|共|[给废发评立建批收开认授]了)(?:多少|几|哪)"
    rf"|(?:{_DONE})(?:了|过|下来)(?:多少|几)(?!{_PAPERS})|(?:{_DONE})(?<!出台)(?<!公布)(?<!发布)(?:了|过|下来)哪"
    rf"|(?:{_DONE})(?:下来)?了?(?:没有|没(?=[,?!。]|$))"
)
# What one of several has of a figure that is given for all of them together.
SHARE = re.compile(
    r"\d+[个项家名][^,。?!]{0,12}(?:里头?|中)[^,。?!]{1,12}几[个项家名]|其中[^,。?!]{0,12}(?:几|多少)|占(?:了|到)?(?:几|多少)|分开[算计]|各占"
)
POINT_ASKED = re.compile(r"什么时候|啥时|何时|哪一?[天年]|几[月号]|截止(?:时间|日期|到|是|呢|[?。]|$)|到期(?:时间|日)")
POINT = re.compile(  # 每年, 定期 name none
    r"(?:19|20)\d{2}|\d{1,2}[月日]|年[内底初]|月底|届满|\d{1,2}时前"
    r"|[\d一二三四五六七八九十百两]个?(?:工作日|日|天|月|年|小时)(?:以|之)?[前内]"
)
# Details that one word may stand for another of: 有什么优惠 is told by 减免.
ALIKE = (
    re.compile(r"补贴|补助|奖补|资助|奖励|奖金|津贴|贴息"),
    re.compile(r"优惠|减税|免税|退税|减免|税收|税|加计扣除|贴息|延期缴纳|缓缴|免收|免征|减半"),
    re.compile(r"申请表|申报书|材料|提交|证明文件"),
    re.compile(r"流程|手续|步骤|程序|受理"),
    re.compile(r"条件|门槛|资格|具备|符合下列"),
    re.compile(r"租金|房租|收费|费用|价格"),
    re.compile(r"网址|网站|微信|公众号|平台|www|https?"),
)
SHARE_STATED = re.compile(r"%|百分之|分之")
REPORTED = re.compile(r"目前|现有|[了达]到?\d|已经?[\u4e00-\u9fff]|截至|累计|完成了|实现了")
YEAR = re.compile(r"(?<!\d)20\d\d(?=年)")
FIGURE = re.compile(r"\d|[一二三四五六七八九十百千万两]+(?:倍|元|年|日|天|个|家|项|名|%)|百分之|分之")
FIGURES_ASKED = frozenset({"money", "count", "date"})
FIGURE_WORD = re.compile(r"多少|几(?!乎|种|样|方面)|百分之几|多久|多长|多大|多高")
NEAREST = 8  # pieces of evidence looked at
CONCRETE = re.compile(r"[0-9A-Za-z]+|[\u4e00-\u9fff]+")


def unstated_details(query: Query, evidence: Sequence[Evidence]) -> list[str]:
    """The kinds of detail asked for that no good sentence states: an amount, a date, a place, a telephone …"""
    texts = [comparable(item.text) for item in good(evidence)]
    if evidence and (above := year_line(evidence[0], evidence)):
        texts.append(comparable(above.text))
    wanted = [ask for ask in STRICT_DETAILS if ask in query.asks]
    return [ask for ask in wanted if ask not in STATES or not any(STATES[ask].search(text) for text in texts)]


def uncounted(query: Query, evidence: Sequence[Evidence]) -> bool:
    """Whether a number is asked for (多少名, 多少亩, 几颗) and no good sentence has one with such a measure."""
    asked = MEASURED.search(query.understood)
    if not asked or "unit" in query.asks:  # 归几家管 is told by a bracket
        return False
    texts = [comparable(item.text) for item in good(evidence)]
    if "money" in query.asks and any(STATES["money"].search(text) for text in texts):
        return False
    if asked["percent"] or asked[0].endswith("分之几"):
        return not any("%" in text or "百分" in text for text in texts)
    if measure := (asked["measure"] or "").removeprefix("个"):  # 几个小时 is told by 48小时
        same = next((group for group in SAME_MEASURE if measure in group), "")
        one = "一" if re.fullmatch(_MEASURES, measure) else ""  # 一年 is a figure, 一批 is none
        written = rf"[\d{one}二三四五六七八九十百千万两](?:十|百|千|万|亿)?(?:多|余)?(?:个)?(?:工作)?"
        either = f"[{same}]" if same else re.escape(measure)
        measured = re.compile(rf"{written}{either}")
        return not any(measured.search(text) or (len(measure) > 1 and measure in text) for text in texts)
    if asked["word"] == "几" and any("、" in text for text in texts) and _is_named(asked.end(), query, texts):
        return False  # what is named can be counted
    if asked["thing"] and asked["thing"] in BODIES:
        same = next((group for group in SAME_MEASURE if asked["thing"] in group), asked["thing"])
        counted = re.compile(rf"[\d一二三四五六七八九十百千万两](?:多|余)?(?:[{same}]|个(?!月|工作日|小时|百分))")
        return not any(counted.search(text) for text in texts)
    bare = asked[0] == "多少"  # 达到多少: 94.4%, 0532-12345678
    return not any(QUANTITY.search(text) or (bare and FIGURE.search(text)) for text in texts)


def _is_named(end: int, query: Query, texts: Sequence[str]) -> bool:
    """Whether the first word behind the question word, if there is one, stands in a text: 几座地面站."""
    behind = [(query.understood.find(term.text, end), term) for term in query.terms]
    first = min(((place, term) for place, term in behind if place >= 0), key=lambda each: each[0], default=None)
    return first is None or any(match(first[1], text) >= FOUND for text in texts)


def other_year(query: Query, evidence: Sequence[Evidence]) -> str | None:
    """The year whose figure is asked for (2026年几个), where the clause found gives figures of other years only."""
    asked = YEAR.findall(preamble(query.understood)[1])
    if len(asked) != 1 or not query.asks & {"count", "money"} or not evidence:
        return None
    stated = YEAR.findall(comparable(evidence[0].clause.text))
    return str(asked[0]) if stated and asked[0] not in stated else None


def missing_details(query: Query, evidence: Sequence[Evidence]) -> list[str]:
    """The usual details (补贴, 截止, 电话 …) that the question names and no good evidence does."""
    question = preamble(query.understood)[1]
    texts = [comparable(item.clause.text) for item in good(evidence)]
    # 网站日志 asks for no address: what stands behind it, and in the clause, is what it is about.
    things = [term.text for term in query.terms if any(term.text in text for text in texts)]
    asked = [
        word for word in detail_words() if word in question and not any(word + thing in question for thing in things)
    ]
    return [word for word in asked if not any(_says(word, text) for text in texts)]


def _says(detail: str, text: str) -> bool:
    """Whether the text has the word, another for the same, or what any fee or penalty is called."""
    if detail in text or (detail.endswith("费") and "费用" in text):
        return True
    if any(alike.fullmatch(detail) and alike.search(text) for alike in ALIKE):
        return True
    return ("罚" in detail or detail.endswith(("责", "责任追究"))) and STATES["penalty"].search(text) is not None


def results_missing(query: Query, evidence: Sequence[Evidence]) -> bool:
    """Whether it is asked what has come of something and no good sentence reports anything."""
    if not RESULTS.search(preamble(query.understood)[1]):
        return False
    return not any(REPORTED.search(comparable(item.text)) for item in good(evidence))


def asks_point(query: Query) -> bool:
    """Whether a point in time is asked for rather than a rhythm or a span."""
    return POINT_ASKED.search(preamble(query.understood)[1]) is not None


def undated(query: Query, evidence: Sequence[Evidence]) -> bool:
    """Whether a point in time is asked for (什么时候成立) and no good sentence, nor the line above it, names one."""
    if not asks_point(query) or (evidence and year_line(evidence[0], evidence)):
        return False
    return not any(POINT.search(comparable(item.text)) for item in good(evidence) if item.clause is evidence[0].clause)


def share_asked(query: Query, evidence: Sequence[Evidence] = ()) -> bool:
    """Whether what one of several has of a figure is asked for (50项里量子信息占几项) and no share is stated."""
    stated = any(SHARE_STATED.search(comparable(item.text)) for item in good(evidence))
    return SHARE.search(query.understood) is not None and not stated


def figures_wanted(query: Query) -> list[re.Pattern[str]]:
    """What a sentence that states the figure asked for looks like; empty where none is asked for."""
    asked = [STATES[ask] for ask in sorted(query.asks & FIGURES_ASKED)]
    return asked or [FIGURE] * bool(FIGURE_WORD.search(query.understood))


def told_apart(query: Query, evidence: Sequence[Evidence]) -> float:
    """
    How much less of the question stands where a figure such as is asked for is stated than where most of it does.

    年费是多少元 is not told by the amount of 奖金, though the article has the word 年费. 0 where no figure is asked.
    """
    wanted = figures_wanted(query)
    if not wanted or not evidence:
        return 0.0
    total = sum(term.weight for term in query.terms) or 1.0
    share = [sum(term.weight for term in query.terms if term.text in item.own) / total for item in evidence[:NEAREST]]
    texts = [comparable(item.text) for item in evidence[:NEAREST]]
    stating = [own for own, text in zip(share, texts, strict=True) if all(kind.search(text) for kind in wanted)]
    return max(share) - max(stating, default=0.0) if stating else 1.0


def unnamed(query: Query, evidence: Sequence[Evidence]) -> bool:
    """Whether organisations are asked for by name (哪几所高校, 哪家银行) and no good sentence names one."""
    asked = NAMED_AFTER.search(query.understood) or NAMED_BEFORE.search(query.understood)
    if not asked:
        return False
    ending = re.compile(rf"([\u4e00-\u9fff]{{2,}}?)(?:{ENDINGS.get(asked['kind'], asked['kind'])})")
    return not any(_has_name(comparable(item.text), ending, query.understood) for item in good(evidence))


def _has_name(text: str, ending: re.Pattern[str], question: str) -> bool:
    """Whether `text` has a proper name with that ending which the question does not have itself."""
    return any(found[0] not in question and not GENERIC.search(found[1]) for found in ending.finditer(text))


def no_choice(query: Query, evidence: Sequence[Evidence], words: Callable[[str], list[str]]) -> bool:
    """
    Whether two things are offered (6英寸还是8英寸) and no good clause has a word that tells them apart.

    `words` cuts a text into words.
    """
    asked = CHOICE.search(query.understood)
    if not asked or "unit" in query.asks:  # 教育局还是工信局: a bracket may name a third
        return False
    first, second = ([word for word in words(asked[side]) if CONCRETE.fullmatch(word)] for side in ("first", "second"))
    # What is offered first stands at the end, after its subject.
    offered = {word.lower() for word in (*first[-1:], *second) if word not in first[:-1]}
    telling = {word for word in offered if len(word) > 1 or word.isdigit()}
    texts = [comparable(item.clause.text) for item in good(evidence)]
    return bool(telling) and not any(word in text for word in telling for text in texts)


def good(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The evidence that is nearly as good as the best; of an article all of it, since it is read as a whole."""
    if not evidence:
        return []
    best = evidence[0]
    whole = best.clause if best.is_article else None
    return [item for item in evidence if item.score >= GOOD * best.score or item.clause is whole]
