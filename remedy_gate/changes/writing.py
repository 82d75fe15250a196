"""Put patched files into the working tree: whole, or not at all."""

from __future__ import annotations

import os
import stat

from remedy_gate.domain.source import Problem


class WorkingTreeWriter:
    """The seam `Writer`. A file that is no longer what was judged, or is a link, is left alone and named."""

    def __init__(self, root: str) -> None:
        """Write below this folder."""
        self._root = root

    def write(self, path: str, before: bytes, after: bytes) -> Problem | None:
        """See `Writer`."""
        target = os.path.join(self._root, path)
        try:
            status = os.lstat(target)
            if not stat.S_ISREG(status.st_mode) or not self._inside(target):
                return Problem(path, "it is not a regular file of this repository, so it was left alone")
            with open(target, "rb") as file:
                if file.read() != before:
                    return Problem(
                        path, "it has changes that were not judged (unstaged, perhaps), so it was left alone"
                    )
            _replace(target, after, stat.S_IMODE(status.st_mode))
        except OSError as error:
            return Problem(path, f"it could not be written: {error.strerror or error}")
        return None

    def _inside(self, target: str) -> bool:
        root = os.path.realpath(self._root)
        return os.path.realpath(target).startswith(os.path.join(root, ""))


def _replace(target: str, content: bytes, mode: int) -> None:
    import tempfile

    handle, temporary = tempfile.mkstemp(dir=os.path.dirname(target), prefix=".remedy-gate-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(temporary, mode)
        os.replace(temporary, target)
    except BaseException:
        os.unlink(temporary)
        raise
