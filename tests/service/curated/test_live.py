"""A published answer is given before the documents are asked, and stops when it holds no more."""

from dataclasses import replace
from datetime import date, timedelta

import httpx
from sqlalchemy import update

from bot.service.curated.conflicts import conflicts
from bot.service.curated.entries import Draft
from bot.service.curated.live import resolve
from bot.service.curated.prefill import offered, prefill
from bot.service.records.curated_models import CuratedRow
from bot.service.service import Service
from tests.service.api.conftest import client

__all__ = ["client"]


def published(service: Service, draft: Draft) -> str:
    id_ = service.curated.entries.save(draft, by="李敏").id
    service.curated.entries.publish(id_, by="王强")
    service.curated.look()
    return id_


def test_the_answer_says_whose_it_is_and_how_long_it_holds(service: Service, draft: Draft) -> None:
    published(service, replace(draft, valid_to=date(2099, 12, 31)))
    answer = service.pipeline.invoke({"question": "浇水用什么水"})
    assert (answer.mode, answer.status) == ("curated", "answered")
    assert answer.text.splitlines() == [
        "【人工审定】用再生水。[1]",
        "【人工审定】每年浇10次。[1]",
        "本答复由市水务局审定，有效期至2099年12月31日。",
    ]
    assert [(each.quote, each.clause.ref) for each in answer.citations] == [("每年浇水10次以上。", "二、2.")]


def test_the_interface_labels_it_and_does_not_call_it_generated(
    service: Service, client: httpx.Client, draft: Draft
) -> None:
    before = client.post("/api/v1/ask", json={"question": draft.question}).json()
    published(service, draft)
    reply = client.post("/api/v1/ask", json={"question": draft.question}).json()
    assert (before["mode"], reply["mode"]) == ("quoted", "curated")
    assert [(each["origin"], each["label"]) for each in reply["sentences"]] == [
        ("curated", "人工审定"),
        ("curated", "人工审定"),
        ("note", ""),
    ]
    assert reply["aigc"] is None
    assert reply["notice"] == "本答复经工作人员审定，仅供参考，以政策原文为准"
    place = client.get(reply["citations"][0]["href"].replace("/chat/", "/api/v1/").replace("#", "/clauses/")).json()
    assert place["quote"] == "每年浇水10次以上。"


def test_other_clients_see_the_label_too(service: Service, client: httpx.Client, draft: Draft) -> None:
    published(service, draft)
    asked = {"model": "policy-quoted", "messages": [{"role": "user", "content": draft.question}]}
    reply = client.post("/v1/chat/completions", json=asked).json()
    content = reply["choices"][0]["message"]["content"]
    assert content.startswith("【人工审定】用再生水。[1]")
    assert content.endswith("本答复经工作人员审定，仅供参考，以政策原文为准")
    assert reply["aigc"] is None


def test_what_is_retired_answers_no_more(service: Service, draft: Draft) -> None:
    id_ = published(service, draft)
    service.curated.entries.retire(id_, by="王强", reason="改用河水")
    service.curated.look()
    assert service.pipeline.invoke({"question": draft.question}).mode == "quoted"


def test_a_question_that_leans_on_the_conversation_is_not_what_stands_there(service: Service, draft: Draft) -> None:
    published(service, replace(draft, question="由谁负责？", variants=()))
    history = [["培育树苗归谁管", "市园林局、市水务局"]]
    assert service.pipeline.invoke({"question": "由谁负责？", "history": history}).mode == "quoted"


def test_it_ends_with_its_last_day(service: Service, draft: Draft) -> None:
    id_ = published(service, draft)
    yesterday = {"valid_to": date.today() - timedelta(days=1), "version": 3}
    service.records.write(lambda it: it.execute(update(CuratedRow).where(CuratedRow.id == id_).values(**yesterday)))
    with service.pipeline.lent() as pipeline:
        service.curated.look(pipeline)
        service.curated.look(pipeline)
    entry = service.curated.entries.get(id_)
    assert entry and entry.state == "expired"
    assert service.pipeline.invoke({"question": draft.question}).mode == "quoted"


def test_it_ends_when_the_words_it_cites_are_gone(service: Service, draft: Draft) -> None:
    lost = replace(draft.citations[0], quote="每年浇水20次以上。")
    id_ = published(service, replace(draft, citations=(lost,)))
    assert service.pipeline.invoke({"question": draft.question}).mode == "quoted"
    with service.pipeline.lent() as pipeline:
        service.curated.look(pipeline)
    entry = service.curated.entries.get(id_)
    assert entry and (entry.state, entry.reason) == (
        "changed",
        "《种树行动方案》中所引的文字已经改变或者不在了，请核对后重新发布。",
    )


def test_words_that_have_only_moved_still_stand(service: Service, draft: Draft) -> None:
    outlines = {outline.document.id: outline for outline in service.pipeline.store.outlines}
    (there,) = resolve(draft.citations, outlines)
    moved = replace(draft.citations[0], start=0, end=9)
    assert resolve([moved], outlines) == (there,)


def test_what_the_clauses_do_not_have_is_told_before_saving(service: Service, draft: Draft) -> None:
    published(service, draft)
    wrong = replace(draft, text="每年浇水30次，由市科技局负责。[1]")
    with service.pipeline.lent() as pipeline:
        against = conflicts(wrong, pipeline, service.curated)
    assert {(each.said, each.stated) for each in against.faults if each.what.startswith("数字")} == {("30次", "10次")}
    assert [match.entry.draft.question for match in against.same] == ["浇水用什么水?"]
    assert against.own.mode == "quoted"


def test_an_entry_is_no_conflict_of_its_own(service: Service, draft: Draft) -> None:
    id_ = published(service, draft)
    with service.pipeline.lent() as pipeline:
        against = conflicts(replace(draft, text="浇水。[1]"), pipeline, service.curated, id_)
    assert not against.weigh


def test_a_draft_is_begun_from_an_answer(service: Service, client: httpx.Client) -> None:
    reply = client.post("/api/v1/ask", json={"question": "浇灌树木由谁负责？"}).json()
    draft = prefill(service, reply["id"])
    assert (draft.question, draft.unit, draft.source) == ("浇灌树木由谁负责？", "市水务局", reply["id"])
    assert [each.quote for each in draft.citations] == [each["quote"] for each in reply["citations"]]
    assert "【" not in draft.text
    assert draft.valid_to


def test_clauses_are_offered_by_words(service: Service) -> None:
    assert "每年浇水10次以上。" in offered(service, "浇水")[0].quote
    assert offered(service, " ") == ()
