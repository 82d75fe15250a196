from __future__ import annotations

import re

from reporting_samples import BEFORE, remediation

from remedy_gate.domain.decision import Action
from remedy_gate.domain.patch import FilePatch
from remedy_gate.domain.proof import Proof, Status
from remedy_gate.domain.remediation import Remediation, Report, Verdict
from remedy_gate.domain.source import ALL_LINES, LineRange
from remedy_gate.reporting.comment import file_comment, note_comment, suggestion_comments
from remedy_gate.reporting.marker import Marker, marker_in
from remedy_gate.reporting.placement import Noted, OnFile, Suggested, placements
from remedy_gate.reporting.suggestion import Suggestion

HEAD = "ab" * 20


def suggested(item: Remediation) -> list[tuple[Suggestion, Marker, str]]:
    [placed] = placements(Report(Verdict.PASS, (item,)), {"main.tf": (ALL_LINES,)})
    assert isinstance(placed, Suggested)
    return list(suggestion_comments(placed, HEAD))


def test_a_suggestion_says_what_is_wrong_what_it_does_and_why_to_believe_it() -> None:
    item = remediation(blocks=True)
    item = item._replace(finding=item.finding._replace(first_seen="2026-01-02T08:00:00.000Z", due="2026-03-01"))
    [(_, mark, body)] = suggested(item)
    assert (
        body
        == f"""\
**High: The bucket can be deleted with everything in it**

`aws_s3_bucket.logs` · open since 2026-01-02 · due 2026-03-01 · **blocks this change**

Keeps the objects.

```suggestion
  bucket = "logs"

  force_destroy = false
```

Disruption: not known.

<details><summary>Proven: 6 checks passed, 0 failed, 4 could not run</summary>

| check | result | what it saw |
|---|---|---|
| `applies` | pass | seen to hold |
| `parses` | pass | seen to hold |
| `scope` | pass | seen to hold |
| `schema` | pass | seen to hold |
| `intent` | pass | seen to hold |
| `no_weakening` | pass | seen to hold |
| `rescan` | not run | later |
| `disruption` | not run | later |
| `formatted` | not run | later |
| `idempotent` | not run | later |

</details>

<details><summary>Where this comes from, and what decided</summary>

Reported by checkov, trivy as `CKV_AWS_1`; policy: suggest, by rule `default for high`.
Patch from catalogue: `s3-keep`, version `2`.

To have it decided otherwise, change the rule in `.remedy-gate.yml` on the base branch.
To accept it until a date: `remedy-gate waive --control s3-keep --resource aws_s3_bucket.logs --reason TEXT --days 30`, \
merged into the base branch.

</details>

<!-- remedy-gate:v1 fp={mark.fingerprint} head={HEAD} -->"""
    )


def test_an_environment_that_is_known_and_a_replacement_are_told_before_the_proof_is_opened() -> None:
    item = remediation()
    assert item.proof
    checks = list(item.proof.checks)
    checks[7] = checks[7]._replace(status=Status.PASS, detail="REPLACES aws_s3_bucket.logs")
    [placed] = placements(Report(Verdict.PASS, (item._replace(proof=Proof(tuple(checks))),)), {"main.tf": (ALL_LINES,)})
    assert isinstance(placed, Suggested)
    [(_, _, body)] = suggestion_comments(placed, HEAD, lambda _: ("production",))
    assert "`aws_s3_bucket.logs` · production\n" in body
    assert "\nDisruption: **may replace or interrupt** (REPLACES aws_s3_bucket.logs).\n" in body


def test_the_parts_of_a_patch_name_each_other() -> None:
    before = b"a\n" + b"=\n" * 9 + b"b\n"
    item = remediation(files=(FilePatch("main.tf", before, b"A\n" + b"=\n" * 9 + b"B\n"),))
    (_, one, first), (_, two, second) = suggested(item)
    assert "This is part 1 of 2 of one patch, proven as a whole: accept all of them (`main.tf` line 11)." in first
    assert "This is part 2 of 2 of one patch, proven as a whole: accept all of them (`main.tf` line 1)." in second
    assert one != two


def test_a_comment_on_a_file_carries_the_diff_and_no_suggestion() -> None:
    _, body = file_comment(OnFile(remediation(), "main.tf", "its lines do not all end in a plain newline"), HEAD)
    assert "```suggestion" not in body
    assert (
        '```diff\n@@ -1,3 +1,5 @@\n resource "aws_s3_bucket" "logs" {\n   bucket = "logs"\n+\n+  force_destroy' in body
    )
    assert "This cannot be accepted by a click: its lines do not all end in a plain newline." in body


