"""The `handbook` command: a thin host around the parts; each command reads its input and calls one of them.

What is heavy (MkDocs, Jinja2, openpyxl) is imported by the command that needs it.
"""

# A command's docstring is its help, and \b keeps its lines as they are.
# ruff: noqa: D301, D400, D415

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal, InvalidOperation
from functools import partial
from pathlib import Path
from typing import Any

import click

import policy_core
from build_scripts.chinese_click import (
    DONE,
    FOUND,
    ChineseGroup,
    WrongCallError,
    give,
    nearest,
    tell,
)
from build_scripts.source import SourceError, load
from policy_core._browser import read_day, read_json
from policy_core._errors import one_problem

ROOT = Path(__file__).resolve().parent.parent
TEXTS = ROOT / "docs" / "policies"
BANKS = ROOT / "docs" / "quiz"
MOST_JOBS = 512
HOST, PORT = "127.0.0.1", 8000
WATCHED = ("docs", "calculators", "policy_core", "mkdocs.yml")


@click.group(cls=ChineseGroup, options_metavar="", subcommand_metavar="命令 …")
def handbook() -> None:
    """制度手册：建站、核对条文、算一笔或一批、给测验判分。

    \b
    结束时的状态：0 办好了 · 1 有存疑、有错误，或有的记录算不了 · 2 命令或填的内容不对
    """


as_of_option = click.option(
    "--as-of", metavar="日期", help="按哪一天的制度算，例如 2024-01-31；不写就是今天。"
)


@handbook.command(options_metavar="[选项]")
@click.option("--site", metavar="文件夹", help="网站写到哪里；不写就是手册里的 site。")
@click.option(
    "--server", metavar="文件夹", help="服务器的设置写到哪里；不写就是手册里的 build/server。"
)
@click.option("--quick", is_flag=True, help="不另外存压缩好的文件，建得快一些。")
def build(site: str | None, server: str | None, quick: bool) -> int:
    """把手册建成网站。

    \b
    建好的文件夹放到任何网站服务器上就能用，不需要联网。
    nginx 和 Caddy 的设置（安全策略、缓存、类型）另外写好，不在网站里；开头写着怎么用。
    压缩好的文件（.br、.gz）也在网站里，第一次要多等一会儿。
    """
    from build_scripts.pages import build_site  # noqa: PLC0415

    folder = Path(site) if site else ROOT / "site"
    if folder.exists() and not (folder.is_dir() and may_be_replaced(folder)):
        raise WrongCallError(
            f"{folder} 不是空文件夹，也不是以前建好的网站，没有动它；请换一个文件夹"
        )
    settings = Path(server) if server else ROOT / "build" / "server"
    build_site(folder, settings=settings, pressed=not quick)
    return tell(f"建好了：{folder}；服务器的设置：{settings}")


def may_be_replaced(folder: Path) -> bool:
    """Tell whether a folder is empty or holds a site that was built before."""
    return (folder / "sitemap.xml").exists() or not any(folder.iterdir())


@handbook.command(options_metavar="[选项]")
@click.option("--port", metavar="端口", default=str(PORT), show_default=True, help="用哪个端口。")
def serve(port: str) -> int:
    """在本机打开手册，改了条文、数字或说明就自动重建。

    重建不成时说明原因，网页保持原样。
    """
    from build_scripts.preview import Preview  # noqa: PLC0415

    if not port.isdecimal() or not 0 < int(port) < 2**16:
        raise WrongCallError(f"端口填的是 {port}，应是 1 到 {2**16 - 1} 之间的整数")
    if taken(int(port)):
        raise WrongCallError(f"端口 {port} 已经有程序在用，请换一个，例如 --port {int(port) + 1}")
    with tempfile.TemporaryDirectory(prefix="handbook-", ignore_cleanup_errors=True) as folder:
        site = Path(folder) / "site"
        build_into(site)
        if not (site / "index.html").exists():
            return FOUND
        server = Preview(partial(build_into, site), host=HOST, port=int(port), root=str(site))
        for name in WATCHED:
            server.watch(str(ROOT / name))
        tell(f"手册在 http://{HOST}:{port}/ ，按 Ctrl+C 结束")
        try:
            server.serve()  # type: ignore[no-untyped-call]
        except KeyboardInterrupt:
            server.shutdown()
    return DONE


