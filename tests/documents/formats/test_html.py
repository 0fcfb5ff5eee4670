"""Pages as the content management systems of government sites write them, with words of our own."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.documents.formats.html import read_html
from bot.documents.load import load
from bot.errors import CorpusError

ARTICLES = """<p>第一条　为了多种树，制定本办法。</p><p>第二条　市园林局负责全市的种树工作，各区负责本区的。</p>
<p>第三条　本办法自2024年6月1日起施行，有效期五年。</p>"""
TEXT = """第一条　为了多种树，制定本办法。
第二条　市园林局负责全市的种树工作，各区负责本区的。
第三条　本办法自2024年6月1日起施行，有效期五年。"""
PAGE = f"""<html><head><title>种树办法_某市人民政府门户网站</title></head><body>
<div class="nav"><a href="/">首页</a> <a href="/a">政务公开</a></div>
<div>您当前的位置：首页 &gt; 政策文件</div><h1>种树办法</h1><div class="share">分享到：微信</div>
<div class="wrap">{ARTICLES}</div>
<div class="footer">主办：某市人民政府办公厅　网站标识码：3700000000</div></body></html>"""


def page(body: str, head: str = "") -> bytes:
    return f"<html><head>{head}</head><body>{body}</body></html>".encode()


def read(body: str, head: str = ""):
    return read_html(page(body, head), Path("a.html"))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_read_alike_though_none_is_declared(encoding: str):
    extract = read_html(PAGE.encode(encoding), Path("a.html"))
    assert (extract.text, extract.fields["title"]) == (TEXT, "种树办法")


def test_a_declared_encoding_may_be_wrong():
    wrong = PAGE.replace("<head>", '<head><meta charset="utf-8">').encode("gbk")
    assert read_html(wrong, Path("a.html")).text == TEXT


def test_utf8_with_one_damaged_character_is_still_utf8():
    raw = page(f'<div id="zoom">{ARTICLES}<p>{"种树好。" * 400}</p></div>', '<meta charset="utf-8">')
    extract = read_html(raw.replace("好。".encode(), b"\xe5\xa5", 1), Path("a.html"))
    assert extract.text.startswith("第一条　为了多种树")


@pytest.mark.parametrize(
    "body",
    [
        f'<div id="UCAP-CONTENT"><div class="trs_editor_view">{ARTICLES}</div></div>',
        f'<div class="TRS_Editor">{ARTICLES}</div>',
        f'<div class="box"><div>{ARTICLES}</div></div>',
        f"<table><tr><td>{ARTICLES}</td></tr></table>",
        f'<div class="printArea">{ARTICLES}</div>',
        f"<table><tr><td>索引号：</td><td>1</td></tr><tr><td colspan=2>{ARTICLES}</td></tr></table>",
        f'<table><tr><td>文号：</td><td>无</td></tr><tr><td colspan=2 id="UCAP-CONTENT">{ARTICLES}</td></tr></table>',
        f'<div id="zoom" style="display:none">{ARTICLES}</div>',
        f'<div id="zoom">{ARTICLES}<script>document.write("第四条 不在")</script><style>p{{}}</style></div>',
        f'<div id="zoom">{ARTICLES}<p style="display: none">看不见的话，不是正文。</p></div>',
        f'<div id="zoom"><p>【字体：大 中 小】</p>{ARTICLES}<p>【打印】【关闭】</p><p>上一篇：养花办法</p></div>',
        f'<div id="zoom">{ARTICLES}<div class="content_share">分享到 微信</div></div>',
        f'<div id="zoom">{ARTICLES}</div><div class="print-copy" style="display:none">{ARTICLES}</div>',
        f'<div class="list"><a href="/1">关于种树的解读，请看。</a><a href="/2">养花</a></div><div>{ARTICLES}</div>',
    ],
)
def test_the_body_is_found_without_what_surrounds_it(body: str):
    assert read(f'<div class="top">首页　登录</div>{body}<div class="footer">网站地图</div>').text == TEXT


def test_a_page_that_is_hidden_until_its_script_runs_is_read():
    raw = f"<html><body style='visibility: hidden'><div>{ARTICLES}</div></body></html>".encode()
    assert read_html(raw, Path("a.html")).text == TEXT


def test_a_table_is_kept_row_by_row_and_a_cell_over_rows_is_in_each():
    table = """<table><tr><th>类别</th><th>树种</th><th>每棵<br>补贴</th></tr>
    <tr><td rowspan="2">乔<p>木</p></td><td>杨树</td><td>3元</td></tr><tr><td>柳树</td><td>4元</td></tr>
    <tr><td colspan="2">合计</td><td>7元</td></tr></table>"""
    assert read(f'<div id="zoom">{ARTICLES}{table}<p>注：以上为每年。</p></div>').text.split("\n")[3:] == [
        "类别 | 树种 | 每棵 补贴",
        "乔木 | 杨树 | 3元",
        "乔木 | 柳树 | 4元",
        "合计 | 7元",
        "注：以上为每年。",
    ]


def test_a_line_is_a_paragraph_however_the_source_is_broken():
    body = """<div id="zoom"><p>一、多
    种树，<b>种好</b>树。&nbsp;&nbsp;</p>二、浇水要及时，<br/>三、施肥要适量，<span>use
    NPK</span>。<ul><li>（一）春天。</li><li>（二）秋天。</li></ul></div>"""
    assert read(body).text == (
        "一、多种树，种好树。\n二、浇水要及时，\n三、施肥要适量，use NPK。\n（一）春天。\n（二）秋天。"
    )


def test_ids_of_the_page_are_anchors():
    body = f'<div id="zoom">{ARTICLES}<h2 id="fj">附件</h2><p><a name="t1"></a>种树的要求，见附表。</p></div>'
    extract = read(body)
    assert [(extract.text[start:][:2], name) for start, name in extract.anchors] == [
        ("第一", "zoom"),
        ("附件", "fj"),
        ("种树", "t1"),
    ]


def test_a_head_table_tells_the_fields():
    head = """<table><tr><td><b>索 引 号：</b></td><td>000014349/2025-00023</td><td>主题分类：</td><td>林业</td></tr>
    <tr><td>发文机关：</td><td>某省林业厅</td><td>成文日期：</td><td>2024年05月06日</td></tr>
    <tr><td>标　　题：</td><td>某省林业厅关于种树的通知</td><td></td></tr>
    <tr><td>发文字号：</td><td>林发【2024】3号</td><td>发布日期：</td><td>2024年05月08日</td></tr></table>"""
    extract = read(
        f'{head}<div id="UCAP-CONTENT">{ARTICLES}</div>', "<title>某省林业厅关于种树的通知_林业_中国政府网</title>"
    )
    assert extract.text == TEXT
    assert extract.fields == {
        "title": "某省林业厅关于种树的通知",
        "doc_number": "林发〔2024〕3号",
        "issuer": "某省林业厅",
        "issued_on": date(2024, 5, 6),
    }


def test_a_list_of_fields_inside_the_body_is_no_body():
    head = """<ul><li>索引号：00511/2024</li><li>发布日期：2024-05-08</li><li>发文字号：青园规〔2024〕3号</li>
    <li>发文单位：青岛市园林局</li><li>有效性：失效</li></ul>"""
    extract = read(f'<div id="zoom">{head}{ARTICLES}</div>', "<title>种树办法</title>")
    assert extract.text == TEXT
    assert extract.fields == {
        "title": "种树办法",
        "doc_number": "青园规〔2024〕3号",
        "issuer": "青岛市园林局",
        "issued_on": date(2024, 5, 8),
        "state": "到期",
    }


def test_square_brackets_around_labels_and_dashes_for_nothing():
    head = """<p>[发文机构] ----北京市园林局</p><p>[联合发文单位] 北京市财政局</p><p>[实施日期] ----</p>
    <p>[成文日期] 2024-05-06</p><p>[发文字号] 京园发〔2024〕3号</p><p>[废止日期] ----</p><p>[有效性] 现行有效</p>"""
    extract = read(f'{head}<div id="mainText">{ARTICLES}</div>', "<title>种树办法</title>")
    assert extract.fields == {
        "title": "种树办法",
        "doc_number": "京园发〔2024〕3号",
        "issuer": "北京市园林局",
        "issued_on": date(2024, 5, 6),
        "state": "现行",
    }


def test_a_state_that_a_script_fills_in_is_read():
    head = (
        "<ul><li>文 号：穗园规〔2019〕2号</li><li>文件状态：<script>var status = '失效（提前废止）';</script></li></ul>"
    )
    assert read(f'{head}<div id="zoom">{ARTICLES}</div>').fields["state"] == "废止"


METAS = """<meta name="SiteName" content="广州市园林局网站"><meta name="ArticleTitle" content="本月起，种树有补贴！">
<meta name="PubDate" content="2025-12-03 16:47"><meta name="ContentSource" content="{source}">"""
NEWS = """<div id="zoomcon"><p>好消息来了！2025年12月1日起，种一棵树补贴三元，直接发到个人。</p>
<p>请相互转告，多多种树。</p></div>"""


@pytest.mark.parametrize(
    ("source", "issuer"),
    [
        ("广州市财政局 广州市园林局", "广州市财政局、广州市园林局"),
        ("市园林局 种树服务中心", "广州市园林局"),
        ("本网", "广州市园林局"),
        ("本网广州市种树办公室", "广州市种树办公室"),
        ("广东省园林局官网", "广东省园林局"),
    ],
)
def test_where_the_text_is_silent_the_page_says_who_and_when(source: str, issuer: str):
    assert read(NEWS, METAS.format(source=source)).fields == {
        "title": "本月起，种树有补贴！",
        "issuer": issuer,
        "issued_on": date(2025, 12, 3),
    }


def test_what_the_text_is_signed_with_stands_before_when_it_was_put_up():
    body = f'<div id="zoom">{ARTICLES}<p>广州市种树办公室</p><p>2025年 11月 30 日</p></div>'
    fields = read(body, METAS.format(source="本网")).fields
    assert "issuer" not in fields and "issued_on" not in fields


def test_a_reprinting_site_is_not_the_issuer():
    head = "<p>发布机构：广州市天河区财政局（国资局）</p><p>名称：广州市园林局 广州市财政局关于种树的通知</p>"
    assert read(f'{head}<div id="zoom">{ARTICLES}</div>').fields["issuer"] == "广州市园林局、广州市财政局"


def test_a_head_table_knows_an_issuer_by_its_full_name():
    head = "<p>发文机关：青岛市园林局</p><p>标题：市园林局关于种树的通知</p>"
    assert read(f'{head}<div id="zoom">{ARTICLES}</div>').fields["issuer"] == "青岛市园林局"


def test_a_district_page_belongs_to_the_city_of_its_site():
    body = '<div id="zoom"><p>今年的种树时间，从三月开始。</p><p>请相互转告，多多种树。</p></div>'
    assert (
        read(
            f"<p>信息来源：清河区园林局</p>{body}", '<meta name="SiteName" content="济南市清河区人民政府门户网站">'
        ).fields["place"]
        == "济南市"
    )


def test_a_number_that_is_only_cited_is_not_the_own_one(tmp_path: Path):
    body = """<p>根据《种树办法》（穗园规〔2024〕1号）申报，并经公示的树木可以申请补贴。</p><p>一、申请时间，六月。</p>
    <p>二、申请地点，各区园林局。</p>"""
    (tmp_path / "a.html").write_bytes(page(f'<div id="zoom">{body}</div>', "<title>种树补贴申请</title>"))
    assert load(tmp_path / "a.html").doc_number is None


@pytest.mark.parametrize(
    ("body", "head", "said"),
    [
        ('<form><p>用户登录</p>用户名<input name="u"/>密码<input type="password"/></form>', "", "登录页"),
        ("<p>请输入验证码，完成安全验证后继续访问。</p>", "<title>安全验证</title>", "验证页"),
        ("<h1>404</h1><p>您访问的页面不存在或已被删除，请返回首页。</p>", "", "出错页"),
        ("<p>抱歉，您要找的内容暂时打不开，请稍后再试一次。</p>", "<title>404 Not Found</title>", "出错页"),
        ('<div id="zoom"></div><script>load("/content.json")</script>', "<title>种树办法</title>", "脚本"),
        ("", "", "脚本"),
    ],
)
def test_a_page_without_a_document_is_refused_in_one_sentence(tmp_path: Path, body: str, head: str, said: str):
    (tmp_path / "a.html").write_bytes(page(body, head))
    with pytest.raises(CorpusError, match=said) as caught:
        load(tmp_path / "a.html")
    assert str(tmp_path / "a.html") in str(caught.value) and str(caught.value).count("。") == 1


def test_a_document_on_captchas_and_logins_is_a_document():
    body = f'<div id="zoom">{ARTICLES * 8}<p>第四条　用户登录时输入验证码。</p></div><input type="password"/>'
    assert "验证码" in read(body).text


def test_a_short_notice_on_a_site_with_a_login_box_is_a_document():
    box = '<div class="top"><input name="u"/><input type="password"/></div>'
    assert read(f'{box}<div id="zoom"><p>各区：请按时种树。</p><p>市园林局，2024年第404号。</p></div>').text == (
        "各区：请按时种树。\n市园林局，2024年第404号。"
    )


def test_a_page_of_any_depth_is_read():
    assert read("<div>" * 600 + ARTICLES + "</div>" * 600).text == TEXT


@pytest.mark.parametrize("suffix", [".html", ".htm", ".shtml", ".HTML"])
def test_every_suffix_of_a_page_is_loaded(tmp_path: Path, suffix: str):
    path = tmp_path / f"种树{suffix}"
    path.write_bytes(PAGE.encode())
    document = load(path)
    assert (document.id, document.title, document.effective_on, document.expires_on) == (
        "种树",
        "种树办法",
        date(2024, 6, 1),
        date(2029, 5, 31),
    )


@pytest.mark.parametrize(
    ("title", "headline"),
    [
        ("市园林局关于种树的通知_林业_中国政府网", "市园林局关于种树的通知"),
        ("种树计划（2025—2027年）_政府文件_中国政府网", "种树计划（2025—2027年）"),
        ("种树办法 - 广州市人民政府门户网站", "种树办法"),
        ("种树办法-广州市园林局网站", "种树办法"),
        ("种树计划（2025-2027年）", "种树计划（2025-2027年）"),
    ],
)
def test_the_site_is_no_part_of_the_title(title: str, headline: str):
    assert read(f'<div id="zoom">{ARTICLES}</div>', f"<title>{title}</title>").fields["title"] == headline


def test_a_decree_in_the_headline_is_the_number():
    title = "<title>中华人民共和国某某部令（2026年第10号）　　种树规定__2026年第18号国务院公报_中国政府网</title>"
    fields = read(f'<div id="zoom">{ARTICLES}</div>', title).fields
    assert (fields["title"], fields["doc_number"]) == ("种树规定", "中华人民共和国某某部令2026年第10号")


def test_a_head_table_names_all_that_a_title_counts():
    head = "<p>发文机关：某某部 某某总局</p><p>标题：某某部等二部门关于种树的通知</p>"
    assert read(f'{head}<div id="zoom">{ARTICLES}</div>').fields["issuer"] == "某某部、某某总局"


PIECES = (
    "<table>",
    "</table>",
    "<tr>",
    "<td rowspan=3>",
    "<td colspan=2>",
    "</td>",
    "<p>",
    "<div id=zoom>",
    "</div>",
    "<br>",
)
WORDS = (
    "第一条　种树。",
    "文号：",
    "索引号：",
    "<script>",
    "</script>",
    "<a name=x>",
    "<!--",
    "&#0;",
    "<body hidden>",
    "\ufdd0",
)


@given(st.lists(st.sampled_from(PIECES + WORDS), max_size=30))
def test_whatever_is_written_is_read_or_refused(pieces: list[str]):
    try:
        extract = read_html("".join(pieces).encode(), Path("a.html"))
    except CorpusError as error:
        assert str(error).startswith("a.html ")
    else:
        assert all(0 <= start < len(extract.text) for start, _ in extract.anchors)
        assert all(line.strip() for line in extract.text.split("\n"))
