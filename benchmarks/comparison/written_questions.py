"""The questions, each with SQL written by hand: `hand_written/*.yml`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import yaml

from metrics_store.query.forms.request_form import QuestionForm, read_form

if TYPE_CHECKING:
    from metrics_store.query.metric_request import MetricRequest

HAND_WRITTEN = Path(__file__).parents[1] / "hand_written"


@dataclass(frozen=True)
class WrittenQuestion:
    """A question, and what an analyst would write for it.

    Attributes:
        name: What it is called.
        request: The question.
        sql: The SQL by hand.
        only: The engine that it is asked on; none for both.
    """

    name: str
    request: MetricRequest
    sql: str
    only: str | None = None


def read_questions(project: str, engine: str, names: tuple[str, ...] = ()) -> list[WrittenQuestion]:
    """Read the questions to a project that an engine is asked.

    Args:
        project: `sales` or `market`.
        engine: `duckdb` or `postgres`.
        names: Parts of the names of those that are wanted; none for all.
    """
    given = yaml.safe_load((HAND_WRITTEN / f"{project}.yml").read_text(encoding="utf-8"))
    questions = [
        WrittenQuestion(
            one["name"],
            read_form(QuestionForm, one["question"]).request(),
            one["sql"],
            one.get("only"),
        )
        for one in given
    ]
    chosen = [
        one
        for one in questions
        if one.only in (None, engine)
        and (not names or any(part.lower() in one.name.lower() for part in names))
    ]
    if not chosen:
        raise click.ClickException(f"no question to {project} is called so")
    return chosen
