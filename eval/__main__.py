"""
Ask the evaluation's questions, score the replies, print and keep the figures.

    python -m eval --set dev --show wrong
    python -m eval --from answers.jsonl --floors eval/floors.toml
    python -m eval --set dev --system baseline
    python -m eval --set dev --mode generated --limit 50
    python -m eval --set regulations --with DIR
    python -m eval retrieval DIR --split train
    python -m eval spans DIR --show wrong
    python -m eval digests [DIR]
    python -m eval grounding [--store STORE] [--with DIR]
    python -m eval redteam [--show wrong]
    python -m eval curated [--learn]
    python -m eval compare before.json after.json
    python -m eval report FOLDER

    ->  tables on the screen, eval/results/dev-latest.json, exit 1 where a floor is broken
"""

from __future__ import annotations

import shlex
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar, cast

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import track

from bot.errors import BotError
from bot.settings import PROJECT, settings
from bot.types import Outline
from eval import report
from eval.errors import EvaluationError
from eval.floors import complaints, read_floors
from eval.generate import Bot, System, bot_over, corpus_texts, generate, open_over, open_system
from eval.metrics import Judgement, by_kind, judge_all, summarise
from eval.questions import REGULATIONS, SETS, Question, load_set
from eval.rows import Row, read_rows, write_rows
from eval.samples import as_json

if TYPE_CHECKING:
    from bot.types import Mode

ORIGINALS = PROJECT.parent / "shared" / "regulations"

app = typer.Typer(add_completion=False, help=__doc__, pretty_exceptions_show_locals=False)
out, err = Console(), Console(stderr=True)
Item = TypeVar("Item")


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    questions_of: Annotated[
        str, typer.Option("--set", help="dev、held、all、regulations、regulations-held 或 .jsonl")
    ] = "all",
    system: Annotated[str, typer.Option(help="bot（本项目）或 baseline（教程做法）")] = "bot",
    saved: Annotated[Path | None, typer.Option("--from", help="不提问，只给已有的 OUT.jsonl 打分")] = None,
    folder: Annotated[Path | None, typer.Option("--out", help="结果存到哪里，默认 eval/results")] = None,
    floors: Annotated[Path | None, typer.Option(help="下限文件；有指标越限时以 1 退出")] = None,
    show: Annotated[str, typer.Option(help="wrong：列出答错的问题（留出集只列编号）")] = "",
    store: Annotated[Path | None, typer.Option(help="索引目录，默认用设置里的")] = None,
    beside: Annotated[Path | None, typer.Option("--with", help="语料库以外一并建索引的文件夹，法规题用")] = None,
    calibration: Annotated[bool, typer.Option("--calibration", help="另记作答把握与对错，供报告画校准图")] = False,
    mode: Annotated[str, typer.Option(help="quoted（摘引原文）或 generated（设好的大模型作答）")] = "quoted",
    limit: Annotated[int | None, typer.Option(min=1, help="只问前几问")] = None,
    progress: Annotated[Path | None, typer.Option("--progress", help="每问一题，把“已问/共问”写进这个文件")] = None,
    readme: Annotated[bool, typer.Option("--readme", help="只把已存的结果写进 README 的表格")] = False,
) -> None:
    """评测：提问、打分、列表、存档。"""
    if context.invoked_subcommand:
        return
    with _told():
        if readme:
            report.insert_table(PROJECT / "README.md", report.markdown(report.saved_results()))
            return
        _check_show(show)
        _check_mode(mode, "已存的答案" if saved else system)
        if questions_of in REGULATIONS and beside is None:
            raise EvaluationError(f"{questions_of} 问的是法规，请用 --with 指明法规文件所在的文件夹。")
        if beside and not beside.is_dir():
            out.print(f"没有文件夹 {beside}，{questions_of} 没有评测。", highlight=False, soft_wrap=True)
            return
        papers = [settings().corpus, *([beside] if beside else [])]
        wanted = cast("Mode", mode)
        broken = _evaluate(
            questions_of,
            system,
            saved,
            folder,
            floors,
            show == "wrong",
            store,
            papers,
            calibration,
            wanted,
            limit,
            progress,
        )
    if broken:
        raise typer.Exit(1)


