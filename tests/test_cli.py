"""The command line as others call it, over a real index."""

import json
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.answering import replies
from bot.cli import main
from bot.service.words import AI_NOTICE
from bot.settings import PROJECT, settings
from tests.answering.generate.scripted_endpoint import ScriptedEndpoint, says
from tests.documents.sync.official import GOV, Reply, Site, open_site, words

Run = Callable[..., "Done"]


@dataclass(frozen=True)
class Done:
    returncode: int
    stdout: str
    stderr: str


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable[..., Done]:
    """The command line in this process, as `python -m bot` runs it."""

    def call(*arguments: str) -> Done:
        monkeypatch.setattr(sys, "argv", ["bot", *arguments])
        try:
            main()
            code = 0
        except SystemExit as end:
            code = int(end.code or 0)
        told = capsys.readouterr()
        return Done(code, told.out, told.err)

    return call


def test_ask_prints_the_answer_and_its_places(run: Run, plan_store_folder: Path) -> None:
    done = run("ask", "海洋科技大市场归谁管？", "--store", str(plan_store_folder))
    assert done.returncode == 0
    assert "责任单位：市科技局[2]" in done.stdout
    assert "[1] 青岛市加快培育发展未来产业行动方案（2025—2027年） › 三、重点任务" in done.stdout


def test_ask_says_that_a_digest_is_not_the_original(run: Run, tmp_path: Path) -> None:
    corpus, store = tmp_path / "corpus", tmp_path / "store"
    corpus.mkdir()
    (corpus / "trees.txt").write_text(
        "第九条　种树的单位应当浇水。\n第四十五条　树苗死亡的应当补种。\n", encoding="utf-8"
    )
    entry = '[[document]]\nfile = "trees.txt"\ntitle = "云溪市种树条例"\nkind = "digest"\n'
    (corpus / "manifest.toml").write_text(entry, encoding="utf-8")
    assert run("index", str(corpus), "--store", str(store)).returncode == 0
    assert (
        "[1] 云溪市种树条例 › 第四十五条（要点摘编 · 非原文）"
        in run("ask", "种树条例第四十五条说了什么", "--store", str(store)).stdout
    )


def test_ask_says_that_what_it_quotes_has_ended(run: Run, tmp_path: Path) -> None:
    corpus, store = tmp_path / "corpus", tmp_path / "store"
    corpus.mkdir()
    (corpus / "trees.txt").write_text("云溪市种树办法\n\n第一条 多种树。\n\n第二条 多浇水。\n", encoding="utf-8")
    (corpus / "manifest.toml").write_text(
        '[[document]]\nfile = "trees.txt"\nexpires_on = 2020-12-31\n', encoding="utf-8"
    )
    assert run("index", str(corpus), "--store", str(store)).returncode == 0
    assert run("ask", "云溪市种树办法第二条说了什么", "--store", str(store)).stdout == (
        "注意：《云溪市种树办法》已于2020年12月31日到期，以下内容仅供参考。\n第二条 多浇水。[1]\n"
        "[1] 云溪市种树办法 › 第二条（已到期 · 2020年12月31日）\n"
    )


@pytest.fixture
def endpoint(monkeypatch: pytest.MonkeyPatch) -> Iterator[ScriptedEndpoint]:
    """The settings name a model."""
    with ScriptedEndpoint().running() as running:
        monkeypatch.setenv("BOT_LLM_URL", running.url)
        monkeypatch.setenv("BOT_LLM_MODEL", "scripted")
        settings.cache_clear()
        yield running
    settings.cache_clear()


def test_ask_has_the_model_answer_where_one_is_set(
    run: Run, plan_store_folder: Path, endpoint: ScriptedEndpoint
) -> None:
    endpoint.script = [says("海洋科技大市场由市科技局负责。[1]每年培养70人。[1]")]
    done = run("ask", "海洋科技大市场归谁管？", "--store", str(plan_store_folder))
    assert done.stdout.splitlines()[0] == "【AI生成】海洋科技大市场由市科技局负责。[1]"
    assert "有1句未能在原文中得到印证" in done.stdout
    row = json.loads(run("ask", "海洋科技大市场归谁管？", "--json", "--store", str(plan_store_folder)).stdout)
    assert (row["mode"], row["sentences"][0]["origin"], row["removed"][0]["text"], row["usage"]["attempts"]) == (
        "generated",
        "generated",
        "每年培养70人。",
        1,
    )


