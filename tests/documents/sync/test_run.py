"""What a clerk sees of a run, against sites as they are and as they fail."""

import json
import subprocess
import sys
import textwrap
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.documents.corpus import read_corpus
from bot.documents.sync.fetch import Fetcher
from bot.documents.sync.originals import Originals
from bot.documents.sync.run import Outcome, plan, summary, sync, wanted_documents
from bot.errors import CorpusError, SyncError
from bot.settings import PROJECT
from tests.documents.sync.official import (
    GOV,
    LAWS,
    QINGDAO,
    SEARCH,
    Law,
    Reply,
    Site,
    law_database,
    page,
    words,
)

TITLE = "某市种树办法"
URL = f"https://{GOV}/zhengce/trees.txt"
KEY = f"{GOV}/zhengce/trees.txt"


def text(title: str = TITLE, articles: int = 12, **more: str) -> Reply:
    return Reply(words(title, articles).encode(), kind="text/plain", headers=more)


@pytest.fixture
def corpus(tmp_path: Path) -> Callable[..., Path]:
    """A corpus of digests: corpus(trees={"title": …, "url": …})."""

    def write(**entries: dict[str, str]) -> Path:
        folder = tmp_path / "corpus"
        folder.mkdir(exist_ok=True)
        tables = []
        for name, entry in entries.items():
            (folder / f"{name}.md").write_text("第一条　种树要浇水。", encoding="utf-8")
            values = {"file": f"{name}.md", "kind": "digest", "place": "某市"} | entry
            lines = [
                f"{key} = {value if key.endswith('_on') else json.dumps(value)}"
                for key, value in values.items()
                if value
            ]
            tables.append("[[document]]\n" + "\n".join(lines))
        (folder / "manifest.toml").write_text("\n".join(tables), encoding="utf-8")
        return folder

    return write


@pytest.fixture
def run(tmp_path: Path, corpus: Callable[..., Path], fetcher: Fetcher) -> Callable[..., list[tuple[str, str]]]:
    """Run it over these digests, “trees” unless told: the kind and the line of each outcome."""

    def call(**entries: dict[str, str]) -> list[tuple[str, str]]:
        folder = corpus(**(entries or {"trees": {"title": TITLE, "url": URL}}))
        outcomes = sync(wanted_documents([folder], []).digests, tmp_path / "originals", fetcher)
        return [(outcome.kind, outcome.line) for outcome in outcomes]

    return call


def kept(tmp_path: Path, pattern: str = "*") -> dict[str, str]:
    folder = tmp_path / "originals"
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(folder.glob(pattern)) if path.is_file()}


def test_an_original_is_kept_with_where_it_came_from(tmp_path: Path, site: Site, run: Callable[..., list]):
    site[KEY] = text(ETag='"a"')
    assert run() == [("new", f"[1/1] trees（{TITLE}）：已取回（txt，248 字）。")]
    record = Originals(tmp_path / "originals").record("trees")
    assert record
    assert (record.file, record.url, record.final_url, record.title) == ("trees.txt", URL, URL, TITLE)
    assert (record.status, record.etag, record.bytes) == (200, '"a"', len(words(TITLE).encode()))
    assert kept(tmp_path, "trees.txt") == {"trees.txt": words(TITLE)}
    assert kept(tmp_path, ".records/trees.txt") == {"trees.txt": words(TITLE)}


def test_an_original_takes_the_place_of_its_digest(tmp_path: Path, site: Site, run: Callable[..., list]):
    site[KEY] = text()
    run(trees={"title": TITLE, "url": URL, "issuer": "某市园林局", "issued_on": "2024-05-06", "note": "摘自网页"})
    reading = read_corpus([tmp_path / "corpus", tmp_path / "originals"])
    found = [outline.document for outline in reading.outlines]
    assert [(each.id, each.kind, each.title, each.issuer, each.issued_on, each.url) for each in found] == [
        ("trees", "original", TITLE, "某市园林局", date(2024, 5, 6), URL)
    ]
    assert found[0].note == f"{date.today()} 取自 {URL}"
    assert reading.problems == ()
    assert reading.replaced == (f"《{TITLE}》已有原文（trees.txt），要点摘编 trees.md 不再收入。",)


def test_nothing_is_fetched_twice(tmp_path: Path, site: Site, run: Callable[..., list]):
    site[KEY] = lambda asked: Reply(status=304) if asked.headers.get("If-None-Match") else text(ETag='"a"')
    run()
    before = kept(tmp_path)
    assert run() == [("same", f"[1/1] trees（{TITLE}）：没有变化。")]
    assert kept(tmp_path) == before


