import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml import parse_xml

from bot.documents.formats.docx import read_docx
from bot.errors import CorpusError
from bot.settings import PROJECT
from tests.documents.formats.papers import STREET, WORD, item, numbered, saved, street_paper

A = Path("a.docx")


def text(raw: bytes) -> str:
    return read_docx(raw, A).text


def changed(raw: bytes, name: str, change: Callable[[bytes], bytes]) -> bytes:
    """The package with one part changed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(raw)) as before, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as after:
        for member in before.namelist():
            content = before.read(member)
            after.writestr(member, change(content) if member == name else content)
    return buffer.getvalue()


def test_numerals_that_word_counts_tables_and_shown_text_are_read_headers_are_not():
    assert text(saved(street_paper())) == STREET


def test_a_list_begins_anew_where_its_number_says_so():
    paper = docx.Document()
    numbered(paper, 90, ("decimalEnclosedCircle", "%1"))
    paper.part.numbering_part.element.append(
        parse_xml(
            f'<w:num {WORD} w:numId="95"><w:abstractNumId w:val="90"/>'
            '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>'
        )
    )
    for name, list_id in (("甲", 90), ("乙", 90), ("丙", 95), ("丁", 95)):
        item(paper, name, list_id)
    assert text(saved(paper)) == "①甲\n②乙\n①丙\n②丁"


def test_a_style_may_bring_its_numeral():
    paper = docx.Document()
    numbered(paper, 90, ("upperLetter", "%1)"))
    paper.styles["List Paragraph"].element.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {WORD}><w:numId w:val="90"/></w:numPr>')
    )
    paper.add_paragraph("种树。", style="List Paragraph")
    assert text(saved(paper)) == "A)种树。"


def test_changes_are_accepted():
    paper = docx.Document()
    paragraph = paper.add_paragraph("种")
    paragraph._p.append(parse_xml(f'<w:del {WORD} w:id="1"><w:r><w:delText>草</w:delText></w:r></w:del>'))
    paragraph._p.append(parse_xml(f'<w:ins {WORD} w:id="2"><w:r><w:t>树</w:t></w:r></w:ins>'))
    assert text(saved(paper)) == "种树"


def test_an_entry_of_contents_keeps_its_words_alone():
    paper = docx.Document()
    code = '<w:r><w:fldChar w:fldCharType="{}"/></w:r>'
    paper.add_paragraph("一、总则\t")._p.extend(
        parse_xml(f"<w:p {WORD}>{part}</w:p>")[0]
        for part in (
            code.format("begin"),
            "<w:r><w:instrText> PAGEREF _Toc1 \\h </w:instrText></w:r>",
            code.format("separate"),
            "<w:r><w:t>12</w:t></w:r>",
            code.format("end"),
        )
    )
    assert text(saved(paper)) == "一、总则"


def test_a_footnote_follows_its_paragraph():
    paper = docx.Document()
    paper.add_paragraph("种树")._p.append(parse_xml(f'<w:r {WORD}><w:footnoteReference w:id="2"/></w:r>'))
    paper.add_paragraph("浇水。")
    raw = changed(
        saved(paper),
        "word/_rels/document.xml.rels",
        lambda xml: xml.replace(
            b"</Relationships>",
            b'<Relationship Id="n" Type="http://x/footnotes" Target="footnotes.xml"/></Relationships>',
        ),
    )
    buffer = io.BytesIO(raw)
    with zipfile.ZipFile(buffer, "a") as package:
        note = '<w:footnote w:id="2"><w:p><w:r><w:t>含补种。</w:t></w:r></w:p></w:footnote>'
        package.writestr("word/footnotes.xml", f"<w:footnotes {WORD}>{note}</w:footnotes>")
    assert text(buffer.getvalue()) == "种树①\n①含补种。\n浇水。"


def test_a_table_of_one_column_is_a_frame():
    paper = docx.Document()
    cell = paper.add_table(rows=1, cols=1).cell(0, 0)
    cell.text = "第一段"
    cell.add_paragraph("第二段")
    assert text(saved(paper)) == "第一段\n第二段"


def test_entities_are_not_replaced_and_nothing_outside_is_read(tmp_path: Path):
    (tmp_path / "secret").write_text("机密", encoding="utf-8")
    entity = f'<!DOCTYPE d [<!ENTITY s SYSTEM "{(tmp_path / "secret").as_uri()}">]>'.encode()
    paper = docx.Document()
    paper.add_paragraph("种树")
    raw = changed(
        saved(paper),
        "word/document.xml",
        lambda xml: xml.replace(b"<w:document", entity + b"<w:document", 1).replace(
            "种树".encode(), "种树&s;".encode()
        ),
    )
    assert text(raw) == "种树"


def bomb() -> bytes:
    return changed(saved(docx.Document()), "word/document.xml", lambda xml: xml + b" " * 50_000_000)


def without_document() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as package:
        package.writestr("word/styles.xml", "<a/>")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (saved(docx.Document())[:5000], "已损坏或不完整"),
        (changed(saved(docx.Document()), "word/document.xml", lambda xml: xml[:900]), "已损坏或不完整"),
        (bomb(), "解压后过大（上限 256 MB）"),
        (without_document(), "没有 Word 正文"),
    ],
)
def test_what_cannot_be_read_is_said(raw: bytes, said: str):
    with pytest.raises(CorpusError, match=rf"^a\.docx .*{said}.*。$"):
        read_docx(raw, A)


def test_an_official_paper_keeps_its_shape():
    path = PROJECT.parent / "shared" / "pages" / "现役军人和人民武装警察居民身份证申领发放办法.docx"
    if not path.exists():
        pytest.skip("没有 shared/pages")
    lines = read_docx(path.read_bytes(), path).text.split("\n")
    assert (len(lines), sum(map(len, lines))) == (33, 1618)
