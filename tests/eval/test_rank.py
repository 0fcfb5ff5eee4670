from pathlib import Path

import numpy as np

from bot.answering.pipeline import Pipeline
from eval import rank
from eval.questions import Question
from eval.rank import Choice, choices, fit, learn


def choice(group: str, right: int, hand: tuple[float, ...], nearest: tuple[float, ...]) -> Choice:
    seen = np.array([(score, 1.0, near) for score, near in zip(hand, nearest, strict=True)])
    marked = np.eye(len(hand))[right]
    return Choice(group, ("article", "nearest"), seen, marked, marked)


MISLED = [choice(f"law{number}", 1, (0.5, 0.4, 0.3), (0.1, 0.9, 0.1)) for number in range(10)]


def test_what_tells_the_right_sentence_is_weighed_beside_the_hand_set_score() -> None:
    mixed = [*MISLED, *(choice("other", 0, (0.9, 0.2, 0.1), (0.3, 0.3, 0.3)) for _ in range(5))]
    weights = fit(mixed)
    assert weights[0] == 1.0
    assert weights[2] > 0
    assert all(int(np.argmax(each.seen @ weights)) == int(np.argmax(each.right)) for each in mixed)


def test_the_figures_are_of_laws_that_taught_nothing(tmp_path: Path) -> None:
    """Five laws with one lesson and a sixth with the contrary one: nothing that it taught helps it."""
    contrary = [choice("contrary", 0, (0.3, 0.4, 0.5), (0.1, 0.9, 0.9)) for _ in range(2)]
    taught = [choice(f"law{number}", 1, (0.5, 0.45, 0.3), (0.1, 0.9, 0.1)) for number in range(5)]
    said = learn([taught, contrary], tmp_path / "ranking.toml")
    assert said.splitlines()[1:] == [
        "5 问：首条 0.0% → 100.0%，首句 0.0% → 100.0%",
        "2 问：首条 0.0% → 0.0%，首句 0.0% → 0.0%",
    ]


def test_the_weights_written_are_those_the_product_reads(tmp_path: Path) -> None:
    path = tmp_path / "ranking.toml"
    rank.write_weights(MISLED, np.array([1.0, 0.25, 2.0]), path)
    assert path.read_text(encoding="utf-8").splitlines()[1:] == [
        "level = 1.800",
        "article = 2.050",
        "",
        "[weights]",
        "nearest = 2.000",
    ]


def test_only_questions_with_a_right_clause_of_an_article_teach(plan: Pipeline) -> None:
    """The plan has no articles."""
    question = Question("dev-1", "figure", "每年培养多少名技术经纪人", "answered", clauses=("三、(二)6.",))
    assert list(choices(plan, [question])) == []
