import io
from pathlib import Path

import pypdfium2
import pytest
from reportlab.pdfgen.canvas import Canvas

from bot.documents.formats.pdf import read_pdf
from bot.errors import CorpusError
from bot.settings import PROJECT
from tests.documents.formats.papers import FONT, LEFT, column, pdf, picture_pdf, table_pdf

A = Path("a.pdf")
LONG = "为了让街巷更绿让行人走在树荫下面结合多年养护经验和居民意见"  # 29 characters
FULL = LONG[:27]
INDENTED = "　　" + LONG[:25]
ADDRESS = "https://www.example.cn/2025/art_1.html"


def text(*pages: list, **settings: str) -> str:
    return read_pdf(pdf(*pages, **settings), A).text


def test_wrapped_lines_become_paragraphs():
    lines = column("　　第一条　" + LONG[:21], FULL, "到此为止。", INDENTED, FULL, FULL, "完。")
    assert text(lines) == f"第一条　{LONG[:21]}{FULL}到此为止。\n{LONG[:25]}{FULL}{FULL}完。"


def test_a_short_line_ends_its_paragraph():
    assert text(column("各有关单位：", INDENTED, FULL, "完。", INDENTED, FULL, FULL)).startswith(
        f"各有关单位：\n{LONG[:25]}{FULL}完。\n"
    )


def test_a_paragraph_goes_on_over_the_page_and_the_anchor_says_where():
    extract = read_pdf(pdf(column(INDENTED, FULL, FULL, FULL, FULL), column("到此为止。", INDENTED, FULL, FULL)), A)
    first = LONG[:25] + 4 * FULL
    assert extract.text == f"{first}到此为止。\n{LONG[:25]}{FULL}{FULL}"
    assert extract.anchors == ((0, "page=1"), (len(first), "page=2"))


def test_page_headers_and_numbers_are_left_out():
    pages = [
        [(LEFT, 800, "某市绿化办公室文件"), *column(INDENTED, FULL, "完。"), (280, 40, f"— {number} —")]
        for number in (1, 2, 3)
    ]
    assert text(*pages) == "\n".join([f"{LONG[:25]}{FULL}完。"] * 3)


def test_a_number_that_a_sentence_ends_with_is_no_page_number():
    assert text(column(INDENTED, FULL, FULL, FULL, "共计", "12")).endswith(f"{FULL}共计\n12")


def test_what_a_browser_prints_around_a_page_is_left_out_and_its_address_kept():
    page = [
        (24, 815, "2025/7/24 16:03", 8),
        (220, 815, "种树办法_某栏目_某市人民政府", 8),
        (LEFT, 780, "首页 > 政务公开 > 文件", 10),
        (230, 740, "种树办法", 22),
        *column(INDENTED, FULL, "完。", top=700),
        (LEFT, 500, "分享到：微信", 10),
        (LEFT, 480, "主办单位：某市人民政府办公室", 10),
        (24, 20, ADDRESS, 8),
        (550, 20, "1/1", 8),
    ]
    extract = read_pdf(pdf(page, title="种树办法_某栏目_某市人民政府", creator="Chromium"), A)
    assert extract.text == f"种树办法\n{LONG[:25]}{FULL}完。"
    assert extract.fields == {"title": "种树办法", "url": ADDRESS}


def test_an_information_box_is_fields_not_text():
    box = [
        (LEFT, 760, "索 引 号：", 11),
        (LEFT + 70, 760, "0001/2025-1", 11),
        (300, 760, "发文机关：", 11),
        (370, 768, "某市园林局", 11),
        (370, 753, "某市水务局", 11),
        (LEFT, 735, "发文字号：", 11),
        (LEFT + 70, 735, "某园发〔2025〕3号", 11),
        (300, 735, "成文日期：", 11),
        (370, 735, "2025年3月4日", 11),
    ]
    extract = read_pdf(pdf([*box, *column(INDENTED, FULL, "完。", top=690)]), A)
    assert extract.text == f"{LONG[:25]}{FULL}完。"
    assert {name: str(value) for name, value in extract.fields.items() if name != "issuer"} == {
        "doc_number": "某园发〔2025〕3号",
        "issued_on": "2025-03-04",
    }


def test_a_ruled_table_has_a_row_a_line_and_a_cell_that_spans_rows_in_each():
    cells = [(105, 655, "街道"), (205, 655, "树种"), (105, 620, "东街"), (205, 630, "槐树"), (205, 605, "柳树")]
    raw = table_pdf((100, 200, 300), (675, 648, 623, 598), cells, missing=(2,))
    assert read_pdf(raw, A).text == "街道 | 树种\n东街 | 槐树\n东街 | 柳树"


