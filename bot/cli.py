"""
The command line: python -m bot index | add | retire | docs | diff | ask | search | show | sync | serve | stop | resume
| retain | complaints | staff | backup | restore | directory | report.

    python -m bot ask "瞪羚企业归哪个局培育？"  ->  培育未来产业领域专精特新、瞪羚…。[1] 责任单位：市民营经济局[2]

Every fault is one Chinese sentence on stderr and exit code 1; BOT_DEBUG=1 adds the trace. Heavy parts are imported by
the command that needs them.
"""

from __future__ import annotations

import getpass
import json
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, cast

import typer

from bot.errors import BotError, CorpusError, RecordsError, SettingsError, StoreMissingError
from bot.service.console.commands import add_commands
from bot.settings import settings

if TYPE_CHECKING:
    from bot.answering.pipeline import Pipeline
    from bot.service.records import Records
    from bot.types import Answer, Mode, Outline

INTERRUPTED = 130  # the shell's exit code for Ctrl-C
NOT_ALL_FETCHED = 3  # of `sync`: 1 and 2 are taken by faults and wrong usage
app = typer.Typer(help="政策问答：每句话都指到所依据的条款。", no_args_is_help=True, add_completion=False)

StoreOption = Annotated[Path | None, typer.Option("--store", help="索引所在的文件夹，默认取 BOT_STORE。")]
ModeOption = Annotated[
    str | None,
    typer.Option("--mode", help="quoted：只摘引原文；generated：由大模型作答，逐句核对。默认看有没有设大模型。"),
]
JsonOption = Annotated[bool, typer.Option("--json", help="输出 JSON。")]


def main() -> None:
    """Run the command line; a `BotError` ends it with its sentence, Ctrl-C with exit code 130."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors="replace")
    try:
        code = app(standalone_mode=False)
        if code == INTERRUPTED:  # typer turns Ctrl-C into this
            _stop("已中断，原有内容未受影响。", INTERRUPTED)
    except (KeyboardInterrupt, typer.Abort):
        _stop("已中断，原有内容未受影响。", INTERRUPTED)
    except BrokenPipeError:
        sys.exit(0)
    except BotError as error:
        if _debug():
            raise
        _stop(f"错误：{error}", 1)
    except Exception as error:
        if _debug():
            raise
        show = getattr(error, "show", None)  # typer's own usage errors print themselves
        if show:
            show()
            sys.exit(getattr(error, "exit_code", 2))
        _stop(f"错误：{type(error).__name__}：{error}（设 BOT_DEBUG=1 可看详情）", 1)


def _debug() -> bool:
    try:
        return settings().debug
    except SettingsError:
        return False


def _stop(sentence: str, code: int) -> None:
    typer.echo(sentence, err=True)
    sys.exit(code)


@app.command()
def index(
    paths: Annotated[
        list[Path] | None, typer.Argument(help="要收录的文件或文件夹，默认 corpus/ 和已取回的原文。")
    ] = None,
    store: StoreOption = None,
) -> None:
    """收录文件，建立或更新索引。"""
    _index(paths or settings().sources, store or settings().store)


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(help="要加入语料的文件。")],
    store: StoreOption = None,
    fields: Annotated[
        list[str] | None,
        typer.Option("--set", help="清单里的字段，如 --set level=规范性文件；可写多个，对所列文件都有效。"),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="换下同名文件原来的正文。")] = False,
) -> None:
    """把文件放进语料文件夹、记入清单，并更新索引。"""
    from bot.documents.catalogue import catalogue, render
    from bot.documents.library import add as add_file
    from bot.documents.manifest import field_of

    known = dict(map(field_of, fields or ()))
    problems: list[str] = []
    for file in files:
        try:
            outline = add_file(settings().corpus, file, known, replace)
            typer.echo(render(catalogue([outline], date.today())))
        except CorpusError as error:
            problems.append(str(error))
    if len(problems) < len(files):
        _update(store or settings().store)
    if problems:
        raise CorpusError("".join(problems))


@app.command()
def retire(
    document: Annotated[str, typer.Argument(help="文件编号。")],
    state: Annotated[str, typer.Option(help="废止、到期；恢复效力写现行。")] = "废止",
    on: Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="失效日期。")] = None,
    store: StoreOption = None,
) -> None:
    """在清单里标明一份文件已经失效，并更新索引。"""
    from bot.documents.library import retire as retire_file
    from bot.documents.manifest import field_of

    _, known = field_of(f"state={state}")
    path = retire_file(settings().sources, document, known, on.date() if on else None)
    typer.echo(f"{path.name} 已标为{state}。")
    _update(store or settings().store)


@app.command()
def docs(as_json: JsonOption = False, store: StoreOption = None) -> None:
    """列出索引里的文件：文号、层级、日期和效力状态。"""
    from bot.documents.catalogue import catalogue, render
    from bot.index.store import indexed_outlines

    entries = catalogue(indexed_outlines(store or settings().store), date.today())
    if as_json:
        typer.echo(json.dumps([entry.as_json for entry in entries], ensure_ascii=False, indent=2))
    else:
        typer.echo(render(entries))


@app.command()
def diff(
    old: Annotated[str, typer.Argument(help="旧版的编号（见 docs）或文件路径。")],
    new: Annotated[str, typer.Argument(help="新版的编号或文件路径。")],
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """逐条比较一份文件的两个版本：新增、删除、修改、移动。"""
    from bot.documents.diff import compare, render

    difference = compare(*(_version(name, store or settings().store) for name in (old, new)))
    if as_json:
        rows = [change.as_json for change in difference.changes]
        told = {"facts": difference.facts, "changes": rows, "unchanged": difference.unchanged}
        typer.echo(json.dumps(told, ensure_ascii=False, indent=2))
    else:
        typer.echo(render(difference))


def _version(name: str, store: Path) -> Outline:
    """A file's outline as it is now, or the one of an indexed document."""
    from bot.documents.corpus import read_corpus
    from bot.index.store import indexed_outlines

    if Path(name).is_file():
        return read_corpus([Path(name)]).outlines[0]
    outlines = {outline.document.id: outline for outline in indexed_outlines(store)}
    if name not in outlines:
        raise CorpusError(f"没有编号为“{name}”的文件，也没有这个路径的文件；编号请用 python -m bot docs 查看。")
    return outlines[name]


