"""Every kind of live source: what it is called, which readers understand it, and how it is connected to."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from remedy_gate.policy.sources import SourceOptions

from .access import Access

if TYPE_CHECKING:
    from .plan import Connect
    from .service import Patience, Service


class LiveKind(NamedTuple):
    """A kind of source, and the module of the format that its records have; the empty text for any."""

    kind: str
    format: str


KINDS: Final = (
    LiveKind("wiz", "wiz_issues"),
    LiveKind("wiz-configuration", "wiz_configuration"),
    LiveKind("security-hub", "security_hub"),
    LiveKind("security-hub-v2", "security_hub_v2"),
    LiveKind("code-scanning", "code_scanning"),
    LiveKind("s3", ""),
)


def connector(options: SourceOptions, access: Access) -> Connect:
    """What connects to a source when it is needed; nothing of it is imported before."""

    def connect(patience: Patience) -> Service:
        match options.kind:
            case "wiz" | "wiz-configuration":
                from .wiz import Wiz
                from .wiz_queries import CONFIGURATION, ISSUES

                return Wiz(ISSUES if options.kind == "wiz" else CONFIGURATION, options, access, patience)
            case "security-hub" | "security-hub-v2":
                from .security_hub import ASFF, OCSF, SecurityHub

                return SecurityHub(ASFF if options.kind == "security-hub" else OCSF, options, patience)
            case "code-scanning":
                from .code_scanning import CodeScanning

                return CodeScanning(options, access, patience)
            case _:
                from .s3_exports import S3Exports

                return S3Exports(options, patience)

    return connect


def snapshot_name(options: SourceOptions, access: Access) -> str:
    """The file name of a source's snapshot: another for every other question, whoever asks it."""
    from hashlib import sha256
    from re import sub

    asked = options._replace(on_unavailable="", cache_minutes=0, timeout_seconds=0)
    where = (access.wiz_api, access.github_api, access.github_repository)
    digest = sha256(repr((asked, where)).encode("utf-8", "surrogatepass")).hexdigest()[:16]
    return f"{sub(r'[^a-z0-9-]+', '-', options.name.lower())[:40]}-{digest}"
