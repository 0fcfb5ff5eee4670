import resource
from datetime import date
from pathlib import Path

import pytest

from bot.documents.corpus import read_corpus
from bot.documents.library import add, retire
from bot.documents.manifest import read_manifest
from bot.errors import CorpusError, ManifestError

RULES = "某市种树办法\n\n第一条 多种树。\n"
MANIFEST = """# 怎么填见说明

[[document]]
file = "旧.txt"
state = "现行"  # 2024年核对
note = "引号“照旧”"
"""


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    folder = tmp_path / "corpus"
    folder.mkdir()
    (folder / "旧.txt").write_text("旧办法\n\n第一条 少种树。\n", encoding="utf-8")
    (folder / "manifest.toml").write_text(MANIFEST, encoding="utf-8")
    return folder


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "种树.txt"
    path.write_text(RULES, encoding="utf-8")
    return path


def names(corpus: Path) -> list[str]:
    return sorted(path.name for path in corpus.iterdir() if path.name != ".manifest.lock")


def test_an_added_file_lies_in_the_corpus_and_at_the_end_of_the_manifest(corpus: Path, rules: Path):
    outline = add(corpus, rules, {"level": "政府规章", "issued_on": date(2024, 5, 6)})
    entry = '\n[[document]]\nfile = "种树.txt"\nlevel = "政府规章"\nissued_on = 2024-05-06\n'
    assert (corpus / "manifest.toml").read_text(encoding="utf-8") == MANIFEST + entry
    assert (corpus / "种树.txt").read_text(encoding="utf-8") == RULES
    assert outline == read_corpus([corpus / "种树.txt"]).outlines[0]
    assert (outline.document.title, outline.document.level) == ("某市种树办法", "政府规章")


def test_the_first_file_of_a_folder_makes_its_manifest(tmp_path: Path, rules: Path):
    (tmp_path / "empty").mkdir()
    add(tmp_path / "empty", rules)
    assert (tmp_path / "empty" / "manifest.toml").read_text(encoding="utf-8") == '[[document]]\nfile = "种树.txt"\n'


def test_adding_again_goes_on_where_a_kill_stopped_it(corpus: Path, rules: Path):
    (corpus / "种树.txt").write_text(RULES, encoding="utf-8")
    (corpus / ".种树.txt.new").write_text("某市", encoding="utf-8")
    add(corpus, rules, {"level": "政府规章"})
    once = (corpus / "manifest.toml").read_text(encoding="utf-8")
    add(corpus, rules, {"level": "政府规章"})
    assert (corpus / "manifest.toml").read_text(encoding="utf-8") == once
    assert names(corpus) == ["manifest.toml", "旧.txt", "种树.txt"]
    assert [outline.document.id for outline in read_corpus([corpus]).outlines] == ["旧", "种树"]


def test_a_file_that_lies_in_the_corpus_already_is_entered(corpus: Path):
    (corpus / "种树.txt").write_text(RULES, encoding="utf-8")
    add(corpus, corpus / "种树.txt", {"state": "废止"})
    assert {each.document.id: each.document.state for each in read_corpus([corpus]).outlines} == {
        "旧": "现行",
        "种树": "废止",
    }


def test_another_text_under_a_known_name_is_taken_only_instead_of_it(corpus: Path, tmp_path: Path):
    (tmp_path / "旧.txt").write_text(RULES, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"已有 旧\.txt，内容不同。换下原来的正文请加 --replace；.*旧-2025\.txt"):
        add(corpus, tmp_path / "旧.txt")
    add(corpus, tmp_path / "旧.txt", instead=True)
    assert (corpus / "旧.txt").read_text(encoding="utf-8") == RULES
    assert (corpus / "manifest.toml").read_text(encoding="utf-8") == MANIFEST


def test_an_id_that_another_file_has_is_refused(corpus: Path, tmp_path: Path):
    (tmp_path / "旧.md").write_text(RULES, encoding="utf-8")
    with pytest.raises(CorpusError, match=r"已有编号相同的 旧\.txt，请给 旧\.md 改名"):
        add(corpus, tmp_path / "旧.md", instead=True)


