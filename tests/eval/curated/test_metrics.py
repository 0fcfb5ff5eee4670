"""What a matcher knew and mistook is counted, and the entries of a set never give away what is asked."""

from pathlib import Path

import pytest

from bot.index.embed import load_embedder
from bot.service.curated.reading import Reader
from bot.settings import OWN_EMBEDDING
from eval.curated.cases import SETS, Case, load_cases
from eval.curated.metrics import judge
from eval.errors import EvaluationError


def test_what_is_known_and_what_is_mistaken_are_shares_of_what_was_asked() -> None:
    reader = Reader(load_embedder(Path(OWN_EMBEDDING)))
    case = Case(
        "1", "摆渡车补贴归谁发放？", ("摆渡车补贴归谁发放", "食堂几点开门"), ("摆渡车补贴归谁发放。", "什么是潮汐")
    )
    figures, asked = judge([case], reader)
    assert (figures.variants, figures.recall, figures.lookalikes, figures.mistaken) == (2, 0.5, 2, 0.5)
    assert figures.precision == 0.5
    assert [each.question for each in asked if not each.right] == ["食堂几点开门", "摆渡车补贴归谁发放。"]


@pytest.mark.parametrize("name", SETS)
def test_what_a_worded_entry_has_is_not_asked_of_it(name: str) -> None:
    for case in load_cases(name, "worded"):
        assert len((*case.given, *case.negatives, *case.variants, *case.lookalikes)) == 10
        assert not {*case.given, *case.negatives, case.question} & {*case.variants, *case.lookalikes}


def test_no_entry_is_in_two_sets() -> None:
    questions = [case.question for name in SETS for case in load_cases(name)]
    assert len(questions) == len(set(questions))


def test_a_set_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="没有人工审定题"):
        load_cases("dev", folder=tmp_path)
