from pathlib import Path

import numpy as np
import pytest

from training.passages import Asked, Sample, flat, learn, read_questions, right


def test_each_question_is_asked_alone_and_after_its_subject(tmp_path: Path):
    path = tmp_path / "passages.txt"
    path.write_text("# 说明\n\n苗圃｜苗圃抗旱\n水费减…一半。｜水费减多少？\n", encoding="utf-8")
    asked = Asked(("水费减多少？", "苗圃抗旱，水费减多少？"), "苗圃", "水费减", "一半。")
    assert read_questions(path) == [asked]


def test_a_line_without_an_answer_is_told(tmp_path: Path):
    path = tmp_path / "passages.txt"
    path.write_text("# 说明\n\n苗圃｜苗圃抗旱\n水费减多少？\n", encoding="utf-8")
    with pytest.raises(ValueError, match="“水费减多少？”应为“答案开头…结尾｜问题”"):
        read_questions(path)


def test_a_page_loses_its_lines_and_keeps_its_title():
    assert flat("苗圃抗旱", "水费减半。\n 　贷款展期。") == "苗圃抗旱 水费减半。 \u3000\u3000贷款展期。"


def test_what_goes_with_the_answer_gets_the_weight():
    told, noise = [1.0, 0.0, 0.0], [0.0, 1.0, 0.0]
    data = [
        Sample(np.column_stack([told, noise]), np.array([1.0, 0.0, 0.0])),
        Sample(np.column_stack([told, noise[::-1]]), np.array([1.0, 0.0, 0.0])),
    ]
    weights = learn(data)
    assert weights[0] > abs(weights[1])
    assert right(data, weights) == len(data)
