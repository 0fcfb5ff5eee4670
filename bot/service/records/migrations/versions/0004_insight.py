"""What the console counts and lists: figures of the days, marks of questions, tokens, one index for lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "day_figures",
        sa.Column("figure", sa.String(16), primary_key=True),
        sa.Column("day", sa.Date(), primary_key=True),
        sa.Column("value", sa.Text(), primary_key=True),
        sa.Column("amount", sa.Float(), nullable=False),
    )
    op.create_table(
        "counted",
        sa.Column("source", sa.String(16), primary_key=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
    )
    op.create_table(
        "question_marks",
        sa.Column("digest", sa.String(64), primary_key=True),
        sa.Column("at", sa.DateTime(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
    )
    op.add_column("answers", sa.Column("usage", sa.JSON()))
    op.execute("UPDATE answers SET question = substr(question, 1, 500) WHERE length(question) > 500")
    op.create_index("ix_answers_listed", "answers", ["at", "id", "status", "question"])
    op.create_index("ix_answers_of_status", "answers", ["status", "at", "id", "question"])
    op.drop_index("ix_answers_at", "answers")
    op.create_index("ix_feedback_of_verdict", "feedback", ["verdict", "at", "answer"])


def downgrade() -> None:
    op.drop_index("ix_feedback_of_verdict", "feedback")
    op.create_index("ix_answers_at", "answers", ["at"])
    op.drop_index("ix_answers_of_status", "answers")
    op.drop_index("ix_answers_listed", "answers")
    op.drop_column("answers", "usage")
    for table in ("question_marks", "counted", "day_figures"):
        op.drop_table(table)
