"""
Fetch the originals of the digests, one after the other.

corpus/manifest.toml: kind = "digest", url = "https://www.gov.cn/…"
    ->  .originals/某办法.html, Outcome("某办法", "new", "[1/25] 某办法：已取回（html，5213 字）。")

An original replaces what is there only where it is the document asked for and whole. What could not be had is told in
one sentence each, and stays as it was.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urljoin

from bot.documents.corpus import corpus_files
from bot.documents.load import load
from bot.documents.manifest import ManifestEntry
from bot.documents.sync.fetch import Fetcher
from bot.documents.sync.originals import Originals, Record, entry_values
from bot.documents.sync.routes import Found, Known, describe_route, routes
from bot.documents.sync.verdict import NoticeOnlyError, judge, suffix_of, visible
from bot.errors import CorpusError, FetchError
from bot.types import Document

Kind = Literal["new", "changed", "same", "done", "failed"]
_LABELS: dict[Kind, str] = {
    "new": "新取回",
    "changed": "更新",
    "same": "没有变化",
    "done": "上次已完成",
    "failed": "没有取到",
}
_OF_THE_DIGEST = frozenset({"file", "kind", "note", "url"})  # fields of its entry that say nothing of the original
_OF_THE_TEXT = frozenset({"doc_number", "issued_on", "effective_on", "expires_on"})  # those that a newer text changes
_DONE: tuple[Kind, str] = ("done", "上次中断前已完成。")
_NO_ROUTE = "清单里没有写网址，国家法律法规数据库和国务院政策文件库也不收这一类，请在清单里补上 url。"


@dataclass(frozen=True, slots=True)
class Digest:
    """A document whose original is wanted, and what the manifest says of it."""

    document: Document
    entry: ManifestEntry | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The digests of a corpus, and a sentence for each file that could not be read."""

    digests: tuple[Digest, ...]
    problems: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """How it went with one document; `line` is what the clerk reads."""

    id: str
    kind: Kind
    line: str


def wanted_documents(paths: Sequence[Path], names: Sequence[str]) -> Wanted:
    """
    The digests under `paths`: all, or those with these ids.

    Raises CorpusError for an id that no digest has, and where there are no digests.
    """
    digests: list[Digest] = []
    problems: list[str] = []
    for path, entry in corpus_files(paths):
        try:
            document = load(path, entry)
        except CorpusError as error:
            problems.append(str(error))
            continue
        if document.kind == "digest":
            digests.append(Digest(document, entry))
    known = [digest.document.id for digest in digests]
    if not known:
        raise CorpusError('清单里没有要点摘编（kind = "digest"），没有原文要取。')
    if unknown := [name for name in names if name not in known]:
        raise CorpusError(f"没有编号为“{'、'.join(unknown)}”的要点摘编。现有：{'、'.join(known)}。")
    return Wanted(tuple(each for each in digests if not names or each.document.id in names), tuple(problems))


def plan(digests: Iterable[Digest], folder: Path) -> list[str]:
    """What a run would ask for, a line a document; nothing is asked of any site."""
    originals = Originals(folder)
    return [_planned(digest.document, originals) for digest in digests]


def sync(
    digests: Sequence[Digest],
    folder: Path,
    fetcher: Fetcher,
    begin: Callable[[str], None] = lambda _: None,
    tell: Callable[[Outcome], None] = lambda _: None,
) -> tuple[Outcome, ...]:
    """
    Fetch the original of each digest into `folder`; `begin` gets each id, `tell` each outcome, as they come.

    A run that was interrupted in the last 24 hours goes on where it stopped. Raises SyncError where another process is
    at it or the folder cannot be written.
    """
    originals = Originals(folder)
    outcomes: list[Outcome] = []
    with originals.locked():
        started = datetime.now().astimezone()
        asked = tuple(digest.document.id for digest in digests)
        before = originals.done_before(asked, started)
        done = set(before)
        for number, digest in enumerate(digests, 1):
            name = digest.document.id
            begin(name)
            kind, sentence = _DONE if name in before else _fetch(digest, originals, fetcher)
            outcomes.append(Outcome(name, kind, f"[{number}/{len(digests)}] {_named(digest.document)}：{sentence}"))
            tell(outcomes[-1])
            if kind != "failed":
                done.add(name)
                originals.note_run(asked, started, done)
        originals.end_run()
    return tuple(outcomes)


