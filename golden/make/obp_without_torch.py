"""Import this before parts of Open Bandit Pipeline: it imports torch throughout, but needs it for its neural learners only."""

import sys
import types
from importlib.metadata import distribution

root = distribution("obp").locate_file("obp")
for name in ["obp", "obp.ope", "obp.policy"]:
    package = types.ModuleType(name)
    package.__path__ = [str(root.joinpath(*name.split(".")[1:]))]
    sys.modules[name] = package
sys.modules["torch"] = types.SimpleNamespace(Tensor=object, tensor=object)