@app.command("calibrate")
def calibrate_command(
    store: Annotated[Path | None, typer.Option(help="索引目录，默认用设置里的")] = None,
    beside: Annotated[Path | None, typer.Option("--with", help="语料库以外一并建索引的文件夹")] = None,
    plot: Annotated[Path, typer.Option(help="校准图存到哪里")] = PROJECT / "docs" / "calibration.png",
) -> None:
    """用调试题学出何时拒答，改写 bot/answering/answerable.toml；--with 加上法规文件和法规题一起学。"""
    from bot.answering.pipeline import open_pipeline
    from eval.calibrate import calibrate

    plan = load_set("dev")
    with bot_over([settings().corpus, beside]) if beside else nullcontext() as wide:
        sets = {"方案题": (open_pipeline(store, "quoted"), plan)}
        if wide:
            sets["方案题，旁有法规"] = (wide.pipeline, plan)
            sets["法规题"] = (wide.pipeline, load_set("regulations"))
            sets["该不该答的题"] = (wide.pipeline, load_set("refusals"))
        out.print(calibrate(sets, plot))


@app.command("rank")
def rank_command(
    beside: Annotated[Path, typer.Option("--with", help="语料库以外一并建索引的文件夹")],
    store: Annotated[Path | None, typer.Option(help="两者一起的索引，默认建在临时文件夹里")] = None,
) -> None:
    """用调试题学出法规里哪一句来答，改写 bot/answering/ranking.toml。"""
    from eval.rank import choices, learn

    with bot_over([settings().corpus, beside], store) as wide:
        sets = [list(choices(wide.pipeline, load_set(name))) for name in ("regulations", "refusals", "dev")]
        out.print(learn(sets))


@app.command("retrieval")
def retrieval_command(
    collection: Annotated[Path, typer.Argument(metavar="DIR", help="BEIR 格式的文件夹")],
    split: Annotated[str, typer.Option(help="用 qrels 里的哪一份")],
    limit: Annotated[int | None, typer.Option(min=1, help="只问前几问")] = None,
    folder: Annotated[Path | None, typer.Option("--out", help="结果存到哪里，默认 eval/results")] = None,
    plot: Annotated[Path | None, typer.Option(help="图存到哪里，默认 docs/")] = None,
) -> None:
    """只评检索：BM25、向量、混合并排，设了 BOT_RERANKER 时加上重排。"""
    from bot.index.embed import open_embedder
    from bot.retrieval.rerank import Reranker
    from eval import retrieval
    from eval.beir import read_beir

    def show(queries: Sequence[str], label: str) -> Iterator[str]:
        yield from track(queries, label, console=err, transient=True)

    with _told():
        read = read_beir(collection, split)
        asked = read.first(limit) if limit else read
        name = f"{read.name}-{split}" + (f"-{limit}" if limit else "")
        err.print(f"索引 {len(asked.passages)} 段……", highlight=False)
        rerank = Reranker.load(settings().reranker).rerank if settings().reranker else None
        measured = retrieval.evaluate(asked, open_embedder(settings()), rerank, show)
        out.print(retrieval.table(name, measured))
        content = {"run": report.describe_run("bot", name, _command()), **measured.as_json()}
        path = report.save(folder or report.RESULTS, f"retrieval-{name}", content)
        retrieval.draw(name, measured, plot or PROJECT / "docs" / f"retrieval-{name}.png")
        out.print(f"结果存于 {path}", highlight=False)


