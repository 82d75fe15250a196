"""The words of the product as frozen values, and the seams between its rooms.

Every value is a `NamedTuple`: frozen, typed, and, on the hook's path, five times cheaper to define and three times
cheaper to make than a frozen dataclass (`bench/startup.py` measures it). Two different types with equal fields compare
equal, as all tuples do: match on the type (`match` or `isinstance`), never compare across types.
"""
