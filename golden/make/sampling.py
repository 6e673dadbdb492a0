"""Golden values of class weights and synthetic rows: scikit-learn's balanced weights, imbalanced-learn's SMOTE and SMOTENC
with the numbers that they drew.

Run from the repository root: python golden/make/sampling.py
"""

import json
from pathlib import Path

import imblearn
import numpy
import sklearn
from imblearn.over_sampling import SMOTE, SMOTENC
from sklearn.utils.class_weight import compute_class_weight, compute_sample_weight

random = numpy.random.default_rng(23)
labels = (random.uniform(size=70) < 0.3).astype(int)
data = (random.normal(size=(70, 3)) * [1, 20, 0.1] + labels[:, None]).round(5)
codes = random.integers(0, 2, 70)
mixed = numpy.column_stack([data[:, 0], codes, data[:, 1:]])
several = random.choice(3, 70, p=[0.6, 0.3, 0.1])
weights = random.integers(1, 4, 70) / 2


def recorded(kind):
    """The method with what it drew: the row, which of its neighbours, and how far towards it."""

    class Recorded(kind):
        def _generate_samples(self, X, nn_data, nn_num, rows, cols, steps, *rest, **named):
            self.drawn = {
                "rows": numpy.asarray(rows).tolist(),
                "neighbours": numpy.asarray(cols).tolist(),
                "parts": numpy.asarray(steps).ravel().tolist(),
            }
            self.near = numpy.asarray(nn_num).tolist()
            return super()._generate_samples(X, nn_data, nn_num, rows, cols, steps, *rest, **named)

    return Recorded


synthetic = []
for name, source, method in (
    ("numbers", data, recorded(SMOTE)(random_state=1)),
    ("mixed", mixed, recorded(SMOTENC)(categorical_features=[1], random_state=2)),
):
    found, _ = method.fit_resample(source, labels)
    synthetic.append(
        {
            "name": name,
            "categorical": [1] if name == "mixed" else [],
            "members": source[labels == 1].tolist(),
            "near": method.near,
            **method.drawn,
            "values": found[70:].tolist(),
        }
    )

golden = {
    "made_by": "golden/make/sampling.py",
    "versions": {
        "imbalanced-learn": imblearn.__version__,
        "scikit-learn": sklearn.__version__,
        "numpy": numpy.__version__,
    },
    "program": "imbalanced-learn SMOTE and SMOTENC, scikit-learn compute_class_weight",
    "methods": {"SMOTE": "sampling", "class weights": "sampling"},
    "labels": several.tolist(),
    "weights": weights.tolist(),
    "perClass": compute_class_weight("balanced", classes=numpy.arange(3), y=several).tolist(),
    "perClassWeighted": compute_class_weight(
        "balanced", classes=numpy.arange(3), y=several, sample_weight=weights
    ).tolist(),
    "perRow": compute_sample_weight("balanced", several).tolist(),
    "synthetic": synthetic,
}
Path("packages/learn/src/sampling/golden/sampling.json").write_text(json.dumps(golden) + "\n")
