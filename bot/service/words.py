"""
The fixed words of the pages, in one place so that every page says the same.

    STATUS_LABELS["unanswerable_not_stated"]  ->  "文件未载明"

What an answer itself says is in bot.answering.replies; these words stand around it.
"""

from collections.abc import Mapping

from bot.types import Mode, Status

SERVICE_NAME = "政策问答助手"
NOTICE = "本服务只摘引已收录的文件作答，仅供参考，以政策原文为准"
CURATED_NOTICE = "本答复经工作人员审定，仅供参考，以政策原文为准"
AI_NOTICE = "本服务为人工智能生成内容，仅供参考，以政策原文为准"
CARD_NAME = "政策匹配答复卡"
CARD_NOTICE = "本卡只摘引已收录的文件，仅供参考，以政策原文为准"
REMOVED = "未采用的句子（{count}句，仅工作人员可见）"

FOR_STAFF: Mapping[Mode, str] = {
    "quoted": "",
    "generated": "登录期间，“问答”里由人工智能写出、核对没有通过的句子可以展开查看，别人看不到。",
}

# How answers are made: in the masthead, and above the first question.
MOTTO: Mapping[Mode, str] = {"quoted": "逐句摘引 · 句句标明条款", "generated": "逐句核对 · 句句标明条款"}
HOW: Mapping[Mode, str] = {
    "quoted": "回答逐句摘自收录的文件并标明条款，点击 [1] 这样的标号即可查看出处；",
    "generated": "标有“AI生成”的句子由人工智能依据收录的文件写成，逐句与原文核对，核对不上的不显示；"
    "标有“政策原文”的一字不改。点击 [1] 这样的标号即可查看出处；",
}

# What the check found against a sentence of a model, for staff.
FAULTS: Mapping[str, str] = {
    "citation": "没有标明依据，或者所标的编号不存在",
    "figure": "数字与原文不符",
    "unit_of_measure": "计量单位与原文不符",
    "date": "日期与原文不符",
    "doc_number": "发文字号与原文不符",
    "article": "条号与原文不符",
    "name": "名称与原文不符",
    "unit": "单位与原文不符",
    "negation": "肯定、否定与原文不一致",
    "modality": "“可以”“应当”“探索”一类措辞与原文不一致",
    "merged": "把原文分开写的内容合在了一起",
    "unsupported": "原文没有这样写",
}

# A greeting or a question back speaks for itself, as an answer does.
STATUS_LABELS: Mapping[Status, str] = {
    "unanswerable_not_in_corpus": "语料中未找到",
    "unanswerable_not_stated": "文件未载明",
    "refused_out_of_scope": "不在服务范围",
    "refused_unsafe": "不予受理",
    "error_invalid_question": "无法识别",
    "error_internal": "服务出错",
}
