"""Golden values of bandits: from Open Bandit Pipeline, scipy's quadrature and optimiser, and plain dynamic programming.

Usage: python golden/make/bandits.py > packages/learn/src/bandits/golden/bandits.json
Needs obp 0.5.7 (pip install --no-deps --ignore-requires-python obp), numpy, scipy, scikit-learn, pandas, tqdm, pyyaml.
"""

import json
from importlib.metadata import version

import obp_without_torch  # noqa: F401
import numpy as np
from obp.policy.linear import LinUCB
from scipy import integrate, optimize, stats
from sklearn.linear_model import Ridge

random = np.random.default_rng(11)

# Linear: what LinUCB knows after 40 decisions, and its bounds for new contexts.
d, actions = 3, 3
contexts = random.normal(size=(40, d)).round(3)
taken = random.integers(0, actions, 40)
rewards = random.normal(size=40).round(3)
bandit = LinUCB(dim=d, n_actions=actions, epsilon=1.0)
for context, action, reward in zip(contexts, taken, rewards):
    bandit.update_params(action, reward, context[None, :])
asked = random.normal(size=(5, d)).round(3)
means = [[float(x @ bandit.A_inv[a] @ bandit.b[:, a]) for a in range(actions)] for x in asked]
spreads = [[float(np.sqrt(x @ bandit.A_inv[a] @ x)) for a in range(actions)] for x in asked]
for x in asked:
    bandit.select_action(x[None, :])

# Logistic: the most probable coefficients under a normal prior, and the curvature there.
clicks = (random.random(40) < 1 / (1 + np.exp(-contexts @ [1.0, -0.5, 0.3]))).astype(float)


def loss(w):
    score = contexts @ w
    return 0.5 * w @ w + np.sum(np.logaddexp(0, score) - clicks * score)


found = optimize.minimize(loss, np.zeros(d), method="BFGS", options={"gtol": 1e-12})
for _ in range(20):  # Newton's steps polish what BFGS left.
    p = 1 / (1 + np.exp(-contexts @ found.x))
    hessian = np.eye(d) + contexts.T @ (contexts * (p * (1 - p))[:, None])
    found.x = found.x - np.linalg.solve(hessian, found.x + contexts.T @ (p - clicks))
p = 1 / (1 + np.exp(-contexts @ found.x))
hessian = np.eye(d) + contexts.T @ (contexts * (p * (1 - p))[:, None])


# Chances to be the best: one integral an action.
def best(distributions, points):
    chances = []
    for at, own in enumerate(distributions):
        others = [other for place, other in enumerate(distributions) if place != at]
        f = lambda x: own.pdf(x) * np.prod([other.cdf(x) for other in others])
        low, high = points[0], points[-1]
        # Every distribution's own range is a place to look at closely.
        ends = sorted({low, high, *[float(dist.mean() + m * dist.std()) for dist in distributions for m in (-6, -3, -1, 0, 1, 3, 6)]})
        ends = [end for end in ends if low <= end <= high]
        chances.append(sum(integrate.quad(f, a, b, epsabs=1e-13, epsrel=1e-11)[0] for a, b in zip(ends, ends[1:])))
    return chances


normals = [
    [[0, 1], [0.5, 1], [1, 1]],
    [[0, 1], [0.1, 0.01], [-2, 3]],
    [[5, 0.2], [5.1, 0.001], [4.9, 1], [3, 0.1]],
    [[0, 1], [0, 1]],
]
betas = [
    [[1, 1], [1, 1], [1, 1]],
    [[3, 9], [5, 7], [1, 1]],
    [[30, 970], [25, 980], [1, 50]],
    [[500, 20], [300, 15], [2, 1]],
]

# Contacts: three states on a line, waiting (0) lets interest grow, sending (1) earns by interest and uses it up.
states, discount = 3, 0.9
earns = [[0.0, 0.1], [0.0, 0.5], [0.0, 1.0]]
leads = [[1, 0], [2, 0], [2, 0]]
worth = np.zeros((states, 2))
for _ in range(2000):
    worth = np.array([[earns[s][a] + discount * worth[leads[s][a]].max() for a in range(2)] for s in range(states)])

# Ridge regression in the loop, on states that are numbers.
n, rounds = 80, 4
now = random.normal(size=(n, 2)).round(3)
after = random.normal(size=(n, 2)).round(3)
done = random.integers(0, 2, n)
earned = (now[:, 0] * (done * 2 - 1) + random.normal(size=n) * 0.1).round(3)
ended = (random.random(n) < 0.2).astype(int)
targets = earned.copy()
for _ in range(rounds):
    models = [Ridge(alpha=1.0).fit(now[done == a], targets[done == a]) for a in range(2)]
    later = np.max([model.predict(after) for model in models], axis=0)
    targets = earned + 0.8 * later * (1 - ended)
q = np.stack([model.predict(now) for model in models], axis=1)

print(
    json.dumps(
        {
            "program": "Open Bandit Pipeline (obp) LinUCB, scipy quad and minimize, scikit-learn Ridge, dynamic programming in numpy",
            "versions": {name: version(name) for name in ["obp", "numpy", "scipy", "scikit-learn"]},
            "made_by": "golden/make/bandits.py",
            "methods": {
                "linear beliefs": "bandits",
                "logistic beliefs": "bandits",
                "chances to be the best": "bandits",
                "fitted Q iteration": "fitted-q",
            },
            "contexts": contexts.tolist(),
            "actions": taken.tolist(),
            "rewards": rewards.tolist(),
            "clicks": clicks.tolist(),
            "asked": asked.tolist(),
            "linear": {"means": means, "spreads": spreads},
            "logistic": {"coefficients": found.x.tolist(), "precision": hessian.ravel().tolist()},
            "normals": [{"beliefs": row, "chances": best([stats.norm(*one) for one in row], [-30, 30])} for row in normals],
            "betas": [{"beliefs": row, "chances": best([stats.beta(*one) for one in row], [0, 1])} for row in betas],
            "contacts": {"earns": earns, "leads": leads, "discount": discount, "worth": worth.tolist()},
            "sequence": {
                "now": now.tolist(),
                "after": after.tolist(),
                "actions": done.tolist(),
                "rewards": earned.tolist(),
                "ended": ended.tolist(),
                "discount": 0.8,
                "rounds": rounds,
                "worth": q.tolist(),
            },
        }
    )
)
