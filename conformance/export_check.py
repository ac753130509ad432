#!/usr/bin/env python3
"""Lets OpenSim load the built-in body as guywire writes it, and compares path lengths, moment arms, mass centre and
inverse dynamics with what guywire computes of the body itself.

    pip install opensim numpy
    cargo build --release -p guywire --example export_body
    python conformance/export_check.py --work DIR [--export PATH]

Exits 1 on a miss. Paths over surfaces are compared where OpenSim's own moment arms are the derivatives of its own
length; its wrapping is approximate (docs/conformance.md), so that these differences are held to 0.5 mm.
The rest is printed.
"""
import argparse
import json
import pathlib
import subprocess
import sys

import numpy as np

# Straight paths, m; moment arms likewise.
LENGTH, ARM = 1e-9, 1e-7
# Paths over surfaces: OpenSim's approximate wrapping, m.
WRAPPED_LENGTH, WRAPPED_ARM = 5e-4, 5e-4
# Inverse dynamics relative to the largest force of the pose.
RELATIVE = 1e-8
# A moment arm of OpenSim that differs from the derivative of its own length by more is no reference, m.
CONSISTENT = 2e-5
STEP = 1e-4


class OpenSim:
    def __init__(self, file):
        import opensim

        opensim.Logger.setLevelString("off")
        self.opensim = opensim
        self.model = opensim.Model(str(file))
        self.state = self.model.initSystem()
        coordinates = self.model.getCoordinateSet()
        self.coordinates = {coordinates.get(i).getName(): coordinates.get(i) for i in range(coordinates.getSize())}
        forces = self.model.getForceSet()
        for i in range(forces.getSize()):
            forces.get(i).setAppliesForce(self.state, False)
        self.muscles = self.model.getMuscles()
        self.solver = opensim.InverseDynamicsSolver(self.model)
        self.rows = self.speed_rows()

    def speed_rows(self):
        """Index in u of every coordinate's speed."""
        rows = {}
        for name, coordinate in self.coordinates.items():
            before = self.state.getU().to_numpy()
            old = coordinate.getSpeedValue(self.state)
            coordinate.setSpeedValue(self.state, old + 1.0)
            rows[name] = int(np.argmax(np.abs(self.state.getU().to_numpy() - before)))
            coordinate.setSpeedValue(self.state, old)
        return rows

    def pose(self, values):
        for name, value in values.items():
            self.coordinates[name].setValue(self.state, value, False)

    def length(self, name):
        return self.muscles.get(name).getLength(self.state)


def follow(numbers, values):
    """Values of all coordinates from those of the degrees of freedom (straight couplers without offset)."""
    values = dict(values)
    for follower in numbers["followers"]:
        values[follower["dependent"]] = sum(gain * values[name] for name, gain in follower["terms"])
    return values