def _update(store: Path) -> None:
    """Index what the index was built from, and what is indexed unless something else is named."""
    from bot.index.build import paths_to_update

    _index(paths_to_update(store, settings().sources), store)


def _index(paths: list[Path], folder: Path) -> None:
    from bot.index.build import build
    from bot.index.embed import open_embedder

    report = build(paths, folder, open_embedder(settings()), _progress, settings().chroma_url)
    for problem in report.problems:
        typer.echo(f"未收录：{problem}", err=True)
    for sentence in report.replaced:
        typer.echo(sentence, err=True)
    counts = (("新增", report.added), ("更新", report.changed), ("沿用", report.kept), ("移除", report.removed))
    changes = "，".join(f"{what} {len(names)} 份" for what, names in counts if names)
    typer.echo(f"索引已就绪：{changes}，共 {report.chunks} 段，用时 {report.seconds:.1f} 秒（{folder}）")


def _progress(step: str, done: int, total: int) -> None:
    """One line a step on a terminal, rewritten as it goes on; only the ends elsewhere."""
    if sys.stderr.isatty():
        typer.echo(f"\r{step} {done}/{total}", nl=done == total, err=True)
    elif done == total:
        typer.echo(f"{step} {total}", err=True)


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="问题。")] = None,
    as_json: JsonOption = False,
    batch: Annotated[
        Path | None, typer.Option("--batch", help="逐行提问的 JSONL：id、question，可带 history。")
    ] = None,
    out: Annotated[Path | None, typer.Option("--out", help="与 --batch 同用：回答写到这个 JSONL。")] = None,
    store: StoreOption = None,
    mode: ModeOption = None,
    removed: Annotated[bool, typer.Option("--removed", help="末尾列出大模型写了、核对没有通过的句子和原因。")] = False,
) -> None:
    """提一个问题，或用 --batch 提一批。"""
    if (batch is None) != (out is None):
        raise CorpusError("--batch 和 --out 要一起用：一个是提问文件，一个是回答写到哪个文件。")
    if batch is not None and out is not None:
        if question is not None:
            raise CorpusError("问题和 --batch 只能用一个。")
        _ask_batch(batch, out, store, mode)
        return
    if question is None:
        raise CorpusError('请写出问题，例如：python -m bot ask "中试平台由哪个部门负责"。')
    pipeline = _pipeline(store, mode)
    if as_json:
        from bot.answering.report import row

        typer.echo(json.dumps(row(pipeline.invoke(question)), ensure_ascii=False, indent=2))
    else:
        _print_answers(pipeline.stream(question), removed)


