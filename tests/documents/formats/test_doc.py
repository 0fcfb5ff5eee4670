import struct
from pathlib import Path

import pytest

from bot.documents.formats.doc import read_doc
from bot.errors import CorpusError
from bot.settings import PROJECT
from tests.documents.formats.papers import STREET, STREET_DOC

RAW = STREET_DOC.read_bytes()
HEAD = RAW.index(b"\xec\xa5")  # where the stream of the text begins
PAGES = PROJECT.parent / "shared" / "pages"


def patched(offset: int, value: int) -> bytes:
    """The file with two bytes of its information block changed."""
    place = HEAD + offset
    return RAW[:place] + struct.pack("<H", value) + RAW[place + 2 :]


def test_numerals_that_word_counts_tables_and_shown_text_are_read_headers_are_not():
    assert read_doc(RAW, STREET_DOC).text == STREET


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (patched(0x0A, struct.unpack_from("<H", RAW, HEAD + 0x0A)[0] | 0x0100), "加了密码"),
        (patched(0x02, 0x0065), "Word 95 以前的格式"),
        (RAW[:6000], "已损坏或不完整"),
        (RAW[:100], "已损坏或不完整"),
        (RAW.replace("WordDocument".encode("utf-16-le"), "Workbook\0\0\0\0".encode("utf-16-le")), "不是 Word 文件"),
    ],
)
def test_what_cannot_be_read_is_said(raw: bytes, said: str):
    with pytest.raises(CorpusError, match=rf"^a\.doc .*{said}.*。$"):
        read_doc(raw, Path("a.doc"))


def test_no_cut_of_a_file_is_more_than_a_sentence():
    for length in range(0, len(RAW), 997):
        try:
            read_doc(RAW[:length], Path("a.doc"))
        except CorpusError as error:
            assert str(error).count("。") == 1


# Lines and characters; their words stay where they are.
@pytest.mark.parametrize(("pattern", "shape"), [("关于传发*.doc", (2183, 75516)), ("关于在办理*.doc", (12, 1729))])
def test_official_papers_keep_their_shape(pattern: str, shape: tuple[int, int]):
    paths = list(PAGES.glob(pattern)) if PAGES.exists() else []
    if not paths:
        pytest.skip(f"没有 shared/pages/{pattern}")
    lines = read_doc(paths[0].read_bytes(), paths[0]).text.split("\n")
    assert (len(lines), sum(map(len, lines))) == shape
