"""
Write what many threads hand in, many at a time: one transaction, one flush to disk, then every one of them is told.

    writer.put(insert)  ->  Future, done when the row is on the disk

The writer's thread is the only one that touches the database, so nothing here waits for a lock of its own process.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.errors import RecordsError, first_line

T = TypeVar("T")
Work = Callable[[Connection], T]

TOGETHER = 500  # pieces of work in one transaction
MOST_WAITING = 20_000  # pieces of work: a database that is gone must not fill the memory


class _Piece(NamedTuple):
    work: Work[Any]
    done: Future[Any]


class Writer:
    """The thread that writes to `engine`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._waiting: queue.Queue[_Piece | None] = queue.Queue(MOST_WAITING)
        self._closed = False
        self._thread = threading.Thread(target=self._run, name="write records", daemon=True)
        self._thread.start()

    def put(self, work: Work[T]) -> Future[T]:
        """
        Have `work` done with a connection, in order. The future is done when its transaction is on the disk.

        `work` may be done twice (where another one spoilt the transaction), so it must have no effect but in the
        database. Raises RecordsError where too many wait.
        """
        done: Future[T] = Future()
        if self._closed:
            raise RecordsError("记录已经关闭，不能再写。")
        try:
            self._waiting.put_nowait(_Piece(work, done))
        except queue.Full:
            raise RecordsError("记录写不过来，请稍后再试。") from None
        return done

    def close(self) -> None:
        """Write what waits, then end."""
        self._closed = True
        self._waiting.put(None)
        self._thread.join()

    def _run(self) -> None:
        ending = False
        while not ending:
            pieces, ending = self._taken()
            if not self._write(pieces):  # one of them spoils it for all
                for piece in pieces:
                    self._write([piece], last=True)

    def _taken(self) -> tuple[list[_Piece], bool]:
        """What waits, at least one piece, and whether that was the last."""
        pieces: list[_Piece] = []
        piece = self._waiting.get()
        while piece is not None:
            pieces.append(piece)
            if len(pieces) == TOGETHER:
                return pieces, False
            try:
                piece = self._waiting.get_nowait()
            except queue.Empty:
                return pieces, False
        return pieces, True

    def _write(self, pieces: list[_Piece], last: bool = False) -> bool:
        try:
            with self._engine.begin() as connection:
                results = [piece.work(connection) for piece in pieces]
        except Exception as error:
            if last:
                for piece in pieces:
                    piece.done.set_exception(_told(error))
            return False
        for piece, result in zip(pieces, results, strict=True):
            piece.done.set_result(result)
        return True


def _told(error: Exception) -> Exception:
    if isinstance(error, SQLAlchemyError):
        return RecordsError(f"记录没有写成（{first_line(error)}），请检查 BOT_RECORDS 所指的数据库。")
    return error
