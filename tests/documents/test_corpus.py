from pathlib import Path

import pytest

from bot.documents.corpus import read_corpus
from bot.errors import CorpusError, ManifestError


def folder(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / name.replace("__", "/").replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def ids(*paths: Path) -> list[str]:
    return [outline.document.id for outline in read_corpus(paths).outlines]


def test_folders_are_read_through(tmp_path: Path):
    folder(
        tmp_path,
        b_txt="种树。",
        a_md="# 浇水",
        sub__c_txt="施肥。",
        README_md="说明",
        _git__d_txt="不读",
        **{"~$a_txt": "不读"},
    )
    assert ids(tmp_path) == ["a", "b", "c"]


def test_a_file_takes_its_identity_from_the_manifest_of_its_folder(tmp_path: Path):
    folder(tmp_path, sub__a_txt="种树。", manifest_toml='[[document]]\nfile = "sub/a.txt"\ntitle = "种树办法"')
    assert read_corpus([tmp_path]).outlines[0].document.title == "种树办法"


def test_a_bad_file_is_reported_and_the_rest_goes_in(tmp_path: Path):
    folder(tmp_path, a_txt="种树。", b_txt="", c_csv="甲,乙", d_pdf="%PDF-1.7")
    reading = read_corpus([tmp_path])
    assert [outline.document.id for outline in reading.outlines] == ["a"]
    assert [problem.split("，")[0].split(" ", 1)[1] for problem in reading.problems] == [
        "是空文件",
        "的格式暂不支持",
        "已损坏或不完整",
    ]


def test_two_files_with_one_id_are_reported(tmp_path: Path):
    folder(tmp_path, a_txt="种树。", sub__a_txt="浇水。")
    reading = read_corpus([tmp_path])
    assert len(reading.outlines) == 1 and "编号相同（a）" in reading.problems[0]


def test_a_file_named_twice_is_read_once(tmp_path: Path):
    folder(tmp_path, a_txt="种树。")
    assert read_corpus([tmp_path, tmp_path / "a.txt"]).problems == ()


@pytest.mark.parametrize(
    ("files", "said"),
    [({}, "没有可读的文件"), ({"a_txt": ""}, "空文件"), ({"a_txt": "", "b_txt": ""}, "里的 2 份文件都没有读成")],
)
def test_nothing_to_read_is_an_error(tmp_path: Path, files: dict[str, str], said: str):
    with pytest.raises(CorpusError, match=said):
        read_corpus([folder(tmp_path, **files)])


def test_a_path_that_is_not_there_is_an_error(tmp_path: Path):
    with pytest.raises(CorpusError, match="找不到"):
        read_corpus([tmp_path / "没有"])


def test_a_wrong_manifest_is_an_error(tmp_path: Path):
    with pytest.raises(ManifestError, match="第 2 行"):
        read_corpus([folder(tmp_path, a_txt="种树。", manifest_toml='[[document]]\nfile = "b.txt"')])


def corpus_with(root: Path, digest: str, original: str) -> list[tuple[str, str]]:
    """A digest in one folder, an original in another; what was read of them, and what was told."""
    entry = f'[[document]]\nfile = "tree.md"\nkind = "digest"\n{digest}'
    folder(root / "a", tree_md="第一条　种树要浇水。", manifest_toml=entry)
    folder(root / "b", tree_txt="第一条　种树应当浇水。", manifest_toml=f'[[document]]\nfile = "tree.txt"\n{original}')
    reading = read_corpus([root / "a", root / "b"])
    return [*((outline.document.id, outline.document.kind) for outline in reading.outlines), *reading.replaced]


def test_a_digest_makes_way_for_its_original(tmp_path: Path):
    found = corpus_with(
        tmp_path, 'title = "中华人民共和国种树法"', 'title = "种树法（2024年修正）"\nissued_on = 2024-05-06'
    )
    assert found == [("tree", "original"), "《中华人民共和国种树法》已有原文（tree.txt），要点摘编 tree.md 不再收入。"]


@pytest.mark.parametrize(
    ("digest", "original"),
    [
        ('title = "种树法"', 'title = "浇水法"'),
        ('title = "种树法"\nissued_on = 2024-05-06', 'title = "种树法"\nissued_on = 2004-05-06'),
        ('title = "种树法"', 'title = "种树法"\nstate = "征求意见"'),
        ('title = "种树法"', 'title = "种树法"\nkind = "curated"'),
    ],
)
def test_a_digest_stays_where_there_is_no_original_that_says_as_much(tmp_path: Path, digest: str, original: str):
    assert ("tree", "digest") in corpus_with(tmp_path, digest, original)


def test_a_digest_and_its_original_may_have_different_ids(tmp_path: Path):
    folder(tmp_path, a_md="第一条　种树要浇水。", b_txt="第一条　种树应当浇水。")
    tables = ('file = "a.md"\nkind = "digest"\ntitle = "种树法"', 'file = "b.txt"\ntitle = "种树法"')
    folder(tmp_path, manifest_toml="\n".join(f"[[document]]\n{table}" for table in tables))
    assert ids(tmp_path) == ["b"]
