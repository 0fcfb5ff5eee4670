"""Tiny papers for the tests of readers: PDF by reportlab, DOCX by python-docx."""

import io
from collections.abc import Sequence
from pathlib import Path

import docx
from docx.document import Document
from docx.oxml import parse_xml
from docx.text.paragraph import Paragraph
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

FONT = "STSong-Light"
SIZE = 16
LEFT, TOP = 80, 720  # points
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'

Placed = tuple[float, float, str] | tuple[float, float, str, int]


def pdf(*pages: Sequence[Placed], **settings: str) -> bytes:
    """Texts at their places (x, y from below, text[, size]), page by page."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    password = settings.pop("password", None)
    owner = settings.pop("owner", None)
    encrypted = StandardEncryption(password or "", ownerPassword=owner or "主", strength=128)
    canvas = Canvas(buffer, encrypt=encrypted if password or owner else None)
    canvas.setTitle(settings.get("title", ""))
    canvas.setCreator(settings.get("creator", ""))
    for page in pages:
        for x, y, text, *size in page:
            canvas.setFont(FONT, size[0] if size else SIZE)
            canvas.drawString(x, y, text)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def column(*lines: str, top: float = TOP) -> list[Placed]:
    """Lines below one another; a line that opens with a gap is set two characters in."""
    return [
        (LEFT + (2 * SIZE if line.startswith("　　") else 0), top - 28 * number, line.lstrip("　"))
        for number, line in enumerate(lines)
    ]


def table_pdf(xs: Sequence[float], ys: Sequence[float], cells: Sequence[Placed], missing: Sequence[int] = ()) -> bytes:
    """A ruled table; `missing` are level strokes (by number) that do not reach over the first column."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for number, y in enumerate(ys):
        canvas.line(xs[1] if number in missing else xs[0], y, xs[-1], y)
    for x in xs:
        canvas.line(x, ys[0], x, ys[-1])
    for x, y, text, *_ in cells:
        canvas.setFont(FONT, SIZE)
        canvas.drawString(x, y, text)
    canvas.save()
    return buffer.getvalue()


def picture_pdf() -> bytes:
    """A page that is one picture, as a scanner makes it."""
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    canvas.drawImage(ImageReader(Image.new("L", (40, 40), 200)), 0, 0, 500, 800)
    canvas.save()
    return buffer.getvalue()


def numbered(document: Document, list_id: int, *levels: tuple[str, str]) -> None:
    """A list of levels (number format, pattern)."""
    numbering = document.part.numbering_part.element
    shapes = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{number_format}"/><w:suff w:val="nothing"/>'
        f'<w:lvlText w:val="{pattern}"/></w:lvl>'
        for level, (number_format, pattern) in enumerate(levels)
    )
    numbering.insert(0, parse_xml(f'<w:abstractNum {WORD} w:abstractNumId="{list_id}">{shapes}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {WORD} w:numId="{list_id}"><w:abstractNumId w:val="{list_id}"/></w:num>'))


def item(document: Document, text: str, list_id: int, level: int = 0) -> Paragraph:
    paragraph = document.add_paragraph(text)
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {WORD}><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>')
    )
    return paragraph


def saved(document: Document) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def street_paper() -> Document:
    """What data/street.doc was made from, with LibreOffice: soffice --convert-to "doc:MS Word 97" street.docx"""
    document = docx.Document()
    numbered(document, 90, ("chineseCounting", "%1、"), ("chineseCounting", "（%2）"), ("decimal", "%3."))
    numbered(document, 91, ("chineseCountingThousand", "第%1条"))
    document.add_paragraph("街巷绿化办法")
    item(document, "总体安排", 90)
    item(document, "先种大树。", 90, 1)
    item(document, "再补灌木。", 90, 1)
    item(document, "每街十棵。", 90, 2)
    item(document, "工作任务", 90)
    item(document, "选好苗木。", 90, 1)
    item(document, "本办法适用于街巷。", 91)
    item(document, "园林局负责养护。", 91)
    table = document.add_table(rows=3, cols=3)
    for row, texts in zip(
        table.rows, (("街道", "树种", "棵数"), ("东街", "槐树", "30"), ("", "柳树", "12")), strict=True
    ):
        for cell, text in zip(row.cells, texts, strict=True):
            cell.text = text
    table.cell(1, 0).merge(table.cell(2, 0)).text = "东街"
    shown = document.add_paragraph("看得见")
    shown.add_run("看不见").font.hidden = True
    document.sections[0].header.paragraphs[0].text = "页眉"
    document.sections[0].footer.paragraphs[0].text = "页脚"
    return document


STREET = (
    "街巷绿化办法\n一、总体安排\n（一）先种大树。\n（二）再补灌木。\n1.每街十棵。\n二、工作任务\n（一）选好苗木。\n"
    "第一条　本办法适用于街巷。\n第二条　园林局负责养护。\n"
    "街道 | 树种 | 棵数\n东街 | 槐树 | 30\n东街 | 柳树 | 12\n看得见"
)
STREET_DOC = Path(__file__).with_name("data") / "street.doc"
