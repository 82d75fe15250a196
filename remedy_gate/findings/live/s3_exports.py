"""Exports in S3: one object, or all below a prefix that ends in `/`. Read as they come in, by the readers of files."""

from __future__ import annotations

from contextlib import closing
from itertools import islice
from typing import Any, Final

from remedy_gate.errors import FindingsError, SettingsError
from remedy_gate.findings.reading import ExportReader
from remedy_gate.findings.values import tables_of
from remedy_gate.policy.sources import S3_SCHEME, SourceOptions

from .aws import client, explained
from .service import Batch, Batches, Entry, Patience

PAGE: Final = 1_000
MOST_OBJECTS: Final = 1_000


class S3Exports:
    """The seam `Service`, over exports that something else has put into a bucket."""

    def __init__(self, options: SourceOptions, patience: Patience) -> None:
        bucket, _, key = options.name.removeprefix(S3_SCHEME).partition("/")
        if not bucket or not key or "*" in key:
            raise SettingsError(
                f"{options.name} names no object.",
                "Name s3://bucket/key, or s3://bucket/folder/ for all that is in it.",
            )
        self._bucket, self._key = bucket, key
        self._patience = patience
        self._region = next(iter(options.regions), "")

    def batches(self, *, everything: bool) -> Batches:
        """See `Service`. There is nobody who could filter, so that what is not open comes along and is counted."""
        del everything
        with closing(client("s3", self._region, self._patience)) as s3:
            for key in self._keys(s3) if self._key.endswith("/") else (self._key,):
                yield from self._object(s3, key)

    def changes(self, since: float) -> Batches | None:  # noqa: ARG002 - an export says what is, not what changed
        """None: an export says what is, not what changed."""
        return None

    def _keys(self, s3: Any) -> tuple[str, ...]:  # noqa: ANN401 - see `client`
        with explained("s3:ListBucket"):
            answer = s3.list_objects_v2(Bucket=self._bucket, Prefix=self._key, MaxKeys=MOST_OBJECTS)
        if answer.get("IsTruncated"):
            raise FindingsError(
                f"there are more than {MOST_OBJECTS:,} objects below {self._key}.", "Name a narrower one."
            )
        keys = (entry.get("Key") for entry in tables_of(answer.get("Contents")))
        found = tuple(key for key in keys if isinstance(key, str) and not key.endswith("/"))
        if not found:
            raise FindingsError(f"there is nothing below {self._key} in the bucket.")
        return found

    def _object(self, s3: Any, key: str) -> Batches:  # noqa: ANN401 - see `client`
        name = f"{S3_SCHEME}{self._bucket}/{key}"
        with explained("s3:GetObject"):
            body = s3.get_object(Bucket=self._bucket, Key=key)["Body"]
        with closing(body):
            stream = _Body(body, self._patience)
            reader = ExportReader(name, stream)
            try:
                readings = iter(reader)
                while entries := tuple(Entry("", reading) for reading in islice(readings, PAGE)):
                    yield Batch(entries)
            except FindingsError as error:
                raise stream.trouble or error from error
        if stream.trouble is not None:
            raise stream.trouble
        yield Batch((), reader.problems, reader.notes)


class _Body:
    """The body of an object. What goes wrong is kept, as the reader would take it for a file that breaks off."""

    def __init__(self, body: Any, patience: Patience) -> None:  # noqa: ANN401 - see `client`
        self._body = body
        self._patience = patience
        self.trouble: FindingsError | None = None

    def read(self, size: int, /) -> bytes:
        try:
            self._patience.left()
            with explained(""):
                data: bytes = self._body.read(size)
        except FindingsError as error:
            self.trouble = error
            raise OSError("the connection ended") from error
        return data