def build_into(site: Path) -> None:
    """Build in a fresh process, so that changed rules and figures are read anew."""
    places = ["--site", str(site), "--server", str(site.with_name("server"))]
    command = [sys.executable, "-m", "build_scripts", "build", "--quick", *places]
    subprocess.run(command, cwd=ROOT, check=False)


def taken(port: int) -> bool:
    """Tell whether another program listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return True
    return False


@handbook.command(options_metavar="[选项]")
@click.option("--texts", metavar="文件夹", help="核对另一个文件夹里的条文；不写就是手册自己的。")
@click.option("--strict", is_flag=True, help="手册用到的条文一篇也不能少，少了算错。")
@click.option("--json", "as_json", is_flag=True, help="结果写成 JSON。")
def check(texts: str | None, strict: bool, as_json: bool) -> int:
    """核对条文、数字和说明：编号、引用、每个数字的出处。

    \b
    错误：条文和计算对不上，手册不能发布。
    存疑：条文本身没说清。存疑清单里已经写明的只列出来；没写明的，状态是 1。
    用 --texts 核对别的文件夹时，只核对里面有的条文；加上 --strict，少一篇也算错。
    """
    from build_scripts import checks  # noqa: PLC0415

    folder = Path(texts) if texts else TEXTS
    if not folder.is_dir():
        raise WrongCallError(f"没有这个文件夹：{folder}")
    report = checks.check(folder, complete=strict or not texts)
    if as_json:
        give(report.to_json())
    for line in report.lines():
        tell(line)
    return DONE if report.sound else FOUND


@handbook.command("import", options_metavar="[选项]")
@click.argument("file", metavar="文件")
@click.option("--into", metavar="文件夹", required=True, help="分出来的条文写到哪里。")
@click.option(
    "--ids", metavar="编号,编号,…", help="各篇的编号，按先后写，用逗号隔开；不写就用 1、2、3。"
)
def import_(file: str, into: str, ids: str | None) -> int:
    """把一个文件里的好几篇制度分成一篇一个文件。"""
    from build_scripts.collection import CollectionError, import_collection  # noqa: PLC0415

    names = [each.strip() for each in ids.replace("，", ",").split(",")] if ids else None
    try:
        report = import_collection(Path(file), Path(into), names)
    except (CollectionError, SourceError) as error:
        raise WrongCallError(str(error)) from error
    for line in report.lines():
        tell(line)
    return DONE


@handbook.command(options_metavar="[选项]")
@click.argument("file", metavar="文件")
@click.option("--json", "as_json", is_flag=True, help="整棵条款树写成 JSON。")
def outline(file: str, as_json: bool) -> int:
    """列出一篇条文的条款；编号不连贯的地方另外指出。"""
    from build_scripts.outline import outline_json  # noqa: PLC0415

    try:
        document = load(Path(file))
    except SourceError as error:
        if as_json:
            raise one_problem("file", str(error)) from error
        raise WrongCallError(str(error)) from error
    if as_json:
        give(outline_json(document))
    else:
        for clause in document.walk():
            first = (clause.heading or clause.text).partition("\n")[0]
            click.echo(f"{'  ' * (clause.level - 1)}{clause.path}　{clause.number}{first}")
    for finding in document.findings:
        tell(f"{file}:{finding.line}: {finding.message}")
    return DONE


@handbook.command(options_metavar="[选项]")
@click.argument("calculator", metavar="计算")
@click.argument("inputs", metavar="[JSON | -]", required=False)
@as_of_option
def calc(calculator: str, inputs: str | None, as_of: str | None) -> int:
    """算一笔，得到一份 JSON。

    \b
    填的内容是 JSON，直接写在命令里，或者用 - 从标准输入读：
        handbook calc initial-grade '{"education": "master", "years": 5, "skill": 1}'
    有哪些计算、要填什么，见 handbook schema。
    """
    policy_core.calculator(calculator)
    answer = policy_core.calculate(calculator, read_object(inputs), day(as_of))
    give(answer.to_json())
    return DONE


@handbook.command(options_metavar="[选项]")
@click.argument("calculator", metavar="计算")
@click.argument("source", metavar="文件|-")
@click.option("-o", "--output", metavar="文件", help="结果写到哪里；不写就写到标准输出。")
@click.option(
    "--headings",
    metavar="labels|fields",
    help="表头用页面上的说法（labels）还是字段名（fields）；不写就随表格自己的。",
)
@click.option("--outcome-only", is_flag=True, help="只要结果，不要过程和存疑；快得多。")
@click.option(
    "--jobs",
    metavar="几个",
    default="1",
    show_default=True,
    help="几个进程一起算；all 是全部核心。",
)
@as_of_option
def batch(
    calculator: str,
    source: str,
    output: str | None,
    headings: str | None,
    outcome_only: bool,
    jobs: str,
    as_of: str | None,
) -> int:
    """算一批，一行一笔。

    \b
    看文件名的结尾：.jsonl（一行一个 JSON）、.csv、.xlsx、.parquet，输入和结果可以不同；
    - 是标准输入或标准输出，一行一个 JSON。
    表格的第一行写各列的名称，用字段名或页面上的说法都可以；别的列原样留着。
    一列里有好几个值时用分号或顿号隔开，或者分成几列：interview[0]、面试考评·第1项。
    算不了的那一行写明原因，其余照算。表格里只有结果，没有过程。
    """
    from build_scripts.batch import BatchError, Wishes, run_batch  # noqa: PLC0415

    if headings not in ("labels", "fields", None):
        raise WrongCallError(f"--headings 填的是“{headings}”，应是 labels 或 fields")
    style: Any = headings
    wishes = Wishes(headings=style, outcome_only=outcome_only, jobs=processes(jobs))
    try:
        outcome = run_batch(calculator, source, output, day(as_of), wishes)
    except BatchError as error:
        raise WrongCallError(str(error)) from error
    for line in outcome.lines():
        tell(line)
    return FOUND if outcome.wrong else DONE


def processes(given: str) -> int:
    """Read how many processes work at once; all, or 0, is one for each core."""
    if given in ("all", "0"):
        return os.process_cpu_count() or 1
    if not given.isdecimal() or int(given) > MOST_JOBS:
        raise WrongCallError(f"--jobs 填的是“{given}”，应是 1 到 {MOST_JOBS} 之间的整数，或 all")
    return int(given)


@handbook.command(options_metavar="[选项]")
@click.argument("calculator", metavar="计算")
def schema(calculator: str) -> int:
    """给出一个计算要填的内容，写成 JSON Schema。"""
    give(policy_core.json_schema(calculator))
    return DONE


vary_option = click.option(
    "--vary", metavar="项", required=True, help="变哪一项，例如 points 或 interview[0]。"
)


@handbook.command(options_metavar="[选项]")
@click.argument("calculator", metavar="计算")
@click.argument("inputs", metavar="[JSON | -]", required=False)
@as_of_option
def explain(calculator: str, inputs: str | None, as_of: str | None) -> int:
    """只填一部分时，说出哪些已经定了、还差什么。

    \b
    没填的，或者写成 {"unknown": true} 的，按每一种可能推算：
    outcome 已经定了 · possible 还有哪些可能 · needed 接着填哪一项最管用 · unmet 没达到的条件和差距。
    complete 是 false 的时候有的可能推算不了，只有 needed 可以看。
    """
    policy_core.calculator(calculator)
    give(policy_core.explain(calculator, read_object(inputs), day(as_of)))
    return DONE


@handbook.command(options_metavar="[选项]")
@click.argument("calculator", metavar="计算")
@click.argument("inputs", metavar="[JSON | -]", required=False)
@vary_option
@click.option("--until", metavar="结果", required=True, help='想要的结果，例如 "levels >= 2"。')
@as_of_option
def seek(calculator: str, inputs: str | None, vary: str, until: str, as_of: str | None) -> int:
    """变其中一项，最少变多少才能得到想要的结果。

    \b
    想要的结果写成 项 比较 值，用 and、or 和括号连起来：
        handbook seek grade-from-points '{…}' --vary points --until "new_grade >= 5 and title == '工程师'"
    比较有 >= <= > < == !=，值是数字、true、false、null 或者引号里的文字。达不到就说明推算过的范围。
    """
    policy_core.calculator(calculator)
    give(policy_core.seek(calculator, read_object(inputs), vary, until, day(as_of)))
    return DONE


@handbook.command(options_metavar="[选项]")
@click.argument("calculator", metavar="计算")
@click.argument("inputs", metavar="[JSON | -]", required=False)
@vary_option
@click.option("--from", "first", metavar="数字", help="从多少起；不写就从现在的值往下几级。")
@click.option("--to", "last", metavar="数字", help="到多少为止；不写就从现在的值往上几级。")
@as_of_option
def jumps(
    calculator: str,
    inputs: str | None,
    vary: str,
    first: str | None,
    last: str | None,
    as_of: str | None,
) -> int:
    """变其中一项，结果在哪些地方变，各是因为哪一条。"""
    policy_core.calculator(calculator)
    low, high = (None if each is None else read_number(each) for each in (first, last))
    give(policy_core.jumps(calculator, read_object(inputs), vary, low, high, day(as_of)))
    return DONE


@handbook.command(options_metavar="[选项]")
@click.argument("calculator", metavar="计算")
@click.argument("left", metavar="JSON")
@click.argument("right", metavar="[JSON]", required=False)
@click.option(
    "--as-of", nargs=2, metavar="日期 日期", help="两边各按哪一天的制度算；不写就都是今天。"
)
def compare(calculator: str, left: str, right: str | None, as_of: tuple[str, str] | None) -> int:
    """比较两种情况，或者同一种情况按两天的制度算，列出不同的地方。"""
    policy_core.calculator(calculator)
    one = read_object(left)
    other = one if right is None else read_object(right)
    days = (day(None), day(None)) if as_of is None else (day(as_of[0]), day(as_of[1]))
    give(policy_core.compare(calculator, one, other, days))
    return DONE


@handbook.command(options_metavar="[选项]")
@click.argument("policy", metavar="[制度]", required=False)
@click.option(
    "-o", "--output", metavar="文件", help="写到哪里；不写就是这里的 handbook.pdf，或者 制度.pdf。"
)
def pdf(policy: str | None, output: str | None) -> int:
    """把整本手册，或者其中一篇，做成 PDF：有目录、书签和页码。

    用本机的 Chromium 或 Chrome 来排版。
    """
    from build_scripts.machine.book import BookError, opened_browser, write_book  # noqa: PLC0415
    from build_scripts.pages import build_site, load_handbook  # noqa: PLC0415

    known = list(load_handbook(ROOT / "docs").documents)
    if policy is not None and policy not in known:
        raise WrongCallError(f"没有“{policy}”这篇制度{nearest(policy, known)}")
    out = Path(output or f"{policy or 'handbook'}.pdf")
    if not out.parent.is_dir():
        raise WrongCallError(f"没有这个文件夹：{out.parent}")
    with tempfile.TemporaryDirectory(prefix="handbook-") as folder:
        try:
            with opened_browser() as browser:
                build_site(Path(folder))
                write_book(browser, Path(folder), [policy] if policy else known, out, day(None))
        except BookError as error:
            raise WrongCallError(str(error)) from error
    return tell(f"写好了：{out}")


@handbook.command("mcp", options_metavar="")
def mcp_() -> int:
    """让助手来查条款、来算：一个 MCP 服务，从标准输入输出说话。

    \b
    在助手的设置里写上命令 handbook 和参数 mcp，由它来启动。
    """
    from build_scripts.machine.assistant import serve  # noqa: PLC0415
    from build_scripts.pages import load_handbook  # noqa: PLC0415

    serve(load_handbook(ROOT / "docs"))
    return DONE


@handbook.group("new", cls=ChineseGroup, options_metavar="", subcommand_metavar="命令 …")
def new_group() -> None:
    """加一篇制度，或者加一个计算：把要写的文件都摆好，里面是一个能用的例子。"""


@new_group.command("policy", options_metavar="[选项]")
@click.argument("policy", metavar="编号")
def new_policy(policy: str) -> int:
    """加一篇制度：条文和它的数字、存疑、去向。

    \b
    编号用小写字母、数字和短横，例如 staff-leave。已经有的文件一个也不动。
    """
    from build_scripts.scaffold import ScaffoldError, new_policy  # noqa: PLC0415

    try:
        layout = new_policy(policy, day(None))
    except ScaffoldError as error:
        raise WrongCallError(str(error)) from error
    for line in layout.lines():
        tell(line)
    return DONE


@new_group.command("calculator", options_metavar="[选项]")
@click.argument("calculator", metavar="编号")
@click.option("--policy", metavar="制度", required=True, help="这个计算出自哪一篇，写它的编号。")
def new_calculator(calculator: str, policy: str) -> int:
    """加一个计算：规则、说法和核对的例子。

    \b
    例子用的是这篇制度的第一个数字。已经有的文件一个也不动。
    """
    from build_scripts.scaffold import ScaffoldError, new_calculator  # noqa: PLC0415

    try:
        layout = new_calculator(calculator, policy)
    except ScaffoldError as error:
        raise WrongCallError(str(error)) from error
    for line in layout.lines():
        tell(line)
    return DONE


@handbook.group("quiz", cls=ChineseGroup, options_metavar="", subcommand_metavar="命令 …")
def quiz_group() -> None:
    """测验。"""


@quiz_group.command("mark", options_metavar="[选项]")
@click.argument("quiz", metavar="题库")
@click.argument("file", metavar="[文件 | -]", required=False)
@click.option(
    "--multiple",
    metavar="exact|share|half",
    default="exact",
    show_default=True,
    help="多选题少选了：不得分（exact）、按选对的个数得分（share）、得一半（half）；选错总是 0 分。",
)
def quiz_mark(quiz: str, file: str | None, multiple: str) -> int:
    """给一份答卷判分，得到一份 JSON。

    \b
    答卷是 JSON，按题号写答案：
        {"1.1": ["B"], "2.1": true, "3.1": ["…", "…"], "4.1": ["k1", "k3"]}
    """
    from build_scripts.source import read_text  # noqa: PLC0415

    bank, _ = bank_named(quiz)
    if file in (None, "-"):
        answers = read_object(file)
    else:
        try:
            answers = read_object(read_text(Path(str(file))))
        except SourceError as error:
            raise one_problem("file", str(error)) from error
    give(policy_core.mark(bank.to_json(), answers, multiple).to_json())
    return DONE


@quiz_group.command("check", options_metavar="[选项]")
@click.argument("file", metavar="文件")
@click.option("--json", "as_json", is_flag=True, help="结果写成 JSON。")
def quiz_check(file: str, as_json: bool) -> int:
    """看一份题库哪里不对：一处一行，写明是第几行。

    \b
    没有答案、答案不在选项里、题号跳了、读不到的部分、分数加起来不对、重复的题和选项、混进来的页眉。
    有不对的地方，状态是 1；读到的题照样能用。
    """
    from build_scripts.quiz import can_be_told  # noqa: PLC0415
    from build_scripts.quiz_check import findings  # noqa: PLC0415

    try:
        bank, text = read_bank_file(Path(file))
    except SourceError as error:
        raise WrongCallError(str(error)) from error
    found = findings(bank, text)
    usable = sum(map(can_be_told, bank.items))
    if as_json:
        listed = [{"line": each.line, "message": each.message} for each in found]
        give({"items": bank.size, "usable": usable, "findings": listed})
    for each in found:
        tell(f"{file}:{each.line}: {each.message}")
    tell(f"读到 {bank.size} 题，其中 {usable} 题能判分；{len(found)} 处要看。")
    return FOUND if found else DONE


@quiz_group.command("export", options_metavar="[选项]")
@click.argument("quiz", metavar="题库")
@click.option(
    "--format",
    "form",
    metavar="gift|moodle-xml|qti|anki|paper",
    required=True,
    help="gift、moodle-xml 给 Moodle，qti 是 QTI 2.1，anki 是卡片，paper 是带答案的卷子，用浏览器打印。",
)
@click.option("-o", "--output", metavar="文件", help="写到哪里；不写就写到标准输出。")
def quiz_export(quiz: str, form: str, output: str | None) -> int:
    """把题库交给别的系统，或者打印成卷子。

    \b
    题库写编号，或者写一个题库文件。没有答案的题交不出去，会另外说明。
    可以对调的空，在别的系统里每一空都接受这几个词中的任何一个。
    """
    from build_scripts.quiz_export import BINARY, FORMATS, left_out  # noqa: PLC0415

    if form not in FORMATS:
        raise WrongCallError(f"--format 填的是“{form}”，应是其中之一：{'、'.join(FORMATS)}")
    bank, _ = bank_named(quiz)
    if form in BINARY and not output and sys.stdout.isatty():
        raise WrongCallError(f"{form} 不是文字，请用 -o 写明放在哪个文件里")
    content = FORMATS[form](bank)
    try:
        if output:
            Path(output).write_bytes(content)
        else:
            sys.stdout.buffer.write(content)
    except OSError as error:
        raise WrongCallError(f"{output} 写不进去：{error.strerror}") from error
    if form != "paper" and (missing := left_out(bank)):  # a paper holds them all
        tell(f"{len(missing)} 题没有答案，没有写进去：{'、'.join(missing)}")
    return DONE


def bank_named(quiz: str) -> tuple[Any, str]:
    """Read one of the handbook's own banks by its name, or a bank in a file."""
    known = [path.stem for path in sorted(BANKS.glob("*.txt"))]
    path = BANKS / f"{quiz}.txt" if quiz in known else Path(quiz)
    if quiz not in known and not path.is_file():
        raise one_problem("quiz", f"没有“{quiz}”这份题库{nearest(quiz, known)}")
    try:
        return read_bank_file(path)
    except SourceError as error:
        raise one_problem("quiz", str(error)) from error


