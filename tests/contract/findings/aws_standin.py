"""A stand-in for AWS: Security Hub's two interfaces and S3, as far as they are read, over HTTP.

botocore's own model of the services holds every request against what AWS takes, and reads every answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import botocore.session
from botocore.validate import ParamValidator
from loopback import Call, Reply, Server, as_json, serving

CREDENTIALS = {
    "AWS_ACCESS_KEY_ID": "testing",
    "AWS_SECRET_ACCESS_KEY": "a-secret-that-must-not-be-kept",
    "AWS_SESSION_TOKEN": "testing",
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_CONFIG_FILE": "/dev/null",
    "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
}
MODEL = botocore.session.Session().get_service_model("securityhub")
_OPERATIONS = {"/findings": "GetFindings", "/findingsv2": "GetFindingsV2"}


def asff(number: int, **other: Any) -> dict[str, Any]:
    return {
        "SchemaVersion": "2018-10-08",
        "Id": f"arn:aws:securityhub:eu-west-1:111122223333:security-control/S3.8/finding/{number}",
        "ProductArn": "arn:aws:securityhub:eu-west-1::product/aws/securityhub",
        "GeneratorId": "security-control/S3.8",
        "AwsAccountId": "111122223333",
        "Region": "eu-west-1",
        "Types": ["Software and Configuration Checks/Industry and Regulatory Standards"],
        "FirstObservedAt": "2026-03-01T08:00:00.000Z",
        "CreatedAt": "2026-03-02T08:00:00.000Z",
        "UpdatedAt": "2026-03-02T08:00:00.000Z",
        "Severity": {"Label": "HIGH"},
        "Title": "S3 buckets should block public access",
        "Description": "They should.",
        "Resources": [{"Type": "AwsS3Bucket", "Id": f"arn:aws:s3:::bucket-{number}", "Region": "eu-west-1"}],
        "Compliance": {"Status": "FAILED", "SecurityControlId": "S3.8"},
        "Workflow": {"Status": "NEW"},
        "RecordState": "ACTIVE",
        **other,
    }


def ocsf(number: int, **other: Any) -> dict[str, Any]:
    return {
        "class_uid": 2003,
        "category_uid": 2,
        "metadata": {
            "uid": f"arn:aws:securityhub:eu-west-1:111122223333:finding/{number}",
            "version": "1.6.0",
            "product": {"name": "Security Hub", "uid": "arn:aws:securityhub:eu-west-1::productv2/aws/securityhub"},
        },
        "finding_info": {"uid": f"finding-{number}", "title": "S3 buckets should block public access"},
        "compliance": {"control": "S3.8", "status_id": 3, "status": "Fail"},
        "severity_id": 4,
        "severity": "High",
        "status_id": 1,
        "status": "New",
        "cloud": {"account": {"uid": "111122223333"}, "region": "eu-west-1"},
        "resources": [
            {"uid": f"bucket-{number}", "uid_alt": f"arn:aws:s3:::bucket-{number}", "type": "AWS::S3::Bucket"}
        ],
        **other,
    }


@dataclass
class Account:
    """Everything that the stand-in knows. `page`: the most records of one page. `objects`: by bucket and key."""

    findings: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    objects: dict[str, bytes] = field(default_factory=dict)
    page: int = 100


def is_page(call: Call) -> bool:
    """Whether a call asks for a page of findings, or for an object."""
    return call.path in _OPERATIONS or (
        call.verb == "GET" and call.path.count("/") > 1 and "list-type" not in call.query
    )


@contextmanager
def aws(account: Account) -> Iterator[Server]:
    """Serve an account. AWS_ENDPOINT_URL says where."""

    def answer(call: Call) -> Reply:
        assert "AWS4-HMAC-SHA256" in call.headers.get("authorization", "")
        if call.path in _OPERATIONS:
            return _findings(account, call)
        return _objects(account, call)

    with serving(answer, is_page) as server:
        yield server


def error(code: str, status: int = 400, message: str = "no") -> Reply:
    return as_json({"message": message, "__type": code}, status, (("x-amzn-ErrorType", code),))


def _findings(account: Account, call: Call) -> Reply:
    asked = call.json()
    operation = MODEL.operation_model(_OPERATIONS[call.path])
    report = ParamValidator().validate(asked, operation.input_shape)
    if report.has_errors():
        return error("InvalidInputException", message=report.generate_report())
    if call.path == "/findings":
        fitting = [one for one in account.findings if _asff_fits(one, asked.get("Filters", {}))]
    else:
        fitting = [one for one in account.events if _ocsf_fits(one, asked.get("Filters", {}))]
    start = int(asked.get("NextToken") or 0)
    end = start + min(asked["MaxResults"], account.page)
    return as_json({"Findings": fitting[start:end], **({"NextToken": str(end)} if end < len(fitting) else {})})


def _asff_fits(record: dict[str, Any], filters: dict[str, Any]) -> bool:
    """Filters of one attribute are alternatives, those of several all have to fit."""
    places = {
        "RecordState": ("RecordState",),
        "WorkflowStatus": ("Workflow", "Status"),
        "AwsAccountId": ("AwsAccountId",),
        "SeverityLabel": ("Severity", "Label"),
    }
    return all(
        any(_at(record, places[name]) == one["Value"] and one["Comparison"] == "EQUALS" for one in wanted)
        for name, wanted in filters.items()
    )


def _ocsf_fits(record: dict[str, Any], filters: dict[str, Any]) -> bool:
    assert filters.get("CompositeOperator", "AND") == "AND"
    return all(
        any(
            _at(record, tuple(one["FieldName"].split("."))) == one["Filter"].get("Value", one["Filter"].get("Eq"))
            for one in (*composite.get("StringFilters", ()), *composite.get("NumberFilters", ()))
        )
        for composite in filters.get("CompositeFilters", ())
        if composite["Operator"] == "OR"
    )


def _at(record: Any, path: tuple[str, ...]) -> Any:
    for key in path:
        record = record.get(key) if isinstance(record, dict) else None
    return record


def _objects(account: Account, call: Call) -> Reply:
    bucket, _, key = call.path.removeprefix("/").partition("/")
    if call.query.get("list-type") == "2":
        prefix = call.query.get("prefix", "")
        keys = [name.partition("/")[2] for name in sorted(account.objects) if name.startswith(f"{bucket}/{prefix}")]
        contents = "".join(f"<Contents><Key>{escape(key)}</Key><Size>1</Size></Contents>" for key in keys)
        listed = f"<ListBucketResult><IsTruncated>false</IsTruncated>{contents}</ListBucketResult>"
        return Reply(200, listed.encode(), (("Content-Type", "application/xml"),))
    found = account.objects.get(f"{bucket}/{key}")
    if found is None:
        return Reply(404, b"<Error><Code>NoSuchKey</Code><Message>The key does not exist.</Message></Error>")
    return Reply(200, found, (("Content-Type", "application/json"), ("ETag", '"1"')))