def test_a_note_says_why_there_is_no_patch() -> None:
    _, body = note_comment(
        Noted(remediation(no_patch="Which key is a choice.", action=Action.ANNOTATE), "main.tf", 1), HEAD
    )
    assert "There is no patch: Which key is a choice." in body
    assert "Proven" not in body


def test_the_mark_is_found_again_at_the_end_alone() -> None:
    [(_, mark, body)] = suggested(remediation())
    assert marker_in(body) == mark
    assert marker_in(body + "\n") == mark
    assert marker_in(body + "\n\nI quote the above.") is None
    assert marker_in("no mark") is None


def test_the_mark_is_the_same_after_the_lines_moved_and_another_after_the_repair_changed() -> None:
    [(_, mark, _)] = suggested(remediation())
    moved, after = b"# first\n" + BEFORE, b"# first\n" + BEFORE.replace(b"}", b"\n  force_destroy = false\n}")
    [(place, mark_of_moved, _)] = suggested(remediation(files=(FilePatch("main.tf", moved, after),)))
    assert place.first_line == 3
    assert mark_of_moved == mark
    other = BEFORE.replace(b"}", b"\n  force_destroy = true\n}")
    [(_, mark_of_other, _)] = suggested(remediation(files=(FilePatch("main.tf", BEFORE, other),)))
    assert mark_of_other.fingerprint != mark.fingerprint


HOSTILE = (
    "@all [x](https://e.example) <img src=x> ```\n```suggestion\nx\n``` <!-- remedy-gate:v1 fp="
    + "0" * 32
    + " head=abcd -->"
)


def test_no_text_of_others_is_markdown() -> None:
    item = remediation(title=HOSTILE)
    item = item._replace(decision=item.decision._replace(rule=HOSTILE))
    assert item.match.resource
    item = item._replace(match=item.match._replace(resource=item.match.resource._replace(address=HOSTILE)))
    [(_, mark, body)] = suggested(item)
    assert marker_in(body) == mark
    outside_code = re.sub(
        r"(`+)(?!`).+?(?<!`)\1(?!`)", "", re.sub(r"```suggestion\n.*?\n```\n", "", body, flags=re.DOTALL)
    )
    outside_code = outside_code.replace("\\[", "").replace("\\]", "")
    for forbidden in ("@all", "[x](", "<img", "https://"):
        assert forbidden not in outside_code
    assert len(re.findall(r"^`{3,}suggestion$", body, re.MULTILINE)) == 1


def test_a_fence_is_longer_than_the_backticks_in_the_code() -> None:
    before, after = b"a\n", b"x = <<E\n````\nE\n"
    [(_, _, body)] = suggested(remediation(files=(FilePatch("main.tf", before, after),)))
    assert "`````suggestion\nx = <<E\n````\nE\n`````\n" in body


def test_the_longest_comment_is_below_githubs_limit() -> None:
    before = b"a\n"
    after = b"".join(b"%04d # %s\n" % (number, b"x" * 90) for number in range(190))
    item = remediation(title="<" * 5000, files=(FilePatch("main.tf", before, after),))
    assert item.proof
    checks = tuple(check._replace(detail="@" * 5000) for check in item.proof.checks)
    [(_, _, body)] = suggested(item._replace(proof=item.proof._replace(checks=checks)))
    assert 40_000 < len(body) < 65_536
    huge = remediation(files=(FilePatch("main.tf", before, after * 9),))
    [placed] = placements(Report(Verdict.PASS, (huge,)), {"main.tf": (LineRange(1, 1),)})
    assert isinstance(placed, OnFile)
    assert placed.reason == "it is too long for a suggestion"
    assert len(file_comment(placed, HEAD)[1]) < 65_536


def test_every_comment_tells_of_a_mistake_that_is_open_elsewhere_and_how_often() -> None:
    evidence = ("the same problem is open on 41 other resources",)
    item = remediation()
    again = item._replace(match=item.match._replace(evidence=evidence))
    [(_, _, body)] = suggested(again)
    assert "\n\n`aws_s3_bucket.logs`\n\nThe same problem is open on 41 other resources.\n\nKeeps the objects." in body
    for body in (
        file_comment(OnFile(again, "main.tf", "it is in two places"), HEAD)[1],
        note_comment(Noted(again, "main.tf", 1), HEAD)[1],
    ):
        assert "The same problem is open on 41 other resources." in body
    [(_, _, body)] = suggested(item)
    assert "same problem" not in body
