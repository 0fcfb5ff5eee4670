"""What is kept of each reply."""

from __future__ import annotations

from eval.replies import Reply

REPLY = Reply("unit", "answered", True, 9.8)


def test_a_reply_reads_back_as_it_was_saved() -> None:
    assert Reply.from_json(REPLY.as_json("dev-1")) == REPLY


def test_of_a_held_question_neither_kind_nor_status_is_kept() -> None:
    assert REPLY.as_json("held-1") == {"right": True, "ms": 9.8}
    assert Reply.from_json({"right": True, "ms": 9.8}) == Reply("", None, True, 9.8)
