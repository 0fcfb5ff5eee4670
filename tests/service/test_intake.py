"""A file on its way in: named, read, corrected, checked against what is there, added, or swept away."""

import os
import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bot.documents.structure import parse
from bot.errors import CorpusError, ManifestError
from bot.service import intake
from bot.service.intake_html import paper_html
from bot.types import Document, Outline

TEXT = "某市种树办法\n\n第一条 多种树。\n\n第二条 自2024年5月1日起施行。\n"
TODAY = date(2025, 6, 1)


def put_up(store: Path, name: str = "种树.txt", text: str = TEXT) -> Path:
    file = intake.new_file(store, name)
    file.write_text(text, encoding="utf-8")
    return file


def paper(file: Path, text: str = TEXT, title: str = "某市种树办法", **fields: Any) -> intake.Paper:
    outline = parse(Document(file.stem, title, text, **fields))
    return intake.Paper(file, outline, outline)


def other(name: str, text: str = TEXT, title: str = "某市种树办法", **fields: Any) -> Outline:
    return parse(Document(name, title, text, **fields))


def page(shown: intake.Paper, *outlines: Outline, against: str = "", replaceable: bool = False) -> str:
    return paper_html(shown, against, replaceable, outlines, TODAY)


@pytest.mark.parametrize(
    ("given", "name"),
    [
        ("种树.docx", "种树.docx"),
        ("C:\\下载\\种树.pdf", "种树.pdf"),
        ("../../种树.txt", "种树.txt"),
        ("é.txt", "é.txt"),
    ],
)
def test_of_a_name_only_the_last_part_is_used(given: str, name: str) -> None:
    assert intake.safe_name(given) == name


@pytest.mark.parametrize(
    "name", ["", ".", "..", ".种树.txt", "~$种树.docx", "manifest.toml", "a\0.txt", "a:b.txt", "树" * 60]
)
def test_a_name_that_no_file_may_have_is_refused(name: str) -> None:
    with pytest.raises(CorpusError):
        intake.safe_name(name)


def test_a_file_is_read_in_a_process_of_its_own(tmp_path: Path) -> None:
    read = intake.receive(put_up(tmp_path))
    assert (read.name, read.outline.document.title) == ("种树.txt", "某市种树办法")
    assert read.outline.document.effective_on == date(2024, 5, 1)
    assert [clause.ref for clause in read.outline.clauses] == ["题头", "第一条", "第二条"]


def test_one_that_cannot_be_read_is_gone_and_its_path_is_not_told(tmp_path: Path) -> None:
    file = intake.new_file(tmp_path, "种树.pdf")
    file.write_bytes(b"\0\1\2")
    with pytest.raises(CorpusError, match=r"^种树\.pdf 已损坏"):
        intake.receive(file)
    assert list((tmp_path / "uploads").iterdir()) == []


