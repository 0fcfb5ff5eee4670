import pytest

from bot.answering.figures import Figure, figure_first, figures
from bot.answering.pipeline import Pipeline


def test_a_figure_counts_what_stands_behind_it_or_else_before_it() -> None:
    assert list(figures("打造3个左右基地和2个样板,建设苗圃40家以上。")) == [
        Figure("3", "个", "3个左右", "基地和"),
        Figure("2", "个", "2个", "样板"),
        Figure("40", "家", "40家以上", "建设苗圃"),
    ]


@pytest.mark.parametrize(
    ("question", "start"), [("未来产业园区建几个", "加快打造省级未来产业先导区"), ("园区由谁建", "推动园区产业链")]
)
def test_what_is_counted_is_looked_for_where_it_is_counted(plan: Pipeline, question: str, start: str) -> None:
    query = plan.understand(question)
    evidence = plan.evidence(query, plan.candidates(query))
    assert figure_first(query, evidence)[0].text.startswith(start)
