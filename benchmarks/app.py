"""How long the Pulse lets people wait: in a real Chromium, until everything on the page is there.

`metrics app` runs as a process of its own on a built project. A page is opened in a new window;
then one value after another of a filter is chosen, each of which nobody asked for before. Printed
are medians in seconds, of the wall clock and of the CPU of the app.

    python benchmarks/app.py --project-dir . --rounds 7
    METRICS_STORE_DUCKDB_PATH=other.duckdb python benchmarks/app.py --tab History
"""

from __future__ import annotations

import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click
import psutil
import requests
from playwright.sync_api import sync_playwright

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_PATIENCE = 600
# The script has run to its end, all of what it showed is of this run, and charts are drawn.
_IS_THERE = """() =>
    document.querySelector('[data-testid=stApp]')?.dataset.testScriptState === 'notRunning'
    && !document.querySelector('[data-stale=true], [data-testid=stSkeleton]')
    && document.querySelector('[data-testid=stDataFrame]')
    && [...document.querySelectorAll('[data-testid=stVegaLiteChart]')].every(
        one => one.querySelector('svg, canvas'))
"""
_HAS_RUN = """() => {
    if (document.querySelector('[data-testid=stApp]').dataset.testScriptState === 'running')
        window.hasRun = true;
    return window.hasRun;
}"""


@contextmanager
def app(project: Path) -> Iterator[tuple[str, psutil.Process]]:
    """Run the app on a project; gives its address and its process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("metrics"), "app", "--port", str(port)]
    with subprocess.Popen(command, cwd=project, stdout=subprocess.DEVNULL) as process:
        url = f"http://localhost:{port}"
        while True:
            assert process.poll() is None, "the app does not start"
            try:
                requests.get(f"{url}/_stcore/health", timeout=_PATIENCE)
                break
            except requests.ConnectionError:
                time.sleep(0.2)
        yield url, psutil.Process(process.pid)
        process.terminate()


def wait_until_there(page: Page) -> None:
    """Wait until the whole page is there."""
    page.wait_for_function(_IS_THERE, polling="raf", timeout=_PATIENCE * 1000)


def open_page(browser: Browser, url: str) -> Page:
    """Open a page in a window that has kept nothing."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    page.goto(url)
    wait_until_there(page)
    return page


def choose(page: Page, value: str) -> None:
    """Choose one more value of the first filter, and wait for all that follows from it."""
    box = page.locator("[data-testid=stMultiSelect] input").first
    box.fill(value)
    page.evaluate("window.hasRun = false")
    box.press("Enter")
    page.wait_for_function(_HAS_RUN, polling="raf", timeout=_PATIENCE * 1000)
    wait_until_there(page)


def values(page: Page) -> list[str]:
    """Give the values of the first filter."""
    box = page.locator("[data-testid=stMultiSelect] input").first
    box.click()
    found = page.locator("[role=option]").all_inner_texts()
    page.keyboard.press("Escape")
    return [one for one in found if not one.startswith("Select all")]


@click.command()
@click.option(
    "--project-dir", type=click.Path(path_type=Path, exists=True), default=Path(), show_default=True
)
@click.option("--tab", default="Overview", show_default=True)
@click.option("--rounds", default=5, show_default=True)
def main(project_dir: Path, tab: str, rounds: int) -> None:
    """Print the medians."""
    program = next(filter(None, map(shutil.which, _BROWSERS)))
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    took: dict[str, list[tuple[float, float]]] = {"first page": [], "filter changed": []}
    with app(project_dir.resolve()) as (url, process), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=arguments)

        def timed(name: str, act: object, *given: object) -> object:
            cpu, began = process.cpu_times(), time.perf_counter()
            result = act(*given)  # type: ignore[operator]
            used = process.cpu_times()
            spent = used.user + used.system - cpu.user - cpu.system
            took[name].append((time.perf_counter() - began, spent))
            return result

        address = f"{url}/?tab={tab}"
        page = open_page(browser, address)
        for _ in range(rounds):
            page.context.close()
            page = timed("first page", open_page, browser, address)  # type: ignore[assignment]
        for value in values(page)[: rounds + 1]:
            timed("filter changed", choose, page, value)
        # The first one makes the plans, which are kept from then on.
        took["filter changed"].pop(0)
        browser.close()
    print(f"{tab}, load average {os.getloadavg()[0]:.1f}")
    for name, rows in took.items():
        wall, cpu = (statistics.median(column) for column in zip(*rows, strict=True))
        least = min(row[0] for row in rows)
        print(f"{name:16} {wall:6.2f} s (at least {least:.2f}), {cpu:.2f} s of the app's CPU")


if __name__ == "__main__":
    main()
