from pathlib import Path

import pytest

from bot.documents.structure import parse
from bot.settings import PROJECT
from bot.types import Document
from eval.digests import check_digests, compare
from eval.errors import EvaluationError

ORIGINALS = PROJECT.parent / "shared" / "regulations"
LAW = """种树法
第一条　为了多种树，制定本法。
第二条　种树的单位应当在三十日内浇水，成活率不低于百分之八十。
第三条　鼓励种果树。"""


def faults(*lines: str) -> list[str]:
    digest = parse(Document("trees", "种树法", "\n".join(lines), kind="digest"))
    return compare(digest, parse(Document("law", "种树法", LAW)))


def test_figures_agree_in_whatever_form():
    assert faults("第二条　30天内要浇水，活八成以上。", "全文　30日浇水。") == []


def test_a_figure_of_another_article_or_of_none_is_a_fault():
    assert faults("第二条　60日内浇水。", "第三条　30日内种果树。") == [
        "trees 第二条：数字 60日 不在原文第二条里",
        "trees 第三条：数字 30日 不在原文第三条里",
    ]


def test_an_article_that_is_not_there_is_a_fault():
    assert faults("第九条　浇水。") == ["trees 第九条：原文没有这一条"]


def test_a_long_run_of_the_original_is_a_fault_with_or_without_its_marks():
    law = "种树法\n第一条　应当按照规定及时、准确、完整浇水施肥。"
    digest = parse(Document("trees", "种树法", "第一条　要按照规定及时准确完整浇水施肥。", kind="digest"))
    assert compare(digest, parse(Document("law", "种树法", law))) == [
        "trees 第一条：与原文相同的字太长：“按照规定及时准确完整浇水施肥”"
    ]


def test_originals_are_found_by_the_name_of_the_work(tmp_path: Path):
    corpus, originals = tmp_path / "corpus", tmp_path / "originals"
    for folder in (corpus, originals):
        folder.mkdir()
    (originals / "law.md").write_text(f"中华人民共和国{LAW}", encoding="utf-8")
    (corpus / "trees.txt").write_text("第二条　90日内浇水。\n", encoding="utf-8")
    (corpus / "other.txt").write_text("第一条　浇水。\n", encoding="utf-8")
    entries = (("trees", "种树法"), ("other", "浇水法"))
    (corpus / "manifest.toml").write_text(
        "\n".join(f'[[document]]\nfile = "{name}.txt"\ntitle = "{title}"\nkind = "digest"' for name, title in entries),
        encoding="utf-8",
    )
    check = check_digests(corpus, originals)
    assert (check.compared_digests, check.figures, len(check.faults), check.unchecked) == (1, 1, 1, ("浇水法",))


def test_a_folder_that_is_not_there_is_said(tmp_path: Path):
    with pytest.raises(EvaluationError, match="没有放原文的文件夹"):
        check_digests(tmp_path, tmp_path / "none")


@pytest.mark.slow
def test_the_digests_of_the_corpus_agree_with_the_originals():
    if not ORIGINALS.is_dir():
        pytest.skip("没有 shared/regulations，无从核对")
    check = check_digests(PROJECT / "corpus", ORIGINALS)
    assert check.faults == () and check.compared_digests >= 25
