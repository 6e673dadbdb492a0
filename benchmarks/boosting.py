"""Fits scikit-learn's HistGradientBoostingClassifier and LightGBM on the data that boosting.mjs makes.

    python boosting.py FOLDER    reads FOLDER/{x,y}-<rows>x<columns>.bin, prints one JSON line a case

Run without OPENBLAS_CORETYPE and OPENBLAS_L2_SIZE in the environment.
"""

import json
import pathlib
import sys
import time

import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import roc_auc_score

folder = pathlib.Path(sys.argv[1])


def timed(repeats, fit):
    seconds = []
    busy = []
    for _ in range(repeats):
        start = time.perf_counter()
        before = time.process_time()
        model = fit()
        seconds.append(time.perf_counter() - start)
        busy.append(time.process_time() - before)
    times = {"fit_s": [round(s, 3) for s in sorted(seconds)], "cpu_s": [round(s, 3) for s in sorted(busy)]}
    return model, times


for path in sorted(folder.glob("x-*.bin")):
    shape = path.stem[2:]
    rows, columns = (int(part) for part in shape.split("x"))
    x = np.fromfile(path).reshape(rows, columns)
    y = np.fromfile(folder / f"y-{shape}.bin", dtype=np.uint8)
    repeats = 3 if rows > 100_000 else 7
    model, times = timed(
        repeats, lambda: HistGradientBoostingClassifier(max_iter=100, early_stopping=False, random_state=0).fit(x, y)
    )
    start = time.perf_counter()
    margins = model.decision_function(x[:200_000])
    predict = time.perf_counter() - start
    print(
        json.dumps(
            {
                "program": f"scikit-learn {sklearn.__version__}",
                "case": shape,
                **times,
                "predict_s": round(predict, 3),
                "auc": round(float(roc_auc_score(y[:200_000], margins)), 5),
            }
        ),
        flush=True,
    )
    if "--lightgbm" in sys.argv:
        import lightgbm

        booster, times = timed(repeats, lambda: lightgbm.LGBMClassifier(n_estimators=100, verbosity=-1).fit(x, y))
        margins = booster.predict(x[:200_000], raw_score=True)
        auc = roc_auc_score(y[:200_000], margins)
        case = {"program": f"lightgbm {lightgbm.__version__}", "case": shape}
        print(json.dumps({**case, **times, "auc": round(float(auc), 5)}), flush=True)
