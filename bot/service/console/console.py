"""
What every page of the console gets: the service, the people, the audit, and who is asking.

    def close(ticket: str, request: gr.Request) -> str:
        person = console.require(request, "editor")   ->  Person("李敏", "editor"), or gr.Error("这一步需要……")

Every event handler calls `require` first: a tab that is not shown can still be called.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from bot.service.console.audit import Audit
from bot.service.console.staff import ROLE_NAMES, People, Person, Role

if TYPE_CHECKING:
    import gradio

    from bot.service.service import Service

COOKIE = "console_session"
SIGN_IN_FIRST = "登录已经过期，请重新登录。"


@dataclass(frozen=True, slots=True)
class Console:
    """One service's console."""

    service: Service
    staff: People
    audit: Audit

    @classmethod
    def of(cls, service: Service) -> Self:
        return cls(service, People(service.records), Audit(service.records))

    def who(self, request: gradio.Request) -> Person | None:
        """Who is behind an event, as things are now; None where the session has ended."""
        return self.staff.session(dict(request.cookies).get(COOKIE, ""))

    def require(self, request: gradio.Request, role: Role) -> Person:
        """Who is behind an event. Raises gradio.Error, one sentence, where that person may not do what `role` may."""
        person = self.who(request)
        if person is None:
            raise _refused(SIGN_IN_FIRST)
        if not person.may(role):
            raise _refused(f"您的角色是“{ROLE_NAMES[person.role]}”，这一步需要“{ROLE_NAMES[role]}”及以上角色。")
        return person


def tab() -> gradio.Tab:
    """The tab that a page is being built in: `tab().select(listed, outputs=…)` fills it when it is opened."""
    from gradio.context import Context

    block: Any = Context.block
    return block  # type: ignore[no-any-return]


def _refused(sentence: str) -> Exception:
    import gradio

    return gradio.Error(sentence, title="无权操作", print_exception=False)
