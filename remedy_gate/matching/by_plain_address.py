"""The tie of a place where a scanner names a file just as it is called here, and a resource just as it is called there.

So most of them do: nothing has to be made out, and the same is found as on the ladder.
"""

from __future__ import annotations

from remedy_gate.domain.finding import Location
from remedy_gate.iac.reading import Place

from .by_addresses import PLAIN, in_file, named_by_scanner
from .index import CodeIndex
from .tie import Tie, tied


def tie_by_plain_address(location: Location, code: CodeIndex, *, exact: bool = False) -> Tie | None:
    """The tie to the resource of that address in that file; None: it takes the ladder. `exact` as of `CodeIndex.meant`."""
    path, _, _, address = location
    module = code.module_of(path)
    block = module.blocks.get(address) if module is not None and address else None
    if module is None or block is None or block.kind != "resource" or block.path != path:
        return None
    files, elsewhere, weak, note = code.meant(path, exact=exact)
    if files != (path,) or elsewhere or weak or note:
        return None
    return tied(Place(module, block), PLAIN, (named_by_scanner(block.address), in_file(path)), code)
