"""
Tell the level (效力层级) of a document and whether it is still a draft, from its title, number and issuer.

("青岛市种树办法", "青岛市人民政府令第300号", …) -> "政府规章"; "种树条例（征求意见稿）" -> state "征求意见"
"""

import re

from bot.documents.places import find_place, is_national
from bot.types import DocumentState

_EXPLAINS = re.compile(r"解读|图解|一图读懂|答记者问|起草说明|编制说明|新闻发布会|吹风会")
# So a paper with a number may be called as well.
_GUIDES = re.compile(
    r"问答|答问|图说|常见问题|详解|简介|流程|(?:办理|办事)指南|(?:政策|申请|操作|政务)指引|[？?]|[！!]$"
)
_EDITIONS = r"(?:\s*[（(〔][^）)〕]*[）)〕])*$"
_LAW = re.compile(rf"(?:法|法典|决定|决议){_EDITIONS}")
_REGULATION = re.compile(rf"(?:条例|规定|办法|细则|规则|章程|决定)》?{_EDITIONS}")
_FORMAL = re.compile(
    r"(?:通知|意见|决定|决议|公告|通告|公报|函|批复|办法|规定|条例|细则|方案|规划|计划|措施|政策|要点|规则|规程|规范|章程|准则|标准|纲要|"
    rf"法|令)》?{_EDITIONS}"
)
_DRAFT = re.compile(r"(?:征求意见稿|草案|送审稿|公开征求意见|征求.{0,40}意见的(?:通知|公告|函|公示))")
_DECREE = re.compile(r"令|公告")
_REVOKED = re.compile(r"废止|撤销")
_LAPSED = re.compile(r"失效|到期|过期|无效")
_IN_FORCE = re.compile(r"有效|现行|生效|正在施行|施行中")


def find_level(title: str, doc_number: str | None, issuer: str, head: str) -> str | None:
    """One of `bot.documents.manifest.LEVELS`, None where nothing tells; `head` is the text before the first numeral."""
    if _EXPLAINS.search(title) or (_GUIDES.search(title) and not doc_number):
        return "解读"
    number = doc_number or ""
    if "人民代表大会" in issuer:
        if is_national(issuer):
            return "法律" if _LAW.search(title) else "规范性文件"
        return "地方性法规" if _REGULATION.search(title) else "规范性文件"
    is_rule = bool(_REGULATION.search(title)) and "关于印发" not in title
    if (
        is_rule
        and issuer.startswith("国务院")
        and ("令" in number or re.search(r"国务院.{0,12}(?:令|发布|公布|批准)", head))
    ):
        return "行政法规"
    if is_rule and ("令" in number or re.search(r"令\s*[（(]?(?:\d{4}年)?第", head)):
        local = bool(find_place(issuer, "")) or "人民政府" in issuer + number
        return "政府规章" if local else "部门规章"
    if not issuer and not number and not find_place("", title):
        # Statutes as they are handed on, without what stands above them: only the state's own bear no place.
        if re.search(rf"^中华人民共和国.*法{_EDITIONS}", title):
            return "法律"
        if re.search(rf"条例{_EDITIONS}", title):
            return "行政法规"
    if number or _FORMAL.search(title):
        return "规范性文件"
    return None


def find_state(text: str) -> DocumentState | None:
    """What a head table or a title says: 有效, 失效（提前废止）, …（征求意见稿）; None where it says nothing."""
    if _DRAFT.search(text):
        return "征求意见"
    if _REVOKED.search(text):
        return "废止"
    if _LAPSED.search(text):
        return "到期"
    return "现行" if _IN_FORCE.search(text) else None


def is_draft(title: str) -> bool:
    """Whether a title is one of a draft that is put up for comment."""
    return bool(_DRAFT.search(title))