def test_a_page_that_differs_only_around_its_text_stays_as_it_was(tmp_path: Path, site: Site, run: Callable[..., list]):
    site[f"{QINGDAO}/t1.shtml"] = Reply(page(TITLE, counter=1).encode())
    digest = {"title": TITLE, "url": f"http://{QINGDAO}/t1.shtml"}
    assert run(trees=digest)[0][0] == "new"
    site[f"{QINGDAO}/t1.shtml"] = Reply(page(TITLE, counter=2).encode(), headers={"ETag": '"b"'})
    assert run(trees=digest) == [("same", f"[1/1] trees（{TITLE}）：没有变化。")]
    assert kept(tmp_path, "trees.*") == {"trees.html": page(TITLE, counter=1)}
    record = Originals(tmp_path / "originals").record("trees")
    assert record and record.etag == '"b"'


def test_a_page_in_gbk_is_kept_as_published(tmp_path: Path, site: Site, run: Callable[..., list]):
    gbk = page(TITLE).replace("utf-8", "gbk").encode("gbk")
    site[f"{QINGDAO}/t1.shtml"] = Reply(gbk, kind="text/html")
    assert run(trees={"title": TITLE, "url": f"http://{QINGDAO}/t1.shtml"})[0][0] == "new"
    assert (tmp_path / "originals" / "trees.html").read_bytes() == gbk
    (found,) = read_corpus([tmp_path / "originals"]).outlines
    assert "种树应当浇水" in found.document.text and "首页" not in found.document.text


def test_a_word_file_of_the_law_database_is_read(tmp_path: Path, site: Site, run: Callable[..., list]):
    law_database(site, Law("1", "某省种树条例", "2014-05-06"))
    assert run(law={"title": "某省种树条例", "level": "地方性法规"})[0][0] == "new"
    (found,) = read_corpus([tmp_path / "originals"]).outlines
    assert found.document.text.splitlines()[0] == "某省种树条例"


def test_the_manifest_of_the_originals_follows_that_of_the_corpus(tmp_path: Path, site: Site, run: Callable[..., list]):
    site[KEY] = lambda asked: Reply(status=304) if asked.headers.get("If-None-Match") else text(ETag='"a"')
    run()
    run(trees={"title": TITLE, "url": URL, "state": "废止"})
    assert 'state = "废止"' in kept(tmp_path)["manifest.toml"]


def test_a_new_text_is_taken_and_the_old_one_kept(tmp_path: Path, site: Site, run: Callable[..., list]):
    site[KEY] = text()
    run()
    site[KEY] = text(articles=13)
    assert run() == [("changed", f"[1/1] trees（{TITLE}）：有新文本，已更新（txt，269 字），旧的留在 .earlier。")]
    assert kept(tmp_path, "trees.txt") == {"trees.txt": words(TITLE, 13)}
    (name, old), *others = kept(tmp_path, ".earlier/*").items()
    assert (name.startswith(f"trees.{date.today()}."), old, others) == (True, words(TITLE), [])


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply(b""), "返回的是空内容"),
        (Reply(b"\x89PNG\0", kind="image/png"), "返回的是“image/png”，不是文件正文"),
        (Reply(b'{"code": 500}', kind="application/json"), "返回的是“application/json”，不是文件正文"),
        (text("某市浇水办法"), "标题不符，取到的是“某市浇水办法”"),
        (text(f"关于废止《{TITLE}》的决定"), f"标题不符，取到的是“关于废止《{TITLE}》的决定”"),
        (text(f"{TITLE}（征求意见稿）"), f"取到的是征求意见稿“{TITLE}（征求意见稿）”，不是正式文本"),
        (text(articles=7), "正文只有 146 字，疑似不完整"),
        (text(articles=10), "正文 206 字，比现有原文的 395 字短得多"),
        (Reply(words(TITLE).encode(), kind="text/plain", stop_at=400), "没有传完就断开了"),
        (Reply(b"PK\x03\x04" + b"x" * 50, kind="application/zip"), "返回的是“application/zip”，不是文件正文"),
        (Reply(status=404), "已不存在（404）"),
        (Reply(status=302, headers={"Location": "/"}), "转到了网站首页"),
    ],
)
def test_no_worse_copy_replaces_a_good_one(
    tmp_path: Path, site: Site, run: Callable[..., list], reply: Reply, said: str
):
    site[KEY] = text(articles=19)
    run()
    before = kept(tmp_path)
    site[KEY] = reply
    (kind, line), *_ = run()
    assert (kind, kept(tmp_path), line.endswith("；现有的原文未动。")) == ("failed", before, True)
    assert said in line


