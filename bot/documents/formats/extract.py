"""
What a reader of one file format gives: the body, and what the file says of itself.

a PDF  ->  Extract("某市办法\\n第一条　…", {"doc_number": "某政发〔2025〕3号", …}, ((0, "page=1"),))
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Extract:
    """
    `text` is the body without what surrounds it, line ends \\n, a table's rows each on a line of their own.

    `fields` are fields of a Document that the file states outside its body: a head table, meta elements, properties.
    `anchors` are offsets into `text` and the name by which the original can be opened there: (0, "page=1").
    """

    text: str
    fields: Mapping[str, str | date] = field(default_factory=dict)
    anchors: tuple[tuple[int, str], ...] = ()
