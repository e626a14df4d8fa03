"""The same question in other words: a link, a command, Python, REST and SQL."""

from __future__ import annotations

import json
import shlex
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import streamlit as st

from metrics_store.app.components.callouts import errors_shown

if TYPE_CHECKING:
    from metrics_store.app.explore.view import View
    from metrics_store.app.questions.question import Question
    from metrics_store.client import Connection

_LISTS = {"metrics": "--metrics", "group_by": "--group-by", "order_by": "--order-by"}
_TEXTS = {"limit": "--limit", "start_time": "--start-time", "end_time": "--end-time"}


def show_same_question(connection: Connection, view: View, question: Question) -> None:
    """Show the question in each of the languages that it can be asked in."""
    with st.expander("This question as a link, a command, Python, REST or SQL"):
        link, command, python, rest, sql = st.tabs(
            ["Link", "Command", "Python", "REST", "SQL"], on_change="rerun", key="same question"
        )
        with link:
            st.code(as_link(st.context.url or "", view), language=None, wrap_lines=True)
        with command:
            st.code(as_command(question), language="bash", wrap_lines=True)
        with python:
            st.code(as_python(question), language="python", wrap_lines=True)
        with rest:
            st.code(as_rest(question), language="bash", wrap_lines=True)
        with sql, errors_shown():
            if sql.open:
                st.code(connection.compile(**question.fields()), language="sql", wrap_lines=True)


def as_link(page: str, view: View) -> str:
    """Write the address that opens the view."""
    return f"{page.partition('?')[0]}?{urlencode(view.parameters(), doseq=True)}"


def as_command(question: Question) -> str:
    """Write the command that asks the question."""
    fields = question.fields()
    words = ["metrics", "query"]
    for name, option in _LISTS.items():
        if name in fields:
            # With a sign of equality, because a name may begin with a minus.
            words.append(f"{option}={','.join(fields[name])}")
    for condition in fields.get("where", []):
        words += ["--where", condition]
    for name, option in _TEXTS.items():
        if name in fields:
            words += [option, str(fields[name])]
    return shlex.join(words)


def as_python(question: Question) -> str:
    """Write the question for the Python client."""
    fields = question.fields()
    arguments = [f"    {name}={value!r}," for name, value in fields.items()]
    return "\n".join(
        [
            "import metrics_store",
            "",
            "metrics = metrics_store.connect()",
            "answer = metrics.query(",
            *arguments,
            ")",
        ]
    )


def as_rest(question: Question) -> str:
    """Write the request to a server."""
    body = shlex.quote(json.dumps(question.fields()))
    return (
        'curl -H "Authorization: Bearer $METRICS_STORE_TOKEN" -H "Content-Type: application/json"'
        f' -d {body} "$METRICS_STORE_URL/v1/query"'
    )