@pytest.mark.parametrize(
    "title", [f"某市园林局关于印发《{TITLE}》的通知", f"{TITLE}（2024年修正）", "某 市 种 树 办 法"]
)
def test_a_notice_that_encloses_the_paper_is_the_paper(site: Site, run: Callable[..., list], title: str):
    site[KEY] = text(title)
    assert run()[0][0] == "new"


def test_one_document_that_fails_does_not_keep_the_others_out(site: Site, run: Callable[..., list]):
    site[KEY] = text()
    digests = {
        "a": {"title": "某市浇水办法", "url": f"https://{GOV}/gone.txt"},
        "b": {"title": "某市施肥办法"},
        "trees": {"title": TITLE, "url": URL},
    }
    kinds, lines = zip(*run(**digests), strict=True)
    assert kinds == ("failed", "failed", "new")
    nowhere = "清单里没有写网址，国家法律法规数据库和国务院政策文件库也不收这一类，请在清单里补上 url。"
    assert lines[:2] == (
        f"[1/3] a（某市浇水办法）：没有取到：https://{GOV}/gone.txt 已不存在（404），请核对网址。",
        f"[2/3] b（某市施肥办法）：没有取到：{nowhere}",
    )
    outcomes = [Outcome(name, kind, "") for name, kind in zip("ab树", kinds, strict=True)]
    assert summary(outcomes, Path("o")) == (
        "共 3 份：新取回 1 份，没有取到 2 份（a、b）。原文在 o，请运行 python -m bot index 收录。"
    )


def test_a_law_is_found_by_its_title_in_the_version_in_force(tmp_path: Path, site: Site, run: Callable[..., list]):
    title = "中华人民共和国种树法"
    law_database(
        site,
        Law("1", title, "2004-05-06", validity=2, file=text(title)),
        Law("2", title, "2014-05-06", file=text(title, 13)),
        Law("3", f"{title}实施条例", "2024-05-06", file=text(f"{title}实施条例")),
    )
    law = {"title": title, "level": "法律", "issued_on": "2014-05-06"}
    assert run(law=law) == [("new", f"[1/1] law（{title}）：已取回（txt，273 字）。")]
    asked = len(site.asked)
    assert run(law=law) == [("same", f"[1/1] law（{title}）：没有变化。")]
    assert site.places[asked:] == [f"{LAWS}/law-search/search/list", f"{LAWS}/law-search/search/flfgDetails?bbbs=2"]
    assert f'url = "https://{LAWS}/detail?id=2"' in kept(tmp_path)["manifest.toml"]


def test_a_newer_text_of_a_law_has_the_dates_of_the_database(tmp_path: Path, site: Site, run: Callable[..., list]):
    law_database(site, Law("9", "某省种树条例", "2026-01-02", file=text("某省种树条例")))
    old = {"title": "某省种树条例", "level": "地方性法规", "issued_on": "2014-05-06", "doc_number": "某令第1号"}
    ((kind, line),) = run(law=old)
    assert kind == "new" and "公布于 2026-01-02，比清单所写的 2014-05-06 新，请更新清单" in line
    run(law=old)
    manifest = kept(tmp_path)["manifest.toml"]
    assert "issued_on = 2026-01-02" in manifest and "doc_number" not in manifest


@pytest.mark.parametrize(
    ("law", "said"),
    [
        (Law("1", "某省种树条例", "2014-05-06", validity=1), "没有现行有效的文本"),
        (Law("1", "某省浇水条例", "2014-05-06"), "没有检索到《某省种树条例》"),
        (Law("1", "某省种树条例", "2004-05-06"), "是 2004-05-06 公布的旧文本，清单写的是 2014-05-06"),
        (Law("1", "某省种树条例", "2014-05-06", file=text("某省浇水条例")), "标题不符"),
    ],
)
def test_what_the_law_database_lacks_is_told(site: Site, run: Callable[..., list], law: Law, said: str):
    law_database(site, law)
    ((kind, line),) = run(law={"title": "某省种树条例", "level": "地方性法规", "issued_on": "2014-05-06"})
    assert kind == "failed" and said in line


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (Reply("<html>请输入验证码</html>".encode()), "返回的不是数据"),
        (Reply(b'{"code": 500, "msg": "busy"}', kind="application/json"), "没有办理（500：busy）"),
    ],
)
def test_a_law_database_that_does_not_answer_is_told(site: Site, run: Callable[..., list], reply: Reply, said: str):
    site[f"{LAWS}/law-search/search/list"] = reply
    ((kind, line),) = run(law={"title": "某省种树条例", "level": "地方性法规", "url": f"https://{LAWS}/"})
    assert kind == "failed" and said in line


