#!/usr/bin/env python3
"""Reads model files of every version with OpenSim, prints them in the newest form, and lets guywire compare.

    pip install opensim
    cargo build --release -p guywire-osim --example compare_models
    python conformance/upgrade_check.py --models DIR [DIR ...] --work DIR [--compare PATH]

For every .osim under the folders, OpenSim's print of the model and the original must be the same model to
guywire. A file that OpenSim refuses must be an error or be read; the counts say how many were which.
Exits 1 when a model that OpenSim reads differs or cannot be read.
"""
import argparse
import collections
import os
import pathlib
import subprocess
import sys

# A Schutte muscle without passive curve has an exponential; printed with its defaults it has a spline.
SCHUTTE = "passive: None, | passive: Some("


def print_with_opensim(source, target):
    """The model as OpenSim 4.6 writes it, every default spelled out; an error text where it cannot."""
    import opensim

    opensim.Logger.setLevelString("off")
    opensim.OpenSimObject.setSerializeAllDefaults(True)
    here = os.getcwd()
    try:
        os.chdir(source.parent)
        model = opensim.Model(str(source))
        model.finalizeFromProperties()
        model.finalizeConnections()
        model.initSystem()
        model.printToXML(str(target))
        return ""
    except Exception as error:  # OpenSim's errors have no common class in Python
        return str(error).split("\n")[0]
    finally:
        os.chdir(here)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--models", nargs="+", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--compare", default="target/release/examples/compare_models")
    parser.add_argument("--one", nargs=2, type=pathlib.Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one:
        reason = print_with_opensim(*arguments.one)
        print("\n" + ("refused: " + reason if reason else "printed"))
        return 0
    arguments.work.mkdir(parents=True, exist_ok=True)
    counts = collections.Counter()
    pairs = []
    files = sorted(file.resolve() for folder in arguments.models for file in folder.rglob("*.osim"))
    for number, source in enumerate(files):
        target = (arguments.work / f"{number:04}_{source.stem}.osim").resolve()
        state = target.with_suffix(".state")
        if not state.exists():
            # A process of its own: a few files end OpenSim's.
            command = [sys.executable, __file__, "--models", ".", "--work", ".", "--one", source, target]
            run = subprocess.run(command, capture_output=True, text=True, timeout=300)
            last = run.stdout.strip().split("\n")[-1] if run.returncode == 0 else f"refused: ends with {run.returncode}"
            state.write_text(last)
        printed = state.read_text() == "printed"
        counts["OpenSim reads" if printed else "OpenSim refuses"] += 1
        if not printed:
            print(f"{source.name}: OpenSim: {state.read_text()[:150]}")
        pairs.append((str(source), str(target if printed else source)))
    lines = "".join(f"{first}\t{second}\n" for first, second in pairs)
    run = subprocess.run([arguments.compare], input=lines, capture_output=True, text=True)
    bad = 0
    refused = {first for first, second in pairs if first == second}
    for line in run.stdout.splitlines():
        what, file = line.split("\t")[:2]
        if SCHUTTE in line:
            what = "same but for a default that OpenSim prints and does not use"
        kind = "refused by OpenSim, " + ("read" if what.startswith("same") else "error") if file in refused else what
        counts[kind] += 1
        if file not in refused and not what.startswith("same"):
            bad += 1
        if not what.startswith("same"):
            print(line[:400])
    if run.stderr:
        print(run.stderr)
        bad += 1
    for what, count in sorted(counts.items()):
        print(f"{count:4} {what}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
