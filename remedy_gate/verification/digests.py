"""The digest of several files, by which an answer about them is remembered."""

from __future__ import annotations

from hashlib import sha256

from remedy_gate.domain.seams import Sources


def digest_of(sources: Sources, purpose: str = "") -> str:
    """Another one for other paths, other contents or another purpose."""
    digest = sha256(purpose.encode("utf-8", "surrogatepass"))
    for path in sorted(sources):
        digest.update(f"\0{path}\0{len(sources[path])}\0".encode("utf-8", "surrogatepass"))
        digest.update(sources[path])
    return digest.hexdigest()
