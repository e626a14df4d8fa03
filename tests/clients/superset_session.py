"""Superset's own REST API, as its pages use it."""

from __future__ import annotations

import json
from typing import Any

import requests

_SECONDS = 120


class SupersetSession:
    """Somebody who is logged in.

    Args:
        url: Where Superset is.
        user: The user, whose password is the same.
    """

    def __init__(self, url: str, user: str) -> None:
        self.url = url
        self._http = requests.Session()
        login = {"username": user, "password": user, "provider": "db", "refresh": True}
        token = self._sent("POST", "security/login", login)["access_token"]
        self._http.headers["Authorization"] = f"Bearer {token}"

    def _sent(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        answer = self._http.request(
            method, f"{self.url}/api/v1/{path}", json=body, timeout=_SECONDS
        )
        assert answer.ok, f"{path}: {answer.status_code} {answer.text[:2000]}"
        found: dict[str, Any] = answer.json()
        return found

    def database(self, uri: str) -> int:
        """Connect a database, after a test of the connection; give its number."""
        said = {"database_name": "Metrics", "sqlalchemy_uri": uri}
        self._sent("POST", "database/test_connection/", said)
        return int(self._sent("POST", "database/", said)["id"])

    def tables(self, database: int) -> list[str]:
        """Give the names of the tables that the pages offer."""
        found = self._sent("GET", f"database/{database}/tables/?q=(force:!t,schema_name:metrics)")
        return [one["value"] for one in found["result"]]

    def dataset(self, database: int, table: str, ratios: list[str], time: str) -> int:
        """Make a dataset with metrics that are `AGG(...)`; give its number."""
        said = {"database": database, "schema": "metrics", "table_name": table}
        number = int(self._sent("POST", "dataset/", said)["id"])
        metrics = [
            {"metric_name": name, "verbose_name": name, "expression": f"AGG({name})"}
            for name in ratios
        ]
        changes = {"metrics": metrics, "main_dttm_col": time}
        self._sent("PUT", f"dataset/{number}?override_columns=false", changes)
        return number

    def columns(self, dataset: int) -> dict[str, dict[str, Any]]:
        """Give the columns of a dataset by their names."""
        found = self._sent("GET", f"dataset/{dataset}")["result"]["columns"]
        return {one["column_name"]: one for one in found}

    def rows(self, query: dict[str, Any], dataset: int) -> list[dict[str, Any]]:
        """Give the rows of a chart's query."""
        said = {
            "datasource": {"id": dataset, "type": "table"},
            "queries": [query],
            "result_format": "json",
            "result_type": "full",
            "force": True,
        }
        found: list[dict[str, Any]] = self._sent("POST", "chart/data", said)["result"][0]["data"]
        return found

    def dashboard(self, title: str) -> int:
        """Make a dashboard without charts; give its number."""
        said = {"dashboard_title": title, "published": True}
        return int(self._sent("POST", "dashboard/", said)["id"])

    def chart(self, name: str, dataset: int, form: dict[str, Any], dashboard: int) -> int:
        """Make a chart on a dashboard; give its number."""
        kind = form["viz_type"]
        said = {
            "slice_name": name,
            "viz_type": kind,
            "datasource_id": dataset,
            "datasource_type": "table",
            "params": json.dumps({**form, "datasource": f"{dataset}__table"}),
            "dashboards": [dashboard],
        }
        return int(self._sent("POST", "chart/", said)["id"])

    def place(self, dashboard: int, charts: dict[int, str]) -> None:
        """Place charts on a dashboard, one under the other."""
        rows = {
            f"ROW-{number}": {
                "type": "ROW", "id": f"ROW-{number}", "children": [f"CHART-{number}"],
                "parents": ["ROOT_ID", "GRID_ID"], "meta": {"background": "BACKGROUND_TRANSPARENT"},
            }
            for number in charts
        }  # fmt: skip
        placed = {
            f"CHART-{number}": {
                "type": "CHART", "id": f"CHART-{number}", "children": [],
                "parents": ["ROOT_ID", "GRID_ID", f"ROW-{number}"],
                "meta": {"width": 12, "height": 50, "chartId": number, "sliceName": name},
            }
            for number, name in charts.items()
        }  # fmt: skip
        layout = {
            "DASHBOARD_VERSION_KEY": "v2",
            "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
            "GRID_ID": {
                "type": "GRID", "id": "GRID_ID", "children": list(rows), "parents": ["ROOT_ID"],
            },
            **rows,
            **placed,
        }  # fmt: skip
        self._sent("PUT", f"dashboard/{dashboard}", {"position_json": json.dumps(layout)})
