"""click, as people of HR meet it: help and wrong calls in Chinese, one status for each way to end.

0 done, 1 findings or records with errors, 2 the call or an input is wrong. Nothing ends in a traceback
that a reader's input could cause.
"""

from __future__ import annotations

import io
import json
import os
import re
import sys
from collections.abc import Iterable, Sequence
from difflib import get_close_matches
from typing import Any, NoReturn

import click

from policy_core import InputErrors, PolicyError

DONE, FOUND, WRONG_CALL, STOPPED = 0, 1, 2, 130


class WrongCallError(click.ClickException):
    """The call cannot be done as it is; the message says what to do, in Chinese."""

    exit_code = WRONG_CALL


class ChineseCommand(click.Command):
    """A command whose help is Chinese."""

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the first line of the help."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix="用法：")

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of options."""
        options = [each for each in self.get_params(ctx) if isinstance(each, click.Option)]
        records = [each for each in (option.get_help_record(ctx) for option in options) if each]
        with formatter.section("选项"):
            formatter.write_dl(records)

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Give the option that shows the help."""
        option = super().get_help_option(ctx)
        if option:
            option.help = "显示这份说明"
        return option

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read the call, and say in Chinese when there is too much of it."""
        try:
            return super().parse_args(ctx, args)
        except click.UsageError as error:
            if type(error) is not click.UsageError:
                raise
            extra = re.search(r"\((.*)\)", error.message)
            message = f"多写了：{extra[1]}" if extra else "这样写不对"
            raise click.UsageError(message, ctx) from error


class ChineseGroup(ChineseCommand, click.Group):
    """A group of commands; as the outermost one it also ends the program."""

    command_class = ChineseCommand

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of options, then the list of commands."""
        super().format_options(ctx, formatter)
        records = [(name, each.get_short_help_str(60)) for name, each in self.commands.items()]
        with formatter.section("命令"):
            formatter.write_dl(records)

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Give the commands in the order in which they are written."""
        return list(self.commands)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command, or say which one was perhaps meant."""
        if args[0] not in self.commands and not args[0].startswith("-"):
            raise click.UsageError(f"没有 {args[0]} 这个命令{nearest(args[0], self.commands)}", ctx)
        return super().resolve_command(ctx, args)

    def main(  # type: ignore[override]
        self,
        args: Sequence[str] | None = None,
        prog_name: str | None = None,
        **extra: Any,  # noqa: ANN401 - click's signature
    ) -> NoReturn:
        """Run, and end with the status of the contract."""
        speak_utf8()
        extra.pop("standalone_mode", None)
        try:
            status = super().main(args, prog_name or "handbook", standalone_mode=False, **extra)
            sys.stdout.flush()
        except click.UsageError as error:
            status = wrong_usage(error)
        except click.ClickException as error:
            status = tell(error.message, error.exit_code)
        except InputErrors as error:
            give(error.to_json())
            status = WRONG_CALL
        except PolicyError as error:
            status = tell(str(error), FOUND)
        except click.Abort:
            status = STOPPED
        except BrokenPipeError:
            # Whoever read us has enough; what is left in the buffer goes nowhere.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            status = FOUND
        except OSError as error:
            status = tell(f"{error.filename or '写不下去'}：{error.strerror}", WRONG_CALL)
        sys.exit(status or DONE)


def wrong_usage(error: click.UsageError) -> int:
    """Tell what is wrong with a call and how it is written."""
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return tell(error.message, WRONG_CALL)
    lines = [chinese(error)]
    if error.ctx:
        lines += [error.ctx.get_usage(), f"说明：{error.ctx.command_path} --help"]
    return tell("\n".join(lines), WRONG_CALL)


def chinese(error: click.UsageError) -> str:
    """Say click's errors in Chinese."""
    match error:
        case click.NoSuchOption():
            return f"没有 {error.option_name} 这个选项{nearest(error.option_name, error.possibilities or ())}"
        case click.MissingParameter():
            named = error.param.make_metavar(error.ctx) if error.param and error.ctx else ""
            name = error.param.opts[0] if isinstance(error.param, click.Option) else named
            return f"少写了 {name}"
        case click.BadOptionUsage():
            return f"{error.option_name} 后面还要写内容，或者不能带内容"
    return error.message


def nearest(given: str, known: Iterable[str]) -> str:
    """Hint at what was perhaps meant, or at all there is."""
    names = list(known)
    near = get_close_matches(given, names, n=1)
    if near:
        return f"，是不是 {near[0]}"
    return f"，有的是：{'、'.join(names)}" if names else ""


def tell(words: str, status: int = DONE) -> int:
    """Say something to the person at the keyboard, and pass the status on."""
    click.echo(words, err=True)
    return status


def give(value: object) -> None:
    """Give a result for machines."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))


def speak_utf8() -> None:
    """Write UTF-8 whatever the locale is; half a surrogate pair comes out as JSON writes it."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
