"""The aliases that the column of a metric can have."""

from __future__ import annotations

import re

from metrics_store.errors import MetricsStoreError
from metrics_store.warehouse.identifiers import LONGEST_NAME

# MetricFlow makes names of its own with two underscores.
_ALIAS = re.compile(r"[a-z](?:_?[a-z0-9])+", re.ASCII)


def check_alias(alias: str) -> str:
    """Give an alias that can be the name of a column.

    Raises:
        MetricsStoreError: It cannot.
    """
    if not _ALIAS.fullmatch(alias) or len(alias) > LONGEST_NAME:
        raise MetricsStoreError(
            "an alias cannot be the name of a column",
            where=repr(alias[:LONGEST_NAME]),
            expected="lower-case letters, digits and single underscores, a letter first",
        )
    return alias
