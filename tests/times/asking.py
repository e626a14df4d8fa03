"""Asks all questions of the calls, as a program of its own with whatever zone it is started in."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import metrics_store
from metrics_store.errors import MetricsStoreError
from times.questions import QUESTIONS


def main(target: str, project: str) -> None:
    with metrics_store.connect(target=target, project_dir=Path(project)) as metrics:

        def answer(question: dict[str, Any]) -> dict[str, Any]:
            try:
                table = metrics.query(**question).table
            except MetricsStoreError as error:
                return {"refused": error.what}
            rows = [list(map(str, row.values())) for row in table.to_pylist()]
            return {"rows": rows, "types": [str(field.type) for field in table.schema]}

        json.dump([answer(question) for question, _ in QUESTIONS], sys.stdout)


if __name__ == "__main__":
    main(*sys.argv[1:])
