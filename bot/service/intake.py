"""
One document on its way in: a file that staff put up, read and looked at before it is added for good.

    receive(.store/uploads/5c…/某市办法.docx)  ->  Paper(…)
    put_in(edited(paper, {"level": "政府规章"}), …)  ->  corpus/某市办法.docx, its entry in the manifest, a new index

The file lies in a folder of its own beside the index until it is added; one that is not is deleted, at the latest
after half an hour. Reading and indexing run in processes of their own.
"""

from __future__ import annotations

import re
import secrets
import shutil
import time
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from bot.documents.corpus import SKIPPED, document_files
from bot.documents.library import add
from bot.documents.load import MOST_BYTES, load
from bot.documents.manifest import ManifestEntry, field_of
from bot.documents.structure import parse
from bot.errors import CorpusError, ServiceError, StoreBusyError
from bot.index.build import BuildReport
from bot.service.worker import Progress, run
from bot.types import Document, Outline

KEPT = 1800.0  # seconds for which a file waits to be confirmed
READING, ADDING = 180.0, 3600.0  # seconds
AGAIN = 2.0  # seconds until a busy index is tried again
LONGEST_NAME = 120  # bytes, so that the names made from it fit every file system
UPLOADS = "uploads"
_CONTROL = re.compile(r"[\x00-\x1f\x7f/\\:*?\"<>|]")
# The fields that staff may set, as they are called on the page.
LABELS: Mapping[str, str] = {
    "title": "标题",
    "doc_number": "发文字号",
    "issuer": "发文机关",
    "level": "效力层级",
    "place": "适用地方",
    "issued_on": "成文日期",
    "effective_on": "施行日期",
    "expires_on": "失效日期",
    "state": "状态",
    "url": "发布网址",
}
_ENTERED = tuple(each.name for each in fields(ManifestEntry) if each.name in LABELS)


@dataclass(frozen=True, slots=True)
class Paper:
    """A file that was received: where it lies, what was read in it, and what staff have set. It may be shown."""

    file: Path
    read: Outline  # with nothing but what the file says of itself
    outline: Outline  # with what staff have set
    entered: Mapping[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return self.file.name

    def discard(self) -> None:
        shutil.rmtree(self.file.parent, ignore_errors=True)


def new_file(store: Path, name: str) -> Path:
    """Where a file of this name may be written, in a folder of its own. Raises CorpusError for an impossible name."""
    sweep(store)
    name = safe_name(name)
    folder = store / UPLOADS / secrets.token_hex(8)
    try:
        folder.mkdir(parents=True)
    except OSError as error:
        raise CorpusError(f"服务器上存不下文件（{error.strerror}），请告知管理员。") from error
    return folder / name


def safe_name(name: str) -> str:
    """The last part of a path as a file may be called here. Raises CorpusError where nothing of it can be."""
    name = unicodedata.normalize("NFC", name.replace("\\", "/").rsplit("/", 1)[-1]).strip()
    stem = Path(name).stem
    if not stem or name in SKIPPED or name.startswith((".", "~$")) or _CONTROL.search(name):
        raise CorpusError(f"“{name}”不能作为文件名，请改名后重试。")
    if len(name.encode()) > LONGEST_NAME:
        raise CorpusError("文件名太长，请缩短到40个字以内后重试。")
    return name


def sweep(store: Path, older_than: float = KEPT) -> None:
    """Delete what was received and not confirmed, also by a service that was killed."""
    for folder in (store / UPLOADS).glob("*"):
        try:
            old = time.time() - folder.stat().st_mtime > older_than
        except OSError:
            continue
        if old:
            shutil.rmtree(folder, ignore_errors=True)


def receive(file: Path) -> Paper:
    """Read a file that was put up. Raises CorpusError or ServiceError where it cannot be read; then it is gone."""
    try:
        outline = run(_read, (file, {}), READING)
    except BaseException as error:
        shutil.rmtree(file.parent, ignore_errors=True)
        if isinstance(error, CorpusError):
            raise CorpusError(str(error).replace(str(file), file.name)) from error
        raise
    return Paper(file, outline, outline)


def edited(paper: Paper, values: Mapping[str, str], name: str = "") -> Paper:
    """
    The paper with what staff have filled in, and under another name (without suffix) where one is given.

    Raises CorpusError or ManifestError for what cannot be.
    """
    known = {label: value for label, value in values.items() if label in LABELS}
    entered = dict(_differing(paper.read.document, known))
    file = paper.file
    if name and name != file.stem:
        file = paper.file.rename(paper.file.with_name(safe_name(f"{name}{paper.file.suffix}")))
    outline = paper.outline
    if entered != paper.entered or file != paper.file:
        outline = run(_read, (file, entered), READING)
    return replace(paper, file=file, outline=outline, entered=entered)


def clash(paper: Paper, corpus: Path, outlines: Sequence[Outline]) -> tuple[str, bool]:
    """What stands against its id, one sentence or none; and whether it could take the place of what has that id."""
    name, stem = paper.name, paper.file.stem
    others = [path for path in document_files(corpus) if path.stem == stem]
    if corpus / name in others:
        return f"已有编号为“{stem}”的文件。换下它的正文请勾选“换下原来的正文”；修订后的新版本请改用别的编号。", True
    if others or any(outline.document.id == stem for outline in outlines):
        return f"已有编号为“{stem}”的文件，请改用别的编号。", False
    return "", False


def put_in(paper: Paper, sources: Sequence[Path], store: Path, instead: bool, progress: Progress) -> BuildReport:
    """
    Add the paper to the corpus, the first of the sources, and to the index, as `python -m bot add` does. Returns what
    the build reports.

    Raises BotError; where the file has been added already it stays, and the sentence says so.
    """
    report: BuildReport = run(
        _put_in, (tuple(sources), paper.file, dict(paper.entered), instead, store), ADDING, progress
    )
    stem = paper.file.stem
    if stem not in {*report.added, *report.changed, *report.kept}:
        raise ServiceError("".join(report.problems) or f"{paper.name} 没有收入索引，请告知管理员。")
    return report


def _read(file: Path, entered: Mapping[str, Any], _: Progress) -> Outline:
    return parse(load(file, ManifestEntry(file.name, **entered)))


def _put_in(
    sources: Sequence[Path], file: Path, entered: Mapping[str, Any], instead: bool, store: Path, progress: Progress
) -> BuildReport:
    from bot.index.build import build, paths_to_update
    from bot.index.embed import open_embedder
    from bot.settings import settings

    add(sources[0], file, entered, instead)
    paths = paths_to_update(store, sources)
    while True:
        try:
            return build(paths, store, open_embedder(settings()), progress, settings().chroma_url)
        except StoreBusyError:
            progress("等待另一次索引更新结束", 0, 1)
            time.sleep(AGAIN)


def _differing(document: Document, values: Mapping[str, str]) -> list[tuple[str, Any]]:
    """What was filled in otherwise than it was read."""
    found = []
    for name in _ENTERED:
        if name not in values:
            continue
        written, read = values[name].strip(), str(getattr(document, name) or "")
        if written == read:
            continue
        if not written:
            raise CorpusError(f"“{LABELS[name]}”从文件里认出的是“{read}”，不能留空；认错了请改成正确的内容。")
        if name == "url" and not re.match(r"https?://[^\s/]+", written):
            raise CorpusError("“发布网址”应以 http:// 或 https:// 开头。")
        found.append(field_of(f"{name}={written}"))
    return found


def too_large() -> str:
    return f"文件超过 {MOST_BYTES // 1024**2} MB 的上限，请压缩图片或拆成几份后重试。"
