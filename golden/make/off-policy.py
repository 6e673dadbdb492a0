"""Golden values of off-policy evaluation, from Open Bandit Pipeline.

Usage: python golden/make/off-policy.py > packages/learn/src/bandits/off-policy/golden/off-policy.json
Needs obp 0.5.7 (pip install --no-deps --ignore-requires-python obp), numpy, scipy, scikit-learn, pandas, tqdm, pyyaml.
"""

import json
from importlib.metadata import version

import obp_without_torch  # noqa: F401
import numpy as np
from obp.ope.estimators import (
    DirectMethod,
    DoublyRobust,
    InverseProbabilityWeighting,
    SelfNormalizedInverseProbabilityWeighting,
    SwitchDoublyRobust,
)

random = np.random.default_rng(7)
n, actions = 60, 4
logging = random.dirichlet(np.ones(actions), n)
policy = random.dirichlet(np.ones(actions) * 0.7, n)
taken = np.array([random.choice(actions, p=row) for row in logging])
propensities = logging[np.arange(n), taken]
rewards = random.normal(1 + taken, 1)
predicted = 1 + np.arange(actions) + random.normal(0, 0.5, (n, actions))
weights = policy[np.arange(n), taken] / propensities

log = {
    "reward": rewards,
    "action": taken,
    "pscore": propensities,
    "action_dist": policy[:, :, None],
    "estimated_rewards_by_reg_model": predicted[:, :, None],
}


def error_of(rows):
    return float(np.std(np.asarray(rows), ddof=1) / np.sqrt(n))


limit = float(np.quantile(weights, 0.8))
cases = []
for name, make in [
    ("direct", lambda most: DirectMethod()),
    ("ips", lambda most: InverseProbabilityWeighting(lambda_=most)),
    ("snips", lambda most: SelfNormalizedInverseProbabilityWeighting(lambda_=most)),
    ("doubly-robust", lambda most: DoublyRobust(lambda_=most)),
    ("switch-doubly-robust", lambda most: SwitchDoublyRobust(lambda_=most)),
]:
    for most in [None, limit]:
        estimator = make(np.inf if most is None else most)
        row = {"estimator": name, "weightMax": most, "value": float(estimator.estimate_policy_value(**log))}
        if name == "snips":
            # obp's takes no limit and has no error but the bootstrap's: numpy for the one, the delta method for the other.
            used = weights if most is None else np.minimum(weights, most)
            if most is not None:
                row["value"] = float((used * rewards).sum() / used.sum())
            row["standardError"] = error_of((used * (rewards - row["value"])) / used.mean())
        else:
            row["standardError"] = error_of(estimator._estimate_round_rewards(**log, position=np.zeros(n, int)))
        cases.append(row)

print(
    json.dumps(
        {
            "program": "Open Bandit Pipeline (obp); clipped SNIPS and standard errors by numpy",
            "versions": {name: version(name) for name in ["obp", "numpy", "scipy", "scikit-learn"]},
            "made_by": "golden/make/off-policy.py",
            "methods": {"off-policy values": "off-policy"},
            "actions": taken.tolist(),
            "rewards": rewards.tolist(),
            "propensities": propensities.tolist(),
            "policy": policy.tolist(),
            "predicted": predicted.tolist(),
            "cases": cases,
        }
    )
)
