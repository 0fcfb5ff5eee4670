"""The files of docs/deployment hold together, and every setting they write is one that there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from bot.settings import PROJECT, Settings

FOLDER = PROJECT / "docs" / "deployment"
FILES = sorted((*FOLDER.iterdir(), PROJECT / "docs" / "deployment.md"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_setting_written_is_one_that_there_is(path: Path) -> None:
    written = set(re.findall(r"\bBOT_([A-Z][A-Z_]*)\b", path.read_text(encoding="utf-8"))) - {"LLM_"}
    assert {name.lower() for name in written} - Settings.model_fields.keys() == set()


def test_nginx_is_given_what_its_template_asks_for() -> None:
    compose = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
    asked = set(re.findall(r"\$\{(\w+)\}", (FOLDER / "nginx.conf.template").read_text(encoding="utf-8")))
    given = compose["services"]["nginx"]["environment"]
    assert given.keys() == asked
    assert (given["BOT_1"], given["BOT_2"]) == ("bot-1:7860", "bot-2:7860")


def test_compose_names_only_services_and_volumes_that_it_has_and_trusts_nginx_alone() -> None:
    compose = yaml.safe_load((FOLDER / "compose.yaml").read_text(encoding="utf-8"))
    services = compose["services"]
    needed = {name for service in services.values() for name in service.get("depends_on", ())}
    mounted = {each.partition(":")[0] for service in services.values() for each in service.get("volumes", ())}
    assert needed - services.keys() == set()
    assert {name for name in mounted if not name.startswith(".")} == compose["volumes"].keys()
    trusted = services["bot-1"]["environment"]["BOT_TRUSTED_PROXIES"]
    assert services["nginx"]["networks"]["inner"]["ipv4_address"] == trusted
