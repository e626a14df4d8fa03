"""What is known of the columns of a part of a statement: the metrics in them."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Content:
    """The metrics in a column.

    Attributes:
        metrics: Their names; none for a column of something else.
        adds_up: Whether values of some rows add up to that of the rows together.
        is_bare: Whether it is of a SELECT without GROUP BY, so that a call of it might be meant for
            the metric itself, or for the rows.
    """

    metrics: frozenset[str] = frozenset()
    adds_up: bool = True
    is_bare: bool = False


NOTHING = Content()


@dataclass
class Shape:
    """The columns of a part of a statement, in their order.

    Attributes:
        columns: Pairs of a name and what is in it.
        hidden: What may be in any other column.
        is_complete: Whether there are no other columns; those of the catalog are not looked up.
    """

    columns: list[tuple[str, Content]] = field(default_factory=list)
    hidden: Content = NOTHING
    is_complete: bool = True

    def content(self, name: str) -> Content:
        """Give what is in a column, of all columns of the name."""
        found = [content for known, content in self.columns if known == name]
        return joined(found, adds_up=True) if found else self.hidden

    @property
    def together(self) -> Content:
        """What is in all columns together."""
        found = [*(content for _, content in self.columns), self.hidden]
        return joined([one for one in found if one.metrics], adds_up=False)

    @property
    def is_partly_known(self) -> bool:
        """Whether its columns cannot be told by their places."""
        return not self.is_complete or bool(self.hidden.metrics)


def joined(contents: list[Content], *, adds_up: bool) -> Content:
    """Give what is in a column that is made of several."""
    metrics = frozenset().union(*(one.metrics for one in contents))
    adds = adds_up and all(one.adds_up for one in contents)
    return Content(metrics, adds if metrics else True, any(one.is_bare for one in contents))
