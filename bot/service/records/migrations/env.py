"""
What alembic runs: the migrations over the connection that `migrate` hands in.

A new one: python -m bot.service.records.migrate "what it changes"
"""

from alembic import context

from bot.service.records.models import Base

context.configure(
    connection=context.config.attributes["connection"], target_metadata=Base.metadata, render_as_batch=True
)
with context.begin_transaction():
    context.run_migrations()
