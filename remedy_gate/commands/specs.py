"""Which sources a SPEC means: files, or a live service by its name."""

from __future__ import annotations

import os.path
from collections.abc import Iterable, Iterator
from glob import glob, has_magic
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from remedy_gate.errors import UsageError
from remedy_gate.findings.exports import STANDARD_INPUT, ExportFindings

if TYPE_CHECKING:
    from remedy_gate.findings.live.cache import Cache
    from remedy_gate.findings.live.findings import LiveFindings
    from remedy_gate.policy.sources import SourceOptions
    from remedy_gate.settings import Settings

    from .remote_records import Remote

    Source: TypeAlias = ExportFindings | LiveFindings

DEFAULT_FOLDER = os.path.join(".remedy-gate", "findings")


class Place(NamedTuple):
    """What names of live sources mean in a run: the policy's, in this repository, in these surroundings.

    `only_cache`: the run is a hook, which does not wait for the network. `fresh`: it was asked to, and anew.
    """

    root: str
    settings: Settings
    options: tuple[SourceOptions, ...] = ()
    only_cache: bool = False
    fresh: bool = False

    def cache(self) -> Cache:
        """Where what was read of services is kept."""
        from remedy_gate.findings.live.cache import Cache
        from remedy_gate.ledger.place import git_folder
        from remedy_gate.settings import run_facts

        return Cache(git_folder(self.root, run_facts(self.settings).git_directory))

    def remote(self) -> Remote:
        """What asks AWS for states and stacks."""
        import time

        from remedy_gate.findings.live.service import Clock

        from .remote_records import Remote

        return Remote(self.cache(), Clock(time.time, time.sleep), self.only_cache, self.fresh)


def default_sources(root: str) -> tuple[ExportFindings, ...]:
    """A source for every file of `.remedy-gate/findings`."""
    return tuple(map(ExportFindings, _files_in(os.path.join(root, DEFAULT_FOLDER))))


def sources_of(specs: Iterable[str], place: Place) -> tuple[Source, ...]:
    """The sources that the specs mean. A name is never taken for a file, which anybody's change could bring along.

    :raises UsageError: a spec means nothing at all, which is never taken for "no findings".
    """
    return tuple(source for spec in specs for source in _sources(spec, place))


def is_live(spec: str) -> bool:
    """Whether a spec looks like a live source before any policy is read: not like a path, or an address in S3."""
    from remedy_gate.policy.sources import kind_of

    is_path = spec == STANDARD_INPUT or os.sep in spec or "." in spec or has_magic(spec)
    return bool(kind_of(spec)) or not is_path


def paths_of(spec: str) -> tuple[str, ...]:
    """The files that one spec means: itself, the files of a folder, or what a glob finds."""
    if spec == STANDARD_INPUT or os.path.isfile(spec):
        return (spec,)
    found = _files_in(spec) if os.path.isdir(spec) else tuple(sorted(filter(os.path.isfile, _expanded(spec))))
    if not found:
        raise UsageError(
            f"{spec}: there is no such file, and no source of that name.",
            "A SPEC is a path, a glob, `-` for standard input, the name of a live source, or `catalogue`.",
        )
    return found


def _sources(spec: str, place: Place) -> Iterator[Source]:
    from remedy_gate.policy.sources import SourceOptions, kind_of

    options = next((options for options in place.options if options.name == spec), None)
    kind = kind_of(spec)
    if options is not None or kind:
        yield _live(options or SourceOptions(spec, kind), place)
    else:
        yield from map(ExportFindings, paths_of(spec))


def _live(options: SourceOptions, place: Place) -> LiveFindings:
    import time

    from remedy_gate.findings.live.access import access_from
    from remedy_gate.findings.live.findings import LiveFindings
    from remedy_gate.findings.live.plan import Plan, Reach
    from remedy_gate.findings.live.registry import connector, snapshot_name
    from remedy_gate.findings.live.service import Clock, Limits

    from .progress import Progress

    settings, access = place.settings, access_from(place.settings.environment)
    reach = Reach.FRESH if place.fresh else Reach.CACHE if place.only_cache else Reach.NORMAL
    plan = Plan(
        cache=place.cache(),
        cached_as=snapshot_name(options, access),
        clock=Clock(time.time, time.sleep),
        limits=Limits(total=float(options.timeout_seconds), request=min(60.0, float(options.timeout_seconds))),
        reach=reach,
        on_unavailable=options.on_unavailable or ("fail" if settings.in_ci else "use-cache"),
        seconds=options.cache_minutes * 60.0,
        progress=Progress(),
    )
    return LiveFindings(options.name, connector(options, access), plan)


def _expanded(spec: str) -> list[str]:
    return glob(spec, recursive=True) if has_magic(spec) else []


def _files_in(folder: str) -> tuple[str, ...]:
    if not os.path.isdir(folder):
        return ()
    return tuple(sorted(filter(os.path.isfile, glob(os.path.join(folder, "*")))))
