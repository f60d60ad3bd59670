"""`llms.txt`: where an assistant finds what in the handbook, in the form of llmstxt.org."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from build_scripts.pages import Handbook


def llms(handbook: Handbook, name: str, description: str) -> str:
    """Write the list: a title, a summary, then links to the Markdown twins and the data."""
    return "\n".join(lines(handbook, name, description)) + "\n"


def lines(handbook: Handbook, name: str, description: str) -> Iterator[str]:
    """Yield the lines of the list."""
    yield f"# {name}"
    yield f"\n> {description}。"
    yield "\n条文以公司发布的原件为准。引用条文时写明条款。"
    yield "答案要由计算得出，不要自己估算；有存疑的地方照实说明。"
    yield from section(
        "制度",
        (
            (document.title, f"policies/{policy}/index.md", document.front.get("简介", ""))
            for policy, document in handbook.documents.items()
        ),
    )
    yield from section(
        "计算",
        (
            (
                handbook.labels[each.id].title,
                f"calculators/{each.id}/index.md",
                f"{handbook.documents[each.policy].title}；要填的内容见 schema/{each.id}.json",
            )
            for each in handbook.calculators
        ),
    )
    yield from section(
        "数据",
        (
            ("全部条款", "clauses.json", "每一条的编号、条文、网址，说到它的存疑，由它来定的计算"),
            ("全部计算", "calculators.json", "每个计算的问题、要填的内容、结果各项的说法和单位"),
            ("存疑", "doubts/index.md", f"条文里没说清的 {len(handbook.doubts)} 处，各按哪种读法"),
            ("数字", "figures/index.md", "计算用到的每个数字和条文里的原话"),
            ("给机器用", "machines/index.md", "这些文件怎么用，怎样嵌入，怎样在别处计算"),
        ),
    )
    yield from section(
        "Optional",
        (
            ("条款去向", "ledger/index.md", "每一条由什么来定"),
            ("变更", "changes/index.md", "每一版改了什么"),
            *((bank.title, f"quiz/{bank.id}/index.md", "测验的题目") for bank in handbook.banks),
        ),
    )


def section(title: str, links: Iterable[tuple[str, str, str]]) -> Iterator[str]:
    """Yield one list of links."""
    yield f"\n## {title}\n"
    for name, address, note in links:
        yield f"- [{name}]({address})" + (f": {note}" if note else "")