def test_a_statute_whose_page_is_gone_is_looked_up(site: Site, run: Callable[..., list]):
    law_database(site, Law("1", "某省种树条例", "2014-05-06", file=text("某省种树条例")))
    law = {"title": "某省种树条例", "level": "地方性法规", "url": f"http://{QINGDAO}/gone.shtml"}
    assert run(law=law)[0][0] == "new"


def policy_search(site: Site, *rows: tuple[str, str, int]) -> None:
    """The search of the policy library: titles, addresses, times of publication."""
    listed = [{"title": f"<em>{title}</em>", "url": url, "pubtime": at} for title, url, at in rows]
    answer = {
        "code": 200,
        "searchVO": {"listVO": None, "catMap": {"gongwen": {"listVO": None}, "bumenfile": {"listVO": listed}}},
    }
    site[f"{SEARCH}/search-gov/data"] = Reply(json.dumps(answer).encode(), kind="application/json")


def test_a_national_policy_without_address_is_found_by_its_title(tmp_path: Path, site: Site, run: Callable[..., list]):
    policy_search(
        site,
        (f"《{TITLE}》解读", f"https://{GOV}/explained.htm", 3),
        (f"某部关于印发《{TITLE}》的通知", f"https://{GOV}/old.htm", 1),
        (f"某部关于印发《{TITLE}》的通知", f"https://{GOV}/new.htm", 2),
    )
    site[f"{GOV}/new.htm"] = Reply(page(f"某部关于印发《{TITLE}》的通知").encode())
    assert run(trees={"title": TITLE, "level": "规范性文件", "place": ""})[0][0] == "new"
    assert f'url = "https://{GOV}/new.htm"' in kept(tmp_path)["manifest.toml"]


@pytest.mark.parametrize("url", ["", f"https://{GOV}/gone.htm"])
def test_what_the_policy_library_lacks_is_told(site: Site, run: Callable[..., list], url: str):
    policy_search(site, ("某部浇水办法", f"https://{GOV}/water.htm", 3))
    ((kind, line),) = run(trees={"title": TITLE, "level": "规范性文件", "place": "", "url": url})
    assert kind == "failed" and f"国务院政策文件库里没有检索到《{TITLE}》" in line


def notice(*links: str) -> Reply:
    """A page on which a paper is issued that lies beside it as a file."""
    title = f"某市园林局关于印发《{TITLE}》的通知"
    body = "<p>各区园林局：现将办法印发给你们，请认真贯彻执行。</p>" * 8 + "".join(f"<p>{link}</p>" for link in links)
    head, _, tail = page(title).partition('<div class="trs_editor_view">')
    return Reply(
        (f'{head}<div class="trs_editor_view">{body}</div></div>' + tail[tail.index('<div class="footer">') :]).encode()
    )


def test_a_paper_that_lies_beside_its_notice_is_taken_from_there(tmp_path: Path, site: Site, run: Callable[..., list]):
    site[f"{QINGDAO}/1/notice.shtml"] = notice(
        '<a href="./table.doc">附件2：申报表.doc</a>', f'<a href="./trees.pdf">附件1：{TITLE}.pdf</a>'
    )
    site[f"{QINGDAO}/1/trees.pdf"] = text()
    assert run(trees={"title": TITLE, "url": f"http://{QINGDAO}/1/notice.shtml"})[0][0] == "new"
    assert kept(tmp_path, "trees.*") == {"trees.txt": words(TITLE)}
    assert f'url = "http://{QINGDAO}/1/notice.shtml"' in kept(tmp_path)["manifest.toml"]


def test_a_notice_does_not_stand_for_the_paper_it_issues(site: Site, run: Callable[..., list]):
    site[f"{QINGDAO}/1/notice.shtml"] = notice('<a href="./1.doc">附件1</a>', '<a href="./2.doc">附件2</a>')
    ((kind, line),) = run(trees={"title": TITLE, "url": f"http://{QINGDAO}/1/notice.shtml"})
    assert kind == "failed" and "网页上只有印发通知，正文在附件里" in line