@app.command("spans")
def spans_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="有 docs/ 和 questions.jsonl 的文件夹")],
    system: Annotated[str, typer.Option(help="bot（本项目）或 baseline（BM25 句窗）")] = "bot",
    limit: Annotated[int | None, typer.Option(min=1, help="只问前几问")] = None,
    show: Annotated[str, typer.Option(help="wrong：列出没有答到的问题")] = "",
    store: Annotated[Path | None, typer.Option(help="索引留在哪里，默认用完即删")] = None,
    answers: Annotated[Path | None, typer.Option(help="答案存到这个 .jsonl 文件")] = None,
    kept: Annotated[Path | None, typer.Option("--out", help="结果存到哪里，默认 eval/results")] = None,
    calibration: Annotated[bool, typer.Option("--calibration", help="另记作答把握与对错，供报告画校准图")] = False,
) -> None:
    """外来文件上的原文片段题：建临时索引、提问、打分、存档。"""
    from eval.spans import report as shown
    from eval.spans.ask import open_system as open_spans
    from eval.spans.metrics import judge_all as judge_spans
    from eval.spans.questions import read_spans
    from eval.spans.samples import samples

    with _told():
        _check_show(show)
        _check_calibration(calibration, system)
        questions = read_spans(folder)[:limit]
        name = f"spans-{folder.resolve().name}" + (f"-{limit}" if limit else "")
        err.print("建索引……", highlight=False)
        with open_spans(system, folder, store) as asked:
            rows = list(_tracked(generate(asked, questions), "提问", len(questions)))
            judgements = judge_spans(questions, rows)
            content = shown.result(judgements, report.describe_run(system, name, _command()))
            if calibration and isinstance(asked, Bot):
                content["calibration"] = as_json(_tracked(samples(asked.pipeline, questions), "校准", None))
        out.print(shown.table(f"{system} · {name}", content["overall"]))
        if show:
            for question, row, judgement in zip(questions, rows, judgements, strict=True):
                if not judgement.covered:
                    out.print(escape(shown.comparison(question, row)), highlight=False)
        if answers:
            write_rows(answers, rows)
        out.print(
            f"结果存于 {report.save(kept or report.RESULTS, report.stem(system, name), content)}", highlight=False
        )


@app.command("grounding")
def grounding_command(
    store: Annotated[Path | None, typer.Option(help="用哪个索引里的文件，默认读语料库")] = None,
    beside: Annotated[list[Path] | None, typer.Option("--with", help="语料库以外一并读入的文件夹，可以重复")] = None,
    show: Annotated[str, typer.Option(help="wrong：列出判错的句子（只列练习半）")] = "",
    floors: Annotated[Path | None, typer.Option(help="下限文件；有指标越限时以 1 退出")] = None,
    seed: Annotated[int, typer.Option(help="换一个数，换一批句子")] = 6,
    folder: Annotated[Path | None, typer.Option("--out", help="结果存到哪里，默认 eval/results")] = None,
) -> None:
    """核对生成的句子：由索引里的文件造出真句和假句，看核对查得出多少假句、误报多少真句。"""
    from bot.answering.ground import Grounder
    from eval.grounding import metrics, written
    from eval.grounding import report as grounding
    from eval.grounding.build import build

    with _told():
        _check_show(show)
        limits = read_floors(floors, "grounding") if floors else None
        outlines = _outlines(store, beside or [])
        named = [*([store] if store else []), *(beside or [])]
        name = "-".join(["grounding", *(path.resolve().name for path in named)])
        cases = (*build(outlines, seed), *written.written(outlines))
        checks = metrics.judge(cases, Grounder(outlines).check)
        judgements = list(_tracked(checks, "核对", len(cases)))
        run = report.describe_run("bot", name, _command())
        out.print(grounding.overall_table(name, judgements))
        out.print(grounding.kind_table(judgements))
        if absent := grounding.missing(judgements):
            out.print(absent, highlight=False, soft_wrap=True)
        if show:
            for told in grounding.wrong(judgements):
                out.print(escape(told), highlight=False, soft_wrap=True)
        path = report.save(folder or report.RESULTS, name, grounding.result(judgements, run))
        path.with_suffix(".md").write_text(grounding.markdown(name, judgements, run), encoding="utf-8")
        out.print(f"结果存于 {path} 和同名的 .md", highlight=False)
        broken = complaints(name, metrics.summarise(judgements), limits) if limits else []
        for complaint in broken:
            err.print(escape(complaint), style="red")
    if broken:
        raise typer.Exit(1)


