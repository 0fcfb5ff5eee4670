import gzip
import time
from itertools import pairwise

import pytest

from bot.documents.sync.fetch import Fetcher
from bot.errors import FetchError
from tests.documents.sync.official import FILES, GOV, Reply, Site

PAGE = f"https://{GOV}/zhengce/1.htm"
KEY = f"{GOV}/zhengce/1.htm"


def fault(fetcher: Fetcher, url: str = PAGE) -> str:
    with pytest.raises(FetchError) as raised:
        fetcher.get(url)
    return str(raised.value)


def test_a_page_is_fetched_as_it_is_and_the_product_named(site: Site, fetcher: Fetcher):
    site[KEY] = Reply(
        "种树办法".encode("gb18030"), headers={"ETag": '"a"', "Last-Modified": "Mon, 06 May 2024 00:00:00 GMT"}
    )
    found = fetcher.get(PAGE)
    assert (found.url, found.status, found.body.decode("gb18030"), found.etag) == (PAGE, 200, "种树办法", '"a"')
    assert found.modified == "Mon, 06 May 2024 00:00:00 GMT"
    assert site.asked[0].headers["User-Agent"].startswith("policy-bot/")


def test_what_did_not_change_is_not_sent_again(site: Site, fetcher: Fetcher):
    site[KEY] = lambda asked: Reply(status=304 if asked.headers.get("If-None-Match") == '"a"' else 200)
    assert fetcher.get(PAGE, etag='"a"').status == 304


def test_requests_to_one_host_keep_their_distance_and_to_another_do_not(site: Site):
    site[KEY] = site[f"{FILES}/1.docx"] = Reply(b"x")
    with Fetcher(site.mirrors, pause=0.2) as fetcher:
        for url in (PAGE, f"https://{FILES}/1.docx", PAGE, PAGE):
            fetcher.get(url)
    times = [asked.at for asked in site.asked if asked.place == KEY]
    assert all(after - before >= 0.2 for before, after in pairwise(times))
    other = next(asked.at for asked in site.asked if asked.place != KEY)
    assert other - times[0] < 0.3  # its robots.txt, then the pause before the file


def test_robots_are_obeyed(site: Site, fetcher: Fetcher):
    site[f"{GOV}/robots.txt"] = Reply(b"User-agent: *\nDisallow: /zhengce/\n", kind="text/plain")
    assert "robots.txt 不许" in fault(fetcher)
    assert site.places == []


@pytest.mark.slow
def test_a_crawl_delay_is_kept(site: Site):
    site[f"{GOV}/robots.txt"] = Reply(b"User-agent: *\nCrawl-delay: 1\n", kind="text/plain")
    site[KEY] = Reply(b"x")
    with Fetcher(site.mirrors, pause=0) as fetcher:
        fetcher.get(PAGE)
        fetcher.get(PAGE)
    assert site.asked[1].at - site.asked[0].at >= 1


@pytest.mark.parametrize("robots", [Reply(status=404), Reply(status=403), Reply("<html>首页</html>".encode())])
def test_a_site_without_rules_may_be_asked(site: Site, fetcher: Fetcher, robots: Reply):
    site[f"{GOV}/robots.txt"] = robots
    site[KEY] = Reply(b"x")
    assert fetcher.get(PAGE).body == b"x"


def test_a_site_whose_rules_cannot_be_read_is_left_alone(site: Site, fetcher: Fetcher):
    site[f"{GOV}/robots.txt"] = Reply(status=500)
    assert "robots.txt 出错（500）" in fault(fetcher)
    assert site.places == []


def test_a_fault_that_passes_is_tried_again(site: Site, fetcher: Fetcher):
    answers = iter([Reply(status=500), Reply(b"half", stop_at=2), Reply(b"whole")])
    site[KEY] = lambda _: next(answers)
    assert fetcher.get(PAGE).body == b"whole"


