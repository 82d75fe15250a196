"""Texts of others as GitHub-flavoured Markdown that says exactly them: no mention, link, image, HTML or heading."""

from __future__ import annotations

from .untrusted import code_line, one_line

# A character that no matcher of GitHub looks over, and that nobody sees: it breaks mentions, issue references and
# autolinks, which are looked for in the finished text, where a backslash is gone already.
_BREAK = "\u200b"
_HTML = {
    "&": "&amp;",
    "<": "&lt;",
    ">": "&gt;",
    "$": "&#36;",  # mathematics
    "@": "@&#8203;",
    "#": "&#35;&#8203;",
    _BREAK: "&#8203;",
}
_MARKUP = str.maketrans(_HTML)
_PROSE = str.maketrans({**_HTML, **{char: f"\\{char}" for char in "\\`*[]|~"}})


def prose(text: str, limit: int = 0) -> str:
    """The text on one line, to stand anywhere in a paragraph, a list or a table."""
    import re

    escaped = _broken(one_line(text, limit)).translate(_PROSE)
    escaped = re.sub(r"(?<![^\W_])_|_(?![^\W_])", r"\\_", escaped)  # within a word it means nothing
    return re.sub(r"\A(\d+(?=[.)])|(?=[-+=]))", r"\1\\", escaped)  # a list, a rule or a heading, where it begins a line


def markup(text: str, limit: int = 0) -> str:
    """The text on one line, to stand in HTML such as `<summary>`, where Markdown and its escapes mean nothing."""
    return _broken(one_line(text, limit)).translate(_MARKUP)


def code(text: str, limit: int = 0) -> str:
    """The text on one line as a code span, in which nothing means anything. Not for tables: see `code_in_table`."""
    shown = one_line(text, limit)
    if not shown:
        return ""
    ticks = "`" * (longest_run(shown) + 1)
    blank = " " if "`" in (shown[0], shown[-1]) else ""
    return f"{ticks}{blank}{shown}{blank}{ticks}"


def code_in_table(text: str, limit: int = 0) -> str:
    """A code span for the cell of a table, where a bar ends the cell even in code."""
    return code(text, limit).replace("|", "\\|")


def link(text: str, address: str) -> str:
    """The text as a link, where the address is one of the web and plain; else the text alone."""
    import re

    is_plain = re.fullmatch(r"https?://[A-Za-z0-9./_:?=&%~-]+(#[A-Za-z0-9_-]+)?", address)
    return f"[{prose(text)}]({address})" if is_plain else prose(text)


def fence(text: str, language: str) -> str:
    r"""A fenced block around the text (without its last `\n`), the fence longer than any run of backticks inside."""
    ticks = "`" * max(3, longest_run(text) + 1)
    return f"{ticks}{language}\n{text}\n{ticks}"


def diff_fence(lines: tuple[str, ...], longest: int = 20_000) -> str:
    """Lines of a diff as a fenced block of at most `longest` characters; what hides or reorders is spelt out."""
    shown: list[str] = []
    for line in map(code_line, lines):
        longest -= len(line) + 1
        if longest < 0:
            return f"{fence(chr(10).join(shown), 'diff')}\n\n{len(lines) - len(shown)} more lines are in the report."
        shown.append(line)
    return fence("\n".join(shown), "diff")


def longest_run(text: str) -> int:
    """The length of the longest run of backticks."""
    longest = run = 0
    for char in text:
        run = run + 1 if char == "`" else 0
        longest = max(longest, run)
    return longest


def _broken(text: str) -> str:
    import re

    return re.sub(r"(?i)(?<=:)(?=//)|(?<=www)(?=\.)|(?<=gh)(?=-)", _BREAK, text)
