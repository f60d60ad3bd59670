"""A bank: its digests, and what the site holds of it."""

from __future__ import annotations

import zlib
from pathlib import Path

from build_scripts.quiz_paper import parse_bank
from build_scripts.quiz_site import write_bank

PAPER = """标题：小测验
一、选择题
1.水在（B）结冰。A、十度 B、零度 C、二十度
2.下列是水果的有（A、 C） A、苹果 B、桌子 C、梨
二、填空题
1.一天有（24小时）。
同样算对：24小时 = 24h
三、简答题
1.为什么要洗手？
要点：去掉细菌
"""


def test_the_digests_tell_a_changed_bank_and_a_changed_question() -> None:
    old, new = (
        parse_bank(PAPER, "small"),
        parse_bank(PAPER.replace("水在（B）", "水在（A）"), "small"),
    )
    reworded = parse_bank(PAPER.replace("桌子", "椅子"), "small")
    assert old.digest == parse_bank(PAPER, "small").digest != new.digest
    assert old.digests == new.digests  # the trainee sees the same question
    changed = [name for name in old.digests if old.digests[name] != reworded.digests[name]]
    assert changed == ["1.2"]


def test_the_page_s_paper_holds_no_answer() -> None:
    public = str(parse_bank(PAPER, "small").public())
    assert not any(word in public for word in ("24小时", "去掉细菌", "'answer'", "'blanks'"))


def test_the_bank_is_packed_and_the_same_each_time(tmp_path: Path) -> None:
    bank = parse_bank(PAPER, "small")
    write_bank(bank, tmp_path / "a")
    write_bank(bank, tmp_path / "b")
    packed = (tmp_path / "a").read_bytes()
    assert packed == (tmp_path / "b").read_bytes()
    assert "24小时".encode() not in packed
    assert "24小时" in zlib.decompress(packed).decode()