def check(numbers, peer):
    worst = {key: (0.0, "") for key in ("length", "wrapped length", "other wrapped length", "moment arm", "wrapped moment arm", "mass centre", "inverse dynamics")}
    left_out = compared = 0

    def note(key, value, what):
        if not value <= worst[key][0]:
            worst[key] = (value, what)

    degrees = numbers["degrees"]
    for number, pose in enumerate(numbers["poses"]):
        peer.pose(pose["coordinates"])
        for name in peer.coordinates:
            peer.coordinates[name].setSpeedValue(peer.state, 0.0)
        peer.model.realizePosition(peer.state)
        here = [peer.length(name) for name in numbers["muscles"]]
        for m, name in enumerate(numbers["muscles"]):
            if not numbers["wrapped"][m]:
                note("length", abs(here[m] - pose["length"][m]), f"{name}, pose {number}")
        center = peer.model.calcMassCenterPosition(peer.state).to_numpy()
        note("mass centre", float(np.max(np.abs(center - pose["center_of_mass"]))), f"pose {number}")
        # Every degree of freedom in turn, what follows it along: OpenSim's lengths by central differences.
        values = {name: pose["coordinates"][name] for name in degrees}
        doubtful = set()
        for name in degrees if number % 4 == 0 else []:
            ends = []
            for step in (STEP, -STEP):
                peer.pose(follow(numbers, {**values, name: values[name] + step}))
                peer.model.realizePosition(peer.state)
                ends.append([peer.length(muscle) for muscle in numbers["muscles"]])
            slopes = (np.array(ends[1]) - np.array(ends[0])) / (2 * STEP)
            peer.pose(pose["coordinates"])
            peer.model.realizePosition(peer.state)
            for m, muscle in enumerate(numbers["muscles"]):
                ours = pose["moment_arm"][m].get(name, 0.0)
                if numbers["wrapped"][m]:
                    if abs(ours) + abs(slopes[m]) == 0.0:
                        continue
                    theirs = peer.muscles.get(muscle).computeMomentArm(peer.state, peer.coordinates[name])
                    if abs(theirs - slopes[m]) > CONSISTENT + 2e-3 * abs(theirs):
                        left_out += 1
                        doubtful.add(m)
                        continue
                    compared += 1
                    note("wrapped moment arm", abs(theirs - ours), f"{muscle} about {name}, pose {number}")
                else:
                    # A central difference is as good as its step squared.
                    note("moment arm", abs(slopes[m] - ours), f"{muscle} about {name}, pose {number}")
        for m, muscle in enumerate(numbers["muscles"]):
            if numbers["wrapped"][m] and number % 4 == 0:
                key = "other wrapped length" if m in doubtful else "wrapped length"
                note(key, abs(here[m] - pose["length"][m]), f"{muscle}, pose {number}")
        rates, accelerations = (follow(numbers, dict(zip(degrees, pose[key]))) for key in ("qd", "qdd"))
        udot = peer.opensim.Vector(peer.state.getNU(), 0.0)
        for name, coordinate in peer.coordinates.items():
            coordinate.setSpeedValue(peer.state, rates[name])
            udot.set(peer.rows[name], accelerations[name])
        peer.model.realizeVelocity(peer.state)
        forces = peer.solver.solve(peer.state, udot).to_numpy()
        on = {name: forces[peer.rows[name]] for name in peer.coordinates}
        for follower in numbers["followers"]:
            for name, gain in follower["terms"]:
                on[name] += gain * on[follower["dependent"]]
        theirs = np.array([on[name] for name in degrees])
        ours = np.array(pose["inverse_dynamics"])
        note("inverse dynamics", float(np.max(np.abs(theirs - ours)) / np.max(np.abs(theirs))), f"pose {number}")
    return worst, compared, left_out


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--work", required=True, type=pathlib.Path)
    parser.add_argument("--export", default="target/release/examples/export_body")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    model, data = arguments.work / "body.osim", arguments.work / "body.json"
    subprocess.run([arguments.export, model, data], check=True)
    numbers = json.loads(data.read_text())
    worst, compared, left_out = check(numbers, OpenSim(model))
    allowed = {
        "length": LENGTH,
        "wrapped length": WRAPPED_LENGTH,
        # Where OpenSim's moment arm is not the derivative of its length, its length is no reference either.
        "other wrapped length": float("inf"),
        # The central difference's own error, with a step of 1e-4.
        "moment arm": max(ARM, 10 * STEP * STEP),
        "wrapped moment arm": WRAPPED_ARM,
        "mass centre": LENGTH,
        "inverse dynamics": RELATIVE,
    }
    missed = False
    for key, (value, what) in worst.items():
        bad = not value <= allowed[key]
        missed |= bad
        print(f"{'MISS' if bad else 'ok  '} {key:21} {value:.2e} of {allowed[key]:.0e}  {what}")
    print(f"{compared} wrapped moment arms compared, {left_out} left out: OpenSim's is not the derivative of its length")
    print(f"{len(numbers['notes'])} parts that the file says otherwise than the body (guywire export lists them)")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