def read_bank_file(path: Path) -> tuple[Any, str]:
    """Read a bank, and the text that its lines are counted in."""
    from build_scripts.quiz_paper import parse_bank  # noqa: PLC0415
    from build_scripts.source import read_text  # noqa: PLC0415

    text = read_text(path)
    return parse_bank(text, path.stem), text


def read_object(given: str | None) -> Mapping[str, object]:
    """Read the JSON object of a call: as it is given, or for `-` (or nothing) from standard input."""
    text = given
    if given is None or given == "-":
        text = "{}" if given is None and sys.stdin.isatty() else read_stdin()
    if not text or not text.strip():
        raise one_problem("json", "没有内容，应是 JSON，例如 {}")
    found = read_json(text)
    if not isinstance(found, Mapping):
        raise one_problem("json", "应是一组“名称：值”，写在 { } 里")
    return found


def read_number(given: str) -> object:
    """Read a number of an option; what is none stays as it is, and is refused where numbers are checked."""
    try:
        return Decimal(given.replace("−", "-"))
    except InvalidOperation:
        return given


def read_stdin() -> str:
    """Read standard input as UTF-8, whatever the locale is."""
    try:
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise one_problem("json", f"第 {error.start + 1} 个字节不是 UTF-8 文字") from error


def day(given: str | None) -> date:
    """Read a day; without one it is today, by this machine's clock."""
    found = read_day(given) if given is not None else None
    return found or datetime.now(UTC).astimezone().date()


def main() -> None:
    """Run the command line."""
    handbook.main()
