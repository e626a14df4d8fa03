"""Golden values as YAML: an answer a block of lines, a list on one line."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from metrics_store.review.golden.golden_file import GoldenQuestion

_HEADER = """\
# Golden values: what certified metrics answer on the data that review.yml names. `metrics golden`
# holds the metrics against them; `metrics golden --update` renews the answers, and keeps the
# questions. Add questions by hand: group_by, where, order_by, limit, start_time, end_time, note.
"""


class _Block(str):
    __slots__ = ()


class _Line(list[Any]):
    pass


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: FBT001, FBT002
        # Lists stand further in than their keys, as yamllint has it.
        del indentless
        super().increase_indent(flow, indentless=False)


_Dumper.add_representer(
    _Block,
    lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", str(text), style="|"),
)
_Dumper.add_representer(
    _Line,
    lambda dumper, items: dumper.represent_sequence(
        "tag:yaml.org,2002:seq", items, flow_style=True
    ),
)


def as_yaml(metrics: Mapping[str, Sequence[GoldenQuestion]]) -> str:
    """Write the questions of metrics, in their order, with their answers."""
    content = {name: [_plain(one) for one in questions] for name, questions in metrics.items()}
    text: str = yaml.dump(
        content, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=10_000
    )
    return _HEADER + text


def _plain(question: GoldenQuestion) -> dict[str, Any]:
    options: dict[str, Any] = {"note": question.note} if question.note else {}
    for name, value in question.options.items():
        options[name] = _Line(value) if isinstance(value, list) else value
    if question.answer is not None:
        options["answer"] = _Block(question.answer)
    return options
