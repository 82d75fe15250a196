"""What a secret looks like: keys by their form, values by the name that they stand under, and the rest by entropy."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

_NAME = (
    r"(?:(?:password|passwd|passphrase|passcode|(?<![a-z])pass(?![a-z])|pwd|pin[_-]?code|secret|token|api[_-]?key|access[_-]?key|secret[_-]?key|private[_-]?key"
    r"|account[_-]?key|auth[_-]?key|encryption[_-]?key|signing[_-]?key|credentials?|connection[_-]?string)"
    r"(?:[_-]?(?:string|value|text|plain|data|hash|wo))?(?<!:secretstring))"
)
_QUOTED = r"""(?P<quote>\\?["'])(?P<value>(?:(?!(?P=quote))[^\n])+)(?P=quote)"""
_BARE = r"""(?P<value>[^\s"'\\,{}\[\]()<>|>!&*#$][^\s"',{}\[\]()#]*)"""
FORMS = (
    re.compile(
        r"(?P<value>-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----.*?-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----)",
        re.DOTALL,
    ),
    re.compile(r"(?P<value>-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?:\s|\\n|\\r|[\w+/=:,-])*)"),
    re.compile(r"(?<![A-Za-z0-9])(?P<value>(?:A3T[A-Z0-9]|AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16})(?![A-Za-z0-9])"),
    re.compile(
        r"(?<![A-Za-z0-9])(?P<value>gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\w{20,}|glpat-[\w-]{16,}|npm_[A-Za-z0-9]{30,}"
        r"|pypi-[\w-]{30,}|xox[abeoprs]-[\w-]{10,}|xapp-[\w-]{10,}|[rs]k_(?:live|test)_\w{16,}|sk-[\w-]{20,}"
        r"|AIza[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,}|hv[sbr]\.[\w-]{20,}|dop_v1_\w{30,}|dckr_pat_[\w-]{20,}"
        r"|AccountKey=[\w+/=]{20,}|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*|shp(?:at|ca|pa|ss)_\w{20,}|ABSK[\w+/=]{30,}"
        r"|hf_[A-Za-z0-9]{20,}|dapi[0-9a-f]{32}|NRAK-[A-Z0-9]{20,}|[\w-]{10,}\.atlasv1\.[\w-]{30,}|SK[0-9a-f]{32}"
        r"|[0-9]{8,10}:AA[\w-]{30,})"
    ),
    re.compile(r"hooks\.slack\.com/(?:services|workflows)/(?P<value>[\w/]{10,})"),
    re.compile(r"[?&]sig=(?P<value>[\w%+/=-]{10,})"),
    re.compile(r"discord(?:app)?\.com/api/webhooks/(?P<value>[\w/-]{20,})"),
    re.compile(r"\.webhook\.office\.com/webhookb?2?/(?P<value>[\w/@-]{20,})"),
    re.compile(r"(?i)\bauthorization\\?[\"']?\s*[=:]\s*\\?[\"']?(?:basic|bearer)\s+(?P<value>[\w+/=.~-]{6,})"),
    re.compile(r"(?:\s-u|--user)[\s=]+[\"']?[^\s:\"']+:(?P<value>[^\s\"']{3,})"),
    re.compile(r"\b(?:mysql|mysqldump|mysqladmin|mariadb)\b[^\n]{0,200}?\s-p(?P<value>[^\s\"'-][^\s\"']{2,})"),
    re.compile(
        rf"resource\s+\"aws_ssm_parameter\"[^{{]*\{{(?=[^{{}}]*\"SecureString\")[^{{}}]*?\bvalue(?:_wo)?\s*=\s*{_QUOTED}"
    ),
    re.compile(r"://[^/\s:@\"'\\]*:(?P<value>[^/\s@\"'\\]+)@"),
)
NAMED = (
    re.compile(rf"(?i){_NAME}\\?[\"']?\s*(?:=>|[=:])\s*{_QUOTED}"),
    re.compile(rf"(?im){_NAME}\\?[\"']?[ \t]*[=:][ \t]*{_BARE}"),
    re.compile(
        rf"(?i)\b(?:name|key)\\?[\"']?\s*[=:]\s*\\?[\"']?[\w.-]{{0,60}}{_NAME}\\?[\"']?\s*,?\s*\\?[\"']?value\\?[\"']?\s*[=:]\s*{_QUOTED}"
    ),
    re.compile(
        rf"(?i)\b(?:name|key)\\?[\"']?\s*:\s*\\?[\"']?[\w.-]{{0,60}}{_NAME}\\?[\"']?\s*\n\s*value\s*:[ \t]*{_BARE}"
    ),
    re.compile(rf"(?i)\bvariable\s+\"[\w-]{{0,60}}{_NAME}[\w-]{{0,60}}\"\s*\{{[^{{}}]*?\bdefault\s*=\s*{_QUOTED}"),
    re.compile(
        rf"(?i){_NAME}[\w-]{{0,60}}:\s*\n(?:[ \t]+(?!default)[\w-]+:[^\n]*\n){{0,8}}[ \t]+default:[ \t]*{_QUOTED}"
    ),
    re.compile(
        rf"(?i){_NAME}[\w-]{{0,60}}:\s*\n(?:[ \t]+(?!default)[\w-]+:[^\n]*\n){{0,8}}[ \t]+default:[ \t]*{_BARE}"
    ),
    re.compile(rf"(?i){_NAME}[\w-]{{0,60}}\"\s*:\s*\{{[^{{}}]*?\"default\"\s*:\s*{_QUOTED}"),
    re.compile(rf"(?is){_NAME}\s*=\s*<<[-~]?(?P<mark>\w+)\n\s*(?P<value>\S.{{0,4000}}?)\n\s*(?P=mark)\b"),
    re.compile(rf"(?i){_NAME}\s+(?:is|was)\s+[\"'`]?(?P<value>(?=[^\s\"'`]*\d)[^\s\"'`,;]{{6,}})"),
)
LISTED = re.compile(rf"(?i){_NAME}s?\\?[\"']?\s*(?:=>|[=:])\s*[\[{{](?P<inside>[^\[\]{{}}]*)[\]}}]")
ITEM = re.compile(_QUOTED)
NAMING_ITEM = re.compile(r"\s*(?:=>|[=:])")
"""A list or a map of secrets, and one of them; what stands before `=` or `:` is a name."""
KEYS = ("api", "access", "private", "account", "auth", "encryption", "signing")
NAMING = (
    *("pass", "pwd", "pincode", "pin_code", "pin-code", "secret", "token", "credential"),
    *(f"{first}{between}{last}" for first, last in (*((key, "key") for key in KEYS), ("connection", "string"))
      for between in ("", "_", "-")),
)  # fmt: skip
"""Every name under which a secret is looked for has one of these in it, in ASCII text and in small letters."""
NO_SECRET = re.compile(
    r"(?i)true|false|null|none|yes|no|\(.*|\$\{[^}]*\}|\{\{resolve:.*|arn:.*|->.*|string|number|bool|list|map|object|any"
    r"|(?:var|local|data|module|each|self|count|path|random_password|aws_[a-z0-9_]+|sensitive)[.(\[].*|[-|>+]+"
    r"|__RG_SECRET_\d+__|<<DATA.*|[.,;:!?)\]}]+"
)
TOKEN = re.compile(r"(?<![\w/+=.:-])(?P<value>[A-Za-z0-9+/_-]{20,}={0,2})(?![\w/+=-])")
_AWS_SECRET = 40
_HEX = 32


def spans(text: str) -> Iterator[tuple[int, int]]:
    """Where secrets stand in the text; the spans may overlap."""
    for pattern in FORMS:
        for found in pattern.finditer(text):
            if not NO_SECRET.fullmatch(found["value"]):
                yield found.span("value")
    if may_name(text):
        yield from _named(text)
    for found in TOKEN.finditer(text):
        if is_random(found["value"]):
            yield found.span("value")


def _named(text: str) -> Iterator[tuple[int, int]]:
    for pattern in NAMED:
        for found in pattern.finditer(text):
            if not NO_SECRET.fullmatch(found["value"].strip()):
                yield found.span("value")
    for listed in LISTED.finditer(text):
        for found in ITEM.finditer(text, *listed.span("inside")):
            is_name = NAMING_ITEM.match(text, found.end()) is not None
            if not is_name and not NO_SECRET.fullmatch(found["value"].strip()):
                yield found.span("value")


def may_name(text: str) -> bool:
    """Whether a text may have a name of `NAMED` in it: told much sooner than by the patterns, and never wrongly denied."""
    if not text.isascii():  # where letters are alike that are not the same, only the patterns know
        return True
    small = text.lower()
    return any(word in small for word in NAMING)


def is_random(token: str) -> bool:
    """Whether a run of characters looks drawn by chance: by its alphabet, its length, and its entropy in bits."""
    if "__RG_SECRET_" in token:
        return False
    entropy = entropy_of(token)
    if re.fullmatch(r"[0-9a-fA-F]+", token):
        return len(token) >= _HEX and entropy >= 3.0  # noqa: PLR2004 - of at most 4 bits in hexadecimal
    kinds = sum(bool(re.search(kind, token)) for kind in ("[a-z]", "[A-Z]", "[0-9]"))
    if len(token.rstrip("=")) == _AWS_SECRET and kinds == 3:  # noqa: PLR2004 - all three
        return entropy >= 4.0  # noqa: PLR2004 - a secret access key of AWS has 4.3 and more
    digits = sum(char.isdigit() for char in token)
    return kinds == 3 and digits >= 3 and entropy >= 4.2  # noqa: PLR2004 - words in camel case stay below


def entropy_of(token: str) -> float:
    """Shannon's entropy of the characters, in bits a character."""
    counts = Counter(token).values()
    return -sum(count / len(token) * math.log2(count / len(token)) for count in counts)