def _print_answers(answers: Iterable[Answer], with_removed: bool) -> None:
    """Each sentence as soon as it is there, then the sources; where asked for, what the check took out."""
    from bot.documents.flags import flag_note
    from bot.retrieval.understand import FROM_HISTORY
    from bot.service.removed import removed_lines
    from bot.service.words import AI_NOTICE

    printed = 0
    for answer in answers:
        for typed, meant in () if printed else answer.query.changes:
            typer.echo(f"（已理解为：{meant}）" if typed == FROM_HISTORY else f"（已将“{typed}”理解为“{meant}”）")
        for line in answer.lines[printed:]:
            typer.echo(line)
        printed = len(answer.sentences)
        sys.stdout.flush()
    for citation in answer.citations:
        clause = citation.clause
        place = " › ".join(clause.path) or clause.ref
        typer.echo(f"[{citation.number}] {clause.document.title} › {place}{flag_note(citation.flags)}")
    if with_removed and answer.removed:
        typer.echo("核对没有通过、未采用的句子：")
        for line in removed_lines(answer.removed):
            typer.echo(line)
    if answer.mode == "generated":
        typer.echo(AI_NOTICE)


def _ask_batch(source: Path, target: Path, store: Path | None, mode: str | None) -> None:
    """A row out for every row in, in order; a bad row becomes an error row."""
    from bot.answering.report import error_row, row

    try:
        lines = [line for line in source.read_text(encoding="utf-8-sig").split("\n") if line.strip()]
    except UnicodeDecodeError as error:
        raise CorpusError(f"提问文件 {source} 不是 UTF-8 编码，请另存为 UTF-8 的 JSONL 文件。") from error
    except OSError as error:
        raise CorpusError(f"读不了提问文件 {source}，请检查路径和权限。") from error
    if not lines:
        raise CorpusError(f"提问文件 {source} 是空的，每行应为含 id 和 question 的 JSON 对象。")
    if source.resolve() == target.resolve() or not target.resolve().parent.is_dir():
        raise CorpusError(f"回答不能写到 {target}，请换一个已有文件夹里的新文件。")
    pipeline = _pipeline(store, mode)
    failures = 0
    try:
        with target.open("w", encoding="utf-8", errors="replace") as file:
            for number, line in enumerate(lines, 1):
                asked, cause = _read_row(line)
                bad = error_row(asked, number, cause) if cause else None
                told = bad or row(pipeline.invoke(asked), asked.get("id"))
                failures += str(told["status"]).startswith("error")
                file.write(json.dumps(told, ensure_ascii=False) + "\n")
                file.flush()
    except OSError as error:
        cause = error.strerror or str(error)
        raise CorpusError(f"写不了回答文件 {target}：{cause}。请换一个可写的位置，或清理磁盘后重试。") from error
    if failures:
        typer.echo(f"共 {len(lines)} 行，其中 {failures} 行没能提问，原因见回答文件。", err=True)


