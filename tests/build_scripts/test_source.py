"""Text files in the encodings and line ends that people save."""

import codecs
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from build_scripts.source import SourceError, decode, load, read_text

TEXT = "一、总则\n１、员工应当准时。\n二、附则\n"


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    "mark_and_encoding",
    [
        (b"", "utf-8"),
        (codecs.BOM_UTF8, "utf-8"),
        (b"", "gb18030"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (b"", "utf-16-le"),
        (b"", "utf-16-be"),
    ],
)
def test_every_encoding_and_line_end(
    tmp_path: Path, mark_and_encoding: tuple[bytes, str], end: str
) -> None:
    mark, encoding = mark_and_encoding
    path = tmp_path / "text.txt"
    path.write_bytes(mark + TEXT.replace("\n", end).encode(encoding))
    assert read_text(path) == TEXT


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
@pytest.mark.parametrize("rest", ["", "x"])
def test_a_nul_makes_no_utf_16_of_a_text(tmp_path: Path, encoding: str, rest: str) -> None:
    path = tmp_path / "text.txt"
    text = TEXT.replace("准", "\0准") + rest
    path.write_bytes(text.encode(encoding))
    assert read_text(path) == text


@given(
    st.binary(max_size=40) | st.text(max_size=20).map(lambda text: text.encode("gb18030", "ignore"))
)
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    try:
        text = decode(content, "x")
    except SourceError:
        return
    assert text.encode("utf-8").decode("utf-8") == text


def test_an_empty_file_is_an_empty_text(tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    path.write_bytes(b"")
    assert read_text(path) == ""


@pytest.mark.parametrize(
    ("content", "offset"),
    [
        (TEXT.encode() + b"\xff" + TEXT.encode(), len(TEXT.encode())),
        (TEXT.encode("gb18030") + b"\xff\xff", len(TEXT.encode("gb18030"))),
        (codecs.BOM_UTF8 + b"ok \xff", 6),
        (codecs.BOM_UTF16_LE + "好".encode("utf-16-le") + b"\x00", 4),
    ],
)
def test_what_cannot_be_read_is_told_with_file_and_byte(
    tmp_path: Path, content: bytes, offset: int
) -> None:
    path = tmp_path / "坏.txt"
    path.write_bytes(content)
    with pytest.raises(SourceError, match=rf"坏\.txt：第 {offset + 1} 个字节（偏移 {offset}）"):
        read_text(path)


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="打不开"):
        read_text(tmp_path / "none.txt")


def test_the_id_is_the_front_line_or_the_stem(tmp_path: Path) -> None:
    path = tmp_path / "stem.txt"
    path.write_text("标题：甲\n编号：own\n\n一、乙\n", "utf-8")
    assert load(path).find("own:1") is not None
    path.write_text("标题：甲\n\n一、乙\n", "utf-8")
    assert load(path).policy == "stem"
