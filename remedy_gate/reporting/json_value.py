"""JSON of others, read key by key: whatever is not as it should be is named and refused."""

from __future__ import annotations

from remedy_gate.errors import ReportingError

MAX_TEXT = 4_000_000
MAX_ITEMS = 100_000
_LAST_LINE = (1 << 31) - 1
_MOST_AMOUNT = 1_000_000


def parsed(text: str, limit: int) -> object:
    """The value that the text holds. Raises `ReportingError` for more than `limit` characters, or what is not JSON."""
    import json

    if len(text) > limit:
        raise ReportingError(f"The report has more than {limit:,} characters.", "Check less at a time.")
    try:
        value: object = json.loads(text, parse_constant=_refused)
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits are a ValueError too
        reason = str(error) if isinstance(error, json.JSONDecodeError) else "it cannot be read"
        raise ReportingError(f"The report is not JSON: {reason}.") from error
    return value


class Reader:
    """One JSON object and where it stands. Each method gives the value of a key, or raises `ReportingError`."""

    __slots__ = ("_entries", "_where")

    def __init__(self, value: object, where: str) -> None:
        self._where = where
        if not isinstance(value, dict):
            raise self.wrong("is an object")
        self._entries: dict[str, object] = value

    def wrong(self, rule: str) -> ReportingError:
        """The error that says what should be so, and where it is not."""
        return ReportingError(f"{self._where} should be such that it {rule}.")

    def has(self, key: str) -> bool:
        """Whether there is anything at the key but null."""
        return self._entries.get(key) is not None

    def only(self, *keys: str) -> None:
        """Refuse any other key: a misspelt one would be overlooked."""
        for key in self._entries:
            if key not in keys:
                raise self.wrong(f"has no key {key[:80]!r}")

    def text(self, key: str, most: int = MAX_TEXT) -> str:
        """A text, of at most so many characters."""
        value = self._value(key)
        if not isinstance(value, str) or len(value) > most:
            raise self.wrong(f"has a text at {key}, of at most {most:,} characters")
        return value

    def maybe_text(self, key: str, most: int = MAX_TEXT) -> str | None:
        """A text or null."""
        return None if self._value(key) is None else self.text(key, most)

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts."""
        values = self._items(key)
        texts = tuple(value for value in values if isinstance(value, str) and len(value) <= MAX_TEXT)
        if len(texts) < len(values):
            raise self.wrong(f"has texts at {key}, of at most {MAX_TEXT:,} characters each")
        return texts

    def all_texts(self) -> tuple[tuple[str, str], ...]:
        """Every key with its value, for objects whose keys are free."""
        return tuple((key, self.text(key)) for key in self._entries)

    def flag(self, key: str) -> bool:
        """True or false."""
        value = self._value(key)
        if not isinstance(value, bool):
            raise self.wrong(f"has true or false at {key}")
        return value

    def count(self, key: str) -> int:
        """A whole number from 0."""
        return self._whole(key, 0)

    def identity(self, key: str) -> int:
        """A whole number of any size, such as GitHub gives its things."""
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, int) or value < 0:
            raise self.wrong(f"has a whole number at {key}")
        return value

    def maybe_line(self, key: str) -> int | None:
        """The number of a line, from 1, or null."""
        return None if self._value(key) is None else self._whole(key, 1)

    def fraction(self, key: str) -> float:
        """A number from 0 to 1."""
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= 1:
            raise self.wrong(f"has a number from 0 to 1 at {key}")
        return float(value)

    def maybe_amount(self, key: str) -> float | None:
        """A number of at least 0 and no more than a million, or null."""
        value = self._value(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MOST_AMOUNT:
            raise self.wrong(f"has an amount from 0 to {_MOST_AMOUNT:,} at {key}, or null")
        return float(value)

    def entry(self, key: str) -> Reader:
        """An object."""
        return Reader(self._value(key), f"{self._where}.{key}")

    def maybe_entry(self, key: str) -> Reader | None:
        """An object or null."""
        return None if self._value(key) is None else self.entry(key)

    def entries(self, key: str) -> tuple[Reader, ...]:
        """A list of objects."""
        return tuple(Reader(value, f"{self._where}.{key}[{index}]") for index, value in enumerate(self._items(key)))

    def _items(self, key: str) -> list[object]:
        value = self._value(key)
        if not isinstance(value, list) or len(value) > MAX_ITEMS:
            raise self.wrong(f"has a list at {key}, of at most {MAX_ITEMS:,} items")
        return value

    def _whole(self, key: str, least: int) -> int:
        value = self._value(key)
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= _LAST_LINE:
            raise self.wrong(f"has a whole number of at least {least} at {key}")
        return value

    def _value(self, key: str) -> object:
        if key not in self._entries:
            raise self.wrong(f"has the key {key}")
        return self._entries[key]


def _refused(constant: str) -> object:
    raise ValueError(f"{constant} is not JSON")