def _read_row(line: str) -> tuple[dict[str, Any], str | None]:
    """The row and, where it cannot be asked, why."""
    try:
        asked = json.loads(line)
    except (json.JSONDecodeError, RecursionError):
        return {}, "不是有效的 JSON"
    if not isinstance(asked, dict):
        return {}, "不是一个 JSON 对象"
    if not isinstance(asked.get("question"), str):
        return asked, "缺少文字形式的 question"
    return asked, None


@app.command()
def search(
    question: Annotated[str, typer.Argument(help="要查的内容。")],
    top_k: Annotated[int, typer.Option("-k", min=1, max=1000, help="返回几段。")] = 5,
    as_json: JsonOption = False,
    store: StoreOption = None,
) -> None:
    """只检索，不回答：看哪些条款被找到，各排第几。"""
    from bot.answering.report import hit_row

    pipeline = _pipeline(store, "quoted")
    query = pipeline.understand(question)
    rows = [hit_row(hit) for hit in pipeline.retrieve(query, top_k)]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for place, found in enumerate(rows, 1):
        ranks = f"向量第 {found['dense_rank'] or '—'}，字面第 {found['lexical_rank'] or '—'}"
        typer.echo(f"{place}. {found['ref']} {' › '.join(found['path'])}（{ranks}，{found['score']:.4f}）")
        typer.echo(f"   {found['text']}")


@app.command()
def show(document: Annotated[str, typer.Argument(help="文件编号（corpus/ 里的文件名去掉扩展名）或文件路径。")]) -> None:
    """打印一份文件的结构和各段责任单位。"""
    from bot.documents.corpus import read_corpus
    from bot.documents.outline import render

    path = Path(document)
    outlines = read_corpus([path] if path.exists() else settings().sources).outlines
    names = {outline.document.id: outline.document.title for outline in outlines}
    chosen = [each for each in outlines if path.exists() or document in (each.document.id, each.document.title)]
    if not chosen:
        known = "、".join(f"{name}（{title}）" for name, title in names.items())
        raise CorpusError(f"没有编号为“{document}”的文件。现有：{known}。")
    typer.echo("\n\n".join(render(outline) for outline in chosen))


@app.command()
def sync(
    names: Annotated[
        list[str] | None, typer.Argument(metavar="编号", help="只取这几份，默认清单里的每一份要点摘编。")
    ] = None,
    check: Annotated[bool, typer.Option("--check", help="只说会去哪里取、现有什么，不访问网站。")] = False,
    pause: Annotated[float, typer.Option(min=0, help="对同一网站两次请求之间停几秒。")] = 2.0,
) -> None:
    """到官方网站取回清单所列文件的原文；有没取到的，退出码为 3。"""
    from bot.documents.sync.fetch import Fetcher
    from bot.documents.sync.run import plan, summary, sync, wanted_documents

    wanted = wanted_documents([settings().corpus], names or [])
    for problem in wanted.problems:
        typer.echo(f"没有列入：{problem}", err=True)
    if check:
        for line in plan(wanted.digests, settings().originals):
            typer.echo(line)
        return
    with Fetcher(settings().mirrors, pause=pause) as fetcher:
        outcomes = sync(wanted.digests, settings().originals, fetcher, _begin, lambda done: typer.echo(done.line))
    typer.echo(summary(outcomes, settings().originals))
    if any(outcome.kind == "failed" for outcome in outcomes):
        sys.exit(NOT_ALL_FETCHED)


def _begin(name: str) -> None:
    """On a terminal, what is waited for; the line of its outcome is written over it."""
    if sys.stderr.isatty():
        typer.echo(f"正在取 {name}……\r", nl=False, err=True)


@app.command()
def serve(
    host: Annotated[str | None, typer.Option(help="监听地址，默认取 BOT_HOST。")] = None,
    port: Annotated[int | None, typer.Option(help="端口，默认取 BOT_PORT。")] = None,
    store: StoreOption = None,
    workers: Annotated[
        int | None, typer.Option("--workers", min=1, max=64, help="几个进程一起回答，默认取 BOT_WORKERS。")
    ] = None,
) -> None:
    """启动网页服务，与 python app.py 相同。"""
    from bot.service.start import serve as start

    start(
        host or settings().host,
        port or settings().port,
        store or settings().store,
        workers or settings().workers,
    )


