"""
Read the whole corpus: files and folders in, outlines out.

corpus/  ->  CorpusReading(outlines=(Outline(Document("action-plan"), …),), problems=())

One file that cannot be read is a problem to report; it does not keep the others out. A file that was read before is
known by its source and is not parsed again.
"""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from bot.documents.load import SUFFIXES, load
from bot.documents.manifest import MANIFEST, ManifestEntry, read_manifest
from bot.documents.structure import parse
from bot.errors import CorpusError
from bot.types import Document, Outline

SKIPPED = (MANIFEST, "README.md")


@dataclass(frozen=True, slots=True)
class CorpusReading:
    """
    What was read, one sentence for each file that was not, and one for each digest whose original was.

    `sources` are those of the outlines, see `source_of`.
    """

    outlines: tuple[Outline, ...]
    problems: tuple[str, ...]
    replaced: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


def read_corpus(paths: Sequence[Path], known: Mapping[str, Outline] | None = None) -> CorpusReading:
    """
    Read files and folders (recursively, each with its manifest) into outlines, in the order of their names.

    A digest whose original is there too is left out, whichever folder each is in: see `_replaced`. What is `known`,
    by its source, is taken as it is.
    Raises CorpusError where a path is missing or nothing at all could be read, ManifestError for a wrong manifest.
    """
    known = known or {}
    documents: dict[Path, Document] = {}
    sources: dict[Path, str] = {}
    problems: list[str] = []
    seen: set[Path] = set()
    for path, entry in corpus_files(paths):
        if path.resolve() in seen:
            continue
        seen.add(path.resolve())
        try:
            source = sources[path] = source_of(path, entry)
            documents[path] = known[source].document if source in known else load(path, entry)
        except CorpusError as error:
            problems.append(str(error))
    replaced = _replaced(documents)
    read: dict[str, Path] = {}
    outlines: dict[Path, Outline] = {}
    for path, document in documents.items():
        if path in replaced:
            continue
        earlier = read.setdefault(document.id, path)
        if earlier == path:
            outlines[path] = known.get(sources[path]) or parse(document)
        else:
            problems.append(f"{path} 与 {earlier} 的编号相同（{document.id}），没有收入，请改名后重试。")
    if not outlines:
        raise CorpusError(_nothing_read(paths, problems))
    of_outlines = tuple(sources[path] for path in outlines)
    return CorpusReading(tuple(outlines.values()), tuple(problems), tuple(replaced.values()), of_outlines)


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


def source_of(path: Path, entry: ManifestEntry | None) -> str:
    """
    32 hex digits for all that a document is made from: the file's name and bytes, its entry, the code that reads it.

    Not its time: a file written twice within one tick of the clock has one time for two contents, and reading is
    cheap. Raises CorpusError for a file that cannot be read.
    """
    try:
        with path.open("rb") as file:
            content = hashlib.file_digest(file, "sha256").digest()
    except OSError as error:
        raise CorpusError(f"{path} 打不开（{error.strerror}），请检查文件是否存在、能否读取。") from error
    return hashlib.sha256(b"\0".join([content, repr((path.name, entry)).encode(), _code()])).hexdigest()[:32]


@cache
def _code() -> bytes:
    """Changes with everything that is written between a file and its outline, its chunks and its terms."""
    package = Path(__file__).parent.parent
    written = [package / "types.py", *(package / "documents").rglob("*"), *(package / "text").rglob("*")]
    digest = hashlib.sha256()
    for path in sorted(path for path in written if path.suffix in {".py", ".toml", ".txt"}):
        digest.update(path.read_bytes())
    return digest.digest()


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
        for path in document_files(folder) if root.is_dir() else [root]:
            yield path, _entry(path, folder, manifests)


def document_files(folder: Path) -> list[Path]:
    """The files of a folder that are documents, in the order of their names."""
    return [path for path in sorted(folder.rglob("*")) if path.is_file() and _is_document(path.relative_to(folder))]


def _is_document(path: Path) -> bool:
    # ~$…: what Word keeps beside a document that is open.
    hidden = any(part.startswith((".", "~$")) for part in path.parts)
    return not hidden and path.name not in SKIPPED


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
