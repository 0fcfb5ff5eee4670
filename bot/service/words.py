"""
The fixed words of the pages, in one place so that every page says the same.

    STATUS_LABELS["unanswerable_not_stated"]  ->  "文件未载明"

What an answer itself says is in bot.answering.replies; these words stand around it.
"""

from collections.abc import Mapping

from bot.types import Status

SERVICE_NAME = "政策问答助手"
NOTICE = "本服务只摘引已收录的文件作答，仅供参考，以政策原文为准"
AI_NOTICE = "本服务为人工智能生成内容，仅供参考，以政策原文为准"
CARD_NAME = "政策匹配答复卡"

# A greeting or a question back speaks for itself, as an answer does.
STATUS_LABELS: Mapping[Status, str] = {
    "unanswerable_not_in_corpus": "语料中未找到",
    "unanswerable_not_stated": "文件未载明",
    "refused_out_of_scope": "不在服务范围",
    "refused_unsafe": "不予受理",
    "error_invalid_question": "无法识别",
    "error_internal": "服务出错",
}
