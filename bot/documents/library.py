"""
Put a file into the corpus folder, or change in the manifest what is known of one.

    add(Path("corpus"), Path("下载/某市办法.docx"), {"level": "规范性文件"})  ->  corpus/某市办法.docx and this entry
    [[document]]
    file = "某市办法.docx"
    level = "规范性文件"

The manifest stays as its clerk wrote it, comments and order included. Each file is put in place in one step: whoever
reads the folder meanwhile finds the old one or the new one, and after a kill the same command goes on where it stopped.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from bot.documents.corpus import SKIPPED, document_files
from bot.documents.load import load
from bot.documents.manifest import MANIFEST, ManifestEntry, read_manifest
from bot.documents.structure import parse
from bot.errors import CorpusError
from bot.types import DocumentState, Outline

_LOCK = ".manifest.lock"
_PATIENCE = 10.0  # seconds for another command to finish with the manifest


def add(corpus: Path, file: Path, fields: Mapping[str, Any] | None = None, instead: bool = False) -> Outline:
    """
    Copy `file` into `corpus` and enter it with these `fields` of a ManifestEntry. Returns what was recognised in it.

    Raises CorpusError, with nothing changed, for a file that cannot be read and for one whose id another has that is
    not to be replaced.
    """
    fields = dict(fields or {})
    if file.name in SKIPPED or file.name.startswith("."):
        raise CorpusError(f"{file.name} 不能作为语料的文件名，请改名后重试。")
    with _editing(corpus):
        target = corpus / file.name
        _check_id(corpus, file, target, instead)
        entries = read_manifest(corpus / MANIFEST) if (corpus / MANIFEST).is_file() else {}
        entry = replace(entries.get(file.name, ManifestEntry(file.name)), **fields)
        outline = parse(load(file, entry))
        # The file first: an entry without its file would keep every other file out, a file without its entry does not.
        if not (target.exists() and target.samefile(file)):
            _put(target, file.read_bytes())
        if entry != entries.get(file.name):
            _put(corpus / MANIFEST, _edited(corpus / MANIFEST, file.name, fields))
    return outline


def retire(folders: Sequence[Path], identifier: str, state: DocumentState, expires_on: date | None = None) -> Path:
    """
    Set the state of the document with this id, and the day it ended, in every folder that has it: a digest lies in one
    and its original in another. Returns the first of its files.

    Raises CorpusError where there is no such document.
    """
    fields: dict[str, Any] = {"state": state} | ({"expires_on": expires_on} if expires_on else {})
    files = [(folder, path) for folder in folders for path in document_files(folder)]
    found = [(folder, path) for folder, path in files if path.stem == identifier]
    if not found:
        known = "、".join(sorted({path.stem for _, path in files}))
        raise CorpusError(f"{folders[0]} 里没有编号为“{identifier}”的文件。现有：{known}。")
    for folder, path in found:
        with _editing(folder):
            manifest, name = _entered(path, folder)
            _put(manifest, _edited(manifest, name, fields))
    return found[0][1]


def _check_id(corpus: Path, file: Path, target: Path, instead: bool) -> None:
    if not file.is_file():
        raise CorpusError(f"找不到文件 {file}，请检查路径。")
    for other in document_files(corpus):
        if other.stem != file.stem or other.samefile(file):
            continue
        if other != target:
            raise CorpusError(
                f"{corpus} 里已有编号相同的 {other.relative_to(corpus)}，请给 {file.name} 改名，或先删去它。"
            )
        if not instead and other.read_bytes() != file.read_bytes():
            raise CorpusError(
                f"{corpus} 里已有 {file.name}，内容不同。换下原来的正文请加 --replace；"
                f"修订后的新版本请另取文件名（如 {file.stem}-2025{file.suffix}），原来的用 retire 标明失效。"
            )


def _entered(path: Path, top: Path) -> tuple[Path, str]:
    """The manifest that has the file's entry, and its name there; where none has, the one at the top is to get it."""
    for folder in path.parents:
        manifest, name = folder / MANIFEST, path.relative_to(folder).as_posix()
        if folder == top or (manifest.is_file() and name in read_manifest(manifest)):
            return manifest, name
    raise AssertionError(f"{path} is not in {top}")


def _edited(manifest: Path, name: str, fields: Mapping[str, Any]) -> bytes:
    """The manifest with these fields in the entry of the file, which is added at its end where there is none."""
    import tomlkit

    written = manifest.read_bytes().decode("utf-8-sig") if manifest.is_file() else ""
    document = tomlkit.parse(written)
    for entry in document.get("document", ()):
        if entry["file"] == name:
            entry.update(fields)
            return tomlkit.dumps(document).encode()
    entries = tomlkit.aot()
    entries.append(tomlkit.item({"file": name, **fields}))
    added = tomlkit.dumps({"document": entries})
    return f"{written.rstrip()}\n\n{added}".lstrip().encode()


def _put(path: Path, content: bytes) -> None:
    """In place in one step, and on the disk before it."""
    temporary = path.with_name(f".{path.name}.new")
    try:
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as error:
        temporary.unlink(missing_ok=True)
        cause = error.strerror or str(error)
        raise CorpusError(f"{path} 写不进去（{cause}），原有内容没有变；请检查磁盘空间和权限后重试。") from error


@contextmanager
def _editing(corpus: Path) -> Iterator[None]:
    """Two commands at once would each write the manifest without what the other has added."""
    from filelock import FileLock, Timeout

    if not corpus.is_dir():
        raise CorpusError(f"找不到语料文件夹 {corpus}，请检查 BOT_CORPUS。")
    try:
        with FileLock(corpus / _LOCK, timeout=_PATIENCE):
            yield
    except Timeout:
        raise CorpusError(f"另一个命令正在改 {corpus / MANIFEST}，请稍后重试。") from None
    except PermissionError as error:
        raise CorpusError(f"{corpus} 不能写入，请检查权限后重试。") from error
