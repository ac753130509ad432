#!/usr/bin/env python3
"""Lets OpenSim load models that guywire wrote, and compares them with the originals.

    pip install opensim numpy
    cargo build --release -p guywire-osim --example rewrite_model
    python conformance/write_check.py --models DIR [DIR ...] --work DIR [--rewrite PATH] [--poses N]

Each model is written twice: the document as read, and anew from the typed values. At random poses the path
lengths, moment arms (of every muscle about the coordinates that move it, up to --arms of them) and inverse
dynamics of the copies must be OpenSim's of the original. Exits 1 on the first folder with a miss.
"""
import argparse
import pathlib
import subprocess
import sys

import numpy as np

# Angles of frames are written from rotation matrices: round-off of a few 1e-16, times the size of a body.
LENGTH = 1e-10
# The same through OpenSim's wrapping, which stops iterating at about this difference.
WRAPPED = 1e-6
# Inverse dynamics relative to the largest force of the pose.
RELATIVE = 1e-9


def load(path):
    import opensim

    model = opensim.Model(str(path))
    state = model.initSystem()
    return model, state


def measure(path, seed, poses, arms):
    """Lengths, moment arms and inverse dynamics at random poses, as flat arrays."""
    import opensim

    model, state = load(path)
    coordinates = [model.getCoordinateSet().get(i) for i in range(model.getCoordinateSet().getSize())]
    # Not the ForceSet: forces may be among the components of the model.
    forces = [f for f in (opensim.Force.safeDownCast(c) for c in model.getComponentsList()) if f]
    muscles = [m for m in (opensim.Muscle.safeDownCast(f) for f in forces) if m]
    for force in forces:
        force.setAppliesForce(state, False)
    solver = opensim.InverseDynamicsSolver(model)
    random = np.random.default_rng(seed)
    lengths, moments, dynamics = [], [], []
    for _ in range(poses):
        for coordinate in coordinates:
            low, high = max(coordinate.getRangeMin(), -3), min(coordinate.getRangeMax(), 3)
            value, speed = low + (high - low) * random.uniform(0.1, 0.9), random.uniform(-1, 1)
            if not coordinate.getLocked(state):
                coordinate.setValue(state, value, False)
                coordinate.setSpeedValue(state, speed)
        model.realizeVelocity(state)
        lengths += [muscle.getLength(state) for muscle in muscles]
        for number, muscle in enumerate(muscles[:arms]):
            # One coordinate a muscle and pose, another each time: all are met over models and poses.
            coordinate = coordinates[(number * 7 + len(dynamics)) % len(coordinates)]
            moments.append(muscle.computeMomentArm(state, coordinate))
        udot = opensim.Vector(state.getNU(), 0.0)
        for i in range(state.getNU()):
            udot.set(i, random.uniform(-5, 5))
        dynamics.append(solver.solve(state, udot).to_numpy())
    return np.array(lengths), np.array(moments), np.concatenate(dynamics) if dynamics else np.array([])


def compare(original, copy, wrapped):
    """Names of what differs, with the worst difference."""
    misses = []
    for name, a, b in zip(("lengths", "moment arms", "inverse dynamics"), original, copy):
        if a.shape != b.shape:
            misses.append(f"{name}: {a.shape} became {b.shape}")
            continue
        if not a.size:
            continue
        worst = float(np.nanmax(np.abs(a - b)))
        scale = max(1.0, float(np.nanmax(np.abs(a))))
        allowed = RELATIVE * scale if name == "inverse dynamics" else (WRAPPED if wrapped else LENGTH)
        if not worst <= allowed:
            misses.append(f"{name}: {worst:.2e}")
    return misses


def check(source, arguments):
    import opensim

    opensim.Logger.setLevelString("off")
    try:
        original = measure(source, 1, arguments.poses, arguments.arms)
    except Exception as error:  # OpenSim's errors have no common class in Python
        return "not loaded by OpenSim", [str(error).split("\n")[0][:100]]
    edited, anew = (arguments.work / f"{source.stem}_{kind}.osim" for kind in ("edited", "anew"))
    run = subprocess.run([arguments.rewrite, source, edited, anew], capture_output=True, text=True)
    if run.returncode:
        return "not read", [run.stderr.strip()[:300]]
    wrapped = "Wrap" in source.read_text(errors="replace")
    misses = []
    for copy in (edited, anew):
        try:
            misses += [f"{copy.name}: {miss}" for miss in compare(original, measure(copy, 1, arguments.poses, arguments.arms), wrapped)]
        except Exception as error:
            misses.append(f"{copy.name}: {str(error).splitlines()[0][:200]}")
    return ("differs" if misses else "same"), misses


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--models", nargs="+", required=True, type=pathlib.Path)
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--rewrite", default="target/release/examples/rewrite_model")
    parser.add_argument("--poses", type=int, default=3)
    parser.add_argument("--arms", type=int, default=20)
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    files = sorted(f for m in arguments.models for f in ([m] if m.is_file() else m.rglob("*.osim")))
    counts = {}
    for source in files:
        kind, details = check(source, arguments)
        counts[kind] = counts.get(kind, 0) + 1
        if kind != "same":
            print(f"{kind}: {source.name}: {'; '.join(details)}", flush=True)
    print(", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())))
    return 1 if counts.get("differs") or counts.get("not read") else 0


if __name__ == "__main__":
    sys.exit(main())
