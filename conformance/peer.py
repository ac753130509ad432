"""Lengths and moment arms of all muscles at a new pose: OpenSim beside guywire, on the same machine.

    pip install opensim==4.6
    python conformance/peer.py RajagopalLaiUhlrich2023.osim

The model is the source of this repository's legs (https://github.com/opensim-org/opensim-models). OpenSim is
timed on its muscles and the coordinates that each can move; guywire by `cargo bench` on its own body, which
has more of both. So the ratio is taken per muscle. OpenSim's moment arms cost one solve a pair of muscle
and coordinate; guywire's come with the lengths. Prints a table; exits 1 if guywire is not faster.
"""

import random
import re
import statistics
import subprocess
import sys
import time

import opensim

POSES = 10
SEED = 1


def crossing(model, state, muscles, coordinates, poses):
    """Pairs whose moment arm is not zero in every pose: what a careful user would ask for."""
    pairs = set()
    for pose in poses:
        go_to(model, state, pose)
        for m, muscle in enumerate(muscles):
            for c, coordinate in enumerate(coordinates):
                if (m, c) not in pairs and abs(muscle.computeMomentArm(state, coordinate)) > 1e-9:
                    pairs.add((m, c))
    return sorted(pairs)


def assembled(model, state, coordinates, values):
    """The whole vector q of a pose, coupled coordinates included: solved here, outside what is timed."""
    for coordinate, value in zip(coordinates, values):
        coordinate.setValue(state, value, False)
    model.assemble(state)
    return opensim.Vector(state.getQ())


def go_to(model, state, pose):
    state.setQ(pose)
    model.realizePosition(state)


def median_ms(work, poses):
    times = []
    for pose in poses:
        start = time.perf_counter()
        work(pose)
        times.append((time.perf_counter() - start) * 1e3)
    return statistics.median(times)


def peer(path):
    opensim.Logger.setLevelString("Off")
    model = opensim.Model(path)
    state = model.initSystem()
    listed = [model.getCoordinateSet().get(i) for i in range(model.getCoordinateSet().getSize())]
    coordinates = [
        c for c in listed if not (c.getLocked(state) or c.isConstrained(state)) and c.getMotionType() == 1
    ]
    muscles = [model.getMuscles().get(i) for i in range(model.getMuscles().getSize())]
    generator = random.Random(SEED)

    def value(c):
        low, high = max(c.getRangeMin(), -1.0), min(c.getRangeMax(), 1.5)
        return low + (high - low) * (0.3 + 0.4 * generator.random())

    poses = [assembled(model, state, coordinates, [value(c) for c in coordinates]) for _ in range(POSES)]
    pairs = crossing(model, state, muscles, coordinates, poses[:3])

    def lengths(pose):
        go_to(model, state, pose)
        return [m.getLength(state) for m in muscles]

    def both(pose):
        lengths(pose)
        return [muscles[m].computeMomentArm(state, coordinates[c]) for m, c in pairs]

    # The first call warms caches up.
    both(poses[0])
    return len(muscles), len(pairs), median_ms(lengths, poses), median_ms(both, poses)


def own():
    """Median of the bench `moment_arms`, ms, and the number of muscles of the body."""
    bench = ["cargo", "bench", "-q", "-p", "guywire", "--bench", "speed", "--", "moment_arms"]
    text = subprocess.run(bench, check=True, capture_output=True, text=True).stdout
    row = next(line for line in text.splitlines() if line.lstrip("├╰─ ").startswith("moment_arms") and "│" in line)
    number, unit = re.search(r"([\d.]+) (ns|µs|ms)", row.split("│")[2]).groups()
    listing = ["cargo", "run", "-q", "--release", "--", "body", "muscles", "--json"]
    muscles = subprocess.run(listing, check=True, capture_output=True, text=True).stdout.count('"side"')
    return 2 * muscles, float(number) * {"ns": 1e-6, "µs": 1e-3, "ms": 1.0}[unit]


def main():
    muscles, pairs, lengths, both = peer(sys.argv[1])
    own_muscles, own_both = own()
    print(f"OpenSim {opensim.GetVersion().split('-')[0]}: {muscles} muscles, {pairs} moment arms a pose")
    print(f"  lengths alone            {lengths:9.3f} ms   {lengths / muscles * 1e3:9.2f} µs a muscle")
    print(f"  lengths and moment arms  {both:9.3f} ms   {both / muscles * 1e3:9.2f} µs a muscle")
    print(f"guywire: {own_muscles} muscles")
    print(f"  lengths and moment arms  {own_both:9.3f} ms   {own_both / own_muscles * 1e3:9.2f} µs a muscle")
    ratio = (both / muscles) / (own_both / own_muscles)
    against_lengths = (lengths / muscles) / (own_both / own_muscles)
    print(f"a muscle's length and moment arms: guywire {ratio:.0f} times as fast")
    print(f"guywire's length and moment arms against OpenSim's length alone: {against_lengths:.0f} times as fast")
    sys.exit(0 if ratio > 1.0 else 1)


if __name__ == "__main__":
    main()
