from datetime import date
from pathlib import Path

import pytest

from bot.documents.manifest import ManifestEntry, read_manifest
from bot.errors import ManifestError
from bot.settings import PROJECT


def written(folder: Path, *lines: str) -> Path:
    (folder / "a.txt").write_text("种树。", encoding="utf-8")
    path = folder / "manifest.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_entries_by_file(tmp_path: Path):
    path = written(tmp_path, "[[document]]", 'file = "a.txt"', 'title = "种树"', "issued_on = 2024-05-06")
    assert read_manifest(path) == {"a.txt": ManifestEntry("a.txt", title="种树", issued_on=date(2024, 5, 6))}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('state = "有效"', "第 3 行：state 的值“有效”不在可选范围内，可选：现行、废止、到期、征求意见。"),
        ('issued_on = "去年"', "第 3 行：issued_on 的值 '去年' 不是日期，请写成 2025-04-14 这样，不加引号。"),
        ("issued_on = 2024-13-01", "第 3 行不合格式"),
        ('tilte = "种树"', "第 3 行：没有“tilte”这个字段"),
        ("title = 5", "第 3 行：title 的值 5 应是引号里的文字。"),
        ('title = "种树', "第 3 行不合格式"),
        ('[[document]]\nfile = "b.txt"', "第 4 行：所写的文件“b.txt”不在文件夹里"),
        ('[[document]]\nfile = "a.txt"', "第 4 行：“a.txt”与“a.txt”编号相同（a）"),
        ('[[document]]\ntitle = "种树"', "第 3 行：这一条没有写 file"),
        ('[[documents]]\nfile = "a.txt"', "第 3 行：有不认识的“documents”"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, line: str, said: str):
    path = written(tmp_path, "[[document]]", 'file = "a.txt"', *line.split("\n"))
    with pytest.raises(ManifestError) as caught:
        read_manifest(path)
    assert said in str(caught.value) and str(path) in str(caught.value)


def test_the_manifest_of_the_corpus_is_right():
    entry = read_manifest(PROJECT / "corpus" / "manifest.toml")["action-plan.txt"]
    assert (entry.issuer, entry.issued_on, entry.doc_number) == ("青岛市人民政府办公厅", date(2025, 4, 14), None)
