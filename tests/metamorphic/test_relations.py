"""Every relation, over every metric of every small test project, on both engines.

`make test` tries a fixed sample; `make test-relations` tries every metric several times, and other
questions where `RELATIONS_SEED` is another.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from metamorphic.relations import RELATIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from metamorphic.relation_trials import Opened

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("bikes")]

# Both engines are planned for alike, so that the second needs fewer.
SAMPLES = {"duckdb": 10, "postgres": 4}


@pytest.mark.parametrize("relation", RELATIONS)
@pytest.mark.parametrize("engine", SAMPLES)
@pytest.mark.parametrize("project", ["bikes", "market"])
def test_a_relation_holds_of_every_metric(
    project: str, engine: str, relation: str, opened: Callable[[str, str], Opened]
) -> None:
    assert opened(project, engine).differences(relation, SAMPLES[engine]) == []