def test_ask_says_whose_words_they_are_and_where_asked_what_the_check_took_out(
    run: Run, plan_store_folder: Path, endpoint: ScriptedEndpoint
) -> None:
    endpoint.script = [says("市科技局每年培养技术经纪人70名。[1]技术经纪人每年培养30名以上。[1]")]
    arguments = ("ask", "技术经纪人每年培养多少名？", "--store", str(plan_store_folder))
    place = "[1] 青岛市加快培育发展未来产业行动方案（2025—2027年） › 三、重点任务 › （二）实施成果转化孵化行动"
    told = [
        "【政策原文】每年培养技术经纪人30名以上[1]",
        "【AI生成】技术经纪人每年培养30名以上。[1]",
        replies.UNVERIFIED.format(count=1),
        f"{place} › 6.推进科技成果转化改革",
        AI_NOTICE,
    ]
    removed = [
        "核对没有通过、未采用的句子：",
        "- 市科技局每年培养技术经纪人70名。",
        "  数字与原文不符：写作“70名”，原文作“30名”",
    ]
    assert run(*arguments).stdout.splitlines() == told
    assert run(*arguments, "--removed").stdout.splitlines() == [*told[:-1], *removed, AI_NOTICE]


def test_ask_quotes_where_it_is_told_to(run: Run, plan_store_folder: Path, endpoint: ScriptedEndpoint) -> None:
    arguments = ("ask", "海洋科技大市场归谁管？", "--json", "--mode", "quoted", "--store", str(plan_store_folder))
    row = json.loads(run(*arguments).stdout)
    assert (row["mode"], row.keys() & {"sentences", "removed", "usage"}, endpoint.requests) == ("quoted", set(), [])


def test_ask_json_gives_the_documented_row(run: Run, plan_store_folder: Path) -> None:
    row = json.loads(run("ask", "规划建设几个专业园区", "--json", "--store", str(plan_store_folder)).stdout)
    assert row["status"] == "answered"
    assert set(row["citations"][0]) == {
        *("number", "document", "title", "kind", "flags", "doc_number", "ref", "path"),
        *("text", "quote", "start", "end", "units", "url"),
    }


@pytest.mark.slow
def test_ask_does_not_import_torch(plan_store_folder: Path) -> None:
    code = (
        "import sys; sys.argv = ['bot', 'ask', '园区建几个', '--store', sys.argv[1]]\n"
        "from bot.cli import main\nmain()\nprint(sorted({'torch', 'transformers', 'gradio'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(plan_store_folder)], cwd=PROJECT, capture_output=True, text=True
    )
    assert done.stdout.splitlines()[-1] == "[]"


def test_a_batch_answers_every_row_and_tells_the_bad_ones(run: Run, plan_store_folder: Path, tmp_path: Path) -> None:
    source, target = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [
        json.dumps({"id": "a", "question": "中试平台归谁管？"}),
        "not json",
        json.dumps({"id": "c", "question": 3}),
        json.dumps({"id": "d", "question": "那谁负责？", "history": [["概念验证平台提供什么服务", "…"]]}),
        json.dumps({"id": "e", "question": "x", "history": "nonsense"}),
    ]
    source.write_text("\n".join(rows), encoding="utf-8")
    done = run("ask", "--batch", str(source), "--out", str(target), "--store", str(plan_store_folder))
    told = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert done.returncode == 0
    assert [(row["id"], row["status"].split("_")[0]) for row in told] == [
        ("a", "answered"),
        (None, "error"),
        ("c", "error"),
        ("d", "answered"),
        ("e", "error"),
    ]


def test_search_tells_the_ranks(run: Run, plan_store_folder: Path) -> None:
    found = json.loads(run("search", "磷化铟衬底", "-k", "2", "--json", "--store", str(plan_store_folder)).stdout)
    assert found[0]["ref"] == "二、(一)7."
    assert len(found) == 2