def test_what_staff_correct_is_read_again_under_the_name_they_give(tmp_path: Path) -> None:
    first = intake.receive(put_up(tmp_path))
    values = {"title": "某市种树办法", "level": "政府规章", "issued_on": "2024-04-01", "effective_on": "2024-05-01"}
    again = intake.edited(first, values, "种树2024")
    assert again.entered == {"level": "政府规章", "issued_on": date(2024, 4, 1)}
    document = again.outline.document
    assert (document.id, document.level, document.issued_on) == ("种树2024", "政府规章", date(2024, 4, 1))
    assert again.file.read_text(encoding="utf-8") == TEXT


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"title": ""}, "“标题”从文件里认出的是“某市种树办法”，不能留空"),
        ({"level": "章程"}, "level 的值“章程”不在可选范围内"),
        ({"issued_on": "去年"}, "不是日期"),
        ({"url": "javascript:alert(1)"}, "“发布网址”应以 http:// 或 https:// 开头"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(tmp_path: Path, values: dict[str, str], sentence: str) -> None:
    with pytest.raises((CorpusError, ManifestError), match=sentence):
        intake.edited(paper(tmp_path / "种树.txt"), values)


def test_an_id_that_another_file_has_stands_against_it(tmp_path: Path) -> None:
    (tmp_path / "种树.txt").write_text("甲", encoding="utf-8")
    same, otherwise = paper(tmp_path / "up" / "种树.txt"), paper(tmp_path / "up" / "种树.docx")
    assert intake.clash(same, tmp_path, ())[1] is True
    assert intake.clash(otherwise, tmp_path, ()) == ("已有编号为“种树”的文件，请改用别的编号。", False)
    new = paper(tmp_path / "up" / "浇水.txt")
    assert intake.clash(new, tmp_path, ()) == ("", False)
    assert intake.clash(new, tmp_path, [other("浇水")]) == ("已有编号为“浇水”的文件，请改用别的编号。", False)


def test_what_nobody_confirmed_is_swept_away_after_half_an_hour(tmp_path: Path) -> None:
    forgotten, waiting = put_up(tmp_path), put_up(tmp_path)
    os.utime(forgotten.parent, (0, time.time() - intake.KEPT - 1))
    intake.sweep(tmp_path)
    assert (forgotten.exists(), waiting.exists()) == (False, True)


def test_the_preview_has_a_field_for_each_thing_known_and_the_beginning_of_each_clause(tmp_path: Path) -> None:
    shown = paper(tmp_path / "种树.txt", issued_on=date(2024, 4, 1), level="政府规章", issuer='某市<"府">')
    html = page(shown)
    assert 'name="name" value="种树"' in html and 'name="issued_on" value="2024-04-01"' in html
    assert 'value="某市&lt;&quot;府&quot;&gt;"' in html
    assert '<option value="政府规章" selected>' in html and '<option value="现行" selected>' in html
    assert '<li class="depth-1">第一条 多种树。</li><li class="depth-1">第二条 自2024年5月1日起施行。</li>' in html
    assert "notices" not in html and "换下原来的正文" not in html


@pytest.mark.parametrize(
    ("there", "fields", "sentence"),
    [
        ({"issued_on": date(2020, 1, 1)}, {}, "将成为《某市种树办法》的新版本（现有2020年1月1日版本，编号old）。"),
        ({"issued_on": date(2025, 1, 1)}, {}, "将成为《某市种树办法》的旧版本（现有2025年1月1日版本，编号old）。"),
        (
            {"issued_on": date(2020, 1, 1)},
            {"state": "征求意见"},
            "是《某市种树办法》（现有2020年1月1日版本，编号old）的征求意见稿，只在问到时引用。",
        ),
        ({"text": TEXT}, {}, "正文与已收录的《某市种树办法》（old）完全相同，不必重复收录。"),
        (
            {"kind": "digest", "text": "第一条　种树。\n"},
            {},
            "《某市种树办法》已有要点摘编，收录原文后，不比它旧的原文会代替摘编。",
        ),
    ],
)
def test_the_preview_tells_its_place_among_the_versions(
    tmp_path: Path, there: dict[str, Any], fields: dict[str, Any], sentence: str
) -> None:
    shown = paper(tmp_path / "种树.txt", issued_on=date(2024, 4, 1), **fields)
    html = page(shown, other("old", **{"text": TEXT.replace("多种", "少种"), **there}))
    assert f"<li>{sentence}</li>" in html


def test_the_preview_shows_what_changed_from_the_version_there_is(tmp_path: Path) -> None:
    old = other("old", TEXT.replace("多种", "少种"), issued_on=date(2020, 1, 1))
    assert "<p>第一条 <del>少</del><ins>多</ins>种树。</p>" in page(
        paper(tmp_path / "种树.txt", issued_on=date(2024, 4, 1)), old
    )


def test_the_preview_warns_of_what_was_not_recognised(tmp_path: Path) -> None:
    html = page(paper(tmp_path / "种树.txt", "多种树。\n"), against="已有<编号>。", replaceable=True)
    assert "没有认出成文日期和施行日期" in html and "没有认出条款结构" in html
    assert "已有&lt;编号&gt;。" in html and 'name="instead"' in html
