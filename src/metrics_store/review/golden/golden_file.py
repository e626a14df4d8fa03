"""The files of golden values: `golden/NAME.yml`, metrics with questions and their answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from metrics_store.errors import MetricsStoreError
from metrics_store.query.forms.request_form import QuestionForm, read_form

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from metrics_store.query.metric_request import MetricRequest

DIRECTORY = "golden"
OPTIONS = ("group_by", "where", "order_by", "limit", "start_time", "end_time")
_KEYS = ("note", *OPTIONS, "answer")
_REMEDY = "mend the file by hand; `metrics golden --update` writes only what it understands"


@dataclass(frozen=True)
class GoldenQuestion:
    """A question on one metric, and what it is known to answer.

    Attributes:
        metric: The metric.
        options: What is asked besides, as it is written: `group_by`, `where` and so on.
        answer: The answer as CSV; none where it was not asked yet.
        note: Words of people.
        line: Where it stands in its file; 0 where it stands in none.
    """

    metric: str
    options: Mapping[str, Any]
    answer: str | None = None
    note: str | None = None
    line: int = 0

    def request(self) -> MetricRequest:
        """Give the question as the planner takes it.

        Raises:
            MetricsStoreError: An option has a value that it cannot have.
        """
        options = {
            name: value.isoformat() if isinstance(value, dt.date) else value
            for name, value in self.options.items()
        }
        for name in ("group_by", "order_by", "where"):
            if isinstance(options.get(name), str):
                options[name] = [options[name]]
        return read_form(QuestionForm, {**options, "metrics": [self.metric]}).request()

    def sentence(self) -> str:
        """Say what is asked, in one line."""
        parts = [
            f"{name} {', '.join(map(str, value)) if isinstance(value, list) else value}"
            for name, value in self.options.items()
        ]
        return "; ".join(parts) or "in total"


class _Lined(dict[str, Any]):
    """A mapping that knows its line."""

    def __init__(self, content: dict[str, Any], line: int) -> None:
        super().__init__(content)
        self.line = line


class _Loader(yaml.SafeLoader):
    """YAML whose mappings know their line, and in which no key stands twice."""


def _lined(loader: _Loader, node: yaml.MappingNode) -> _Lined:
    found: dict[str, Any] = {}
    for key, value in node.value:
        if not isinstance(key, yaml.ScalarNode) or key.value in found:
            raise yaml.constructor.ConstructorError(
                None, None, f"the key {getattr(key, 'value', '')} stands twice", key.start_mark
            )
        found[key.value] = loader.construct_object(value, deep=True)
    return _Lined(found, node.start_mark.line + 1)


_Loader.add_constructor("tag:yaml.org,2002:map", _lined)


def read_golden_file(path: Path, project_directory: Path) -> dict[str, list[GoldenQuestion]]:
    """Give the questions of a file by metric, in its order.

    Raises:
        MetricsStoreError: It cannot be read, or has another form; it says the line.
    """
    where = str(path.relative_to(project_directory))
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a safe loader
    except (OSError, UnicodeDecodeError, RecursionError) as error:
        raise MetricsStoreError(
            "the golden values cannot be read", where=where, detail=str(error)
        ) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise MetricsStoreError(
            f"the golden values are not YAML: {error.problem or error.context}",
            where=f"{where}, line {mark.line + 1}" if mark else where,
            remedy=_REMEDY,
        ) from None
    except (yaml.YAMLError, ValueError) as error:
        raise MetricsStoreError(
            "the golden values are not YAML", where=where, detail=str(error), remedy=_REMEDY
        ) from None
    if content is None:
        return {}
    if not isinstance(content, _Lined):
        raise _wrong_form(f"{where}, line 1", "metrics, each with a list of questions")
    return {name: _questions(name, given, where, content) for name, given in content.items()}


def _questions(name: str, given: object, where: str, content: _Lined) -> list[GoldenQuestion]:
    if not isinstance(given, list):
        raise _wrong_form(f"{where}, below line {content.line}: {name}", "a list of questions")
    found = []
    for number, one in enumerate(given):
        if not isinstance(one, _Lined):
            raise _wrong_form(
                f"{where}: {name}[{number}]", "a mapping with the keys " + ", ".join(_KEYS)
            )
        place = f"{where}, line {one.line}: {name}[{number}]"
        for key in one:
            if key not in _KEYS:
                raise _wrong_form(f"{place}.{key}", "one of the keys " + ", ".join(_KEYS))
        for key in ("answer", "note"):
            if not isinstance(one.get(key), str | None):
                raise _wrong_form(f"{place}.{key}", "a text")
        options = {key: one[key] for key in OPTIONS if key in one}
        question = GoldenQuestion(name, options, one.get("answer"), one.get("note"), one.line)
        try:
            question.request()
        except MetricsStoreError as error:
            raise MetricsStoreError(
                "a golden question cannot be asked",
                where=f"{place}: {error.what} {error.where}".strip(),
                expected=error.expected,
                remedy=_REMEDY,
            ) from None
        found.append(question)
    return found


def _wrong_form(where: str, expected: str) -> MetricsStoreError:
    return MetricsStoreError(
        "the golden values have another form", where=where, expected=expected, remedy=_REMEDY
    )
