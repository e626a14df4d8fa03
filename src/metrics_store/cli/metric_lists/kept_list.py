"""The list of metrics as the last command read it: the next one needs neither DuckDB nor Arrow."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from typing import TYPE_CHECKING, Any, Self

from metrics_store.engine.snapshots.metric_list import ListedMetric
from metrics_store.engine.snapshots.snapshot import POLICY_FILES, file_versions
from metrics_store.project.location import find_project_directory
from metrics_store.project.profile import load_target
from metrics_store.query.definitions.deprecation import Deprecation
from metrics_store.query.plans.plan_cache import PlanCache, default_directory
from metrics_store.query.plans.plan_files import PlanScope
from metrics_store.version import __version__
from metrics_store.warehouse.live_warehouse import find_live_warehouse

if TYPE_CHECKING:
    from collections.abc import Sequence

# Raised when what is kept changes.
_FORM = "1"


@dataclasses.dataclass(frozen=True)
class KeptList:
    """The list of what is live now: its place among the kept plans, and its key there."""

    plans: PlanCache
    scope: PlanScope
    key: str

    @classmethod
    def of(cls, target: str | None) -> Self | None:
        """Give the place for a target of the project here.

        None where the list may change while files do not (a server), or where policies say who
        sees what.

        Raises:
            MetricsStoreError: There is no such target, or nothing is built.
        """
        live = find_live_warehouse(load_target(find_project_directory(), target))
        policies = (live.target.project_directory / name for name in POLICY_FILES)
        if live.database is None or any(one.exists() for one in policies):
            return None
        key = repr((_FORM, __version__, file_versions(live)))
        return cls(PlanCache(default_directory()), PlanScope("metric_lists"), key)

    def read(self) -> tuple[list[ListedMetric], str] | None:
        """Give the metrics and the reference date in words; none where nobody listed them yet."""
        text = self.plans.text(self.scope, self.key)
        if text is None:
            return None
        content = json.loads(text)
        return [_metric(one) for one in content["metrics"]], content["reference"]

    def write(self, metrics: Sequence[ListedMetric], reference: str) -> None:
        """Keep the metrics and the reference date in words for the next command."""
        content = {"metrics": [*map(dataclasses.asdict, metrics)], "reference": reference}
        self.plans.put_text(self.scope, self.key, json.dumps(content, default=str))


def _metric(kept: dict[str, Any]) -> ListedMetric:
    deprecated = kept["deprecated"]
    if deprecated is not None:
        sunset = deprecated["sunset"] and dt.date.fromisoformat(deprecated["sunset"])
        deprecated = Deprecation(**{**deprecated, "sunset": sunset})
    synonyms = tuple(kept["synonyms"])
    return ListedMetric(**{**kept, "deprecated": deprecated, "synonyms": synonyms})
