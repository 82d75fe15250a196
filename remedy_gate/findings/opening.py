"""Bytes of an export as text: gzip, byte order marks and the encodings of Windows shells."""

from __future__ import annotations

from io import BufferedReader, RawIOBase, TextIOWrapper
from typing import Final, Protocol

_GZIP: Final = b"\x1f\x8b"
_BUFFER: Final = 1 << 17
_MARKS: Final = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),  # what `>` writes in Windows PowerShell
    (b"\xfe\xff", "utf-16"),
)


class ByteStream(Protocol):
    """Anything to read bytes from: an open file, standard input, the body of an HTTP answer."""

    def read(self, size: int, /) -> bytes:
        """Up to `size` bytes; none at the end."""


class _Borrowed(RawIOBase):
    """The caller's stream. Closing this does not close that."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)


class _Unpacked(_Borrowed):
    """The contents of a gzip stream. Damage is an `OSError`, like every other trouble with reading."""

    def __init__(self, stream: BufferedReader[_Borrowed]) -> None:
        from gzip import GzipFile
        from zlib import error

        super().__init__(GzipFile(fileobj=stream))
        self._damage = error

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        try:
            return super().readinto(buffer)
        except (EOFError, self._damage) as trouble:
            raise OSError("the compressed data is damaged or cut off") from trouble


def text_stream(stream: ByteStream) -> TextIOWrapper:
    """The stream as text. Lines end at a line feed; bytes that are no text become the replacement character."""
    buffered: BufferedReader[_Borrowed] = BufferedReader(_Borrowed(stream), _BUFFER)
    head = buffered.peek(4)
    if head.startswith(_GZIP):
        buffered = BufferedReader(_Unpacked(buffered), _BUFFER)
        head = buffered.peek(4)
    encoding = next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")
    return TextIOWrapper(buffered, encoding=encoding, errors="replace", newline="\n")
