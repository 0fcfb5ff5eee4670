"""A BEIR folder of five passages about trees, for tests."""

import json
from pathlib import Path

PASSAGES = [
    {"_id": "p1", "title": "种树办法第一条", "text": "银杏由市园林局管理。"},
    {"_id": "p2", "title": "种树办法第二条", "text": "树苗每周浇水一次。"},
    {"_id": "p3", "title": "种树办法第三条", "text": "雨季的树苗少浇水。"},
    {"_id": "p4", "title": "修路办法第一条", "text": "石板路每年检修。"},
    {"_id": "p5", "title": "修路办法第二条", "text": "路灯归市路局。"},
]
QUERIES = [
    {"_id": "q1", "text": "银杏归谁管"},
    {"_id": "q2", "text": "树苗多久浇一次水"},
    {"_id": "q3", "text": "没有答案的问题"},
]
QRELS = "query-id\tcorpus-id\tscore\nq1\tp1\t1\nq1\tp5\t0\nq2\tp2\t2\nq2\tp3\t1\n"


def write_beir(folder: Path) -> Path:
    """The folder, with one split: test."""
    (folder / "qrels").mkdir(parents=True)
    for name, rows in {"corpus": PASSAGES, "queries": QUERIES}.items():
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / f"{name}.jsonl").write_text(lines, encoding="utf-8")
    (folder / "qrels" / "test.tsv").write_text(QRELS, encoding="utf-8")
    return folder
