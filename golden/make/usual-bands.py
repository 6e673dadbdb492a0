"""Golden values of usual bands: the definition written once more with numpy's quantiles and scipy's trimmed mean.

Usage: python golden/make/usual-bands.py > packages/learn/src/series/golden/usual-bands.json
"""

import json

import numpy as np
import scipy
from scipy.stats import trim_mean

STEPS = 4
WEEKS = 6
CALIBRATION_DAYS = 35
CONFIDENCE = 0.9
ALARM_DAYS = 0.1


def expectation(values, totals, day):
    def level(of):
        return totals[of - 7 : of].sum() if of >= 7 else np.nan

    before = [day - 7 * week for week in range(1, WEEKS + 1)]
    before = [same for same in before if same >= 7 and level(same) > 0]
    if len(before) < 4:
        return None
    shares = np.array([values[same] / level(same) for same in before])
    return np.array([trim_mean(column[~np.isnan(column)], 0.25) for column in shares.T]) * level(day)


def bands(values, totals, unit):
    days = len(totals)
    expected = expectation(values, totals, days)
    judged = [(day, expectation(values, totals, day)) for day in range(max(0, days - CALIBRATION_DAYS), days)]
    judged = [(day, before) for day, before in judged if before is not None]
    all_expected = np.concatenate([before for _, before in judged])
    edges = np.quantile(all_expected[all_expected > 0], [1 / 3, 2 / 3])

    def group(value):
        return 0 if not value > 0 else 1 + int(np.searchsorted(edges, value, side="left"))

    missed = np.array([np.sqrt(values[day] / unit) - np.sqrt(before / unit) for day, before in judged])
    groups = np.array([[group(value) for value in before] for _, before in judged])
    n = len(judged)

    def share(tail):
        return min(1, (1 - tail) * (n + 1) / n)

    tail = (1 - CONFIDENCE) / 2
    widths = []
    for of in range(4):
        misses = missed[(groups == of) & ~np.isnan(missed)]
        below, above = (0, 0) if len(misses) == 0 else (-np.quantile(misses, 1 - share(tail)), np.quantile(misses, share(tail)))
        widths.append((max(0.5, below), max(0.5, above)))
    widths = np.array(widths)
    farthest = [
        np.maximum(0, np.nanmax(side * missed / widths[groups, column], axis=1)) for column, side in ((0, -1), (1, 1))
    ]
    alarm = [max(1, np.quantile(one, share(ALARM_DAYS / 2))) for one in farthest]
    own = widths[[group(value) for value in expected]]

    def bound(sign, column, times):
        return (unit * np.maximum(0, np.sqrt(expected / unit) + sign * own[:, column] * times) ** 2).tolist()

    return {
        "expected": expected.tolist(),
        "low": bound(-1, 0, 1),
        "high": bound(1, 1, 1),
        "alarmLow": bound(-1, 0, alarm[0]),
        "alarmHigh": bound(1, 1, alarm[1]),
    }


def case(seed, unit, gaps):
    rng = np.random.default_rng(seed)
    days = 90
    trend = np.linspace(1, 1.6, days)[:, None]
    week = np.array([1.0, 1.1, 0.9, 1.0, 1.4, 0.3, 0.0])[np.arange(days) % 7][:, None]
    part = np.array([0.0, 4.0, 9.0, 2.0])[None, :]
    values = rng.poisson(trend * week * part).astype(float) * unit
    values[40] *= 5
    totals = values.sum(axis=1)
    if gaps:
        values[[60, 76], [1, 2]] = np.nan
    return {
        "unit": unit,
        "values": [None if np.isnan(value) else value for value in values.ravel()],
        "totals": totals.tolist(),
        **bands(values, totals, unit),
    }


print(
    json.dumps(
        {
            "program": "the definition in numpy, with numpy quantile and scipy trim_mean",
            "versions": {"numpy": np.__version__, "scipy": scipy.__version__},
            "made_by": "golden/make/usual-bands.py",
            "methods": {"usual bands": "live-insight"},
            "options": {
                "weeks": WEEKS,
                "calibrationDays": CALIBRATION_DAYS,
                "confidence": CONFIDENCE,
                "alarmDays": ALARM_DAYS,
            },
            "steps": STEPS,
            "cases": [case(1, 1.0, False), case(2, 12.5, True)],
        }
    )
)