@pytest.mark.parametrize("name", ["README.md", "manifest.toml", ".种树.txt", "没有.txt"])
def test_what_is_no_document_is_refused(corpus: Path, rules: Path, name: str):
    path = rules.rename(rules.with_name(name)) if name != "没有.txt" else rules.with_name(name)
    with pytest.raises(CorpusError, match=name):
        add(corpus, path)
    assert names(corpus) == ["manifest.toml", "旧.txt"]


def test_what_cannot_be_read_changes_nothing(corpus: Path, rules: Path):
    rules.write_bytes(b"\0\1\2")
    with pytest.raises(CorpusError, match=r"种树\.txt 不是文本文件"):
        add(corpus, rules)
    assert (names(corpus), (corpus / "manifest.toml").read_text(encoding="utf-8")) == (
        ["manifest.toml", "旧.txt"],
        MANIFEST,
    )


def test_a_retired_document_keeps_what_its_clerk_wrote(corpus: Path):
    assert retire([corpus], "旧", "废止", date(2025, 1, 1)) == corpus / "旧.txt"
    assert (corpus / "manifest.toml").read_text(encoding="utf-8") == MANIFEST.replace(
        'state = "现行"  #', 'state = "废止"  #'
    ) + "expires_on = 2025-01-01\n"


def test_a_document_without_an_entry_is_retired_too(corpus: Path):
    (corpus / "法规").mkdir()
    (corpus / "法规" / "种树.txt").write_text(RULES, encoding="utf-8")
    retire([corpus], "种树", "到期")
    states = {each.document.id: each.document.state for each in read_corpus([corpus]).outlines}
    assert states == {"旧": "现行", "种树": "到期"}


def test_an_entry_in_a_folder_of_its_own_is_changed_there(corpus: Path):
    (corpus / "法规").mkdir()
    (corpus / "法规" / "种树.txt").write_text(RULES, encoding="utf-8")
    (corpus / "法规" / "manifest.toml").write_text('[[document]]\nfile = "种树.txt"\n', encoding="utf-8")
    retire([corpus], "种树", "到期")
    assert (corpus / "法规" / "manifest.toml").read_text(encoding="utf-8").endswith('state = "到期"\n')
    assert (corpus / "manifest.toml").read_text(encoding="utf-8") == MANIFEST


def test_an_original_is_retired_with_its_digest(corpus: Path, tmp_path: Path):
    originals = tmp_path / "originals"
    originals.mkdir()
    (originals / "旧.html").write_text(RULES, encoding="utf-8")
    assert retire([corpus, originals], "旧", "废止") == corpus / "旧.txt"
    assert (originals / "manifest.toml").read_text(encoding="utf-8") == (
        '[[document]]\nfile = "旧.html"\nstate = "废止"\n'
    )
    assert read_manifest(corpus / "manifest.toml")["旧.txt"].state == "废止"


def test_an_unknown_id_names_those_there_are(corpus: Path):
    with pytest.raises(CorpusError, match="没有编号为“新”的文件。现有：旧。"):
        retire([corpus], "新", "废止")


def test_a_full_disk_changes_nothing(corpus: Path, rules: Path):
    """RLIMIT_FSIZE stands in for it: the process may write no file of more than 10 bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10, limits[1]))
    try:
        with pytest.raises(CorpusError, match=r"种树\.txt 写不进去（File too large），原有内容没有变"):
            add(corpus, rules)
        with pytest.raises(CorpusError, match=r"manifest\.toml 写不进去"):
            retire([corpus], "旧", "废止")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
    assert (names(corpus), (corpus / "manifest.toml").read_text(encoding="utf-8")) == (
        ["manifest.toml", "旧.txt"],
        MANIFEST,
    )


def test_a_wrong_manifest_is_left_as_it_is(corpus: Path, rules: Path):
    (corpus / "manifest.toml").write_text(f"{MANIFEST}状态\n", encoding="utf-8")
    with pytest.raises(ManifestError, match="第 7 行"):
        add(corpus, rules)
    assert names(corpus) == ["manifest.toml", "旧.txt"]
