"""Ask a Terraform provider what it would plan, over the protocol by which terraform itself asks.

`terraform plan` puts one change to the provider at a time, and first wants a configuration that passes every
validation of every resource. The provider's answer does not depend on that: it is asked here directly, a thousand
changes in a second. Message and field numbers:
https://developer.hashicorp.com/terraform/plugin/terraform-plugin-protocol (version 5), handshake:
https://github.com/hashicorp/go-plugin/blob/main/docs/internals.md. Needs `grpcio` and `msgpack` from PyPI.
"""

from __future__ import annotations

import importlib
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, Self

_HANDSHAKE = {
    "TF_PLUGIN_MAGIC_COOKIE": "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
    "PLUGIN_PROTOCOL_VERSIONS": "5",
}
_SECONDS = 4.0
_BYTES = 2
_ERROR = 1
_MORE = 128
# Fields of PlanResourceChange's answer.
_STATE, _REPLACES, _DIAGNOSTICS = 1, 2, 4

Path_ = tuple[str, ...]


class Planned(NamedTuple):
    """What the provider plans: the new state, and the arguments whose change forces a replacement."""

    state: Mapping[str, Any]
    replaces: frozenset[Path_]


class Refused(NamedTuple):
    """The provider could not plan this, and says why. `silent`: it gave no answer in time, or died of the question."""

    reason: str
    silent: bool = False


class Provider:
    """A running provider, configured with credentials that are none. Use it in a `with`."""

    __slots__ = ("_binary", "_channel", "_configuration", "_grpc", "_msgpack", "_process")

    def __init__(self, binary: Path, configuration: Mapping[str, Any]) -> None:
        self._binary = binary
        self._configuration = configuration
        self._grpc = importlib.import_module("grpc")
        self._msgpack = importlib.import_module("msgpack")
        self._process: subprocess.Popen[str] | None = None
        self._channel: Any = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start the provider, or start it again after it crashed."""
        self.stop()
        self._process = subprocess.Popen(
            [str(self._binary)], env=_HANDSHAKE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert self._process.stdout is not None
        address = self._process.stdout.readline().split("|")[3]
        self._channel = self._grpc.insecure_channel(f"unix:{address}")
        answer = self._call("Configure", _text(1, "1.11.4") + _field(2, self._dynamic(self._configuration)))
        errors = [text for number, text in _fields(answer) if number == 1 and _is_error(text)]
        if errors:
            raise ValueError(f"the provider refuses its configuration: {errors}")

    def stop(self) -> None:
        """End the provider that this object started."""
        if self._channel is not None:
            self._channel.close()
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
        self._channel = self._process = None

    def plan(
        self, type_name: str, prior: Mapping[str, Any], proposed: Mapping[str, Any], written: Mapping[str, Any]
    ) -> Planned | Refused:
        """What it plans for a resource whose state is `prior`, of which `written` is now the configuration."""
        request = _text(1, type_name) + b"".join(
            _field(number, self._dynamic(value)) for number, value in ((2, prior), (3, proposed), (4, written))
        )
        try:
            fields = list(_fields(self._call("PlanResourceChange", request)))
        except self._grpc.RpcError as error:
            if error.code() is not self._grpc.StatusCode.DEADLINE_EXCEEDED:
                self.start()
            return Refused(f"no answer: {error.code().name}", silent=True)
        errors = [value for number, value in fields if number == _DIAGNOSTICS and _is_error(value)]
        if errors:
            return Refused(str(errors[0])[:200])
        packed = next(value for number, value in fields if number == _STATE)
        (state,) = (value for number, value in _fields(packed) if number == 1)
        paths = frozenset(_path(value) for number, value in fields if number == _REPLACES)
        return Planned(self._msgpack.unpackb(state, strict_map_key=False, raw=False), paths)

    def _call(self, method: str, request: bytes) -> bytes:
        call = self._channel.unary_unary(f"/tfplugin5.Provider/{method}")
        answer: bytes = call(request, timeout=_SECONDS, wait_for_ready=True)
        return answer

    def _dynamic(self, value: Mapping[str, Any]) -> bytes:
        return _field(1, self._msgpack.packb(value, use_bin_type=True))


def _varint(number: int) -> bytes:
    out = bytearray()
    while number >= _MORE:
        out.append(number & (_MORE - 1) | _MORE)
        number >>= 7
    return bytes([*out, number])


def _field(number: int, value: bytes) -> bytes:
    return _varint(number << 3 | _BYTES) + _varint(len(value)) + value


def _text(number: int, value: str) -> bytes:
    return _field(number, value.encode())


def _fields(message: bytes) -> Iterator[tuple[int, Any]]:
    """The fields of a protocol buffer: numbers as they are, everything else as bytes."""
    at = 0
    while at < len(message):
        key, at = _read_varint(message, at)
        value, at = _read_varint(message, at)
        if key & 7 == _BYTES:
            yield key >> 3, message[at : at + value]
            at += value
        else:
            yield key >> 3, value


def _read_varint(message: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = message[at]
        value |= (byte & (_MORE - 1)) << shift
        at, shift = at + 1, shift + 7
        if byte < _MORE:
            return value, at


def _is_error(diagnostic: bytes) -> bool:
    return any(number == 1 and value == _ERROR for number, value in _fields(diagnostic))


def _path(message: bytes) -> Path_:
    """The names on an attribute path, without the numbers and keys of items."""
    steps = (step for number, step in _fields(message) if number == 1)
    return tuple(value.decode() for step in steps for number, value in _fields(step) if number == 1)
