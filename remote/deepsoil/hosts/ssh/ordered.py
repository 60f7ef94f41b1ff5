"""A paramiko transport that sends nothing on a channel after the channel's close message.

paramiko builds a message under the channel's lock and sends it after the lock is released. When a command ends while
another thread sends its input or the end of it, the close message can overtake that one. The host has then forgotten
the channel, and OpenSSH ends the whole connection: "ieof packet referred to nonexistent channel" (RFC 4254, 5.3).
"""

from __future__ import annotations

from typing import Any

import paramiko
from paramiko.common import MSG_CHANNEL_CLOSE


class OrderedTransport(paramiko.Transport):
    """As paramiko's; a message of a channel that comes after its close is dropped."""

    def open_channel(self, *arguments: Any, **options: Any) -> paramiko.Channel:
        channel = super().open_channel(*arguments, **options)
        channel.transport = _Sender(self)  # type: ignore[assignment]
        return channel

    def _send_message(self, data: Any) -> None:
        # One thread at a time: paramiko holds `clear_to_send_lock` round it for every message of a channel.
        sender: _Sender | None = getattr(data, "sender", None)
        if sender is not None:
            if sender.closed:
                return
            sender.closed = data.asbytes()[0] == MSG_CHANNEL_CLOSE
        super()._send_message(data)  # type: ignore[misc]


class _Sender:
    """The transport as one channel uses it: marks what the channel sends, and passes everything else on."""

    def __init__(self, transport: OrderedTransport) -> None:
        self._transport = transport
        self.closed = False

    def _send_user_message(self, message: Any) -> None:
        message.sender = self
        self._transport._send_user_message(message)  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> Any:
        return getattr(self._transport, name)