def test_a_dry_run_asks_nobody(tmp_path: Path, site: Site, corpus: Callable[..., Path], run: Callable[..., list]):
    site[KEY] = text()
    run()
    asked = len(site.asked)
    entries = {"a": {"title": "某法", "level": "法律"}, "b": {"title": "某表"}, "trees": {"title": TITLE, "url": URL}}
    assert plan(wanted_documents([corpus(**entries)], []).digests, tmp_path / "originals") == [
        "a（某法）：将访问 https://flk.npc.gov.cn（国家法律法规数据库，按标题检索）；还没有原文。",
        "b（某表）：取不到，清单里没有写网址，国家法律法规数据库和国务院政策文件库也不收这一类，请在清单里补上 url。",
        f"trees（{TITLE}）：将访问 {URL}；现有 {date.today()} 取回的 trees.txt。",
    ]
    assert len(site.asked) == asked


def test_an_id_that_no_digest_has_is_told(corpus: Callable[..., Path]):
    folder = corpus(trees={"title": TITLE, "url": URL})
    with pytest.raises(CorpusError, match="没有编号为“灌木”的要点摘编。现有：trees。"):
        wanted_documents([folder], ["灌木"])


def test_two_runs_at_once_are_one_too_many(tmp_path: Path, run: Callable[..., list]):
    with Originals(tmp_path / "originals").locked(), pytest.raises(SyncError, match="另一个 python -m bot sync 正在写"):
        run()


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path, run: Callable[..., list]):
    (tmp_path / "originals").write_text("一个文件")
    with pytest.raises(SyncError, match="写不进"):
        run()


RUN = """
    import sys
    from pathlib import Path
    from bot.documents.sync.fetch import Fetcher
    from bot.documents.sync.run import sync, wanted_documents

    corpus, originals, host, address = sys.argv[1:]
    with Fetcher({host: address}, pause=0) as fetcher:
        sync(wanted_documents([Path(corpus)], []).digests, Path(originals), fetcher)
"""


def test_a_run_that_was_killed_goes_on(
    tmp_path: Path, site: Site, corpus: Callable[..., Path], run: Callable[..., list]
):
    site[f"{GOV}/a.txt"] = text("某市甲办法")
    site[f"{GOV}/b.txt"] = Reply(b"x" * 1000, drip=0.1)
    entries = {
        name: {"title": f"某市{title}办法", "url": f"https://{GOV}/{name}.txt"}
        for name, title in [("a", "甲"), ("b", "乙")]
    }
    arguments = [str(corpus(**entries)), str(tmp_path / "originals"), GOV, site.address]
    process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(RUN), *arguments], cwd=PROJECT)
    while f"{GOV}/b.txt" not in site.places:
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    site[f"{GOV}/b.txt"] = text("某市乙办法")
    assert run(**entries) == [
        ("done", "[1/2] a（某市甲办法）：上次中断前已完成。"),
        ("new", "[2/2] b（某市乙办法）：已取回（txt，247 字）。"),
    ]
    assert site.places == [f"{GOV}/a.txt", f"{GOV}/b.txt", f"{GOV}/b.txt"]
    assert [kind for kind, _ in run(**entries)] == ["same", "same"]


def test_a_kill_between_two_steps_is_mended(tmp_path: Path, site: Site, run: Callable[..., list]):
    site[KEY] = lambda asked: Reply(status=304) if asked.headers.get("If-None-Match") else text(ETag='"a"')
    run()
    (tmp_path / "originals" / "trees.docx").write_bytes(b"put in place, but not yet written down")
    (tmp_path / "originals" / ".incoming" / "trees.pdf").write_bytes(b"half")
    assert run()[0][0] == "same"
    assert sorted(kept(tmp_path, "trees.*")) == ["trees.txt"]
    (tmp_path / "originals" / "trees.txt").write_text("动过的", encoding="utf-8")
    assert run()[0][0] in ("new", "changed")
    assert kept(tmp_path, "trees.*") == {"trees.txt": words(TITLE)}
    assert list((tmp_path / "originals" / ".incoming").iterdir()) == []


def test_only_the_command_line_fetches():
    paths = [PROJECT / "app.py", *(PROJECT / "bot").rglob("*.py")]
    callers = [path for path in paths if "documents.sync" in path.read_text(encoding="utf-8")]
    assert {path.relative_to(PROJECT).parts[:3] for path in callers} == {
        ("bot", "cli.py"),
        ("bot", "documents", "sync"),
    }
