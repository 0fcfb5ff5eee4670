"""A law of a few articles and a plan with units, parsed as the product parses them, and the names in them."""

from bot.documents.structure import parse
from bot.types import Document, Outline
from eval.grounding.cases import Passage, Statement, passages, statements
from eval.grounding.vocabulary import Vocabulary

LAW = Document(
    "tea-law",
    "中华人民共和国茶叶法",
    "第一条　种茶农户应当在三十日内登记茶园，情节严重的，处一万元以上五万元以下罚款。\n"
    "第二条　茶税税率为25%，每年缴纳一次；但山区茶园除外。\n"
    "第三条　收购商不得在雨天买进青叶并且以次充好。\n"
    "第四条　绿茶保质期为十八个月，红茶保质期为三十六个月。\n"
    "第五条　自2018年1月1日起施行。\n",
)
PLAN = Document(
    "tea-plan",
    "茶业行动方案",
    "一、主要任务\n"
    "1.种茶。鼓励茶企牵头组建种茶联合体，每年新建茶园10个以上。（责任单位：市茶业局）\n"
    "2.卖茶。加快建设茶叶市场，培育茶企20家左右。（责任单位：市商务局、市工业和信息化局）\n",
)
OUTLINES: tuple[Outline, ...] = (parse(LAW), parse(PLAN))
SHOWN: tuple[Passage, ...] = tuple(passages(OUTLINES))
VOCABULARY = Vocabulary.of(OUTLINES, SHOWN)
STATEMENTS = {statement.text: statement for passage in SHOWN for statement in statements(passage)}


def stating(words: str) -> Statement:
    """The one statement in which these words stand."""
    (found,) = (statement for text, statement in STATEMENTS.items() if words in text)
    return found
