"""The OpenAPI document says what the server does, and the page shows it with no network."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest
from jsonschema import Draft202012Validator

from metrics_store.serve.rest.endpoints import ENDPOINTS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

    from serve.server_process import Serving

pytestmark = pytest.mark.xdist_group("shop")


def _references(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for one in value.values():
            yield from _references(one)
    elif isinstance(value, list):
        for one in value:
            yield from _references(one)


def test_the_document_has_every_endpoint_and_what_it_refers_to(open_server: Serving) -> None:
    document = open_server.get("/openapi.json").json()
    assert document["openapi"] == "3.1.0"
    assert set(document["paths"]) == {endpoint.path for endpoint in ENDPOINTS}
    schemas = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    assert set(_references(document)) <= schemas
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            names = re.findall(r"{(\w+)}", path)
            in_path = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
            assert names == in_path
            asked = open_server.ask(method, re.sub("{.*}", "revenue", path), json={})
            assert asked.status_code in (200, 400), (method, path)


def test_answers_have_the_form_that_the_document_says(open_server: Serving) -> None:
    document = open_server.get("/openapi.json").json()
    paths = {
        "/v1/query": "?metrics=revenue&group_by=order__status",
        "/v1/dimension-values": "?metrics=revenue&dimension=order__status",
        "/v1/sql": "?metrics=revenue",
    }
    for path, methods in document["paths"].items():
        responses = methods.get("get", methods.get("post"))["responses"]
        schema = responses["200"]["content"]["application/json"]["schema"]
        if "get" in methods:
            found = open_server.get(path.replace("{name}", "revenue") + paths.get(path, ""))
        else:
            asked = [{"metrics": ["revenue"]}, {"metrics": ["revnue"]}]
            found = open_server.post(path, {"queries": asked})
        assert found.status_code == 200
        whole = {**schema, "components": document["components"]}
        Draft202012Validator(whole).validate(found.json())
        problem = responses["400"]["content"]["application/problem+json"]["schema"]
        refused = open_server.get(path.replace("{name}", "x") + "?frob=1")
        whole = {**problem, "components": document["components"]}
        Draft202012Validator(whole).validate(refused.json())


def test_requests_can_be_tried_on_the_page(open_server: Serving, browser: Browser) -> None:
    page = browser.new_context().new_page()
    asked: list[str] = []
    faults: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{open_server.url}/docs#/default/list_metrics")
    page.wait_for_selector(".opblock")
    paths = page.locator(".opblock-summary-path").all_inner_texts()
    assert {path.replace("\u200b", "") for path in paths} == {one.path for one in ENDPOINTS}
    page.locator(".opblock-summary-get", has_text="/v1/metrics").first.click()
    page.get_by_role("button", name="Try it out").click()
    page.get_by_role("button", name="Execute").click()
    page.wait_for_selector(".responses-table .response .status, .live-responses-table .response")
    assert '"revenue"' in page.inner_text(".live-responses-table")
    assert faults == []
    assert [one for one in asked if not one.startswith((open_server.url, "data:"))] == []
    page.context.close()


def test_the_page_s_files_are_the_server_s_own(open_server: Serving) -> None:
    page = open_server.get("/docs")
    assert page.headers["Content-Security-Policy"].startswith("default-src 'none'")
    files = re.findall(r'(?:src|href)="(/docs/[^"]+)"', page.text)
    assert len(files) == 3
    for path in files:
        assert open_server.get(path).status_code == 200
    assert open_server.get("/docs/index.html").status_code == 404
