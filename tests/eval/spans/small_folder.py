"""Two tiny papers and three questions on them, in the layout of `python -m eval spans`."""

import json
from pathlib import Path

TREES = "种树办法\n银杏由市园林局管理。树苗每周浇水一次，雨季每月浇水一次。\n"
ROADS = "修路办法\n石板路每年检修两次。路灯归市路灯所管。\n"
QUESTIONS = [
    {"id": "q1", "question": "银杏由谁管理？", "document": "trees", "evidence": ["市园林局"]},
    {"id": "q2", "question": "石板路每年检修几次？", "document": "roads", "evidence": ["两次", "检修 两次"]},
    {"id": "q3", "question": "zebra", "document": "roads", "evidence": ["路灯归市路灯所管。"]},
]


def write_folder(folder: Path, questions: list[dict[str, object]] | None = None) -> Path:
    """The folder, made; other questions where they are given."""
    (folder / "docs").mkdir(parents=True)
    for name, text in {"trees": TREES, "roads": ROADS}.items():
        (folder / "docs" / f"{name}.txt").write_text(text, encoding="utf-8")
    lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in questions or QUESTIONS)
    (folder / "questions.jsonl").write_text(lines, encoding="utf-8")
    return folder
