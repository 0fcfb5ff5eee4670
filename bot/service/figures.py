"""
Where several processes add up their figures, as the process that starts them needs it: without importing the service.

    with shared_in(folder): …     # the /metrics of each process started within tells the figures of all
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SHARED = "PROMETHEUS_MULTIPROC_DIR"  # prometheus-client's own setting, read when a process imports it


@contextmanager
def shared_in(folder: Path) -> Iterator[None]:
    """Processes started within add up their figures in `folder`, which must be empty and theirs alone."""
    before = os.environ.get(SHARED)
    os.environ[SHARED] = str(folder)
    try:
        yield
    finally:
        if before is None:
            del os.environ[SHARED]
        else:
            os.environ[SHARED] = before


def process_ended(pid: int) -> None:
    """What that process was at, it is at no longer; what it counted stays."""
    if os.environ.get(SHARED):
        from prometheus_client.multiprocess import mark_process_dead

        mark_process_dead(pid)  # type: ignore[no-untyped-call]
