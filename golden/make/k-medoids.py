"""Reference values for k-medoids in packages/learn/src/clustering, from the package kmedoids (FasterPAM).

Run with kmedoids and numpy installed: python golden/make/k-medoids.py
Gower's distances are by the formula of his paper, written out below.
"""

import json
import pathlib
from importlib.metadata import version

import kmedoids
import numpy

target = pathlib.Path(__file__).parents[2] / "packages/learn/src/clustering/golden"


def gower(numbers, words, weights):
    """Weighted mean over the columns in which both rows have a value; None and NaN are missing."""
    rows = len(numbers[0])
    total = numpy.zeros((rows, rows))
    weight = numpy.zeros((rows, rows))
    for column, by in zip(numbers, weights):
        both = ~numpy.isnan(column)[:, None] & ~numpy.isnan(column)[None, :]
        apart = numpy.abs(column[:, None] - column[None, :]) / (numpy.nanmax(column) - numpy.nanmin(column))
        total += numpy.where(both, by * apart, 0)
        weight += by * both
    for column, by in zip(words, weights[len(numbers) :]):
        known = numpy.array([word is not None for word in column])
        both = known[:, None] & known[None, :]
        unlike = numpy.array([[a != b for b in column] for a in column])
        total += numpy.where(both, by * unlike, 0)
        weight += by * both
    return total / weight


def main():
    random = numpy.random.default_rng(61)
    rows = 160
    own = random.integers(4, size=rows)
    age = (numpy.array([25, 40, 45, 70])[own] + 7 * random.normal(size=rows)).round(2)
    spend = numpy.exp(numpy.array([3, 3.5, 5, 4])[own] + 0.6 * random.normal(size=rows)).round(2)
    visits = random.poisson(numpy.array([2, 8, 3, 5])[own]).astype(float)
    visits[random.random(rows) < 0.08] = numpy.nan
    plan = [["basic", "basic", "gold", "plus"][kind] if random.random() < 0.8 else "plus" for kind in own]
    city = [str(random.choice(["Rome", "Oslo", "Lima"])) if random.random() < 0.9 else None for _ in range(rows)]

    fits = []
    for weights in ([1, 1, 1, 1, 1], [2, 1, 0.5, 3, 0.25]):
        distances = gower([age, spend, visits], [plan, city], weights)
        for clusters in (1, 2, 3, 5, 9):
            initial = numpy.arange(clusters, dtype=numpy.uint64) * 3
            found = kmedoids.fasterpam(distances, initial.copy(), max_iter=100, random_state=None, n_cpu=1)
            fits.append(
                {
                    "weights": weights,
                    "initial": initial.astype(int).tolist(),
                    "medoids": sorted(int(row) for row in found.medoids),
                    "labels": [int(found.medoids[label]) for label in found.labels],
                    "loss": float(found.loss),
                    "distances": distances[::40].tolist() if clusters == 1 else [],
                }
            )
            print(weights, clusters, found.loss, found.n_iter, found.n_swap)
    (target / "k-medoids.json").write_text(
        json.dumps(
            {
                "program": "kmedoids (FasterPAM), Gower's distances by formula",
                "versions": {"kmedoids": version("kmedoids"), "numpy": numpy.__version__},
                "made_by": "golden/make/k-medoids.py",
                "methods": {"k-medoids": "k-medoids", "Gower's distance": "k-medoids"},
                "age": age.tolist(),
                "spend": spend.tolist(),
                "visits": [None if numpy.isnan(value) else value for value in visits],
                "plan": plan,
                "city": city,
                "fits": fits,
            }
        )
    )


main()
