"""
An answer as staff pass it on: said on the telephone, written in an e-mail, entered in a 12345 work order.

    ready_replies("瞪羚归谁管？", answer, handoff)  ->  {"电话": "您好。根据《…》第三部分……", "邮件": …, "12345工单": …}

Pure functions: nothing is said that the answer does not say, and each text carries the notice.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from bot.service.citation_html import source_line
from bot.service.console.directory import Handoff
from bot.service.document_html import original_url
from bot.service.words import AI_NOTICE
from bot.types import Answer, Citation, Sentence

KINDS = ("电话", "邮件", "12345工单")
CURATED_NOTICE = "本答复经人工审定，以政策原文为准"
SPOKEN_MOST = 260  # characters of the answer said on the telephone: about a minute
MORE_WRITTEN = "其余内容较多，可以查看文件原文，也可以通过短信或者邮件发给您。"

_SPOKEN_REF = re.compile(r"([一二三四五六七八九十]+)、(?:[(（]([一二三四五六七八九十]+)[)）])?(?:(\d+)\.)?")


def ready_replies(question: str, answer: Answer, handoff: Handoff | None) -> Mapping[str, str]:
    """The text for each of KINDS."""
    return {
        "电话": _spoken(answer, handoff),
        "邮件": _mail(question, answer, handoff),
        "12345工单": _work_order(question, answer, handoff),
    }


def notice(answer: Answer) -> str:
    curated = any(str(sentence.origin) == "curated" for sentence in answer.sentences)
    return CURATED_NOTICE if curated else AI_NOTICE


def _spoken(answer: Answer, handoff: Handoff | None) -> str:
    said: list[str] = []
    length, more = 0, False
    cited = {citation.number: citation for citation in answer.citations}
    before = ""
    for sentence in answer.sentences:
        if said and length + len(sentence.text) > SPOKEN_MOST:
            more = True
            break
        place = _spoken_places(sentence, cited)
        said.append(f"根据{place}：{sentence.text}" if place and place != before else sentence.text)
        before = place or before
        length += len(sentence.text)
    parts = ["您好。", *map(_closed, said), MORE_WRITTEN if more else "", _spoken_handoff(handoff)]
    return "".join(filter(None, parts)) + f"{notice(answer)}。"


def _spoken_places(sentence: Sentence, cited: Mapping[int, Citation]) -> str:
    if sentence.origin == "units":
        return ""
    places = [_spoken_place(cited[number]) for number in sentence.citations if number in cited]
    return "、".join(dict.fromkeys(places))


def _spoken_place(citation: Citation) -> str:
    """《…行动方案（2025—2027年）》第三部分第（四）项第10点; of a statute 《…法》第四十五条"""
    ref = citation.clause.ref
    if found := _SPOKEN_REF.fullmatch(ref):
        part, item, point = found.groups()
        ref = f"第{part}部分" + (f"第（{item}）项" if item else "") + (f"第{point}点" if point else "")
    return f"《{citation.clause.document.title}》{ref}"


def _spoken_handoff(handoff: Handoff | None) -> str:
    if handoff is None:
        return ""
    when = f"，服务时间{handoff.hours}" if handoff.hours else ""
    return f"如需进一步了解，可以联系{handoff.unit}，电话{handoff.contact}{when}。" if handoff.contact else ""


def _mail(question: str, answer: Answer, handoff: Handoff | None) -> str:
    return _lines(
        "您好：",
        f"您咨询的“{question}”，现答复如下：",
        *_written(answer),
        "",
        *_basis(answer),
        *_handoff_lines("咨询渠道：", handoff),
        f"说明：{notice(answer)}。",
    )


def _work_order(question: str, answer: Answer, handoff: Handoff | None) -> str:
    quotes = [f"{source_line(citation)}：“{citation.quote}”" for citation in answer.citations]
    units = dict.fromkeys(unit for citation in answer.citations if citation.segment for unit in citation.segment.units)
    return _lines(
        f"【诉求内容】{question}",
        "【答复意见】",
        *_written(answer),
        *(["【政策依据】", *quotes] if quotes else ["【政策依据】已收录的文件未载明。"]),
        f"【责任单位】{'、'.join(units) or '文件未列明'}",
        *_handoff_lines("【转办建议】", handoff),
        f"【说明】{notice(answer)}。",
    )


def _written(answer: Answer) -> Iterable[str]:
    return (sentence.numbered for sentence in answer.sentences)


def _basis(answer: Answer) -> Iterable[str]:
    if not answer.citations:
        return
    yield "依据："
    for citation in answer.citations:
        url = original_url(citation.clause.document, citation.span.start)
        yield f"[{citation.number}] {source_line(citation)}" + (f" {url}" if url else "")
    yield ""


def _handoff_lines(label: str, handoff: Handoff | None) -> Iterable[str]:
    if handoff:
        facts = (handoff.contact, handoff.hours, handoff.address, handoff.link)
        yield f"{label}{handoff.unit}" + "".join(f"，{fact}" for fact in facts if fact)


def _lines(*lines: str) -> str:
    return "\n".join(lines)


def _closed(sentence: str) -> str:
    return sentence if sentence.endswith(("。", "！", "？", "：")) else f"{sentence.rstrip('；;，,')}。"
