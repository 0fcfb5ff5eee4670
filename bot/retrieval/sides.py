"""
A question about several things -> the same question about each of them.

    "孵化器和中试平台分别归谁管"            ->  ["孵化器归谁管", "中试平台归谁管"]
    "氢能与硅光在船舶方面有什么不同"        ->  ["氢能在船舶方面", "硅光在船舶方面"]
    "苗圃和林场哪个建得多"                  ->  ["苗圃有多少个", "林场有多少个"]
    "苗圃和林场的责任单位一样吗"            ->  ["苗圃由谁负责", "林场由谁负责"]

What the text says of each stands side by side in the answer; the comparison itself is left to the reader.
"""

import re
from collections.abc import Callable

MARKS = "?!。;,、 "
JOINT = re.compile(r"[、和与跟及同]|以及|还有|相比(?:于|起)?|比起")
EACH = re.compile(r"^(?P<subjects>.+?)(?:分别|各自|各(?!类|项|种|级|区|地|行|界|方|单位|部门))(?P<asked>.+)$")
SAME_UNITS = re.compile(
    r"^(?P<subjects>.+?)[,，]?(?:的?(?:责任|负责|主管|牵头)?(?:的)?(?:单位|部门)|归|是(?:不是)?(?=.{0,6}(?:部门|单位|家|拨)))"
    r".{0,6}(?:一样|相同|不同|区别|差别|一致|同一|一[拨家])"
)
COMPARED = re.compile(
    r"(?P<before>.+?)[,，]?(?:之间|相比|比较|对比)?的?"
    r"(?:(?:有(?:没有)?|存在)?(?:什么|啥|何|哪些|哪点)?(?:的)?(?:区别|不同|差别|差异|两样|不一样|异同)"
    r"|是?(?:不是)?(?:一回事|一码事|一个东西)|差在哪|哪(?:一)?个(?!单位|部门|局|委|办|区|市|机构)(?P<more>.*)$)"
)
ASPECT = re.compile(r"(?P<subject>[^,]{2,}?)(?P<aspect>(?:在|的|,).+)?$")
# What a text is compared in, and no words of it: 在方案里的定位.
IN_GENERAL = re.compile(
    r"在?(?:这个|这份|该)?(?:方案|文件|政策|里面|文中)(?:里|中|里头|上)?的?|(?:(?:侧)?重点|定位|写法|说法|表述|用词|措辞|口气|语气|提法|打法|思路|地位|作用|内容)(?:上|方面)?"
)
# 场景和产品哪个定得多: how many of each.
MORE = re.compile(
    r"^(?P<subjects>.+?)[,，]?(?:之间|相比|比较|比起来)?的?(?:数量|目标|指标|任务)*"
    r"(?:哪(?:一|个)?[个项类边样种者头]|谁)的?(?:数量?|目标|指标|任务|规模)*[^,。?!]{0,4}?"
    r"(?:多|大|少|小|高|低)(?:一?些|一?点)?(?:呢|啊|呀)?[?!。]*$"
)
GRADED = re.compile(
    r"^(?P<grade>[\u4e00-\u9fff]{1,2}级)的?(?:[两二]种|[两二]个|这[两俩][种个]?)?(?P<what>[\u4e00-\u9fff]{2,})$"
)
HOW_MANY = "有多少个"
BY_WHOM = "由谁负责"


def sides(question: str, tells: Callable[[str], bool]) -> list[str]:
    """
    The questions about each of several subjects, or the question itself where it has one.

    `tells` says whether a text names something in particular; only what does is a subject.
    """
    if found := SAME_UNITS.match(question):
        subjects, asked = _subjects(found["subjects"]), BY_WHOM
    elif found := EACH.match(question):
        subjects, asked = _subjects(found["subjects"]), found["asked"]
    elif found := MORE.match(question):
        listed = re.split(r"[,，]", found["subjects"])[0]  # 苗圃、林场,两个目标 names the subjects first
        subjects, asked = _subjects(listed if JOINT.search(listed) else found["subjects"]), HOW_MANY
    elif found := COMPARED.match(question):
        *others, last = _subjects(found["before"])
        cut = ASPECT.match(last)
        subjects = [*others, cut["subject"] if cut else last]
        aspect = IN_GENERAL.sub("", (cut and cut["aspect"]) or "").strip(",的")
        asked = aspect + (found["more"] or "").strip(MARKS)
    else:
        return [question]
    subjects = _graded(subjects)
    if len(subjects) < 2 or not all(map(tells, subjects)):
        return [question]
    return [subject + asked for subject in subjects]


def _subjects(text: str) -> list[str]:
    return [subject.strip(MARKS) for subject in JOINT.split(text) if subject.strip(MARKS)] or [text]


def _graded(subjects: list[str]) -> list[str]:
    """国家级, 省级苗圃 are 国家级苗圃 and 省级苗圃."""
    graded = GRADED.match(subjects[-1])
    if graded and len(subjects) > 1 and all(name.endswith("级") for name in subjects[:-1]):
        return [name + graded["what"] for name in (*subjects[:-1], graded["grade"])]
    return subjects
