"""Answers that no proper server gives, byte by byte: each is read whole, or is one error that says what is wrong.

What the cases break: RFC 9110 (§8.4 content coding, §8.6 length, §10.2.2 Location, §10.2.3 Retry-After, §15.3.7 a
part that nobody asked for) and RFC 9112 (§6.3 the end of a body, §7.1 chunks).
"""

from __future__ import annotations

import gzip
import socket
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from deepsoil.archives import replies
from deepsoil.archives.session import open_network
from deepsoil.archives.transport import Limits
from deepsoil.contract.errors import DeepSoilError

BODY = b"\x89HDF\r\n\x1a\n" + bytes(range(256)) * 40
PACKED = gzip.compress(BODY)
QUICK = Limits(connect_s=1, read_s=1, tries=3, first_pause_s=0.01, longest_pause_s=0.05)
Raw = bytes | Callable[[socket.socket], None]


def answer(body: bytes, *headers: bytes, status: bytes = b"200 OK", length: bool = True) -> bytes:
    size = (b"Content-Length: %d" % len(body),) if length else ()
    return b"\r\n".join((b"HTTP/1.1 " + status, b"Connection: close", *size, *headers, b"", body))


def letter_by_letter(connection: socket.socket) -> None:
    for letter in b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 1000:
        connection.sendall(bytes([letter]))
        time.sleep(0.1)


@contextmanager
def raw_server(*answers: Raw, host: str = "127.0.0.1") -> Iterator[tuple[str, list[bytes]]]:
    """Its address and what it was asked; it gives one answer after the other, and the last again and again."""
    asked: list[bytes] = []
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as listening:

        def serve(connection: socket.socket) -> None:
            with connection:
                asked.append(connection.recv(65536))
                raw = answers[min(len(asked), len(answers)) - 1]
                with suppress(OSError):  # nobody listens any more
                    connection.sendall(raw) if isinstance(raw, bytes) else raw(connection)

        def accept() -> None:
            while True:
                try:
                    connection, _ = listening.accept()
                except OSError:
                    return
                threading.Thread(target=serve, args=(connection,), daemon=True).start()

        threading.Thread(target=accept, daemon=True).start()
        name = f"[{host}]" if ":" in host else host
        yield f"http://{name}:{listening.getsockname()[1]}/x.nc", asked
        listening.shutdown(socket.SHUT_RDWR)


def chunked(*chunks: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n" + b"".join(chunks)


WRONG: dict[str, tuple[Raw, str]] = {
    "packed and cut, no length": (answer(PACKED[:-40], b"Content-Encoding: gzip", length=False), "cut off"),
    "packed and cut, with a length": (answer(PACKED[:-9], b"Content-Encoding: gzip"), "cut off"),
    "packed twice and cut": (answer(gzip.compress(PACKED[:-9]), b"Content-Encoding: gzip, gzip"), "cut off"),
    "not packed as it says": (answer(BODY, b"Content-Encoding: gzip"), "not packed as it says"),
    "cut in the head": (b"HTTP/1.1 200 OK\r\nX-Na", "cut off"),
    "chunk without a size": (chunked(b"zz\r\n" + BODY), "cut off"),
    "no last chunk": (chunked(b"%x\r\n%s\r\n" % (len(BODY), BODY)), "cut off"),
    "longer than it is": (b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + BODY, "cut off"),
    "sent on to no host": (answer(b"", b"Location: http://[::1/x", status=b"302 Found"), "is not valid"),
    "sent on to no text": (answer(b"", b"Location: http://\xe9.\xff/", status=b"302 Found"), "is not valid"),
    "sent on to a file": (answer(b"", b"Location: file:///etc/passwd", status=b"302 Found"), "is not valid"),
    "again in a far year": (answer(b"", b"Retry-After: Fri, 31 Dec 99999 23:59:59 GMT", status=b"503 X"), "503"),
    "again in so many seconds": (answer(b"", b"Retry-After: " + b"9" * 5000, status=b"503 X"), "503"),
    "deep refusal": (answer(b"[" * 4096, status=b"400 X"), "400"),
    "a part unasked": (answer(BODY[:999], b"Content-Range: bytes 0-998/10248", status=b"206 X"), ""),
    "an empty answer": (answer(b"", status=b"204 X"), "204"),
    "no HTTP": (b"\0\1\2\r\n\r\n", "connection"),
}


@pytest.mark.parametrize("how", ["download", "answer", "parts"])
@pytest.mark.parametrize("case", WRONG)
def test_what_is_wrong_is_one_error_and_never_data(case: str, how: str, tmp_path: Path) -> None:
    raw, words = WRONG[case]
    with raw_server(raw) as (address, asked), open_network(proxies={}, limits=QUICK, cache=tmp_path / "c") as network:
        with pytest.raises(DeepSoilError) as caught:
            if how == "download":
                network.download("The archive", address, tmp_path / "x.nc")
            elif how == "answer":
                network.answer("The archive", address)
            else:
                network.parts("The archive", address).read()
        assert len(asked) <= QUICK.tries, "what cannot be resumed is not fetched again and again"
    error = caught.value
    assert error.code == "archive_failed" and words in error.message and error.hint, error
    assert "The archive" in error.message and "x.nc" in error.message and not (tmp_path / "x.nc").exists()


def test_a_head_that_comes_letter_by_letter_is_given_up() -> None:
    quick = Limits(connect_s=1, read_s=0.3, tries=1)
    with raw_server(letter_by_letter) as (address, _), open_network(proxies={}, limits=quick) as network, \
            pytest.raises(DeepSoilError, match="did not come to its end"):
        network.answer("The archive", address)


def raw_deflate(body: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(body) + packer.flush()


FINE: dict[str, tuple[bytes, ...]] = {
    "packed": (answer(PACKED, b"Content-Encoding: gzip"),),
    "packed twice": (answer(gzip.compress(PACKED), b"Content-Encoding: gzip, gzip"),),
    "packed in two members": (answer(gzip.compress(BODY[:9]) + gzip.compress(BODY[9:]), b"Content-Encoding: x-gzip"),),
    "deflate": (answer(zlib.compress(BODY), b"Content-Encoding: deflate"),),
    "deflate without its head": (answer(raw_deflate(BODY), b"Content-Encoding: deflate"),),
    "a length that is no number": (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: \xb2\r\n\r\n" + BODY,),
    "again at a date that was": (answer(b"", b"Retry-After: Fri, 31 Dec 1999 23:59:59 GMT", status=b"503 X"),
                                 answer(BODY)),
    "again soon": (answer(b"", b"Retry-After: soon", status=b"429 X"), answer(BODY)),
    "cut, then whole": (answer(PACKED[:-9], b"Content-Encoding: gzip"), answer(PACKED, b"Content-Encoding: gzip")),
}


@pytest.mark.parametrize("case", FINE)
def test_what_can_be_read_is_read_whole(case: str, tmp_path: Path) -> None:
    for host in ("127.0.0.1", *(["::1"] if case == "packed" and socket.has_dualstack_ipv6() else [])):
        for name in ("download", "answer"):
            with raw_server(*FINE[case], host=host) as (address, _), \
                    open_network(proxies={}, limits=QUICK) as network:
                if name == "download":
                    network.download("The archive", address, tmp_path / "x.nc")
                    assert (tmp_path / "x.nc").read_bytes() == BODY
                else:
                    assert network.answer("The archive", address) == BODY


def test_numbers_that_json_does_not_know_are_missing() -> None:
    assert replies.document("A", "address", b'{"values": [1.5, NaN, -Infinity]}') == {"values": [1.5, None, None]}
