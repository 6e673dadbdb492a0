"""Golden values for uplift trees, from causalml.

Writes packages/learn/src/uplift/golden/uplift-trees.json. Features are quarters with fewer than 255 values, so that both cut
between the same values. There are no missing values: with some, causalml 0.18 grows other trees for other seeds
although every column is looked at. A case in which eight seeds do not give the same tree is left out. Forests draw rows and columns at random and are compared by quality instead. Needs causalml in an
environment of its own.
"""

import json
import pathlib
from importlib.metadata import version

import numpy as np
from causalml.inference.tree import UpliftTreeClassifier

target = (
    pathlib.Path(__file__).parents[2]
    / "packages" / "learn" / "src" / "uplift" / "golden" / "uplift-trees.json"
)
names = {"KL": "kl", "ED": "euclidean", "Chi": "chi-squared"}


def case(x, arms, y, criterion, **options):
    said = []
    for seed in range(8):
        tree = UpliftTreeClassifier(control_name="0", evaluationFunction=criterion, random_state=seed, **options)
        tree.fit(x, treatment=np.array([str(a) for a in arms]), y=y)
        said.append(tree.predict(x))
    if any(not np.array_equal(said[0], other) for other in said):
        return None
    # The first rows tell every leaf that matters apart.
    responses = said[0][:150]
    return {
        "options": {
            "divergence": names[criterion],
            "depthMax": options["max_depth"],
            "rowsPerLeafMin": options["min_samples_leaf"],
            "rowsPerArmMin": options["min_samples_treatment"],
            "pull": options["n_reg"],
            "normalise": options["normalization"],
        },
        "leaves": int(tree.tree_.n_leaves),
        "responses": np.asarray(responses, dtype=float).tolist(),
    }


def main():
    rng = np.random.default_rng(21)
    n = 500
    x = rng.integers(0, 24, size=(n, 4)) / 4
    two = rng.integers(0, 2, size=n)
    three = rng.integers(0, 3, size=n)
    low = x[:, 2] < 1

    def respond(arms):
        effect = 0.25 * (x[:, 0] > 3) * (arms == 1) + 0.3 * (x[:, 1] > 2) * (arms == 2) - 0.2 * low * (arms > 0)
        return (rng.random(n) < np.clip(0.3 + 0.1 * (x[:, 3] > 3) + effect, 0, 1)).astype(int)

    y_two, y_three = respond(two), respond(three)
    base = {"max_depth": 4, "min_samples_leaf": 30, "min_samples_treatment": 8, "n_reg": 20, "normalization": True}
    cases = {"two": [], "three": []}
    for label, arms, y in (("two", two, y_two), ("three", three, y_three)):
        for criterion in names:
            cases[label].append(case(x, arms, y, criterion, **base))
            cases[label].append(case(x, arms, y, criterion, **{**base, "normalization": False, "n_reg": 0}))
        cases[label].append(case(x, arms, y, "KL", **{**base, "max_depth": 6, "min_samples_leaf": 15, "n_reg": 100, "min_samples_treatment": 4}))
    cases = {arms: [own for own in found if own is not None] for arms, found in cases.items()}
    target.write_text(
        json.dumps(
            {
                "program": "causalml UpliftTreeClassifier",
                "versions": {"causalml": version("causalml")},
                "made_by": "golden/make/uplift-trees.py",
                "methods": {"uplift tree": "uplift-trees"},
                "rows": x.tolist(),
                "arms": {"two": two.tolist(), "three": three.tolist()},
                "outcomes": {"two": y_two.tolist(), "three": y_three.tolist()},
                "cases": cases,
            }
        )
        + "\n"
    )


main()
