"""Words of a service: a control that lists the wrong ones must not take a word for right that the service never heard of."""

from __future__ import annotations

import re

WORDS = {
    name: pattern
    for names, pattern in (
        (
            "sslpolicy",
            r"ELBSecurityPolicy-(TLS13|TLS|FS)-1-\d(-(Res|Ext\d?|PQ|FIPS))*-20\d\d-\d\d|ELBSecurityPolicy-20\d\d-\d\d",
        ),
        ("securitypolicy", r"TLS_1_[012]|SecurityPolicy_TLS1[23]_\w+"),
        (
            "securitypolicyname",
            r"TransferSecurityPolicy-(AS2Restricted-|Restricted-|FIPS-|PQ-SSH-(FIPS-)?(Experimental-)?)?20\d\d-\d\d",
        ),
        ("authorizationtype", r"NONE|AWS_IAM|CUSTOM|JWT|COGNITO_USER_POOLS"),
        ("authorization", r"NONE|AWS_IAM|CUSTOM|COGNITO_USER_POOLS"),
        ("viewerprotocolpolicy", r"allow-all|https-only|redirect-to-https"),
        ("sslsupportmethod", r"sni-only|vip|static-ip"),
        ("originsslprotocols", r"SSLv3|TLSv1(\.[123])?"),
        ("fieldloglevel", r"NONE|ERROR|INFO|DEBUG|ALL"),
        ("logging", r"NONE|DEFAULT|OVERRIDE"),
        ("desyncmitigationmode", r"monitor|defensive|strictest"),
        ("s3encryptionmode", r"DISABLED|SSE-KMS|SSE-S3"),
        ("webserveraccessmode", r"PRIVATE_ONLY|PUBLIC_ONLY|PUBLIC_AND_PRIVATE"),
        ("autoacceptsharedattachments", r"enable|disable"),
        ("healthchecktype healthchecktypes", r"((EC2|ELB|EBS|VPC_LATTICE),?)+"),
        ("cacertidentifier cacertificateidentifier", r"rds-ca(-(rsa|ecc)(2048|4096|384))?(-g\d+)?|rds-ca-20\d\d"),
        ("accesscontrol", r"[A-Z][A-Za-z]+"),
        (
            "acl",
            r"private|public-read(-write)?|aws-exec-read|authenticated-read|bucket-owner-(read|full-control)|log-delivery-write|website",
        ),
        (
            "runtime",
            r"(python|ruby)\d\.\d+|nodejs\d*(\.x|\.\d+)?(-edge)?|java\d+(\.al2)?|dotnet(core)?\d+(\.\d)?|go1\.x|provided(\.al\d+)?|syn-\S+",
        ),
    )
    for name in names.split()
}
"""What each attribute may say, by its name in small letters: the shapes of names that come with years, the words of the others.

Like the patterns of `pointing`, they are compiled when they are first asked, and most never are in one run."""


def is_misspelt(name: str, text: str) -> bool:
    """Whether an attribute of this name is known to take other words than this one."""
    words = WORDS.get(name.lower().replace("_", ""))
    return words is not None and not re.fullmatch(words, text)
