"""
The evaluation from the console: questions that staff add to it, runs in a process of their own, two runs compared.

    promote(folder, Promoted("瞪羚企业补贴多少？", "not_stated", "unanswerable"), "张三")  ->  "console-20261124-001"
    Runs(folder, store).start("dev", "张三")                                  ->  "20261124-091500-dev", running
    compared(folder, "20261124-091500-dev", "20261124-101500-dev")            ->  Compared(verdict="共同的 1695 题…", …)

Promoted questions are a JSONL that `python -m eval --set FILE` reads too. A run asks the index that is served, in
quoting mode (which costs nothing), with low priority, and keeps its result in the data folder. This is the one file of
the product that knows the evaluation; sets that nobody tunes on are not offered here.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock

from bot.errors import BotError
from bot.service.records.daily import BEIJING
from bot.settings import PROJECT

PROMOTED = "console"  # the set of the questions that staff added
RUN, PROGRESS, OUTPUT = "run.json", "progress.txt", "output.txt"
SILENT = 120.0  # seconds without progress after which a run of another process is taken to have ended
LONGEST_TEXT = 500  # characters of a field


class RunError(BotError):
    """An evaluation cannot be started, read or compared; the message says why."""


@dataclass(frozen=True, slots=True)
class Promoted:
    """A question for the evaluation, as eval.questions has them; clauses, required and units hold one thing each."""

    question: str
    kind: str
    expect: str
    clauses: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True)
class RunState:
    """One run. state: running, done, failed, stopped; correct: the share of right answers, None until it is done."""

    name: str
    questions: str
    who: str
    started: datetime  # UTC
    state: str
    asked: int
    total: int
    correct: float | None
    told: str  # the last line of its output where it failed


@dataclass(frozen=True, slots=True)
class Changed:
    """A question that was answered rightly in one of two runs only."""

    id: str
    mended: bool
    question: str
    before: str  # statuses
    after: str


@dataclass(frozen=True, slots=True)
class Compared:
    """Two runs: one sentence, rows of (figure, before, after, difference), the questions that changed."""

    verdict: str
    figures: tuple[tuple[str, str, str, str], ...]
    changed: tuple[Changed, ...]


def kinds() -> Mapping[str, str]:
    """The kinds of questions, by their names in a file."""
    from eval.questions import KINDS

    return KINDS


def promote(folder: Path, promoted: Promoted, who: str) -> str:
    """Add a question to the set of the console; returns its id. Raises RunError where a field cannot be."""
    from eval.errors import EvaluationError
    from eval.questions import read_questions

    file = questions_file(folder)
    file.parent.mkdir(parents=True, exist_ok=True)
    now = datetime.now(UTC).replace(tzinfo=None) + BEIJING
    with FileLock(f"{file}.lock"):
        before = file.read_text(encoding="utf-8") if file.exists() else ""
        id_ = f"console-{now:%Y%m%d}-{before.count(chr(10)) + 1:03d}"
        row = {
            "id": id_,
            "kind": promoted.kind,
            "question": promoted.question.strip()[:LONGEST_TEXT],
            "history": [],
            "expect": promoted.expect,
            "clauses": _filled(promoted.clauses),
            "required": _filled(promoted.required),
            "units": _filled(promoted.units),
            "must_not": [],
            "note": f"{promoted.note.strip()[:LONGEST_TEXT]}（{who}，{now:%Y-%m-%d}）",
            "source": "console",
        }
        following = file.with_suffix(".new")
        following.write_text(before + json.dumps(row, ensure_ascii=False) + "\n", encoding="utf-8")
        try:
            read_questions(following)
        except EvaluationError as error:
            following.unlink()
            raise RunError(str(error)) from error
        following.replace(file)
    return id_


def promoted_questions(folder: Path) -> list[dict[str, Any]]:
    """What staff added so far, the oldest first, as kept."""
    file = questions_file(folder)
    lines = file.read_text(encoding="utf-8").splitlines() if file.exists() else []
    return [json.loads(line) for line in lines if line.strip()]


def questions_file(folder: Path) -> Path:
    return folder / "questions" / f"{PROMOTED}.jsonl"


def sets(folder: Path) -> dict[str, str]:
    """What may be run: the name shown -> what `python -m eval --set` takes."""
    from eval.questions import SETS

    found = {"调试题": "dev"} if all(path.exists() for path in SETS["dev"]) else {}
    if questions_file(folder).exists():
        found["帮助台收进的题"] = str(questions_file(folder))
    return found


def question_of(folder: Path, questions: str, id_: str) -> str:
    """The words of a question of a set that is offered here; empty where there is none."""
    from eval.errors import EvaluationError
    from eval.questions import load_set

    known = {Path(name).stem: name for name in sets(folder).values()}
    try:
        return next((each.question for each in load_set(known[questions]) if each.id == id_), "")
    except (KeyError, EvaluationError):
        return ""


class Runs:
    """The runs kept in `folder`; `store` is the index that is asked. One at a time."""

    def __init__(self, folder: Path, store: Path) -> None:
        self._folder, self._store = folder / "runs", store
        self._questions = folder
        self._lock = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._running = ""

    def start(self, questions: str, who: str, limit: int | None = None) -> str:
        """Run one of `sets`; returns the run's name at once. Raises RunError."""
        if questions not in sets(self._questions).values():
            raise RunError("没有这个题集，请刷新后重新选择。")
        with self._lock:
            if any(run.state == "running" for run in self.list()):
                raise RunError("已有一次评测正在运行，请等它结束后再试。")
            now = datetime.now(UTC).replace(tzinfo=None)
            name = f"{now + BEIJING:%Y%m%d-%H%M%S}-{Path(questions).stem}"
            folder = self._folder / name
            folder.mkdir(parents=True)
            about = {"set": Path(questions).stem, "who": who, "started": now.isoformat(), "state": "running"}
            _write(folder / RUN, about)
            command = [sys.executable, "-m", "eval", "--set", questions, "--store", str(self._store)]
            command += ["--out", str(folder), "--progress", str(folder / PROGRESS)]
            command += ["--limit", str(limit)] if limit else []
            politely = ["nice", "-n", "10"] if shutil.which("nice") else []
            paths = os.pathsep.join(filter(None, (str(PROJECT), os.environ.get("PYTHONPATH", ""))))
            with (folder / OUTPUT).open("wb") as output:
                self._process = subprocess.Popen(  # noqa: S603  (the set is one of ours, the rest is fixed)
                    [*politely, *command],
                    cwd=PROJECT,
                    stdout=output,
                    stderr=subprocess.STDOUT,
                    stdin=subprocess.DEVNULL,
                    env={**os.environ, "PYTHONPATH": paths, "BOT_DEBUG": "0", "COLUMNS": "200"},
                )
            self._running = name
        threading.Thread(target=self._wait, args=(self._process, folder, about), name="evaluate", daemon=True).start()
        return name

    def stop(self) -> None:
        """End the run that this process started, if one is under way."""
        with self._lock:
            if self._process and self._process.poll() is None:
                self._process.terminate()

    def list(self) -> list[RunState]:
        """Every run, the newest first."""
        folders = sorted(self._folder.glob(f"*/{RUN}"), reverse=True) if self._folder.exists() else []
        return [self._state(file.parent) for file in folders]

    def _wait(self, process: subprocess.Popen[bytes], folder: Path, about: dict[str, Any]) -> None:
        code = process.wait()
        state = "done" if _result(folder) else "stopped" if code < 0 else "failed"
        _write(folder / RUN, about | {"state": state})

    def _state(self, folder: Path) -> RunState:
        about = json.loads((folder / RUN).read_text(encoding="utf-8"))
        asked, total = _progress(folder)
        state = about["state"]
        if state == "running" and folder.name != self._running and _age(folder) > SILENT:
            state = "stopped"  # whoever watched it has ended
        result = _result(folder)
        correct = json.loads(result.read_text(encoding="utf-8"))["overall"]["correct"] if result else None
        told = _last_line(folder / OUTPUT) if state == "failed" else ""
        started = datetime.fromisoformat(about["started"])
        return RunState(folder.name, about["set"], about["who"], started, state, asked, total, correct, told)


