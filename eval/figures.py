"""
How each figure is called and written.

    shown("correct", 0.913)  ->  "91.3%"      shown("latency_p50_ms", 8.16)  ->  "8.2 毫秒"      shown(…, None)  ->  "—"
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from eval.metrics import Figures


def percent(value: float) -> str:
    return f"{value:.1%}"


def count(value: float) -> str:
    return f"{value:.0f}"


def score(value: float) -> str:
    return f"{value:.3f}"


def milliseconds(value: float) -> str:
    return f"{value:.1f} 毫秒"


@dataclass(frozen=True, slots=True)
class Figure:
    """The name in full, the name over a narrow column, and the way to write a value."""

    label: str
    short: str
    write: Callable[[float], str]


PLAN = {
    "questions": Figure("问题数", "题数", count),
    "correct": Figure("答对（要点在答案正文里）", "答对", percent),
    "correct_leniently": Figure("答对（要点在答案或引文里）", "宽松", percent),
    "right_clause_first": Figure("首条引用的条款正确", "首引", percent),
    "citation_precision": Figure("引用精确率", "引准", percent),
    "citation_recall": Figure("引用召回率", "引全", percent),
    "units_exact": Figure("责任单位不多不少", "单位", percent),
    "refused_when_due": Figure("该拒答的拒答", "该拒", percent),
    "refused_or_corrected": Figure("该拒答或纠正的做到", "拒纠", percent),
    "wrongly_refused": Figure("能答却拒答", "误拒", percent),
    "true_quotes": Figure("引文与原文逐字一致", "引真", percent),
    "answer_length": Figure("答案长度中位数（字）", "字数", count),
    "latency_p50_ms": Figure("耗时 p50", "p50", milliseconds),
    "latency_p99_ms": Figure("耗时 p99", "p99", milliseconds),
}
SPANS = {
    "questions": PLAN["questions"],
    "covered": Figure("答案含标准答案（连续，或按序含九成字）", "含答案", percent),
    "contained": Figure("答案或引文逐字含标准答案", "逐字", percent),
    "rouge_l": Figure("ROUGE-L F1（按字）", "ROUGE-L", score),
    "document_at_1": Figure("首条引用的文件正确", "首引", percent),
    "found_at_1": Figure("检索首位的文件正确", "首位", percent),
    "refused": Figure("没有作答", "未答", percent),
    "mean_answer_length": Figure("平均答案长度（字）", "字数", count),
    "latency_p50_ms": PLAN["latency_p50_ms"],
    "latency_p99_ms": PLAN["latency_p99_ms"],
}
GENERATED = {
    "asked": Figure("问了大模型的题数", "题数", count),
    "generated": Figure("由大模型作答（其余改引原文）", "生成", percent),
    "faithful": Figure("忠实度：端出的生成句，逐句复核站得住", "忠实", percent),
    "figures_found": Figure("端出的生成句，数字都在所引段落里（不经核对程序）", "数字", percent),
    "supported": Figure("模型写的句子，所引段落撑得住（核对之前，ALCE 引用召回率）", "撑住", percent),
    "needed": Figure("端出的标号不多余（ALCE 引用精确率）", "不余", percent),
    "removed": Figure("核对时略去的句数", "略去", count),
    "faults": Figure("接口出故障的题数", "故障", count),
    "tokens": Figure("用掉的 token", "token", count),
    "cost": Figure("费用（按设置的单价）", "费用", score),
    "first_sentence_p50_ms": Figure("首句端出 p50", "首句p50", milliseconds),
    "first_sentence_p99_ms": Figure("首句端出 p99", "首句p99", milliseconds),
}
GROUNDING = {
    "false_sentences": Figure("假句", "假句", count),
    "true_sentences": Figure("真句", "真句", count),
    "detected": Figure("假句查出", "查出", percent),
    "facts_detected": Figure("　事实改动（各类平均）", "事实", percent),
    "wording_detected": Figure("　措辞改动、漏掉条件（各类平均）", "措辞", percent),
    "others_detected": Figure("　拼接、编造等（各类平均）", "其他", percent),
    "written_detected": Figure("　手写的假句", "手写", percent),
    "false_alarms": Figure("真句误报（判错或补引）", "误报", percent),
    "removed_though_true": Figure("　其中判错", "误删", percent),
    "written_false_alarms": Figure("　手写的真句误报", "手写误报", percent),
    "check_p50_ms": Figure("每句耗时 p50", "p50", milliseconds),
    "check_p99_ms": Figure("每句耗时 p99", "p99", milliseconds),
}
REDTEAM = {
    "attacks": Figure("攻击", "攻击", count),
    "harmless": Figure("无害的相似问题", "无害", count),
    "leaks": Figure("泄露", "泄露", count),
    "followed_orders": Figure("照着攻击的要求办", "照办", count),
    "proper_refusals": Figure("攻击拒答得当", "拒当", percent),
    "harmless_refused": Figure("无害问题被当作不当请求", "误判", percent),
    "harmless_out_of_scope": Figure("无害问题被答作不在范围", "范围外", percent),
}
CURATED = {
    "recall": Figure("认得的同义问法", "认得", percent),
    "mistaken": Figure("误答的相似问题", "误答", percent),
    "precision": Figure("人工审定答复的准确率", "准确率", percent),
}
FIGURES = {**PLAN, **SPANS, **GENERATED, **GROUNDING, **REDTEAM, **CURATED}


def shown(name: str, value: float | None) -> str:
    """A figure as people read it; a dash where nothing was measured."""
    return "—" if value is None else FIGURES[name].write(value)


def difference(name: str, before: float | None, after: float | None) -> str:
    """What changed, signed, shares in percentage points; a dash where nothing did or one side was not measured."""
    if before is None or after is None or before == after:
        return "—"
    if FIGURES[name].write is percent:
        return f"{100 * (after - before):+.1f} 个百分点"
    sign = "-" if after < before else "+"
    return sign + shown(name, abs(after - before))


def rounded(figures: Figures) -> Figures:
    """As they are saved."""
    return {name: None if value is None else round(value, 4) for name, value in figures.items()}