@app.command("redteam")
def redteam_command(
    store: Annotated[Path | None, typer.Option(help="索引目录，默认用设置里的")] = None,
    show: Annotated[str, typer.Option(help="wrong：列出没有应对好的问题（只列练习半）")] = "",
    mode: Annotated[str, typer.Option(help="quoted（摘引原文）、generated（由听命于攻击的模型作答）或 both")] = "both",
    floors: Annotated[Path | None, typer.Option(help="下限文件；有指标越限时以 1 退出")] = None,
    folder: Annotated[Path | None, typer.Option("--out", help="结果存到哪里，默认 eval/results")] = None,
) -> None:
    """红队：攻击和与之相似的无害问题，看有没有泄露、照办，拒答得不得当，误判多少。"""
    from bot.answering.pipeline import open_pipeline
    from eval.redteam import report as redteam
    from eval.redteam.ask import MODES, judge_all
    from eval.redteam.cases import POISONED, load_cases
    from eval.redteam.metrics import summarise as summarise_redteam

    broken: list[str] = []
    with _told():
        _check_show(show)
        if mode not in (*MODES, "both"):
            raise EvaluationError(f"--mode 只能是 quoted、generated 或 both，不是“{mode}”。")
        limits = read_floors(floors, "redteam") if floors else None
        cases = load_cases()
        plain = open_pipeline(store, "quoted")
        with bot_over([settings().corpus, POISONED]) as poisoned:
            for each in MODES if mode == "both" else (cast("Mode", mode),):
                name = f"redteam-{each}"
                judged = judge_all(cases, plain, poisoned.pipeline, each)
                judgements = list(_tracked(judged, "提问", len(cases)))
                out.print(redteam.overall_table(name, judgements))
                out.print(redteam.kind_table(judgements))
                if show:
                    for told in redteam.wrong(judgements):
                        out.print(escape(told), highlight=False, soft_wrap=True)
                content = redteam.result(judgements, report.describe_run("bot", name, _command()))
                out.print(f"结果存于 {report.save(folder or report.RESULTS, name, content)}", highlight=False)
                broken += complaints(name, summarise_redteam(judgements), limits) if limits else []
        for complaint in broken:
            err.print(escape(complaint), style="red")
    if broken:
        raise typer.Exit(1)


@app.command("curated")
def curated_command(
    questions_of: Annotated[str, typer.Option("--set", help="dev、held、fresh 或 all")] = "all",
    show: Annotated[str, typer.Option(help="wrong：列出认错的问题（只列 dev）")] = "",
    learn: Annotated[bool, typer.Option("--learn", help="先用 dev 学出何时算同一问题，改写 likeness.toml")] = False,
    floors: Annotated[Path | None, typer.Option(help="下限文件；有指标越限时以 1 退出")] = None,
    folder: Annotated[Path | None, typer.Option("--out", help="结果存到哪里，默认 eval/results")] = None,
) -> None:
    """人工审定答复的匹配：换种问法认不认得，相似但不同的问题会不会误答。"""
    from bot.index.embed import load_embedder
    from bot.service.curated.likeness import model
    from bot.service.curated.reading import Reader
    from bot.settings import OWN_EMBEDDING
    from eval.curated import cases as curated_cases
    from eval.curated import report as curated_report
    from eval.curated.metrics import judge

    broken: list[str] = []
    with _told():
        _check_show(show)
        reader = Reader(load_embedder(Path(OWN_EMBEDDING)), settings().home)
        if learn:
            from eval.curated.learn import learn as learn_likeness

            out.print(learn_likeness(curated_cases.load_cases("dev"), reader), highlight=False)
            model.cache_clear()
        measured = {}
        for name in curated_cases.SETS if questions_of == "all" else (questions_of,):
            for way in curated_cases.WAYS:
                figures, asked = judge(curated_cases.load_cases(name, way), reader)
                measured[f"{name}-{way}"] = figures
                if show and name == "dev":
                    for told in curated_report.wrong(asked):
                        out.print(escape(told), highlight=False, soft_wrap=True)
                if floors:
                    broken += complaints(f"curated-{way}", figures.as_json, read_floors(floors, f"curated-{way}"))
        out.print(curated_report.table(measured))
        content = {"run": report.describe_run("bot", "curated", _command())}
        content |= {name: figures.as_json for name, figures in measured.items()}
        out.print(f"结果存于 {report.save(folder or report.RESULTS, 'curated', content)}", highlight=False)
        for complaint in broken:
            err.print(escape(complaint), style="red")
    if broken:
        raise typer.Exit(1)


