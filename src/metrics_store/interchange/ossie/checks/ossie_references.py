"""Checks that the names in an Ossie document stand once, and that what they refer to exists."""

from __future__ import annotations

import difflib
from collections import Counter
from typing import TYPE_CHECKING, Any

from metrics_store.interchange.ossie.ossie_problems import OssieProblem, path_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from metrics_store.interchange.ossie.ossie_problems import Step

Part = dict[str, Any]


def name_problems(document: Part) -> Iterator[OssieProblem]:
    """Find names that stand twice; in what case they are written makes no two names of one."""
    models = document["semantic_model"]
    yield from _twice(["semantic_model"], models, "semantic models")
    for place, model in enumerate(models):
        path: list[Step] = ["semantic_model", place]
        for part in ("datasets", "relationships", "metrics"):
            yield from _twice([*path, part], model.get(part, ()), part)
        for number, dataset in enumerate(model["datasets"]):
            within = [*path, "datasets", number, "fields"]
            yield from _twice(within, dataset.get("fields", ()), "fields of a dataset")


def reference_problems(document: Part) -> Iterator[OssieProblem]:
    """Find relationships of datasets or keys that do not exist."""
    for place, model in enumerate(document["semantic_model"]):
        datasets = {dataset["name"]: dataset for dataset in model["datasets"]}
        for number, one in enumerate(model.get("relationships", ())):
            path: list[Step] = ["semantic_model", place, "relationships", number]
            yield from _ends(path, one, datasets)


def _twice(path: list[Step], parts: Iterable[Part], what: str) -> Iterator[OssieProblem]:
    found: Counter[str] = Counter()
    for number, part in enumerate(parts):
        name = part["name"].lower()
        found[name] += 1
        if found[name] > 1:
            yield OssieProblem(
                path_of([*path, number, "name"]),
                f"`{part['name']}` stands twice",
                f"names of {what} that differ by more than capital letters",
            )


def _ends(path: list[Step], one: Part, datasets: dict[str, Part]) -> Iterator[OssieProblem]:
    for end in ("from", "to"):
        if one[end] not in datasets:
            yield OssieProblem(
                path_of([*path, end]),
                f"there is no dataset `{one[end]}`",
                f"a dataset of this semantic model{nearest(one[end], datasets)}",
            )
    if len(one["from_columns"]) != len(one["to_columns"]):
        counts = f"{len(one['from_columns'])} columns meet {len(one['to_columns'])}"
        yield OssieProblem(path_of([*path, "to_columns"]), counts, "as many on both sides")
    target = datasets.get(one["to"], {})
    keys = [key for key in (target.get("primary_key"), *target.get("unique_keys", ())) if key]
    if keys and not any(set(key) <= set(one["to_columns"]) for key in keys):
        known = " or ".join(", ".join(key) for key in keys)
        yield OssieProblem(
            path_of([*path, "to_columns"]),
            f"`{', '.join(one['to_columns'])}` is no key of `{one['to']}`",
            f"a primary or unique key of it: {known}",
        )


def nearest(name: str, known: Iterable[str]) -> str:
    """Say which known name is nearest to another; nothing where none is near."""
    found = difflib.get_close_matches(name, list(known), n=1)
    return f", perhaps `{found[0]}`" if found else ""