ReasonOption = Annotated[str, typer.Option("--reason", help="原因，记入审计。")]


@app.command()
def stop(reason: ReasonOption) -> None:
    """暂停回答：所有进程一秒内改为 503 和说明页。"""
    with _records() as records:
        records.stop(reason, _user())
    typer.echo("已暂停回答；恢复请用 python -m bot resume --reason …")


@app.command()
def resume(reason: ReasonOption) -> None:
    """恢复回答。"""
    with _records() as records:
        records.resume(reason, _user())
    typer.echo("已恢复回答。")


@app.command()
def retain() -> None:
    """删去超过保存期的记录；服务自己每天也做一次。"""
    with _records() as records:
        gone = records.retain()
    typer.echo(
        f"已删去：访问日志 {gone.access} 条，问答记录 {gone.answers} 条，评价 {gone.feedback} 条，"
        f"复核 {gone.reviews} 条，"
        f"已办结的投诉 {gone.complaints} 件，过期密钥 {gone.secrets} 个。"
    )


@app.command()
def complaints(
    close: Annotated[str | None, typer.Option("--close", help="办结这个受理编号，同时删去联系方式。")] = None,
    reply: Annotated[str, typer.Option("--reply", help="给投诉人看的答复。")] = "",
) -> None:
    """列出未办结的投诉，或用 --close 编号 --reply 答复 办结一件。"""
    with _records() as records:
        if close:
            if not reply.strip():
                raise RecordsError("办结要写明答复：--reply …")
            if not records.close_complaint(close, reply.strip()):
                raise RecordsError(f"没有编号为“{close}”的未办结投诉。")
            typer.echo(f"{close} 已办结。")
            return
        for row in records.complaints():
            typer.echo(
                f"{row['number']}（{row['due']:%Y-%m-%d} 前答复）{row['text']} 联系方式：{row['contact'] or '无'}"
            )


@app.command()
def report(
    week: Annotated[
        str | None, typer.Option("--week", help="哪一周，如 2026-W47 或这一周的任一天 2026-11-18；默认上一周。")
    ] = None,
    out: Annotated[Path, typer.Option("--out", help="写到哪个文件夹。")] = Path(),
    store: StoreOption = None,
) -> None:
    """写一份周报，Markdown 和 Word 各一份：提问和作答、没能作答的问题、引用和覆盖情况。"""
    from bot.index.embed import open_embedder
    from bot.index.store import open_store
    from bot.service.console.insight.figures import week_named
    from bot.service.console.insight.report import as_docx, as_markdown, weekly

    period = week_named(week)
    if not out.is_dir():
        raise CorpusError(f"没有文件夹 {out}，请换一个已有的文件夹。")
    with _records() as records, open_store(store or settings().store, open_embedder(settings())) as opened:
        records.count()
        made = weekly(records, opened, period, settings())
    for ending, content in ((".md", as_markdown(made).encode()), (".docx", as_docx(made))):
        path = out / f"{made.name}{ending}"
        path.write_bytes(content)
        typer.echo(f"已写成 {path}")


@contextmanager
def _records() -> Iterator[Records]:
    from bot.service.records import open_records

    with closing(open_records(settings())) as records:
        yield records


def _user() -> str:
    """Who is at the command line, for the audit."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # a container's user without a name
        return str(os.getuid())


add_commands(app, _user)


def _pipeline(store: Path | None, mode: str | None = None) -> Pipeline:
    """The pipeline over `store`; the default index is built first where there is none."""
    from bot.answering.pipeline import open_pipeline

    if mode not in (None, "quoted", "generated"):
        raise SettingsError(f"--mode 只能是 quoted 或 generated，不是“{mode}”。")
    wanted = cast("Mode | None", mode)
    try:
        return open_pipeline(store, wanted)
    except StoreMissingError:
        if store is not None:
            raise
        typer.echo("首次使用，正在建立索引……", err=True)
        index(None, None)
        return open_pipeline(None, wanted)