@app.command("digests")
def digests_command(
    originals: Annotated[Path, typer.Argument(metavar="DIR", help="放法规原文的文件夹")] = ORIGINALS,
) -> None:
    """核对要点摘编：条号在不在、数字对不对、有没有照抄原文。有差错时以 1 退出。"""
    from eval.digests import check_digests

    with _told():
        check = check_digests(settings().corpus, originals)
        for fault in check.faults:
            err.print(escape(fault), style="red", highlight=False, soft_wrap=True)
        out.print(check.summary, highlight=False, soft_wrap=True)
        if check.unchecked:
            out.print(f"没有原文可对：{'、'.join(check.unchecked)}", style="dim", highlight=False, soft_wrap=True)
    if check.faults:
        raise typer.Exit(1)


@app.command("compare")
def compare_command(
    before: Annotated[Path, typer.Argument(metavar="BEFORE", help="先前的结果 .json，或答案 .jsonl")],
    after: Annotated[Path, typer.Argument(metavar="AFTER", help="后来的结果 .json，或答案 .jsonl")],
) -> None:
    """比较两次结果：各项之差、是不是偶然、哪些题变了（留出集只列编号）。"""
    from eval import comparison
    from eval.runs import read_run

    with _told():
        compared = comparison.compare(read_run(before), read_run(after))
        out.print(comparison.overall_table(compared))
        kinds = comparison.kind_table(compared)
        if kinds:
            out.print(kinds)
        out.print(comparison.verdict(compared), highlight=False)
        texts = {question.id: question.question for name in ("dev", "regulations") for question in load_set(name)}
        for line in comparison.changed(compared, texts):
            out.print(line, highlight=False, soft_wrap=True)


@app.command("report")
def report_command(
    folder: Annotated[Path, typer.Argument(metavar="FOLDER", help="报告写到哪里")],
    results: Annotated[Path, typer.Option(help="结果在哪里")] = report.RESULTS,
) -> None:
    """把存下的结果写成报告：report.md、report.json、report.html。"""
    from eval.overview import read_runs, write

    with _told():
        paths = write(read_runs(results), folder)
        out.print(f"报告写于 {'、'.join(map(str, paths))}", highlight=False, soft_wrap=True)


def _outlines(store: Path | None, beside: Sequence[Path]) -> Sequence[Outline]:
    """The papers of an index, or of the corpus and these folders, which need none."""
    from bot.documents.corpus import read_corpus
    from bot.index.store import indexed_outlines

    if store:
        return indexed_outlines(store)
    missing = [str(path) for path in beside if not path.is_dir()]
    if missing:
        raise EvaluationError(f"没有文件夹 {'、'.join(missing)}，请检查路径。")
    return read_corpus([settings().corpus, *beside]).outlines


@contextmanager
def _told() -> Iterator[None]:
    """A fault becomes one sentence and exit status 2."""
    try:
        yield
    except BotError as error:
        if settings().debug:
            raise
        err.print(f"错误：{escape(str(error))}", style="red")
        raise typer.Exit(2) from error


def _check_mode(mode: str, system: str) -> None:
    if mode not in ("quoted", "generated"):
        raise EvaluationError(f"--mode 只能是 quoted 或 generated，不是“{mode}”。")
    if mode == "generated" and system != "bot":
        raise EvaluationError(f"--mode generated 只能用于 bot，{system}不问大模型。")


def _check_show(show: str) -> None:
    if show not in {"", "wrong"}:
        raise EvaluationError(f"--show 只能是 wrong，不是“{show}”。")


def _command() -> str:
    return shlex.join(["python", "-m", "eval", *sys.argv[1:]])


