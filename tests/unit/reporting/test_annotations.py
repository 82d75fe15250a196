from __future__ import annotations

from reporting_samples import remediation

from remedy_gate.domain.decision import Action
from remedy_gate.domain.match import MatchState
from remedy_gate.domain.remediation import Report, Verdict
from remedy_gate.reporting.annotations import render


def test_what_blocks_is_an_error_and_the_rest_a_warning() -> None:
    blocking = remediation(no_patch="by hand", action=Action.ANNOTATE, blocks=True)
    assert render(Report(Verdict.BLOCK, (remediation(), blocking))) == (
        "::error endLine=3,file=main.tf,line=1,title=Remedy Gate%3A high aws_s3_bucket.logs::"
        "The bucket can be deleted with everything in it%0Ano patch: by hand%0A"
        'policy: annotate, blocks, by rule "default for high"\n'
        "::warning endLine=3,file=main.tf,line=1,title=Remedy Gate%3A high aws_s3_bucket.logs::"
        "The bucket can be deleted with everything in it%0A"
        "patch proven: applies parses scope schema intent no_weakening | "
        'not run: rescan, disruption, formatted, idempotent%0Apolicy: suggest, by rule "default for high"\n'
    )


def test_ten_of_each_kind_are_told_and_the_rest_counted() -> None:
    items = (remediation(blocks=True),) * 12 + (remediation(),) * 13
    lines = render(Report(Verdict.BLOCK, items)).splitlines()
    assert [line.split(" ")[0].split("::")[1] for line in lines] == ["error"] * 10 + ["warning"] * 10 + ["notice"]
    assert lines[-1] == "::notice::5 more findings: see the job summary."


def test_a_blocking_finding_without_a_place_in_code_is_told() -> None:
    item = remediation(no_patch="x", state=MatchState.UNMATCHED, action=Action.IGNORE, blocks=True)
    assert render(Report(Verdict.BLOCK, (item,))).startswith("::error title=Remedy Gate%3A high::The bucket")


def test_what_is_ignored_is_not_told() -> None:
    assert render(Report(Verdict.PASS, (remediation(action=Action.IGNORE),))) == ""


def test_no_text_of_others_starts_a_command_or_a_property() -> None:
    item = remediation(title="100%\n::add-mask::x\r\n::stop-commands::y", no_patch="a\n::error::b")
    assert item.match.resource
    resource = item.match.resource._replace(address="a,b:c\n::warning::d", path="x,line=9:y%.tf")
    text = render(Report(Verdict.PASS, (item._replace(match=item.match._replace(resource=resource)),)))
    assert text == (
        "::warning endLine=3,file=x%2Cline=9%3Ay%25.tf,line=1,"
        "title=Remedy Gate%3A high a%2Cb%3Ac %3A%3Awarning%3A%3Ad::"
        "100%25 ::add-mask::x ::stop-commands::y%0Ano patch: a ::error::b%0A"
        'policy: suggest, by rule "default for high"\n'
    )
