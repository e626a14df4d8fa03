"""Errors of ours as statements that raise them: PostgreSQL itself tells the client, in its turn."""

from __future__ import annotations

from dataclasses import dataclass

from metrics_store.serve.postgres.embedded.shadow_schema import REFUSE
from metrics_store.serve.postgres.protocol.message_formats import int16, message, parse, text
from metrics_store.serve.postgres.sql_states import sql_state, words_of

_NAME = "metrics_refusal"


@dataclass(frozen=True)
class Refusal:
    """An error in the place of a statement.

    Attributes:
        error: The error.
        request_id: What the log knows it by.
    """

    error: Exception
    request_id: str = ""

    @property
    def sql(self) -> str:
        """The statement that raises it."""
        said = (sql_state(self.error), *words_of(self.error, self.request_id))
        # Read the same under every setting.
        return f"SELECT pg_catalog.{REFUSE}({', '.join(map(_quoted, said))})"

    def messages(self, codec: str) -> bytes:
        """Give the messages of the extended protocol that raise it: Close, Parse, Bind, Execute."""
        named = text(_NAME)
        return (
            message(b"C", b"S", named)
            + parse(_NAME.encode(), self.sql.encode(codec, "replace"))
            + message(b"B", named, named, int16(0, 0, 0))
            + message(b"E", named, b"\0\0\0\0")
        )


def _quoted(value: str) -> str:
    return "E'" + value.replace("\\", "\\\\").replace("'", "''").replace("\0", "") + "'"