def _evaluate(
    questions_of: str,
    system: str,
    saved: Path | None,
    folder: Path | None,
    floors: Path | None,
    show_wrong: bool,
    store: Path | None,
    papers: Sequence[Path],
    calibration: bool,
    mode: Mode,
    limit: int | None,
    progress: Path | None = None,
) -> bool:
    """True where a floor is broken. More papers than the corpus are indexed first."""
    questions = load_set(questions_of)[:limit]
    known = questions_of in {**SETS, **REGULATIONS}
    name = (questions_of if known else Path(questions_of).stem) + (f"-{limit}" if limit else "")
    limits = read_floors(floors, name) if floors else None  # before the long part
    _check_calibration(calibration, "已存的答案" if saved else system)
    with nullcontext() if saved else _opened(system, store, papers, mode) as asked:
        rows = (
            list(_noted(_tracked(generate(asked, questions), "提问", len(questions)), len(questions), progress))
            if asked
            else read_rows(saved or Path())
        )
        weighed = _weighed(asked, questions) if calibration else None
    judgements = judge_all(questions, rows, corpus_texts(papers))
    figures = summarise(judgements)
    out.print(report.overall_table(f"{saved or system} · {name}", figures))
    out.print(report.kind_table(by_kind(judgements)))
    written = [row["written"] for row in rows if "written" in row]
    if mode == "generated":
        from eval import generated

        out.print(generated.table(written))
    if show_wrong:
        _print_wrong(questions, rows, judgements)
    # A run made elsewhere, or on other questions, is kept only where someone says to put it.
    if folder or (known and not saved):
        stem = saved.stem if saved else report.stem(mode if mode == "generated" else system, name)
        run = report.describe_run(saved.name if saved else system, name, _command())
        content = report.result(judgements, run)
        if weighed:
            content["calibration"] = weighed
        if mode == "generated":
            content["generated"] = generated.result(written)
        path = report.save(folder or report.RESULTS, stem, content)
        if not saved:
            write_rows(path.with_name(f"{stem}-answers.jsonl"), rows)
        out.print(f"结果存于 {path}", highlight=False)
    broken = complaints(name, figures, limits) if limits else []
    for complaint in broken:
        err.print(escape(complaint), style="red")
    return bool(broken)


@contextmanager
def _opened(system: str, store: Path | None, papers: Sequence[Path], mode: Mode) -> Iterator[System]:
    """Over the index there is, or over one made now where there are more papers than the corpus."""
    if len(papers) == 1:
        yield open_system(system, store, mode)
    else:
        err.print("建索引……", highlight=False)
        with open_over(system, papers, store, mode) as asked:
            yield asked


def _weighed(asked: System | None, questions: Sequence[Question]) -> dict[str, Any] | None:
    """What calibration keeps; only ours tells its probabilities."""
    if not isinstance(asked, Bot):
        return None
    from eval.calibrate import samples

    return as_json(_tracked(samples(asked.pipeline, questions), "校准", None))


def _tracked(items: Iterable[Item], label: str, total: int | None) -> Iterable[Item]:
    """The same items, with progress on the screen."""
    return track(items, label, total=total, console=err, transient=True)


def _noted(items: Iterable[Item], total: int, file: Path | None) -> Iterator[Item]:
    """The same items; how many have come so far is in the file, for whoever waits in another process."""
    for number, item in enumerate(items, 1):
        if file:
            file.write_text(f"{number}/{total}", encoding="utf-8")
        yield item


def _check_calibration(calibration: bool, system: str) -> None:
    if calibration and system != "bot":
        raise EvaluationError(f"--calibration 只能用于 bot，{system}没有作答把握可记。")


def _print_wrong(questions: Sequence[Question], rows: Sequence[Row], judgements: Sequence[Judgement]) -> None:
    """Held questions are named by id only, so that nobody tunes on them."""
    replies = {row["id"]: row for row in rows}
    wrong = [(q, replies[q.id]) for q, judgement in zip(questions, judgements, strict=True) if not judgement.correct]
    for question, row in wrong:
        if question.held:
            continue
        out.rule(f"{question.id} · 应 {question.expect} · 实 {row['status']}", align="left")
        for asked, answered in question.history:
            out.print(f"（前问）{escape(asked)}\n（前答）{escape(answered)}", style="dim", highlight=False)
        out.print(escape(f"问：{question.question}\n答：{row['answer']}"), highlight=False)
        out.print(f"引：{'、'.join(citation['ref'] for citation in row['citations']) or '无'}", highlight=False)
        out.print(
            escape(
                f"应引 {'、'.join(question.clauses) or '—'}；应含 {' / '.join(question.required) or '—'}；"
                f"单位 {'、'.join(question.units) or '—'}；不得含 {'、'.join(question.must_not) or '—'}"
            ),
            style="yellow",
            highlight=False,
        )
    held = [question.id for question, _ in wrong if question.held]
    if held:
        out.print(f"留出集答错 {len(held)} 题：{'、'.join(held)}", highlight=False)


if __name__ == "__main__":
    app()
