"""
The console's commands: python -m bot staff add | list | role | password | remove; backup; restore; directory.

    python -m bot staff add 李敏 --role administrator   ->  密码：…  已增加“李敏”（管理）。

A password is asked for on the terminal, or read from standard input where that is none: never an argument, which others
on the machine could read.
"""

from __future__ import annotations

import getpass
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from bot.errors import CorpusError, RecordsError
from bot.settings import settings

if TYPE_CHECKING:
    from bot.service.backup import Manifest
    from bot.service.console.staff import People, Role

staff = typer.Typer(help="帮助台的人员：增加、列出、改角色、改密码、删除。", no_args_is_help=True)
NameArgument = Annotated[str, typer.Argument(metavar="用户名", help="登录用的名字。")]
RoleOption = Annotated[
    str, typer.Option("--role", help="reader 查阅、editor 编辑、reviewer 审核、administrator 管理。")
]


def add_commands(app: typer.Typer, user: Callable[[], str]) -> None:
    """Add the commands to the command line; `user` says who is at it, for the audit."""

    @staff.command()
    def add(name: NameArgument, role: RoleOption = "reader") -> None:
        """增加一名人员；密码在终端上输入两遍，或从标准输入读一行。"""
        with _people() as people:
            people.add(name, cast("Role", role), _password(), by=_by(user))
        typer.echo(f"已增加“{name}”（{_named(role)}）。")

    @staff.command(name="list")
    def list_() -> None:
        """列出人员和角色。"""
        with _people() as people:
            for each in people.list():
                typer.echo(f"{each.name}\t{each.role}（{_named(each.role)}）")

    @staff.command()
    def role(name: NameArgument, role: RoleOption) -> None:
        """更改角色；此人的登录随之失效。"""
        with _people() as people:
            people.set_role(name, cast("Role", role), by=_by(user))
        typer.echo(f"“{name}”现在是{_named(role)}。")

    @staff.command()
    def password(name: NameArgument) -> None:
        """更改密码；此人的登录随之失效。"""
        with _people() as people:
            people.set_password(name, _password(), by=_by(user))
        typer.echo(f"“{name}”的密码已更改。")

    @staff.command()
    def remove(name: NameArgument) -> None:
        """删除一名人员。"""
        with _people() as people:
            people.remove(name, by=_by(user))
        typer.echo(f"已删除“{name}”。")

    app.add_typer(staff, name="staff")

    @app.command()
    def backup(file: Annotated[Path, typer.Argument(help="写到哪个文件。")]) -> None:
        """把记录、索引、语料和密钥备份成一个文件；服务不用停。"""
        from bot.service.backup import backup as take

        typer.echo(f"已备份到 {file}：{_told(take(file, settings()))}。其中有投诉人的联系方式和密钥，请妥善保管。")

    @app.command()
    def restore(
        file: Annotated[Path, typer.Argument(help="备份文件。")],
        replace: Annotated[bool, typer.Option("--replace", help="换下已有的内容，原有的改名保留。")] = False,
    ) -> None:
        """从备份恢复到设置所指的位置，逐项核对条数和校验值；请先停服务。"""
        from bot.service.backup import restore as put_back

        typer.echo(f"已恢复，条数和校验值与备份一致：{_told(put_back(file, settings(), replace))}。")

    @app.command()
    def directory(file: Annotated[Path, typer.Argument(help="TOML 文件，每个单位一节 [[unit]]。")]) -> None:
        """把各单位的联系方式导入转办目录。"""
        from bot.service.console.directory import Directory
        from bot.service.records import open_records

        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise CorpusError(f"读不了 {file}（{error}）。") from error
        with closing(open_records(settings())) as records:
            typer.echo(f"已导入{Directory(records).take_in(text, _by(user))}个单位。")


@contextmanager
def _people() -> Iterator[People]:
    from bot.service.console.staff import People
    from bot.service.records import open_records

    with closing(open_records(settings())) as records:
        yield People(records)


def _by(user: Callable[[], str]) -> str:
    return f"命令行（{user()}）"


def _named(role: str) -> str:
    from bot.service.console.staff import ROLE_NAMES

    return ROLE_NAMES[cast("Role", role)]


def _password() -> str:
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass.getpass("密码：")
    if getpass.getpass("再输一遍：") != first:
        raise RecordsError("两遍输入的密码不一样。")
    return first


def _told(manifest: Manifest) -> str:
    index = f"索引 {manifest.generation}" if manifest.generation else "没有索引"
    return f"{len(manifest.tables)} 张表 {manifest.rows} 行，{len(manifest.files)} 个文件，{index}"
