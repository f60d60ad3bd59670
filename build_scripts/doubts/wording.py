"""Words that are probably not meant: a good result with a bad end (a lost 不), and a person by name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from build_scripts.doubts.doubt import HAN, Doubt, Text

GOOD = "及格|合格|达标|通过|达到要求"
BAD = "辞退|开除|降级|降职|淘汰|解除劳动合同|终止劳动合同|处罚|罚款"
TURNED = re.compile(
    rf"(?<![不未没非])(?P<good>{GOOD})(?:的|者|的员工|时|，|,){{1,2}}[^。；;\n，,不未没]{{0,8}}?(?P<bad>{BAD})"
)
SURNAMES = (
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎"
    "余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段钱汤尹黎易常武乔贺赖龚文华"
)
PERSON = re.compile(
    rf"(?:[部办室处科组]|中心|经理|主管|主任|总监|由)(?P<name>[{SURNAMES}](?![应须可要会和与或及的之])[{HAN}]{{1,2}}?)(?:本人|亲自)"
)


def wording_doubts(text: Text) -> Iterator[Doubt]:
    """Yield 及格的…辞退, and a named person who has to act."""
    for passage in text.own():
        for found in TURNED.finditer(passage.words):
            good, bad = found["good"], found["bad"]
            message = f"“{good}”却要“{bad}”，像是漏了一个“不”字"
            yield text.doubt("sense", (passage, found.start()), message, good, bad)
        for found in PERSON.finditer(passage.words):
            message = f"条文里写了人名“{found['name']}”，人换了岗位条文就要改"
            yield text.doubt("person", (passage, found.start("name")), message)
