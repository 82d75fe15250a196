"""The one way to services that have no client of their own: encrypted, bounded, and never anywhere else."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from socket import create_server, socket
from threading import Thread
from typing import Any
from urllib.parse import urlsplit

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from live_standins import QUICK, FastClock
from loopback import Call, Reply, as_json, serving

from remedy_gate.errors import FindingsError, SettingsError
from remedy_gate.findings.live.access import Access, Secret, safe_address
from remedy_gate.findings.live.https import Answer, Host, Request
from remedy_gate.findings.live.service import Limits, Patience

GET = Request("GET", "/", {})
NAME = "api.example"


def host(url: str, clock: FastClock, limits: Limits = QUICK, access: Access = Access()) -> Host:  # noqa: B008 - a value
    return Host(urlsplit(url), access, Patience(clock.clock(), limits))


def ask(one: Host, request: Request = GET) -> Answer:
    with closing(one):
        return one.ask(request)


@contextmanager
def speaking(*scripts: bytes, context: ssl.SSLContext | None = None) -> Iterator[tuple[int, list[bytes]]]:
    """A server that answers each connection with bytes as they are, and keeps what it was asked."""
    heard: list[bytes] = []

    def serve(listener: socket) -> None:
        for script in scripts:
            try:
                connection, _ = listener.accept()
                with connection:
                    if context is not None:
                        connection = context.wrap_socket(connection, server_side=True)
                    heard.append(connection.recv(65_536))
                    connection.sendall(script)
                    connection.close()
            except OSError:
                continue

    with create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(10)
        Thread(target=serve, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1], heard


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for localhost and api.example that nobody but its own authority vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "nobody")])
    names = [x509.DNSName("localhost"), x509.DNSName(NAME)]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "nobody.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def server_side(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


GOOD = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"


def test_a_certificate_that_nobody_vouches_for_is_refused_at_once(certificate: Path) -> None:
    clock = FastClock()
    with (
        speaking(GOOD, GOOD, context=server_side(certificate)) as (port, heard),
        pytest.raises(FindingsError, match="certificate of localhost is not trusted: self-signed certificate"),
    ):
        ask(host(f"https://localhost:{port}", clock), Request("GET", "/", {"Authorization": "Bearer x"}))
    assert heard == []
    assert clock.waits == []


def test_an_authority_that_the_surroundings_trust_is_trusted(
    certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with speaking(GOOD, context=server_side(certificate)) as (port, _):
        assert ask(host(f"https://localhost:{port}", FastClock())).document == {}


def test_a_certificate_for_another_name_is_refused(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    with (
        speaking(GOOD, context=server_side(certificate)) as (port, _),
        pytest.raises(FindingsError, match="is not trusted"),
    ):
        ask(host(f"https://127.0.0.1:{port}", FastClock()))


@pytest.mark.parametrize("no_proxy", ["", "other.example"])
def test_a_proxy_sees_where_to_and_nothing_else(
    no_proxy: str, certificate: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    heard: list[bytes] = []

    def tunnel(listener: socket) -> None:
        connection, _ = listener.accept()
        heard.append(connection.recv(65_536))
        connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
        with server_side(certificate).wrap_socket(connection, server_side=True) as inside:
            heard.append(inside.recv(65_536))
            inside.sendall(GOOD)

    with create_server(("127.0.0.1", 0)) as listener:
        Thread(target=tunnel, args=(listener,), daemon=True).start()
        port = listener.getsockname()[1]
        access = Access(proxy=Secret(f"http://me:p%40ss@127.0.0.1:{port}"), no_proxy=no_proxy)
        request = Request("GET", "/graphql", {"Authorization": "Bearer x"})
        assert ask(host(f"https://{NAME}/", FastClock(), access=access), request).is_good
    assert heard[0].startswith(b"CONNECT api.example:443 HTTP/1.")
    assert b"Proxy-Authorization: Basic bWU6cEBzcw==" in heard[0]
    assert b"Bearer" not in heard[0]
    assert b"GET /graphql" in heard[1]


def test_hosts_that_need_no_proxy_get_none() -> None:
    access = Access(proxy=Secret("http://127.0.0.1:1"), no_proxy="api.example,.internal.example")
    assert host("https://api.example/", FastClock(), access=access)._proxy() is None
    assert host("https://a.internal.example/", FastClock(), access=access)._proxy() is None
    assert host("https://localhost/", FastClock(), access=access)._proxy() is None
    assert host("https://elsewhere.example/", FastClock(), access=access)._proxy() is not None


def test_an_answer_that_is_larger_than_allowed_is_not_held() -> None:
    with (
        serving(lambda _: Reply(200, b"x" * 3_000_000)) as server,
        pytest.raises(FindingsError, match="more than 1,000,000 bytes"),
    ):
        ask(host(server.url, FastClock(), QUICK._replace(body=1_000_000)))
    assert len(server.calls) == 1


@pytest.mark.slow  # it waits for real seconds, and a busy machine makes it another end
def test_an_answer_that_trickles_in_has_an_end() -> None:
    clock = FastClock()

    def trickle(listener: socket) -> None:
        for _ in range(2):
            with suppress(OSError), listener.accept()[0] as connection:
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n")
                for byte in b"[             ]":  # whole in the end, but a second a byte
                    clock.ahead += 1
                    connection.sendall(bytes((byte,)))

    with create_server(("127.0.0.1", 0)) as listener:
        Thread(target=trickle, args=(listener,), daemon=True).start()
        with pytest.raises(FindingsError, match=r"gave no answer in 8 seconds|longer than 20 seconds"):
            ask(host(f"http://127.0.0.1:{listener.getsockname()[1]}", clock))


@pytest.mark.parametrize(
    "script",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n[1]",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\n[1]\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"nonsense\r\n\r\n",
        b"",
    ],
    ids=["short", "chunk missing", "no chunk", "no answer", "nothing"],
)
def test_an_answer_that_is_not_whole_is_asked_for_again(script: bytes) -> None:
    with speaking(script, GOOD) as (port, heard):
        assert ask(host(f"http://127.0.0.1:{port}", FastClock())).document == {}
    assert len(heard) == 2


def test_an_answer_in_chunks_is_read() -> None:
    with speaking(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n[1\r\n1\r\n]\r\n0\r\n\r\n") as (port, _):
        assert ask(host(f"http://127.0.0.1:{port}", FastClock())).document == [1]


def test_one_connection_serves_many_requests() -> None:
    ports: set[str] = set()

    def answer(call: Call) -> Reply:
        ports.add(call.headers["x-port"])
        return as_json([])

    with serving(answer) as server:
        one = host(server.url, FastClock())
        for _ in range(3):
            connection: Any = one._connection
            port = str(connection.sock.getsockname()[1]) if connection and connection.sock else "first"
            one.ask(Request("GET", "/", {"X-Port": port}))
        one.close()
    assert len(ports - {"first"}) == 1


@pytest.mark.parametrize("body", [b"[" * 100_000, b"\xff\xfe", b"{'a': 1}", b"<html>", b""])
def test_what_is_not_json_is_none(body: bytes) -> None:
    with serving(lambda _: Reply(200, body)) as server:
        assert ask(host(server.url, FastClock())).document is None


@pytest.mark.parametrize(
    "url",
    [
        "http://api.example/",
        "ftp://api.example/",
        "https:///path",
        "https://user@api.example/",
        "https://user:secret@api.example/",
        "https://api.example:99999/",
        "https://api.example/\r\nX-Evil: 1",
        "api.example",
        "",
    ],
)
def test_a_credential_is_not_sent_to_an_address_that_is_not_safe(url: str) -> None:
    with pytest.raises(SettingsError) as raised:
        safe_address(url, "the address")
    assert "secret" not in str(raised.value)


@pytest.mark.parametrize("url", ["https://api.example/graphql", "http://127.0.0.1:8080/", "http://localhost/x"])
def test_encrypted_addresses_and_this_machine_are_safe(url: str) -> None:
    assert safe_address(url, "the address").geturl() == url