def summary(outcomes: Sequence[Outcome], folder: Path) -> str:
    """“共 25 份：新取回 3 份，没有取到 1 份（某办法）。…”, and what to do next."""
    named = {kind: [each.id for each in outcomes if each.kind == kind] for kind in _LABELS}
    counts = "，".join(f"{_LABELS[kind]} {len(ids)} 份" for kind, ids in named.items() if ids)
    missing = f"（{'、'.join(named['failed'])}）" if named["failed"] else ""
    fresh = named["new"] or named["changed"] or named["done"]
    following = f"原文在 {folder}，请运行 python -m bot index 收录。" if fresh else ""
    return f"共 {len(outcomes)} 份：{counts}{missing}。{following}"


def _fetch(digest: Digest, originals: Originals, fetcher: Fetcher) -> tuple[Kind, str]:
    """By each route until one gives the original; what is there stays where none does."""
    faults: list[str] = []
    for route in routes(digest.document):
        record = originals.record(digest.document.id)
        known = Known(record.url, record.etag, record.modified, record.version) if record else None
        try:
            found = route(digest.document, known, fetcher)
            if found is None and record:
                originals.confirm(_stated(replace(record, checked_on=_now()), digest))
                return "same", "没有变化。"
            if found:
                return _take_with_attachment(digest, found, originals, record, fetcher)
        except FetchError as error:
            faults.append(str(error).rstrip("。"))
    kept = "；现有的原文未动" if originals.present(digest.document.id) else ""
    return "failed", f"没有取到：{'；'.join(faults)}{kept}。" if faults else f"没有取到：{_NO_ROUTE}"


def _take_with_attachment(
    digest: Digest, found: Found, originals: Originals, before: Record | None, fetcher: Fetcher
) -> tuple[Kind, str]:
    """The page; where that holds only the notice, the paper it issues."""
    try:
        return _take(digest, found, originals, before)
    except NoticeOnlyError as notice:
        if len(notice.attachments) != 1:  # none is named like the paper, and which it is cannot be told
            raise
        place = urljoin(found.response.url, notice.attachments[0])
        response = fetcher.get(place, referer=found.response.url)
        return _take(digest, replace(found, response=response), originals, before)


def _take(digest: Digest, found: Found, originals: Originals, before: Record | None) -> tuple[Kind, str]:
    """Look at what came, and keep it where it is the original and new."""
    name, response = digest.document.id, found.response
    present = originals.present(name)
    suffix = suffix_of(response)
    path = originals.incoming(name, suffix, response.body)
    try:
        document = judge(path, response.body, digest.document, present)
        now = _now()
        record = Record(
            id=name,
            file=f"{name}{suffix}",
            url=found.url,
            final_url=response.url,
            title=document.title,
            status=response.status,
            sha256=hashlib.sha256(response.body).hexdigest(),
            bytes=len(response.body),
            fetched_on=now,
            checked_on=now,
            content_type=response.content_type,
            etag=response.etag,
            modified=response.modified,
            version=found.version,
            fields=entry_values(found.fields),
        )
        remark = f"；{found.remark}" if found.remark else ""
        same = present is not None and _same_text(present, document)
        if same and before and before.file == record.file:
            # Only what surrounds the text is new, a counter or a banner: the file stays as it was fetched.
            kept = {"file", "sha256", "bytes", "fetched_on", "title"}
            record = replace(record, **{field: value for field, value in asdict(before).items() if field in kept})
            originals.confirm(_stated(record, digest))
        else:
            originals.put(path, _stated(record, digest), document.text)
    finally:
        path.unlink(missing_ok=True)
    size = f"{suffix[1:]}，{visible(document.text)} 字"
    if same:
        return "same", f"没有变化{remark}。"
    if present:
        return "changed", f"有新文本，已更新（{size}），旧的留在 .earlier{remark}。"
    return "new", f"已取回（{size}）{remark}。"


def _same_text(first: Document, second: Document) -> bool:
    return "".join(first.text.split()) == "".join(second.text.split())


def _stated(record: Record, digest: Digest) -> Record:
    """With its part of the originals' manifest: the corpus's own words, corrected where the site has a newer text."""
    entry = asdict(digest.entry) if digest.entry else {}
    left_out = _OF_THE_DIGEST | (_OF_THE_TEXT if record.fields else frozenset())
    told = {name: value for name, value in entry.items() if name not in left_out}
    note = f"{record.fetched_on[:10]} 取自 {record.url}"
    values = {**told, "title": digest.document.title, **record.fields, "url": record.url, "note": note}
    return replace(record, entry=entry_values(values))


def _planned(document: Document, originals: Originals) -> str:
    record = originals.record(document.id)
    there = f"现有 {record.fetched_on[:10]} 取回的 {record.file}" if record else "还没有原文"
    route = describe_route(document)
    return f"{_named(document)}：" + (f"将访问 {route}；{there}。" if route else f"取不到，{_NO_ROUTE}")


def _named(document: Document) -> str:
    return f"{document.id}（{document.title}）"


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
