"""Callers of modules: found where they are, read only where they may be, and never without end."""

from __future__ import annotations

from fakes import FakeTree

from remedy_gate.domain.finding import Finding, Location
from remedy_gate.iac.module import Module
from remedy_gate.iac.reading import Reader
from remedy_gate.iac.schemas import load
from remedy_gate.iac.terraform import Terraform
from remedy_gate.matching.around import MOST_MODULES, Around, Listed
from remedy_gate.matching.calls import Calls, chain_address
from remedy_gate.matching.match import Matched
from remedy_gate.matching.qualifying import qualified, within_module

STORAGE = 'variable "name" {}\nresource "aws_s3_bucket" "b" {\n  bucket = var.name\n}\n'


def call(source: str, name: str = "m") -> str:
    return f'module "{name}" {{\n  source = "{source}"\n  name   = "x"\n}}\n'


class CountingTree(FakeTree):
    def __init__(self, files: dict[str, str]) -> None:
        super().__init__(files)
        self.listed: list[str] = []

    def names(self, directory: str) -> tuple[str, ...]:
        self.listed.append(directory)
        return super().names(directory)


class CountingSearch:
    def __init__(self, files: dict[str, str]) -> None:
        self.files = files
        self.asked: list[tuple[str, ...]] = []

    def paths(self) -> tuple[str, ...]:
        return tuple(self.files)

    def holding(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        self.asked.append(texts)
        return tuple(path for path, held in self.files.items() if any(text in held for text in texts))


class Ground:
    """A repository of which one module was read."""

    def __init__(self, files: dict[str, str], read: str) -> None:
        self.tree, self.search = CountingTree(files), CountingSearch(files)
        reader = Reader((Terraform(load()),))
        self.around = Around(self.tree, reader, self.search)
        module = reader.module(read, reader.sources((read,), self.tree))
        assert module is not None
        self.module: Module = module
        self.tree.listed.clear()
        self.calls = Calls((module,), self.around)

    def addresses(self) -> list[str]:
        return [chain_address(chain) for chain in self.calls.chains(self.module)]


def test_callers_are_found_from_beside_from_below_and_from_afar() -> None:
    files = {
        "modules/storage/main.tf": STORAGE,
        "modules/app/main.tf": call("../storage", "beside"),
        "modules/storage/examples/main.tf": call("../", "below"),
        "live/prod/eu/main.tf": call("../../../modules/storage/", "afar"),
        "other/main.tf": call("../modules/other/storage"),
        "registry/main.tf": call("acme/storage/aws"),
    }
    assert sorted(Ground(files, "modules/storage/main.tf").addresses()) == [
        "module.afar",
        "module.below",
        "module.beside",
    ]


def test_a_file_that_only_mentions_such_a_path_is_not_parsed() -> None:
    files = {"modules/storage/main.tf": STORAGE, "other/main.tf": f"{call('./storage')}"}
    ground = Ground(files, "modules/storage/main.tf")
    assert ground.addresses() == [""]
    assert ground.tree.listed == []


def test_a_module_that_takes_nothing_is_called_by_nobody_and_nobody_is_asked() -> None:
    files = {"main.tf": 'resource "aws_s3_bucket" "b" {\n  bucket = "b"\n}\n', "live/main.tf": call("../")}
    ground = Ground(files, "main.tf")
    assert ground.addresses() == [""]
    assert ground.search.asked == []


def test_the_search_is_asked_once_a_module() -> None:
    ground = Ground(
        {"modules/storage/main.tf": STORAGE, "live/main.tf": call("../modules/storage")}, "modules/storage/main.tf"
    )
    assert (ground.addresses(), ground.addresses()) == (["module.m"], ["module.m"])
    assert len(ground.search.asked) == 1


def test_no_more_modules_are_read_than_is_worth_it() -> None:
    callers = {f"live/{number:03}/main.tf": call("../../modules/storage") for number in range(200)}
    ground = Ground({"modules/storage/main.tf": STORAGE, **callers}, "modules/storage/main.tf")
    assert 1 < len(ground.addresses()) <= MOST_MODULES
    assert len(ground.tree.listed) <= MOST_MODULES


def test_a_source_that_leaves_the_repository_leads_nowhere() -> None:
    ground = Ground({"main.tf": call("../../elsewhere")}, "main.tf")
    assert ground.calls.down(ground.module, ("m",)) is not None
    target = ground.calls.down(ground.module, ("m",))
    assert target is not None
    assert target.module is None


def test_where_everything_was_read_nothing_is_searched_for() -> None:
    assert Listed(("main.tf",)).paths() == ("main.tf",)
    assert Listed(("main.tf",)).holding(("x",)) == ()


def test_an_address_is_qualified_for_reports_and_taken_back_for_its_module() -> None:
    from remedy_gate.domain.match import Match, MatchState
    from remedy_gate.domain.source import LineRange, Resource

    finding = Finding("checkov", "X", "x", location=Location("m/main.tf"))
    match = Match(MatchState.MATCHED, Resource("aws_s3_bucket.b", "aws_s3_bucket", "m/main.tf", LineRange(1, 2)), 0.9)
    told = qualified(Matched(finding, match, "module.a.module.b"))
    assert told.resource is not None
    assert told.resource.address == "module.a.module.b.aws_s3_bucket.b"
    assert within_module(told) == match
    assert qualified(Matched(finding, match)) == match
    call_itself = match._replace(resource=Resource("module.vpc", "module", "main.tf", LineRange(1, 2)))
    assert within_module(call_itself) == call_itself


def test_the_same_texts_are_searched_once() -> None:
    ground = Ground({"m/main.tf": STORAGE, "live/main.tf": call("../m")}, "m/main.tf")
    assert ground.around.holding(("/m",)) == ground.around.holding(("/m",)) == ("live/main.tf",)
    assert ground.search.asked == [("/m",)]
