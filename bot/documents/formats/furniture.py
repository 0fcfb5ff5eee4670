"""
Tell what belongs to the printed page or the web site from what belongs to the paper.

"— 3 —", "2026/7/24 16:03 某办法_某网", "https://… 1/6", "分享到：", "主办单位：…"  ->  no part of the body

A line in a margin is furniture where it comes again on other pages, or where only a printer would write it.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise

from bot.documents.formats.pdf_page import Line, Page, Table

_MARGIN = 0.11  # share of a page's height
_WIDE_MARGIN = 0.17
_SAME_PLACE = 4.0  # points
_FEWEST = 3  # pages on end on which a line at one place is a running header
_OFTEN = 0.6  # share of the pages

_PAGE_NUMBER = re.compile(
    r"[-—–－―─·•~\s]*第?\s*(?:\d{1,4}|[IVXivx]{1,6})\s*页?\s*(?:[/／,，、]?\s*(?:共|of)?\s*\d{1,4}\s*页?)?[-—–－―─·•~\s]*"
)
_PRINTED = re.compile(
    r"(?:https?://|file://|www\.)\S+(?:\s*\d{1,4}\s*[/／]\s*\d{1,4})?"
    r"|\d{2,4}[/.-]\d{1,2}[/.-]\d{1,4}[,，]?\s*(?:[上下]午)?\s*\d{1,2}:\d{2}.*"
)
_URL = re.compile(r"https?://[^\s…]+")
# What a page's own buttons and footers say; a paper does not.
_SITE = re.compile(
    r"^(?:【?(?:打印|关闭|返回顶部|收藏|纠错)|(?:扫一扫|分享)(?:到|在|[：:]|$)|(?:版权所有|主办单位|主办|承办单位|承办|技术支持)[：:]"
    r"|网站(?:地图|标识码|声明)|联系我们|关于我们|政府网站找错|.{0,4}ICP备|.{0,2}公网安备|(?:相关|政策)(?:解读|文件|链接|稿件)[：:]?$"
    r"|上一篇|下一篇|责任编辑[：:]|(?:您|你)?(?:当前|现在)?的?(?:所在)?位置(?:是)?[：:]|首页\s*[>＞»/])"
)
_SITE_LINE = re.compile(r"字体[：:]|字号[：:]|浏览次数|阅读次数|点击(?:数|次数)|【?\s*[大中小]\s+[大中小]\s+[大中小]")
_SENTENCE = re.compile(r"[。；！？]")
_SITE_HEAD = 40  # paragraphs among which a web page's title is looked for
_SHORT = 4  # characters that also a button may have
_TAIL_LONGEST = 200  # characters of a paragraph that may follow a footer's first


def running_lines(pages: Sequence[Page]) -> frozenset[int]:
    """The `id` of each line that is a page header, a page footer or a page number."""
    marginal = {id(line): (page, line) for page in pages for line in _marginal(page)}
    places: dict[tuple[str, int], list[int]] = {}
    for page, line in marginal.values():
        key = (_shape(line.text), round(line.y / _SAME_PLACE))
        places.setdefault(key, []).append(page.number)
    found = set()
    for identity, (page, line) in marginal.items():
        shape, place = _shape(line.text), round(line.y / _SAME_PLACE)
        numbers = sorted({number for step in (-1, 0, 1) for number in places.get((shape, place + step), ())})
        repeated = _on_end(numbers, page.number) >= _FEWEST or (
            len(pages) > 1 and len(numbers) > 1 and len(numbers) >= _OFTEN * len(pages)
        )
        if repeated or _PRINTED.fullmatch(line.text.strip()):
            found.add(identity)
    found |= {id(line) for page in pages for line in page.lines if _is_page_number(page, line)}
    return frozenset(found)


def printed_address(pages: Sequence[Page]) -> str | None:
    """The address that a browser prints at the foot of each page; None where it cut it short."""
    found = Counter(match[0] for page in pages for line in _marginal(page) if (match := _URL.match(line.text.strip())))
    address, times = found.most_common(1)[0] if found else ("", 0)
    cut = any("…" in line.text for page in pages for line in _marginal(page) if line.text.startswith(address[:12]))
    return address if times == len(pages) and not cut else None


def without_site(paragraphs: Sequence[str], title: str) -> tuple[int, int]:
    """
    From which to which paragraph of a printed web page its paper goes.

    `title` is what the page calls itself: what stands above it is navigation.
    """
    start = _title_at(paragraphs, title)
    end = len(paragraphs)
    for index in range(len(paragraphs) - 1, start, -1):
        text = paragraphs[index].strip()
        if _SITE.search(text):
            end = index
        elif len(text) > _TAIL_LONGEST or _SENTENCE.search(text):
            break
    return start, end


def is_site_line(paragraph: str) -> bool:
    """Whether it is a button or a counter of a web page: 字体：大 中 小."""
    return len(paragraph) <= _TAIL_LONGEST and bool(_SITE_LINE.search(paragraph))


def _title_at(paragraphs: Sequence[str], title: str) -> int:
    wanted = _letters(title)
    if not wanted:
        return 0
    for index, text in enumerate(paragraphs[:_SITE_HEAD]):
        if _SENTENCE.search(text):
            return 0
        letters = _letters(text)
        # The title may be set in two lines.
        part = len(letters) > _SHORT and (letters in wanted or wanted in letters)
        if (letters == wanted or part) and not _SITE.search(text):
            return index
    return 0


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text)


def _marginal(page: Page) -> Iterable[Line]:
    return (line for line in page.lines if line.y <= _MARGIN * page.height or line.y >= (1 - _MARGIN) * page.height)


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s", "", text))


def _on_end(numbers: Sequence[int], number: int) -> int:
    """How many of `numbers` stand around `number` without a gap of more than one: left and right pages differ."""
    run: list[int] = [numbers[0]]
    for before, after in pairwise(numbers):
        if after - before > 2:
            if number in run:
                break
            run = []
        run.append(after)
    return len(run) if number in run else 0


def _is_page_number(page: Page, line: Line) -> bool:
    """At the edge of the page: any number in the margin, the page's own also where the margin is wide."""
    text = line.text.strip()
    if not _PAGE_NUMBER.fullmatch(text):
        return False
    low, high = _WIDE_MARGIN * page.height, (1 - _WIDE_MARGIN) * page.height
    in_margin = line.y <= _MARGIN * page.height or line.y >= (1 - _MARGIN) * page.height
    own = (line.y <= low or line.y >= high) and (str(page.number) in re.findall(r"\d+", text) or not text.isdigit())
    others = [item.y for item in page.items if item is not line and not _is_numeral(item)]
    return (in_margin or own) and (not others or line.y > max(others) or line.y < min(others))


def _is_numeral(item: Line | Table) -> bool:
    return isinstance(item, Line) and bool(_PAGE_NUMBER.fullmatch(item.text.strip()))
