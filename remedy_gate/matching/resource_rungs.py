"""Every rung of the ladder, the strongest first, for findings that name a cloud resource."""

from __future__ import annotations

from .by_addresses import by_address
from .by_lines import by_lines
from .by_marks import by_git_file, by_trace
from .by_names import by_import, by_name, by_name_tag, by_own_name, by_pattern
from .by_records import by_record
from .by_stacks import by_stack
from .ladder import Rung

LADDER: tuple[Rung, ...] = (
    by_trace,
    by_git_file,
    by_stack,
    by_record,
    by_address,
    by_lines,
    by_import,
    by_name,
    by_pattern,
    by_own_name,
    by_name_tag,
)
NAMES: tuple[Rung, ...] = (by_name, by_pattern, by_own_name, by_name_tag)
"""What can find anything where there are no tags, no records, no imports and no place: most findings of a feed."""
