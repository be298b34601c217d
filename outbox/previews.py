"""People who do not exist, for looking at letters."""

from types import SimpleNamespace

ADA = SimpleNamespace(name="Ada", email="ada@example.org", pk=0)
