"""
Two runs on the same questions: what changed, and whether chance alone would change as much.

    compare(read_run("before.json"), read_run("after.json"))
    ->  Comparison(broken=("dev-unit-07",), mended=("dev-date-02", "dev-date-05"), p_value=1.0, …)

Both runs answer the same questions, so only those that changed count: McNemar's exact test (1947) asks how likely so
uneven a split of them is where either way is equally likely. The interval is of the same split (Clopper and Pearson
1934), so that it holds 0 exactly where the test finds nothing; a bootstrap would not, where few questions changed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from rich.box import SIMPLE
from rich.markup import escape
from rich.table import Table
from scipy.stats import binomtest

from eval.errors import EvaluationError
from eval.figures import FIGURES, difference, shown
from eval.questions import HELD, KINDS
from eval.runs import Run

SURE = 0.05  # p-value below which a difference is called one


@dataclass(frozen=True, slots=True)
class Comparison:
    """
    broken: right before and wrong after; mended: the other way round; ids, in the order asked. missing: questions
    that only one run asked, left out. interval: 95 %, of the difference of the share that is right.
    """

    before: Run
    after: Run
    common: tuple[str, ...]
    missing: int
    broken: tuple[str, ...]
    mended: tuple[str, ...]
    interval: tuple[float, float]
    p_value: float

    @property
    def change(self) -> float:
        """Of the share that is right, among the questions that both runs asked."""
        return (len(self.mended) - len(self.broken)) / len(self.common)


def compare(before: Run, after: Run) -> Comparison:
    """Raises EvaluationError where the runs have no question, or not the kind of question, in common."""
    common = tuple(id_ for id_ in before.replies if id_ in after.replies)
    for run in (before, after):
        if not run.replies:
            raise EvaluationError(f"{run.name} 没有逐题的记录，请重新运行一次评测再比较。")
    if not common or before.headline != after.headline:
        raise EvaluationError(f"{before.name} 与 {after.name} 问的不是同一组题，没法比较。")
    broken = tuple(id_ for id_ in common if before.replies[id_].right and not after.replies[id_].right)
    mended = tuple(id_ for id_ in common if after.replies[id_].right and not before.replies[id_].right)
    return Comparison(
        before,
        after,
        common,
        len(before.replies.keys() ^ after.replies.keys()),
        broken,
        mended,
        interval(len(broken), len(mended), len(common)),
        mcnemar(len(broken), len(mended)),
    )


def mcnemar(broken: int, mended: int) -> float:
    """The two-sided p-value of McNemar's exact test; 1 where nothing changed."""
    return float(binomtest(broken, broken + mended).pvalue) if broken + mended else 1.0


def interval(broken: int, mended: int, questions: int) -> tuple[float, float]:
    """95 % interval of (mended - broken) / questions, given that so many changed."""
    changes = broken + mended
    if not changes:
        return 0.0, 0.0
    shares = binomtest(mended, changes).proportion_ci(1 - SURE, method="exact")
    low, high = ((2 * share - 1) * changes / questions for share in shares)
    return float(low), float(high)


def overall_table(compared: Comparison) -> Table:
    """Every figure that both runs have."""
    before, after = compared.before.overall, compared.after.overall
    table = Table("指标", "前", "后", "差", title=f"{compared.before.name} → {compared.after.name}", box=SIMPLE)
    for name in before:
        if name in after and name in FIGURES:
            values = before[name], after[name]
            table.add_row(FIGURES[name].label, *(shown(name, value) for value in values), difference(name, *values))
    return table


def kind_table(compared: Comparison) -> Table | None:
    """The kinds whose share of right replies changed; None where none did."""
    name, kinds = compared.before.headline, (compared.before.by_kind, compared.after.by_kind)
    table = Table("类别", "题数", "前", "后", "差", title="有变化的类别", box=SIMPLE)
    for kind in KINDS:
        if all(kind in each for each in kinds) and kinds[0][kind][name] != kinds[1][kind][name]:
            before, after = (each[kind] for each in kinds)
            values = before[name], after[name]
            row = (shown("questions", after["questions"]), *(shown(name, value) for value in values))
            table.add_row(KINDS[kind], *row, difference(name, *values))
    return table if table.row_count else None


def verdict(compared: Comparison) -> str:
    """One sentence: what changed, by how much, and whether that is more than chance."""
    if not compared.broken + compared.mended:
        return f"共同的 {len(compared.common)} 题，对错都没有变。"
    low, high = (f"{100 * bound:+.1f}" for bound in compared.interval)
    p_value = f"p = {compared.p_value:.3f}" if compared.p_value >= 0.001 else "p < 0.001"
    told = "有差别" if compared.p_value < SURE else "分不出是不是偶然"
    left_out = f"（另有 {compared.missing} 题只有一边问过，不计）" if compared.missing else ""
    return (
        f"共同的 {len(compared.common)} 题{left_out}："
        f"对改错 {len(compared.broken)} 题，错改对 {len(compared.mended)} 题，"
        f"净 {100 * compared.change:+.1f} 个百分点，95% 区间 {low} 到 {high}；"
        f"McNemar 精确检验 {p_value}，{told}。"
    )


def changed(compared: Comparison, texts: Mapping[str, str]) -> Iterator[str]:
    """Each question that changed, with markup; held ones by id only. `texts`: id → question, where it may be shown."""
    for title, ids in (("对改错", compared.broken), ("错改对", compared.mended)):
        yield f"[bold]{title}（{len(ids)}）[/bold]"
        for id_ in ids:
            if not id_.startswith(HELD):
                before, after = compared.before.replies[id_], compared.after.replies[id_]
                kind = KINDS.get(before.kind or after.kind, "")
                statuses = f"{before.status or '—'} → {after.status or '—'}" if before.status or after.status else ""
                yield escape("  ".join(part for part in (id_, kind, statuses, texts.get(id_, "")) if part))
        held = [id_ for id_ in ids if id_.startswith(HELD)]
        if held:
            yield escape(f"留出集 {len(held)} 题：{'、'.join(held)}")
