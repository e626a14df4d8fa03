"""Questions as people say them: `win_rate by industry last 4 quarters`, with or without dashes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from metrics_store.errors import MetricsStoreError

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLACES = ("last", "this", "next")
_WORDS = {"by": "--by", "where": "--where"}
_FISCAL = "fiscal"
_OPERATORS = ("=", "!=", "<>", "<", "<=", ">", ">=", "in", "not", "is", "like", "ilike", "between")


class SpokenCommand(click.Command):
    """A command whose options may be said in words."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put options in the place of words."""
        return super().parse_args(ctx, spelled_out(args))


def spelled_out(said: Sequence[str]) -> list[str]:
    """Give arguments in which periods stand behind `--in`, and words are options.

    `--last 4 quarters`, or `last 4 quarters`, becomes `--in "last 4 quarters"`; `by industry` is
    `--by industry`. What stands behind an option, or after `--`, is left as it is.

    Raises:
        MetricsStoreError: A filter has come apart into several words.
    """
    rest, found, is_value = list(said), list[str](), False
    while rest:
        one = rest.pop(0)
        if one == "--":
            return [*found, one, *rest]
        word = one.removeprefix("--").lower()
        if not is_value and word in _PLACES:
            found += ["--in", " ".join([word, *_period(rest)])]
        elif not is_value and one in ("in", "from", "since", "until") and rest:
            found += ["--in", " ".join([*([] if one == "in" else [one]), *_span(rest)])]
        elif not is_value and one in _WORDS and rest:
            value = _listed(rest)
            if one == "where":
                _check_is_whole(value, rest)
            found += [_WORDS[one], value]
        else:
            found.append(one)
            is_value = one.startswith("-") and "=" not in one and one not in _FLAGS
            continue
        is_value = False
    return found


# What stands behind these is no value of theirs.
_FLAGS = ("--explain", "--total", "--plot", "--help", "-h")


def _period(rest: list[str]) -> list[str]:
    """Take the words that say which periods: a number, and what they are."""
    taken = [rest.pop(0)] if rest and rest[0].isdecimal() else []
    if rest and rest[0].lower() == _FISCAL:
        taken.append(rest.pop(0))
    if rest and not rest[0].startswith("-"):
        taken.append(rest.pop(0))
    return taken


def _span(rest: list[str]) -> list[str]:
    """Take the name of a period, and that of another where it reaches up to one."""
    taken = [rest.pop(0)]
    if len(rest) > 1 and rest[0].lower() == "to":
        taken += [rest.pop(0), rest.pop(0)]
    return taken


def _listed(rest: list[str]) -> str:
    """Take names with commas between them, also with spaces behind these."""
    taken = rest.pop(0)
    while rest and (taken.endswith(",") or rest[0].startswith(",")):
        taken += rest.pop(0)
    return taken


def _check_is_whole(condition: str, rest: Sequence[str]) -> None:
    """Reject a filter without quotes: the shell has taken those within it away."""
    if rest and rest[0].lower() in _OPERATORS:
        raise MetricsStoreError(
            "the filter has come apart into several words",
            where=f"where {condition} {rest[0]}",
            expected="the whole filter in quotes",
            remedy=f"""write it as where "{condition} {rest[0]} 'a text'", for example""",
        )
