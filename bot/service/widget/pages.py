"""
Render the public pages from the templates beside this file.

    page("chat.html", title="政策问答助手")  ->  <!doctype html><html lang="zh-CN">…

Jinja escapes what is put in; the only markup that is let through is what `document_html` has escaped itself.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot.documents.catalogue import since
from bot.documents.flags import Flagger, chinese_date
from bot.documents.manifest import LEVELS
from bot.documents.references import References
from bot.service.document_html import document_html, original_url
from bot.service.words import AI_NOTICE, SERVICE_NAME, STATUS_LABELS
from bot.text.normalise import MAXIMUM_QUESTION_LENGTH
from bot.types import KIND_LABELS, Outline, Span

HERE = Path(__file__).parent
STATIC = HERE / "static"
HOTLINE = "12345"
CHINA = ZoneInfo("Asia/Shanghai")


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals.update(
        service=SERVICE_NAME,
        notice=AI_NOTICE,
        hotline=HOTLINE,
        statuses=STATUS_LABELS,
        longest=MAXIMUM_QUESTION_LENGTH,
        asset=asset,
    )
    environment.filters.update(day=chinese_date, moment=moment)
    return environment


def page(template: str, **values: object) -> str:
    """The page; raises jinja2.UndefinedError where a value is missing."""
    return _environment().get_template(template).render(values)


@cache
def asset(name: str) -> str:
    """/widget/chat.css?v=3f9c21aa: another address when the file is another, so that browsers may keep it."""
    digest = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:8]
    return f"/widget/{name}?v={digest}"


def moment(at: datetime) -> str:
    """2026年12月8日, in China; a time without a zone is UTC."""
    return chinese_date((at if at.tzinfo else at.replace(tzinfo=ZoneInfo("UTC"))).astimezone(CHINA).date())


def document_page(outline: Outline, every: dict[str, Outline], quoted: Span | None) -> str:
    """A whole document; the characters at `quoted` are marked and can be jumped to as #quote."""
    document = outline.document
    flags = Flagger(each.document for each in every.values()).flags(document)
    html = document_html(outline, References(every.values()).of(outline), flags, [quoted] if quoted else ())
    return page(
        "document.html",
        document=document,
        flags=flags,
        label=KIND_LABELS[document.kind],
        original=original_url(document, quoted.start if quoted else 0),
        body=Markup(html.replace("<mark>", '<mark id="quote" tabindex="-1">', 1)),  # noqa: S704  (escaped there)
        quoted=bool(quoted and "<mark>" in html),
    )


def _rank(level: str | None) -> int:
    return LEVELS.index(level) if level in LEVELS else len(LEVELS)


def corpus_rows(every: dict[str, Outline], today: date) -> list[dict[str, object]]:
    """The collection as /about lists it, the paper asked about first, then by level and date."""
    flagger = Flagger((outline.document for outline in every.values()), lambda: today)
    documents = sorted(
        (outline.document for outline in every.values()),
        key=lambda each: (not each.primary, each.kind == "glossary", _rank(each.level), -since(each).toordinal()),
    )
    return [
        {
            "document": document,
            "state": flagger.state(document),
            "label": KIND_LABELS[document.kind],
            "version": document.sha256[:8],
        }
        for document in documents
    ]
