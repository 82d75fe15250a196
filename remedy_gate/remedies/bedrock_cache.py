"""Answers of models by the digest of the question, so that none is paid twice. They hold placeholders only."""

from __future__ import annotations

import json
import os

from .bedrock_call import Reply
from .bedrock_models import Usage

FOLDER = "bedrock"
MOST_BYTES = 2_000_000


class AnswerCache:
    """A folder of answers. None: nothing is kept. What cannot be read or kept is no trouble."""

    def __init__(self, folder: str | None) -> None:
        """Keep answers in this folder, made when the first one comes."""
        self._folder = folder

    def get(self, key: str) -> Reply | None:
        """The answer that was kept under a key."""
        if self._folder is None:
            return None
        try:
            with open(self._path(key), encoding="utf-8") as file:
                text = file.read(MOST_BYTES + 1)
            kept = json.loads(text) if len(text) <= MOST_BYTES else None
        except (OSError, ValueError, RecursionError):
            return None
        if not isinstance(kept, dict) or kept.get("key") != key or not isinstance(kept.get("text"), str):
            return None
        return Reply(kept["text"], Usage(), 0, kept=True)

    def put(self, key: str, reply: Reply) -> None:
        """Keep an answer, all of it or nothing."""
        if self._folder is None or reply.kept:
            return
        path = self._path(key)
        draft = f"{path}.{os.getpid()}"
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(draft, "w", encoding="utf-8", errors="surrogatepass") as file:
                json.dump({"key": key, "text": reply.text}, file)
            os.replace(draft, path)
        except OSError:
            return

    def _path(self, key: str) -> str:
        return os.path.join(str(self._folder), key[:2], f"{key}.json")
