"""Pages of the app under Streamlit's own test harness."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import pandas as pd
    from streamlit.testing.v1 import AppTest

testing = pytest.importorskip("streamlit.testing.v1", reason="the extra `app` is not installed")

PATIENCE = 300


def explore(**link: str | list[str]) -> AppTest:
    """Open Explore by a link."""

    def script() -> None:
        from metrics_store.app.explore.page import show_explore  # noqa: PLC0415 - runs alone

        show_explore()

    return _opened(_from_function(script), link)


def metric_page(**link: str | list[str]) -> AppTest:
    """Open the page of a metric by a link."""

    def script() -> None:
        from metrics_store.app.metric_page import show_metric  # noqa: PLC0415 - runs alone

        show_metric()

    return _opened(_from_function(script), link)


def page_file(path: Path, **link: str | list[str]) -> AppTest:
    """Open a page that is a file by a link."""
    return _opened(testing.AppTest.from_file(str(path), default_timeout=PATIENCE), link)


def _from_function(script: Any) -> AppTest:  # noqa: ANN401 - any function
    page: AppTest = testing.AppTest.from_function(script, default_timeout=PATIENCE)
    return page


def _opened(page: AppTest, link: Mapping[str, str | list[str]]) -> AppTest:
    for name, value in link.items():
        page.query_params[name] = value
    page.run()
    assert not page.exception, page.exception
    return page


def cards(page: AppTest) -> dict[str, str]:
    """Give what each card says, by what stands above it."""
    return {one.label.replace("\\", ""): one.value for one in page.metric}


def table(page: AppTest, number: int = 0) -> pd.DataFrame:
    """Give a table of the page."""
    frame: pd.DataFrame = page.dataframe[number].value
    return frame


def words(page: AppTest) -> str:
    """Give all that the page says in words, as it reads."""
    found = [*page.error, *page.warning, *page.info, *page.caption, *page.markdown, *page.text]
    return "\n".join(str(one.value) for one in found).replace("\\", "")