def test_a_table_goes_on_without_its_header_printed_again():
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for rows in ((("街道", "棵数"), ("东街", "30")), (("街道", "棵数"), ("西街", "12"))):
        canvas.setFont(FONT, 12)
        for number, row in enumerate(rows):
            for column_number, cell in enumerate(row):
                canvas.rect(100 + 90 * column_number, 700 - 25 * number, 90, 25)
                canvas.drawString(105 + 90 * column_number, 707 - 25 * number, cell)
        canvas.showPage()
    canvas.save()
    assert read_pdf(buffer.getvalue(), A).text == "街道 | 棵数\n东街 | 30\n西街 | 12"


def test_bold_print_and_wide_headings_are_mended():
    twice = [(200, 740, "第 一 章"), (200.3, 740, "第 一 章"), (280, 740, "总　则")]
    assert text([*twice, *column(INDENTED, FULL, "完。", top=700)]).split("\n")[0] == "第一章　总则"


def test_an_entry_of_contents_has_no_dots_and_no_page():
    assert text(column("一、总则" + "." * 40 + "- 1 -", "二、附则" + "." * 40 + "- 12 -")) == "一、总则\n二、附则"


def test_a_slanted_watermark_is_left_out():
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.setFont(FONT, 16)
    canvas.drawString(100, 700, "种树。")
    canvas.rotate(45)
    canvas.drawString(300, 300, "内部资料")
    canvas.save()
    assert read_pdf(buffer.getvalue(), A).text == "种树。"


def test_two_columns_are_read_one_after_the_other():
    left = [(60, 720 - 24 * number, f"左{number}" + LONG[:12]) for number in range(10)]
    right = [(320, 720 - 24 * number, f"右{number}" + LONG[:12]) for number in range(10)]
    read = text([*left, *right])
    assert read.index("左9") < read.index("右0")


def test_a_file_that_opens_without_a_password_is_read():
    assert text(column("种树。"), owner="主人") == "种树。"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (pdf(column("种树。"), password="1234"), "加了密码"),
        (picture_pdf(), "扫描件"),
        (pdf([]), "没有文字"),
        (pdf([(280, 40, "— 1 —")]), "只有页眉页脚"),
        (pdf(column("种树。"))[:300], "已损坏或不完整"),
        (b"%PDF-1.7\n", "已损坏或不完整"),
    ],
)
def test_what_cannot_be_read_is_said(raw: bytes, said: str):
    with pytest.raises(CorpusError, match=rf"^a\.pdf .*{said}.*。$"):
        read_pdf(raw, A)


def test_too_many_pages_are_said(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("bot.documents.formats.pdf.MOST_PAGES", 1)
    with pytest.raises(CorpusError, match=r"有 2 页，超过 1 页"):
        read_pdf(pdf(column("甲"), column("乙")), A)


def test_a_page_that_is_a_picture_is_told_in_the_note():
    joined = pypdfium2.PdfDocument.new()
    for raw in (pdf(column("种树。")), picture_pdf()):
        joined.import_pages(pypdfium2.PdfDocument(raw))
    buffer = io.BytesIO()
    joined.save(buffer)
    extract = read_pdf(buffer.getvalue(), A)
    assert (extract.text, extract.fields["note"]) == ("种树。", "原件第 2 页是图片，没有可以读出的文字")


PAGES = PROJECT.parent / "shared" / "pages"
# Lines, characters and the length of the longest line; their words stay where they are.
SHAPES = {
    "中华人民共和国交通运输部令*.pdf": (113, 4897, 200),
    "关于加快推进*.pdf": (32, 5171, 532),
    "国务院关于印发*.pdf": (25, 3704, 442),
    "国务院办公厅关于转发*.pdf": (29, 2828, 254),
}


@pytest.mark.parametrize("pattern", SHAPES)
def test_official_pages_printed_to_pdf_keep_their_shape(pattern: str):
    paths = list(PAGES.glob(pattern)) if PAGES.exists() else []
    if not paths:
        pytest.skip(f"没有 shared/pages/{pattern}")
    read = read_pdf(paths[0].read_bytes(), paths[0]).text
    lines = read.split("\n")
    assert (len(lines), len(read), max(map(len, lines))) == SHAPES[pattern]
    assert "gov.cn" not in read and "索引号" not in read
