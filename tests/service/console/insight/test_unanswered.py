"""What was not answered or not liked: grouped, counted, with what came near; staff take it off the list."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import numpy as np

from bot.answering.pipeline import Pipeline
from bot.index.embed import Vectors
from bot.service.console.insight.figures import Period
from bot.service.console.insight.topics import topics
from bot.service.console.insight.unanswered import OUT_OF_SCOPE, Overview, mark, near, unanswered, unmark
from bot.service.records import Records
from bot.text.segment import Segmenter
from tests.service.console.insight.conftest import Keep

NOON = datetime(2026, 11, 20, 4)
PERIOD = Period(date(2026, 11, 9), date(2026, 11, 22))
SILENT = "unanswerable_not_stated"
SEGMENTER = Segmenter(["瞪羚"])
ABOUT = ("瞪羚", "食堂")


def embed(questions: Sequence[str]) -> Vectors:
    """A direction for each thing the questions may be about; nothing where they are about none."""
    return np.array([[float(word in question) for word in ABOUT] for question in questions], np.float32)


def overview(records: Records, **wanted: object) -> Overview:
    return unanswered(records, PERIOD, embed, SEGMENTER, **wanted)  # type: ignore[arg-type]


def test_questions_about_one_thing_are_one_topic_named_by_its_words() -> None:
    asked = [("瞪羚补贴多少", 2), ("瞪羚的补贴", 3), ("食堂几点开门", 1), ("哦哦", 1)]
    assert [(topic.name, topic.questions, topic.asked) for topic in topics(asked, embed, SEGMENTER)] == [
        ("瞪羚、补贴", ("瞪羚的补贴", "瞪羚补贴多少"), 5),
        ("哦哦", ("哦哦",), 1),
        ("食堂、开门", ("食堂几点开门",), 1),
    ]


def test_what_was_not_answered_or_not_liked_is_counted_once_with_its_trend(records: Records, keep: Keep) -> None:
    keep("a", "瞪羚补贴多少", NOON - timedelta(days=7), status=SILENT)
    keep("b", "瞪羚补贴多少", NOON, status=SILENT, verdict="down")
    keep("c", "瞪羚归谁管", NOON, verdict="down")
    keep("d", "瞪羚是什么", NOON, verdict="up")
    keep("e", "食堂几点开门", NOON, status=OUT_OF_SCOPE)
    (group,) = overview(records).groups
    assert [(each.question, each.asked, each.recent, each.earlier, each.disliked) for each in group.questions] == [
        ("瞪羚补贴多少", 2, 1, 1, 0),
        ("瞪羚归谁管", 1, 1, 0, 1),
    ]
    assert (group.asked, group.recent, group.earlier, group.latest) == (3, 2, 1, ("b", "c"))


def test_what_is_marked_leaves_the_list_and_can_be_brought_back(records: Records, keep: Keep) -> None:
    keep("a", "食堂几点开门", NOON, status=SILENT)
    assert mark(records, ["食堂几点开门"], "out_of_scope", "与政策无关", "张三") == 1
    assert overview(records).groups == ()
    (marked,) = overview(records, marked=True).groups
    assert marked.questions[0].decision == "out_of_scope"
    unmark(records, ["食堂几点开门"])
    assert len(overview(records).groups) == 1


def test_what_was_settled_comes_back_when_it_is_asked_in_vain_again(records: Records, keep: Keep) -> None:
    keep("a", "瞪羚补贴多少", NOON, status=SILENT)
    mark(records, ["瞪羚补贴多少"], "settled", "", "张三")
    assert overview(records).groups == ()
    tomorrow = datetime.now() + timedelta(days=2)
    keep("b", "瞪羚补贴多少", tomorrow, status=SILENT)
    assert len(unanswered(records, Period.days_until(tomorrow.date(), 14), embed, SEGMENTER).groups) == 1


def test_what_is_asked_too_seldom_is_told_as_a_number(records: Records, keep: Keep, monkeypatch: object) -> None:
    monkeypatch.setattr("bot.service.console.insight.unanswered.MOST", 1)  # type: ignore[attr-defined]
    for id_, question in (("a", "瞪羚甲"), ("b", "瞪羚甲"), ("c", "瞪羚乙")):
        keep(id_, question, NOON, status=SILENT)
    found = overview(records)
    assert ([group.asked for group in found.groups], found.left_out) == ([2], 1)


def test_the_clauses_that_came_near_are_those_found_for_most_of_the_questions(
    records: Records, keep: Keep, plan: Pipeline
) -> None:
    for id_, question in (("a", "瞪羚企业补贴多少钱"), ("b", "瞪羚企业每年给多少奖励")):
        answer = plan.invoke(question)
        keep(id_, question, NOON, status=SILENT, rejected=(*answer.hits, *answer.rejected))
    (first, *_) = near(records, plan.store, ["a", "b"])
    assert (first.clause.ref, first.times) == ("三、(三)8.", 2)
    assert near(records, plan.store, ["none"]) == ()
