#!/usr/bin/env python3
"""Fits the weights of src/second_reader/*.csv (ADR 0088); needs numpy, scipy and scikit-learn.

usage: second_reader.py BINARY OUT_DIR GOLD_DIR...

BINARY is the example `second_reader` of rouei-extract, which prints what the reader sees of a text. Each GOLD_DIR has the
form of fixtures/gold: gold.jsonl, items/NNN.txt and, for figures, html/NNN.html too; where its lines have a `split`, only
`train` is used. Something is the set of its features, scaled to length 1; logistic regression, L2. The features that weigh
most are kept and fitted again. Same input, same output.
"""
import csv, glob, json, os, subprocess, sys
from collections import Counter

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

LONGEST = 3   # characters of a term
CODES = {"phishing_scam": "social_engineering", "misdisplay": "publishing", "system_bug": "system_fault"}


def documents(binary, folder, kind):
    """(what the reader sees, label) of each labelled document."""
    gold = {g["id"]: g for g in map(json.loads, open(f"{folder}/gold.jsonl"))}
    used = {i for i, g in gold.items() if g["kind"] != "skip" and g.get("split", "train") == "train"}
    name = lambda path: os.path.basename(path).split(".")[0]
    paths = [path for path in sorted(glob.glob(f"{folder}/{kind}/*")) if name(path) in used]
    lines = subprocess.run([binary, *paths], capture_output=True, text=True, check=True).stdout.splitlines()
    return [(seen, gold[name(seen["path"])]) for seen in map(json.loads, lines)]


def several(gold):
    return gold["kind"] == "roundup" and len(gold.get("incidents") or []) > 1


def terms(text):
    found = set()
    for line in text.split("\n"):
        for length in range(1, LONGEST + 1):
            found.update(line[at:at + length] for at in range(len(line) - length + 1))
    return found


def matrix(seen, features):
    column = {feature: at for at, feature in enumerate(features)}
    rows, columns, values = [], [], []
    for row, found in enumerate(seen):
        held = sorted(column[feature] for feature in found if feature in column)
        rows += [row] * len(held)
        columns += held
        values += [1 / max(1, len(held)) ** 0.5] * len(held)
    return csr_matrix((values, (rows, columns)), shape=(len(seen), len(features)))


def fit(path, seen, labels, least, kept, **options):
    """`least`: of the examples have to hold a feature; `kept`: features in the table."""
    fitted = lambda features: LogisticRegression(max_iter=2000, **options).fit(matrix(seen, features), labels)
    spread = Counter(feature for found in seen for feature in found)
    features = sorted(feature for feature, held in spread.items() if held >= least)
    weight = np.abs(fitted(features).coef_).max(0) * np.sqrt([spread[feature] for feature in features])
    features = sorted(features[at] for at in np.argsort(-weight, kind="stable")[:kept])
    model = fitted(features)
    classes = model.classes_ if len(model.classes_) > 2 else model.classes_[1:]
    with open(path, "w", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        shown = lambda numbers: [f"{number:.2f}" for number in numbers]
        table.writerow(["feature", *classes])
        table.writerow(["", *shown(model.intercept_)])
        table.writerows([feature, *shown(model.coef_[:, at])] for at, feature in enumerate(features))
    print(f"{path}: {len(labels)} examples {dict(Counter(labels))}, {len(features)} features")


def main():
    binary, out, *folders = sys.argv[1:]
    plain = [pair for folder in folders for pair in documents(binary, folder, "items")]
    pages = [pair for folder in folders for pair in documents(binary, folder, "html")]
    seen = [terms(document["text"]) for document, _ in plain]
    told = ["0" if gold["kind"] == "negative" else "disclosure" for _, gold in plain]
    fit(f"{out}/disclosure.csv", seen, told, least=4, kept=2000, C=10.0, class_weight="balanced")
    known = [at for at, (_, g) in enumerate(plain) if told[at] != "0" and not several(g) and g["cause"] != "unknown"]
    causes = [CODES.get(plain[at][1]["cause"], plain[at][1]["cause"]) for at in known]
    fit(f"{out}/causes.csv", [seen[at] for at in known], causes, least=4, kept=3000, C=15.0)
    figures, leads = [], []
    for document, gold in plain + pages:
        if gold["kind"] == "negative" or several(gold):
            continue
        for figure in document["figures"]:
            # What a careful analyst would also accept is no example of either.
            if figure["value"] != gold["headline_count"] and figure["value"] in (gold.get("headline_alt") or []):
                continue
            figures.append(set(figure["features"]))
            leads.append("leads" if figure["value"] == gold["headline_count"] else "0")
    fit(f"{out}/figures.csv", figures, leads, least=5, kept=2000, C=10.0)


main()