def compared(folder: Path, before: str, after: str) -> Compared:
    """Raises RunError where one of the runs has no result, or they asked different questions."""
    from eval import comparison
    from eval.errors import EvaluationError
    from eval.figures import FIGURES, difference, shown
    from eval.questions import HELD, load_set
    from eval.runs import read_run

    results = [_result(folder / "runs" / Path(name).name) for name in (before, after)]
    if not all(results):
        raise RunError("请选两次已经完成的评测。")
    try:
        pair = comparison.compare(*(read_run(result) for result in results if result))
    except EvaluationError as error:
        raise RunError(str(error)) from error
    known = {Path(name).stem: name for name in sets(folder).values()}
    texts = {each.id: each.question for name in known.values() for each in load_set(name)}
    old, new = pair.before.overall, pair.after.overall
    figures = tuple(
        (FIGURES[name].label, shown(name, old[name]), shown(name, new[name]), difference(name, old[name], new[name]))
        for name in old
        if name in new and name in FIGURES
    )
    changed = (
        Changed(
            id_, mended, texts.get(id_, ""), *(str(run.replies[id_].status or "") for run in (pair.before, pair.after))
        )
        for mended, ids in ((False, pair.broken), (True, pair.mended))
        for id_ in ids
        if not id_.startswith(HELD)
    )
    return Compared(comparison.verdict(pair), figures, tuple(changed))


def _result(folder: Path) -> Path | None:
    """The figures of a run: the one .json that is not about it."""
    return next((file for file in sorted(folder.glob("*.json")) if file.name != RUN), None)


def _progress(folder: Path) -> tuple[int, int]:
    try:
        asked, _, total = (folder / PROGRESS).read_text(encoding="utf-8").partition("/")
        return int(asked), int(total)
    except (OSError, ValueError):
        return 0, 0


def _age(folder: Path) -> float:
    """Seconds since anything was written."""
    return time.time() - max(file.stat().st_mtime for file in folder.iterdir())


def _last_line(file: Path) -> str:
    lines = [line for line in file.read_text(encoding="utf-8", errors="replace").splitlines() if line.strip()]
    return lines[-1] if lines else ""


def _write(file: Path, content: dict[str, Any]) -> None:
    following = file.with_suffix(".new")
    following.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    following.replace(file)


def _filled(values: tuple[str, ...]) -> list[str]:
    return [value.strip()[:LONGEST_TEXT] for value in values if value.strip()]
