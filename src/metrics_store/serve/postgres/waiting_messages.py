"""What a client has sent and nobody has looked at yet: so much at most, then it waits itself."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field

Message = tuple[bytes, bytes]
_MOST = 64
_MOST_BYTES = 8 * 1024 * 1024


@dataclass
class WaitingMessages:
    """Messages in the order in which they came."""

    _messages: deque[Message | None] = field(default_factory=deque)
    _bytes: int = 0
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def put(self, message: Message | None) -> None:
        """Add a message once there is room, or the end."""
        async with self._changed:
            await self._changed.wait_for(lambda: message is None or self._has_room())
            self._messages.append(message)
            self._bytes += 0 if message is None else len(message[1])
            self._changed.notify_all()

    async def get(self) -> Message | None:
        """Take the first message once there is one; none at the end."""
        async with self._changed:
            await self._changed.wait_for(lambda: bool(self._messages))
            message = self._messages.popleft()
            self._bytes -= 0 if message is None else len(message[1])
            self._changed.notify_all()
            return message

    def _has_room(self) -> bool:
        # One alone may be as large as any.
        return not self._messages or (len(self._messages) < _MOST and self._bytes < _MOST_BYTES)
