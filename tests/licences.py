"""
Which packages come with the service, and under which licence: `python -m tests.licences` prints one a line.

    licences({"machines"})  ->  {"alembic": "MIT", …, "psycopg": "GNU Lesser General …"}

Read from what is installed, so a package that is not there (an extra left out, another system) is not told.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.metadata import Distribution, PackageNotFoundError, distribution

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

OURS = "policy-bot"
EXTRAS = frozenset({"endpoint", "machines", "models"})
CLASSIFIER = "License :: "
UNTOLD = {"": "untold", "OSI Approved": "untold", "Dual License": "untold"}


def licences(extras: Iterable[str] = EXTRAS) -> dict[str, str]:
    """Name -> licence of every package that ours pulls in with `extras`, at whatever distance."""
    found: dict[str, str] = {}
    waiting = [(OURS, frozenset(extras))]
    seen: set[tuple[str, frozenset[str]]] = set()
    while waiting:
        name, wanted = each = waiting.pop()
        if each in seen:
            continue
        seen.add(each)
        try:
            package = distribution(name)
        except PackageNotFoundError:
            continue
        if name != OURS:
            found[name] = licence(package)
        for line in package.requires or ():
            needed = Requirement(line)
            if any(not needed.marker or needed.marker.evaluate({"extra": extra}) for extra in ("", *wanted)):
                waiting.append((canonicalize_name(needed.name), frozenset(needed.extras)))
    return dict(sorted(found.items()))


def licence(package: Distribution) -> str:
    """The SPDX expression, or what the classifiers say, or the first line of the free text."""
    told = package.metadata
    if expression := told.get("License-Expression"):
        return str(expression)
    classified = [line.rpartition(" :: ")[2] for line in told.get_all("Classifier", []) if line.startswith(CLASSIFIER)]
    free = re.split(r"[\n\r]", str(told.get("License") or "").strip())[0]
    return " AND ".join(UNTOLD.get(each, each) for each in classified) if classified else free or "untold"


if __name__ == "__main__":
    for name, terms in licences().items():
        print(f"{name}: {terms}")
