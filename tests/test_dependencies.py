"""What the service stands on: versions bounded on both sides, everything imported declared, licences that allow it."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from packaging.requirements import Requirement

from bot.settings import PROJECT
from tests.licences import EXTRAS, licences

ADVISORIES = "https://api.osv.dev/v1/query"
# Free to use, also in what a government runs; a weak copyleft (MPL, LGPL) binds changes to the package itself only.
ALLOWED = re.compile(
    r"MIT|BSD|0BSD|Apache|ISC|PSF|Python Software Foundation|CNRI-Python|Zlib|CC0|BSL-1\.0|Unlicense|HPND"
    r"|MPL|Mozilla Public License|LGPL|Lesser General Public License"
)
PROGRAMS = Path(sys.executable).parent


def requirements() -> Iterator[Requirement]:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    for listed in (project["dependencies"], *project["optional-dependencies"].values()):
        yield from (each for line in listed if (each := Requirement(line)).name != project["name"])


def test_every_version_has_a_lower_and_an_upper_bound() -> None:
    bounds = {each.name: {part.operator for part in each.specifier} for each in requirements()}
    assert {name for name, operators in bounds.items() if operators not in ({">=", "<"}, {"=="})} == set()


def test_every_package_that_comes_along_has_a_licence_that_allows_its_use() -> None:
    found = licences(EXTRAS)
    assert {"chromadb", "fastapi", "numpy"} <= found.keys()
    parts = {name: re.split(r"\s+AND\s+|,\s*", terms.strip("()")) for name, terms in found.items()}
    doubtful = {name: terms for name, terms in parts.items() if not all(map(ALLOWED.search, _of_licences(terms)))}
    assert doubtful == {}


def _of_licences(terms: list[str]) -> Iterator[str]:
    """Without what only says that more is said elsewhere: “dependency licenses”, Version 2.0."""
    return (each for each in terms if not re.fullmatch(r"(?:dependency licenses|Version [\d.]+)", each))


@pytest.mark.slow
def test_everything_that_is_imported_is_declared_and_the_other_way_round() -> None:
    done = subprocess.run([PROGRAMS / "deptry", "bot"], cwd=PROJECT, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_no_package_has_a_known_vulnerability() -> None:
    try:
        httpx.post(ADVISORIES, json={"package": {"name": "pip", "ecosystem": "PyPI"}}, timeout=10).raise_for_status()
    except httpx.HTTPError as error:
        pytest.skip(f"the advisory service does not answer: {type(error).__name__}")
    command = [sys.executable, "-m", "pip_audit", "--vulnerability-service", "osv", "--skip-editable"]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
