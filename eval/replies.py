"""
What a saved result keeps of each reply, so that two runs can be compared and their times drawn.

    Reply("unit", "answered", right=True, ms=9.8)  <->  {"kind": "unit", "status": "answered", "right": true, "ms": 9.8}

Of a held question only whether it was right and how long it took is kept: nobody is to learn from it what went wrong.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from eval.questions import HELD


@dataclass(frozen=True, slots=True)
class Reply:
    """`kind` is empty where questions have none; `status` and `ms` are None where they are not known."""

    kind: str
    status: str | None
    right: bool
    ms: float | None

    def as_json(self, id_: str) -> dict[str, Any]:
        """What is saved of it under its question's id."""
        saved = asdict(self)
        return {name: saved[name] for name in ("right", "ms")} if id_.startswith(HELD) else saved

    @classmethod
    def from_json(cls, saved: Mapping[str, Any]) -> Reply:
        return cls(saved.get("kind", ""), saved.get("status"), saved["right"], saved.get("ms"))
