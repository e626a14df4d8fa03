"""What is known of the columns of a part of a statement: the metrics in them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Content:
    """The metrics in a column.

    Attributes:
        metrics: Their names; none for a column of something else.
        adds_up: Whether values of some rows add up to that of the rows together.
    """

    metrics: frozenset[str] = frozenset()
    adds_up: bool = True


NOTHING = Content()


@dataclass
class Shape:
    """The columns of a part of a statement, in their order.

    Attributes:
        columns: Pairs of a name and what is in it.
        is_known: Whether these are all columns; the columns of the catalog are not looked up.
    """

    columns: list[tuple[str, Content]] = field(default_factory=list)
    is_known: bool = True

    def content(self, name: str) -> Content:
        """Give what is in a column."""
        return next((content for known, content in self.columns if known == name), NOTHING)

    @property
    def has_metrics(self) -> bool:
        """Whether there is a metric in any column."""
        return any(content.metrics for _, content in self.columns)


def joined(contents: list[Content], *, adds_up: bool) -> Content:
    """Give what is in a column that is made of several."""
    metrics = frozenset().union(*(one.metrics for one in contents))
    adds = adds_up and all(one.adds_up for one in contents)
    return Content(metrics, adds if metrics else True)
