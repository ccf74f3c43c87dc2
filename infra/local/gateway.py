"""The API and the console under uvicorn, on this machine alone. ``python -m infra.local.gateway PORT [FOLDER …]``
loads them anew when something in one of the folders changes."""

import socket
import sys

import uvicorn
from uvicorn.supervisors import ChangeReload

from soundstage.models.push import MESSAGE_BYTES


class Config(uvicorn.Config):
    def bind_socket(self) -> socket.socket:
        """Without waiting to fill a packet: asyncio sees to that only where the protocol is named, and uvicorn names
        none for the socket that its reloader hands on. Every answer with a body would come 40 ms later."""
        listening = super().bind_socket()
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # connections inherit it
        return listening


def main() -> None:
    port, *folders = sys.argv[1:]
    config = Config(
        "infra.local.console:create_gateway",
        factory=True,
        host="127.0.0.1",
        port=int(port),
        access_log=False,  # the API has its own, which keeps share tokens out
        ws_max_size=MESSAGE_BYTES,
        reload=bool(folders),
        reload_dirs=folders or None,
    )
    server = uvicorn.Server(config)
    if config.should_reload:
        ChangeReload(config, target=server.run, sockets=[config.bind_socket()]).run()
    else:
        server.run()


if __name__ == "__main__":
    main()
