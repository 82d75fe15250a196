"""The words of `batch` and `doctor`, made only where one of the two is called."""

from __future__ import annotations

import argparse

PROGRAM = "remedy-gate"


def batch(command: argparse.ArgumentParser) -> None:
    """The verbs of `batch`."""
    verbs = command.add_subparsers(metavar="VERB", dest="verb", required=True, prog=f"{PROGRAM} batch")
    export = verbs.add_parser("export", help="write one question a line for what the catalogue cannot repair")
    export.add_argument("paths", nargs="*", metavar="PATH", help="look only at these files and folders")
    _looking(export)
    export.add_argument("--output", metavar="FILE", help="write them there instead of to standard output")
    export.set_defaults(fix=False, proof="quick", format="json")
    reading = verbs.add_parser("import", help="judge the answers, and report as `check` does")
    reading.add_argument("responses", nargs="+", metavar="RESPONSES.jsonl", help="a recordId and a modelOutput a line")
    reading.add_argument("--path", action="append", dest="paths", default=[], metavar="PATH", help="as PATH of export")
    _looking(reading)
    reading.add_argument("--model", metavar="NAME", help="who answered (default: the model that the export was for)")
    reading.add_argument("--fix", action="store_true", help="write proven patches into the working tree")
    reading.add_argument("--proof", choices=("quick", "full"), help="as for check")
    reading.add_argument("--format", choices=("terminal", "json", "markdown", "sarif", "rdjson"), default="terminal")
    reading.add_argument("--output", metavar="FILE", help="write the report there instead of to standard output")
    submit = verbs.add_parser("submit", help="upload the questions to S3 and start a Bedrock invocation job")
    submit.add_argument("requests", metavar="REQUESTS.jsonl")
    submit.add_argument(
        "--s3", metavar="s3://BUCKET/PREFIX", required=True, help="where questions and answers are kept"
    )
    submit.add_argument(
        "--role", metavar="ARN", required=True, help="the role that Bedrock takes to read and write there"
    )
    submit.add_argument("--model", metavar="ID", help="the model (default: the policy's)")
    submit.add_argument("--hours", type=int, default=24, metavar="N", help="how long the job may take, 24 to 168")
    for name, help_text in (("status", "how far the job is"), ("fetch", "download the answers of a job that is done")):
        verb = verbs.add_parser(name, help=help_text)
        verb.add_argument("job", metavar="JOB", help="the ARN that `batch submit` printed")
        if name == "fetch":
            verb.add_argument("--output", metavar="FILE", required=True, help="where to write the answers")
    for verb in verbs.choices.values():
        verb.add_argument("--policy", metavar="FILE", help="the policy (default: .remedy-gate.yml)")


def doctor(command: argparse.ArgumentParser) -> None:
    """The options of `doctor`."""
    command.add_argument("--policy", metavar="FILE", help="the policy (default: .remedy-gate.yml)")
    command.add_argument(
        "--no-call", action="store_true", help="do not ask the model, which costs a fraction of a cent"
    )


def _looking(verb: argparse.ArgumentParser) -> None:
    which = verb.add_mutually_exclusive_group()
    which.add_argument("--base", metavar="REF", help="as for check")
    which.add_argument("--staged", action="store_true", help="as for check")
    which.add_argument("--all", action="store_true", help="take every file as changed; needs no git")
    verb.add_argument("--findings", action="append", metavar="SPEC", help="as for check")
    verb.add_argument("--fresh", action="store_true", help="ask live sources now, whatever the cache holds")
    verb.add_argument("--remedies", metavar="LIST", default=None, help="`bedrock` alone asks also about what the "
                      "catalogue can repair (default: catalogue,bedrock)")  # fmt: skip