def test_show_prints_outline_and_units(run: Run) -> None:
    told = run("show", "action-plan").stdout
    assert "三、(五)14." in told
    assert told.count("（责任单位：") == 28


@pytest.fixture
def clerk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Path]:
    """A corpus folder and an index of one's own, and a paper that is to go in."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "plan.txt").write_text("种树方案\n\n一、目标\n种树50棵。\n", encoding="utf-8")
    (tmp_path / "rules.txt").write_text("种树办法\n\n第一条 多种树。\n", encoding="utf-8")
    monkeypatch.setenv("BOT_CORPUS", str(tmp_path / "corpus"))
    monkeypatch.setenv("BOT_ORIGINALS", str(tmp_path / "originals"))
    monkeypatch.setenv("BOT_STORE", str(tmp_path / "store"))
    settings.cache_clear()
    yield tmp_path
    settings.cache_clear()


def test_a_paper_is_added_listed_and_retired(run: Run, clerk: Path) -> None:
    added = run("add", str(clerk / "rules.txt"), "--set", "level=政府规章", "--set", "issued_on=2024-05-06")
    assert (added.returncode, "索引已就绪：新增 2 份" in added.stdout) == (0, True)
    retired = run("retire", "rules", "--on", "2025-01-01")
    assert "rules.txt 已标为废止。\n索引已就绪：更新 1 份，沿用 1 份" in retired.stdout
    assert run("docs").stdout.endswith(
        "rules · 种树办法\n    【废止】政府规章 · 成文 2024-05-06 · 失效 2025-01-01 · 政策原文 · 1 条\n"
    )
    assert [row["standing"] for row in json.loads(run("docs", "--json").stdout)] == ["现行", "废止"]


def test_two_versions_are_compared_by_id_or_path(run: Run, clerk: Path) -> None:
    (clerk / "rules-2025.txt").write_text("种树办法\n\n第一条 多种好树。\n", encoding="utf-8")
    run("add", str(clerk / "rules.txt"))
    expected = (
        "种树办法（rules） → 种树办法（rules-2025）\n修改 1 条，未变 1 条。标记：[-删去的字-]{+增加的字+}\n"
        "修改 第一条\n    第一条 多种{+好+}树。\n"
    )
    assert run("diff", "rules", str(clerk / "rules-2025.txt")).stdout == expected
    told = json.loads(run("diff", "rules", str(clerk / "rules-2025.txt"), "--json").stdout)
    assert told["changes"][0]["pieces"] == [["same", "第一条 多种"], ["added", "好"], ["same", "树。"]]


def test_of_several_papers_the_good_ones_go_in(run: Run, clerk: Path) -> None:
    done = run("add", str(clerk / "rules.txt"), str(clerk / "nowhere.txt"))
    assert (done.returncode, "新增 2 份" in done.stdout) == (1, True)
    assert done.stderr.splitlines()[-1] == f"错误：找不到文件 {clerk / 'nowhere.txt'}，请检查路径。"


def test_an_index_of_another_folder_keeps_it_when_a_paper_is_added(run: Run, clerk: Path) -> None:
    (clerk / "elsewhere").mkdir()
    (clerk / "elsewhere" / "other.txt").write_text("剪枝办法\n\n第一条 少剪枝。\n", encoding="utf-8")
    run("index", str(clerk / "elsewhere"))
    run("add", str(clerk / "rules.txt"))
    assert [row["id"] for row in json.loads(run("docs", "--json").stdout)] == ["other", "plan", "rules"]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("retire", "plan", "--state", "作废"), "state 的值“作废”不在可选范围内"),
        (("add", "x.txt", "--set", "level"), "“level”应写成 字段=值"),
        (("add", "x.txt", "--set", "issued_on=去年"), "不是日期"),
        (("diff", "no-such", "no-such"), "请先运行 python -m bot index"),
        (("docs", "--store", "/nonexistent/store"), "python -m bot index"),
        (("show", "no-such"), "没有编号为“no-such”的文件"),
        (("ask", "--batch", "nowhere.jsonl", "--out", "x"), "读不了提问文件"),
        (("ask", "--batch", "nowhere.jsonl"), "--out"),
        (("ask",), "请写出问题"),
        (("ask", "园区", "--mode", "fast"), "--mode 只能是 quoted 或 generated，不是“fast”。"),
        (("ask", "园区", "--mode", "generated"), "没有设置大模型；请用 BOT_LLM_URL 和 BOT_LLM_MODEL"),
        (("ask", "园区", "--store", "/nonexistent/store"), "python -m bot index"),
        (("index", "/nonexistent/corpus", "--store", "/tmp/never"), "/nonexistent/corpus"),
    ],
)
def test_faults_are_one_chinese_sentence_on_stderr(run: Run, arguments: tuple[str, ...], sentence: str) -> None:
    done = run(*arguments)
    assert done.returncode == 1
    assert sentence in done.stderr
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


@pytest.mark.slow
def test_ctrl_c_ends_a_command_with_one_sentence(tmp_path: Path) -> None:
    docs = tmp_path / "docs"
    docs.mkdir()
    for number in range(200):  # enough to be at work for seconds
        lines = [f"{place}.第{number}项任务。每年培育{place}家企业，建设试验平台。" for place in range(1, 60)]
        (docs / f"办法{number}.txt").write_text("办法\n一、任务\n" + "\n".join(lines), encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "bot", "index", str(docs), "--store", str(tmp_path / "store")],
        cwd=PROJECT,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        # A job in the background is started with Ctrl-C ignored; a person's shell does not.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    assert process.stderr is not None
    first = process.stderr.readline()  # it has begun
    process.send_signal(signal.SIGINT)
    rest = process.stderr.read()
    assert (first.split()[0], process.wait()) == ("读取文件", 130)
    assert rest.splitlines()[-1] == "已中断，原有内容未受影响。"
    assert "Traceback" not in rest


@pytest.fixture
def official(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Site]:
    """Settings for a corpus of one digest whose original lies on a site of this machine."""
    (tmp_path / "corpus").mkdir()
    (tmp_path / "corpus" / "trees.md").write_text("第一条　种树要浇水。", encoding="utf-8")
    entry = f'[[document]]\nfile = "trees.md"\nkind = "digest"\nplace = "某市"\ntitle = "某市种树办法"\nurl = "https://{GOV}/trees.txt"'
    (tmp_path / "corpus" / "manifest.toml").write_text(entry, encoding="utf-8")
    settings.cache_clear()
    with open_site() as site:
        for name in ("corpus", "originals", "store"):
            monkeypatch.setenv(f"BOT_{name.upper()}", str(tmp_path / name))
        monkeypatch.setenv("BOT_MIRRORS", json.dumps(site.mirrors))
        yield site
    settings.cache_clear()


def test_sync_fetches_the_originals_and_index_takes_them_in(run: Run, official: Site, tmp_path: Path) -> None:
    official[f"{GOV}/trees.txt"] = Reply(words("某市种树办法").encode(), kind="text/plain")
    checked = run("sync", "--check")
    assert (checked.returncode, checked.stdout) == (
        0,
        f"trees（某市种树办法）：将访问 https://{GOV}/trees.txt；还没有原文。\n",
    )
    assert official.asked == []
    done = run("sync", "--pause", "0")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "[1/1] trees（某市种树办法）：已取回（txt，248 字）。",
        f"共 1 份：新取回 1 份。原文在 {tmp_path / 'originals'}，请运行 python -m bot index 收录。",
    ]
    indexed = run("index")
    assert "《某市种树办法》已有原文（trees.txt），要点摘编 trees.md 不再收入。" in indexed.stderr
    assert "新增 1 份" in indexed.stdout
    assert "第二条" in run("show", "trees").stdout


def test_sync_says_what_it_could_not_get_and_its_exit_code_tells(run: Run, official: Site) -> None:
    done = run("sync", "--pause", "0")
    assert (done.returncode, done.stdout.splitlines()[-1]) == (3, "共 1 份：没有取到 1 份（trees）。")
    assert "已不存在（404）" in done.stdout
    assert official.places == [f"{GOV}/trees.txt"]


def test_sync_names_the_digests_there_are(run: Run, official: Site) -> None:
    done = run("sync", "灌木")
    assert (done.returncode, official.asked) == (1, [])
    assert done.stderr == "错误：没有编号为“灌木”的要点摘编。现有：trees。\n"
