"""The words of the code as it stands: what a patch names need not be new."""

from __future__ import annotations

import re
from collections.abc import Iterable

EDGE = r"[\s\"'\[\](){},=:]"


class Standing:
    """Texts that are known already. Asked for one with `in`, looked for when it is asked for."""

    __slots__ = ("_texts", "_values")

    def __init__(self, texts: Iterable[bytes], values: Iterable[object] = ()) -> None:
        """Take the files' texts, and values that the owner gave."""
        self._texts = tuple(texts)
        self._values = frozenset(map(str, values))

    def __contains__(self, word: str) -> bool:
        """Whether the word stands there as a whole, between quotes, blanks or brackets."""
        if word in self._values:
            return True
        bare = word.encode("utf-8", "surrogatepass")
        if not bare or not any(bare in text for text in self._texts):
            return False
        whole = re.compile(rf"(?:^|(?<={EDGE})){re.escape(word)}(?:$|(?={EDGE}))".encode("utf-8", "surrogatepass"))
        return any(whole.search(text) for text in self._texts)
