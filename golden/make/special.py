"""Golden values of the special functions, tails included, from mpmath at 40 digits.

Usage: python golden/make/special.py > packages/numerics/src/special/golden/special.json
"""

import json

import mpmath
from mpmath import mp, mpf

mp.dps = 40


def normal_quantile(p):
    # By Newton on the tail's logarithm, from mpmath's own erfinv where that is stable.
    p = mpf(p)
    x = mp.sqrt(2) * mp.erfinv(2 * p - 1)
    return x


def student_t(t, v):
    t, v = mpf(t), mpf(v)
    tail = mp.betainc(v / 2, mpf(1) / 2, 0, v / (v + t * t), regularized=True) / 2
    return tail if t < 0 else 1 - tail


def beta(x, a, b):
    return mp.betainc(mpf(a), mpf(b), 0, mpf(x), regularized=True)


def rows(function, arguments):
    return [[*a, float(function(*[mpf(v) for v in a]))] for a in arguments]


one = [1e-10, 0.001, 0.1, 0.3, 0.5, 0.9, 0.999, 1.0, 1.001, 1.3, 1.5, 1.999, 2.0, 2.001, 2.5, 3.7, 9.99, 10.01, 55.5, 1e3, 1e6, 1e12]
values = {
    "logGamma": rows(mp.loggamma, [[x] for x in one]),
    "digamma": rows(mp.digamma, [[x] for x in one]),
    "trigamma": rows(lambda x: mp.psi(1, x), [[x] for x in one]),
    "logBeta": rows(
        lambda a, b: mp.loggamma(a) + mp.loggamma(b) - mp.loggamma(a + b),
        [[0.001, 0.002], [0.5, 0.5], [2, 3], [0.3, 1e6], [12, 1e9], [1e5, 2e5], [3.3, 47], [9.5, 9.7]],
    ),
    "erf": rows(mp.erf, [[x] for x in [-3, -0.7, -1e-9, 1e-300, 0.1, 0.49999, 0.5, 1, 2, 5]]),
    "erfc": rows(mp.erfc, [[x] for x in [-6, -1, -0.3, 0, 0.2, 0.5, 0.501, 1, 2, 3.75, 5, 10, 20, 26]]),
    "normalCdf": rows(mp.ncdf, [[x] for x in [-37, -20, -8, -5, -1.96, -0.3, 0, 0.3, 1.96, 5, 8]]),
    "normalQuantile": rows(normal_quantile, [[p] for p in [1e-20, 1e-12, 1e-5, 0.025, 0.074, 0.076, 0.3, 0.5, 0.6, 0.975, 0.999999]]),
    "studentTCdf": rows(
        student_t,
        [[-50, 3], [-2.5, 1], [-1, 0.5], [-1e-6, 7], [0.4, 4], [2.2, 10], [6, 30], [-9, 200], [-40, 1e5], [1.5, 1e6], [-3, 2.5]],
    ),
    # The chance is rounded to a double before t is looked for again, so that the last digits of small tails are right.
    "studentTQuantile": [
        [p, v, float(mp.findroot(lambda t: student_t(t, v) - mpf(p), t))]
        for t, v in [[-50, 3], [-2.5, 1], [-1, 0.5], [0.01, 7], [0.4, 4], [2.2, 10], [3.5, 30], [-9, 200], [1.96, 1e5], [-0.6, 2.5]]
        for p in [float(student_t(t, v))]
    ],
    "regularisedGamma": rows(
        lambda a, x: mp.gammainc(a, 0, x, regularized=True),
        [[0.01, 1e-8], [0.5, 0.1], [1, 2], [3.3, 0.02], [3.3, 9], [50, 20], [50, 49], [50, 52], [1000, 900], [1000, 1001], [1e5, 1e5 - 900], [1e5, 1e5 + 700]],
    ),
    "regularisedGammaUpper": rows(
        lambda a, x: mp.gammainc(a, x, mp.inf, regularized=True),
        [[0.5, 30], [1, 700], [3.3, 9], [50, 120], [1000, 1300], [1e5, 1e5 + 3000]],
    ),
    "regularisedBeta": rows(
        beta,
        [[0.5, 2, 3], [1e-10, 0.5, 0.5], [0.01, 0.1, 4], [0.99, 0.1, 4], [0.2, 50, 60], [0.45, 50, 60], [0.9, 3, 0.01], [0.001, 1, 5000], [0.1, 300, 900], [0.3, 3e3, 7e3], [0.5, 1e4, 1e4]],
    ),
    "gammaQuantile": [[float(mp.gammainc(mpf(a), 0, mpf(x), regularized=True)), a, x] for a, x in [[0.05, 1e-9], [0.5, 0.1], [1, 2], [3.3, 0.02], [50, 20], [50, 70], [1000, 1001]]],
    "betaQuantile": [[float(beta(x, a, b)), a, b, x] for x, a, b in [[0.5, 2, 3], [1e-9, 0.5, 0.5], [0.01, 0.1, 4], [0.2, 50, 60], [0.001, 1, 500], [0.1, 30, 90]]],
    "logHypergeometric": [
        [a, b, c, z, float(mp.log(mp.hyp2f1(mpf(a), mpf(b), mpf(c), mpf(z))))]
        for a, b, c, z in [
            [1, 1, 2, 0.5], [0.24, 2.4, 2.2, 0.9], [0.24, 2.4, 2.2, 0.9999], [2.5, 3.5, 4.0, 0.999999], [30, 20, 60, 0.3],
            [500, 1.6, 501.1, 0.97], [2000.5, 2002.4, 2003, 0.07], [26.5, 1.6, 27.1, 0.99999], [0.01, 0.02, 0.5, 0.9999999], [3, 900, 2000, 0.9],
        ]
    ],
}
print(json.dumps({"program": "mpmath", "versions": {"mpmath": mpmath.__version__}, "made_by": "golden/make/special.py", "methods": dict.fromkeys(values, "special-functions"), "values": values}, indent=0))