@pytest.mark.parametrize(
    ("reply", "said", "times"),
    [
        (Reply(status=404), "已不存在（404）", 1),
        (Reply(status=403), "拒绝程序访问（403）", 1),
        (Reply(status=412), "拒绝程序访问（412）", 1),
        (Reply(status=503), "出错（503），试了 3 次", 3),
        (Reply(b"x" * 1000, stop_at=500), "没有传完就断开了", 3),
        (Reply(b"x" * 100, headers={"Content-Encoding": "gzip"}), "压缩的内容解不开", 3),
        (Reply(b"x" * (2 << 20)), "超过 1 MB", 1),
        (Reply(gzip.compress(bytes(200 << 20)), headers={"Content-Encoding": "gzip"}), "超过 1 MB", 1),
    ],
)
def test_what_is_no_answer_is_told_and_asked_again_only_where_that_may_help(
    site: Site, fetcher: Fetcher, reply: Reply, said: str, times: int
):
    site[KEY] = reply
    assert said in fault(fetcher)
    assert site.places == [KEY] * times


def test_a_site_that_asks_to_wait_is_waited_for(site: Site, fetcher: Fetcher):
    answers = iter([Reply(status=429, headers={"Retry-After": "1"}), Reply(b"x")])
    site[KEY] = lambda _: next(answers)
    fetcher.get(PAGE)
    assert site.asked[1].at - site.asked[0].at >= 1


@pytest.mark.parametrize("until", ["3600", "Wed, 06 May 2099 00:00:00 GMT"])
def test_a_site_that_asks_to_wait_for_long_is_left_alone(site: Site, fetcher: Fetcher, until: str):
    site[KEY] = Reply(status=429, headers={"Retry-After": until})
    assert "秒后再来" in fault(fetcher)
    assert "秒后再来" in fault(fetcher, f"https://{GOV}/zhengce/2.htm")
    assert site.places == [KEY]


@pytest.mark.parametrize("body", [b"x" * 200, b""])
def test_a_site_that_drips_is_cut_off(site: Site, body: bytes):
    site[f"{GOV}/robots.txt"] = Reply(b"", status=404)
    site[KEY] = Reply(body, drip=0.05)
    with Fetcher(site.mirrors, pause=0, timeout=1, deadline=0.5, attempts=1) as fetcher:
        begun = time.monotonic()
        assert "超过了时限" in fault(fetcher)
        assert time.monotonic() - begun < 8


def test_a_host_that_cannot_be_reached_is_asked_once_a_run():
    with Fetcher({GOV: "http://127.0.0.1:1"}, pause=0, backoff=0.01) as fetcher:
        assert "连接不上，试了 3 次" in fault(fetcher)
        assert "本次不再访问" in fault(fetcher)


@pytest.mark.parametrize(
    ("target", "said"),
    [
        ("/", "转到了网站首页"),
        ("/index.html", "转到了网站首页"),
        ("/user/login?back=1", "转到了登录或验证页面"),
        ("https://ads.example.com/x", "转到了别的网站（ads.example.com）"),
        ("/zhengce/1.htm", "一再转向"),
    ],
)
def test_a_redirect_that_leads_nowhere_is_not_followed(site: Site, fetcher: Fetcher, target: str, said: str):
    site[KEY] = Reply(status=302, headers={"Location": target})
    site[f"{GOV}/"] = Reply(b"home")
    assert said in fault(fetcher)


def test_a_page_that_moved_is_found_at_its_new_address(site: Site, fetcher: Fetcher):
    site[KEY] = Reply(status=301, headers={"Location": "/zhengce/content/1.htm"})
    site[f"{GOV}/zhengce/content/1.htm"] = Reply(b"x")
    assert fetcher.get(PAGE).url == f"https://{GOV}/zhengce/content/1.htm"


@pytest.mark.parametrize("url", ["ftp://www.gov.cn/1", "无", "https://", "http://[::1"])
def test_what_is_no_address_is_told(fetcher: Fetcher, url: str):
    assert "写得不对" in fault(fetcher, url)
