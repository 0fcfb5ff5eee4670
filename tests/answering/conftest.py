"""What the pipeline has at hand when it decides whether a question is answered."""

import pytest

from bot.answering.evidence import Evidence
from bot.answering.pipeline import Pipeline
from bot.types import Query


@pytest.fixture(scope="module")
def look(plan: Pipeline):  # type: ignore[no-untyped-def]
    def evidence(question: str) -> tuple[Query, list[Evidence]]:
        query = plan.understand(question)
        return query, plan.evidence(query, plan.retrieve(query, 30))

    return evidence
