from datetime import date
from pathlib import Path

import pytest

from bot.documents.sync.fetch import Response
from bot.documents.sync.verdict import RejectedError, judge, suffix_of
from bot.types import Document
from tests.documents.formats.papers import column, pdf
from tests.documents.sync.official import page, word_file, words

WANTED = Document("trees", "某市种树办法", "种树要浇水。", kind="digest", issued_on=date(2024, 5, 6))


def given(body: bytes, kind: str = "text/html") -> Response:
    return Response("https://www.gov.cn/1", 200, body, kind)


@pytest.mark.parametrize(
    ("body", "kind", "suffix"),
    [
        (page("某办法").encode("gb18030"), "text/html", ".html"),
        (b"\xef\xbb\xbf\r\n<!DOCTYPE HTML PUBLIC>", "application/octet-stream", ".html"),
        (b"%PDF-1.7 ...", "text/html", ".pdf"),
        (word_file("某办法"), "application/octet-stream", ".docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1...", "application/msword", ".doc"),
        ("种树".encode(), "text/plain; charset=utf-8", ".txt"),
    ],
)
def test_a_file_is_what_its_first_bytes_say(body: bytes, kind: str, suffix: str):
    assert suffix_of(given(body, kind)) == suffix


def verdict(folder: Path, body: str | bytes, suffix: str = ".html") -> str:
    """The title found, or why it is rejected."""
    raw = body.encode() if isinstance(body, str) else body
    path = folder / f"trees{suffix}"
    path.write_bytes(raw)
    try:
        return judge(path, raw, WANTED, None).title
    except RejectedError as error:
        return str(error)


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_page_of_a_library_is_read(tmp_path: Path, encoding: str):
    text = page("某市种树办法").replace('charset="utf-8"', f'charset="{encoding}"')
    assert verdict(tmp_path, text.encode(encoding)) == "某市种树办法"


def test_an_older_text_is_told_by_its_date(tmp_path: Path):
    dated = page("某市种树办法").replace("</td></tr>", "</td></tr><tr><td>成文日期：</td><td>2004年05月06日</td></tr>")
    assert verdict(tmp_path, dated) == "取到的是 2004-05-06 的旧文本，清单写的是 2024-05-06。"


def test_a_word_file_that_speaks_of_the_paper_is_not_the_paper(tmp_path: Path):
    assert "标题不符" in verdict(tmp_path, word_file("关于废止《某市种树办法》的决定"), ".docx")


def test_a_pdf_is_read(tmp_path: Path):
    assert verdict(tmp_path, pdf(column(*words("某市种树办法", 20).splitlines())), ".pdf") == "某市种树办法"


def test_half_a_pdf_is_told(tmp_path: Path):
    raw = pdf(column(*words("某市种树办法", 20).splitlines()))
    assert "不完整" in verdict(tmp_path, raw[: len(raw) // 3], ".pdf")


def test_a_word_file_is_read(tmp_path: Path):
    assert verdict(tmp_path, word_file("某市种树办法"), ".docx") == "某市种树办法"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("<html><body>请输入验证码以继续访问</body></html>", "取到的文件是验证页，没有正文"),
        ("<html><title>某市种树办法</title><body>请完成安全验证</body></html>", "取到的文件是验证页，没有正文"),
        ("<html><body><form>用户名<input><input type=password></form></body></html>", "取到的文件是登录页，没有正文"),
        ("<html><body><h1>您访问的页面不存在</h1></body></html>", "取到的文件是出错页"),
        (
            "<html><head><script>location.reload()</script></head><body></body></html>",
            "取到的文件里没有正文（可能由脚本填入）",
        ),
        (page("某市浇水办法", 40), "标题不符，取到的是“某市浇水办法”。"),
        (page("某市政府网站首页", 40), "标题不符，取到的是“某市政府网站首页”。"),
        (page("《某市种树办法》解读", 40), "标题不符，取到的是“《某市种树办法》解读”。"),
        (page("某市种树办法").partition("<p>第五条")[0][:-40], "正文只有"),
        (page("某市种树办法").partition("</div><div class")[0], "页面没有传完，缺了结尾。"),
    ],
)
def test_a_page_that_is_not_the_document_is_called_what_it_is(tmp_path: Path, body: str, said: str):
    assert said in verdict(tmp_path, body)
