"""The weekly report: true figures, the notice, the label, and nothing of a reader's that acts."""

from __future__ import annotations

import hashlib
import io
import json
import zipfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from docx import Document
from lxml import etree

from bot.answering.pipeline import Pipeline
from bot.errors import RecordsError
from bot.service.console.insight.figures import Period, week_named
from bot.service.console.insight.report import Report, as_docx, as_markdown, weekly
from bot.service.records import Records
from bot.service.words import AI_NOTICE
from bot.settings import Settings
from tests.service.console.insight.conftest import Keep

TUESDAY = datetime(2026, 11, 17, 4)
WEEK = Period.week_of(date(2026, 11, 18))
ATTACK = "<img src=x onerror=alert(1)> [点](http://x) | =1+1"
LATER = datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1)


@pytest.fixture
def report(records: Records, keep: Keep, plan: Pipeline) -> Report:
    keep("a", "瞪羚归谁管", TUESDAY, verdict="up")
    keep("b", ATTACK, TUESDAY, status="unanswerable_not_stated")
    keep("c", "上周问的", TUESDAY - timedelta(days=7))
    records.count(LATER)
    return weekly(records, plan.store, WEEK, Settings(provider_name="某市某局"))


def test_it_tells_what_was_asked_and_what_became_of_it(report: Report) -> None:
    text = as_markdown(report)
    assert (report.name, report.title) == ("weekly-2026-W47", "政策问答助手周报（2026年11月16日至11月22日）")
    assert "本周共提问2次，比上周多1次。作答1次，占50.0%；未能作答1次，占50.0%；" in text
    assert "| 2026-11-17 | 2 | 1 | 1 | 0 | 1 | 0 |" in text
    assert f"> {AI_NOTICE}" in text


def test_what_a_reader_typed_is_no_markup(report: Report) -> None:
    text = as_markdown(report)
    assert "<img" not in text.replace(r"\<", "")
    assert r"\<img src=x onerror=alert(1)\> \[点\](http://x) \| =1+1" in text


def test_its_label_names_who_made_it_and_what(report: Report) -> None:
    head = as_markdown(report).split("\n")[:3]
    label = json.loads(json.loads(head[1].removeprefix("AIGC: ")))
    plain = as_markdown(Report(report.name, report.title, report.sections))
    assert (head[0], head[2]) == ("---", "---")
    assert label == {
        "Label": "1",
        "ContentProducer": "某市某局",
        "ProduceID": "weekly-2026-W47",
        "ReservedCode1": hashlib.sha256(plain.encode()).hexdigest(),
        "ContentPropagator": "某市某局",
        "PropagateID": "weekly-2026-W47",
        "ReservedCode2": "",
    }


def test_the_word_document_carries_notice_and_label(report: Report) -> None:
    made = as_docx(report)
    document = Document(io.BytesIO(made))
    texts = [paragraph.text for paragraph in document.paragraphs]
    assert texts[:2] == [report.title, AI_NOTICE]
    assert document.sections[0].footer.paragraphs[0].text == AI_NOTICE
    assert any(cell.text == ATTACK for table in document.tables for row in table.rows for cell in row.cells)
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(made)).read("docProps/custom.xml"))
    assert root[0].get("name") == "AIGC"
    assert json.loads(root[0][0].text)["ProduceID"] == "weekly-2026-W47"


def test_a_week_without_questions_has_a_report_too(records: Records, plan: Pipeline) -> None:
    made = weekly(records, plan.store, WEEK, Settings())
    assert "本周没有提问。" in as_markdown(made)
    assert "本周没有未能作答或评价不满意的问题。" in as_markdown(made)
    assert as_docx(made)[:2] == b"PK"


@pytest.mark.parametrize("name", ["2026-W47", "2026w47", "2026-11-18", " 2026-11-22 "])
def test_a_week_is_named_by_its_number_or_any_of_its_days(name: str) -> None:
    assert week_named(name) == WEEK


@pytest.mark.parametrize("name", ["2026-W60", "上周", "2026-02-30"])
def test_a_week_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(RecordsError, match="不知道"):
        week_named(name)


def test_the_command_line_writes_both_files(
    tmp_path: Path, plan_store_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from bot.cli import main
    from bot.settings import settings

    monkeypatch.setenv("BOT_DATA", str(tmp_path / "data"))
    arguments = ["bot", "report", "--week", "2026-W47", "--out", str(tmp_path), "--store", str(plan_store_folder)]
    monkeypatch.setattr("sys.argv", arguments)
    settings.cache_clear()
    main()
    settings.cache_clear()
    assert capsys.readouterr().out.count("已写成") == 2
    assert (tmp_path / "weekly-2026-W47.md").read_text("utf-8").startswith("---\nAIGC: ")
    assert (tmp_path / "weekly-2026-W47.docx").read_bytes()[:2] == b"PK"
