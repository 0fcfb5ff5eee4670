"""
Tell whether two titles name one paper.

"某市科技局关于印发《某市种子基金管理办法（试行）》的通知", "某市种子基金管理办法"  ->  the same paper

A notice that issues a paper is that paper; an interpretation of it, or its repeal, is not.
"""

import re
import unicodedata

_SITE = re.compile(r"(?:_|\s[-|—]\s).*$")  # 某办法_某部门文件_某网
_EDITION = re.compile(r"[(\[〔](?:(?:19|20)\d\d年?)?(?:修正|修订|征求意见稿|试行|暂行|草案|全文|修正文本)?[)\]〕]$")
_ISSUES = re.compile(
    r"关于(?:联合|重新|修订)?(?:印发|发布|公布|颁布|转发|批转|下发)(?P<enclosed>.+?)的(?:通知|公告|通告|函|决定|命令|令)$"
)
_ORDER = re.compile(r"(?:令|公告)[(\[〔]?[^《》]{0,14}号[)\]〕]?(?P<enclosed>.{4,})$")
_QUOTED = re.compile(r"《(.+)》")
_ISSUER = re.compile(r"^[^《》关]{2,60}?(?=关于)")


def same_paper(first: str, second: str) -> bool:
    """Whether two titles name one paper, whatever their spacing, edition, issuer and the notice around them."""
    return bool(paper_names(first) & paper_names(second))


def paper_names(title: str) -> frozenset[str]:
    """What a paper may be called: by its own title, and by that of the paper it issues."""
    text = re.sub(r"\s", "", _SITE.sub("", unicodedata.normalize("NFKC", title.strip())))
    found = {text}
    if issued := _ISSUES.search(text) or _ORDER.search(text):
        enclosed = issued["enclosed"]
        quoted = _QUOTED.search(enclosed)
        # 转发某部门《X》: what stands in the marks is the paper; without marks, all of it is.
        found.add(quoted[1] if quoted else enclosed)
    return frozenset(name for each in found if (name := _plain(each)))


def _plain(name: str) -> str:
    name = name.removeprefix("《").removesuffix("》") if name.startswith("《") and name.endswith("》") else name
    while (shorter := _EDITION.sub("", name)) != name:
        name = shorter
    name = _ISSUER.sub("", name).removeprefix("中华人民共和国")
    return re.sub(r"[《》“”\"'‘’、,，:：·—\-–~－]", "", name)
