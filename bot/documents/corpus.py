"""
Read the whole corpus: files and folders in, outlines out.

corpus/  ->  CorpusReading(outlines=(Outline(Document("action-plan"), …),), problems=())

One file that cannot be read is a problem to report; it does not keep the others out.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.documents.load import SUFFIXES, load
from bot.documents.manifest import MANIFEST, ManifestEntry, read_manifest
from bot.documents.structure import parse
from bot.errors import CorpusError
from bot.types import Document, Outline


@dataclass(frozen=True, slots=True)
class CorpusReading:
    """What was read, one sentence for each file that was not, and one for each digest whose original was."""

    outlines: tuple[Outline, ...]
    problems: tuple[str, ...]
    replaced: tuple[str, ...] = ()


def read_corpus(paths: Sequence[Path]) -> CorpusReading:
    """
    Read files and folders (recursively, each with its manifest) into outlines, in the order of their names.

    A digest whose original is there too is left out, whichever folder each is in: see `_replaced`.
    Raises CorpusError where a path is missing or nothing at all could be read, ManifestError for a wrong manifest.
    """
    documents: dict[Path, Document] = {}
    problems: list[str] = []
    seen: set[Path] = set()
    for path, entry in corpus_files(paths):
        if path.resolve() in seen:
            continue
        seen.add(path.resolve())
        try:
            documents[path] = load(path, entry)
        except CorpusError as error:
            problems.append(str(error))
    replaced = _replaced(documents)
    read: dict[str, Path] = {}
    outlines: list[Outline] = []
    for path, document in documents.items():
        if path in replaced:
            continue
        earlier = read.setdefault(document.id, path)
        if earlier == path:
            outlines.append(parse(document))
        else:
            problems.append(f"{path} 与 {earlier} 的编号相同（{document.id}），没有收入，请改名后重试。")
    if not outlines:
        raise CorpusError(_nothing_read(paths, problems))
    return CorpusReading(tuple(outlines), tuple(problems), tuple(replaced.values()))


def _replaced(documents: Mapping[Path, Document]) -> Mapping[Path, str]:
    """The digests whose work is there as an original, neither older nor only a draft; and what to say of each."""
    originals: dict[str, list[tuple[Path, Document]]] = {}
    for path, document in documents.items():
        if document.kind == "original":
            originals.setdefault(document.work, []).append((path, document))
    replaced: dict[Path, str] = {}
    for path, digest in documents.items():
        if digest.kind == "digest":
            standing = (place for place, original in originals.get(digest.work, []) if _stands_for(original, digest))
            if place := next(standing, None):
                replaced[path] = f"《{digest.title}》已有原文（{place.name}），要点摘编 {path.name} 不再收入。"
    return replaced


def _stands_for(original: Document, digest: Document) -> bool:
    older = original.issued_on and digest.issued_on and original.issued_on < digest.issued_on
    return not older and original.state in (digest.state, "现行")


def _nothing_read(paths: Sequence[Path], problems: Sequence[str]) -> str:
    if len(problems) == 1:
        return problems[0]
    places = "、".join(map(str, paths))
    if problems:
        return f"{places} 里的 {len(problems)} 份文件都没有读成，第一份的原因是：{problems[0]}"
    return f"{places} 里没有可读的文件，请放入 {' 或 '.join(SUFFIXES)} 文件。"


def corpus_files(paths: Sequence[Path]) -> Iterator[tuple[Path, ManifestEntry | None]]:
    """Every file under `paths` that is a document, with its entry in the manifest."""
    for root in paths:
        if not root.exists():
            raise CorpusError(f"找不到 {root}，请检查路径。")
        folder = root if root.is_dir() else root.parent
        manifests: dict[Path, Mapping[str, ManifestEntry]] = {}
        for path in sorted(folder.rglob("*")) if root.is_dir() else [root]:
            if path.is_file() and (path == root or _is_document(path.relative_to(folder))):
                yield path, _entry(path, folder, manifests)


def _is_document(path: Path) -> bool:
    # ~$…: what Word keeps beside a document that is open.
    hidden = any(part.startswith((".", "~$")) for part in path.parts)
    return not hidden and path.name not in (MANIFEST, "README.md")


def _entry(path: Path, top: Path, manifests: dict[Path, Mapping[str, ManifestEntry]]) -> ManifestEntry | None:
    """From the manifest of the file's own folder, or of one above it up to `top`."""
    for folder in path.parents:
        if folder not in manifests:
            manifest = folder / MANIFEST
            manifests[folder] = read_manifest(manifest) if manifest.is_file() else {}
        if entry := manifests[folder].get(path.relative_to(folder).as_posix()):
            return entry
        if folder == top:
            break
    return None
