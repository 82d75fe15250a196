"""The tables of what arguments resource types have, offline. They are made by `.ci/make_schemas.py`, never by hand.

Names are `aws_s3_bucket` for a Terraform resource, `data.aws_ami` for a data source, `AWS::S3::Bucket` for
CloudFormation (its properties; `AWS::Serverless::*` too). Beyond what `Argument` says of itself:

- A Terraform argument of type `block` with the item `object` (`ingress` of `aws_security_group`) may be written as
  nested blocks or as an attribute holding a list of objects; without an item it is a nested block only. An argument of
  type `list`, `set`, `map` or `object` that has arguments is an attribute, and `any` accepts anything.
- `arguments` of a list, set or map are those of an item. A body may contain itself: it is read as far as it is
  asked for.
- `required` holds in every version that was looked at. Terraform accepts null for what is only `readable`.
- `replaces`: of CloudFormation, None where an update may or may not replace, depending on the new value; of Terraform,
  what the older provider planned for a change of this argument alone.
- Terraform's meta-arguments (`count`, `lifecycle`, ...) and CloudFormation's resource attributes (`DependsOn`, ...) are
  not arguments of a type and are not in the tables.
- `since` and `until` are the provider versions that were looked at: see `had_by`.
"""

from .presence import TERRAFORM_VERSIONS, had_by
from .tables import SchemaTables, load

__all__ = ["TERRAFORM_VERSIONS", "SchemaTables", "had_by", "load"]
