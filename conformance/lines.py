"""Whose line over surfaces is right where guywire's and OpenSim's differ by more than half a millimetre.

pip install opensim numpy
cargo xtask conformance [--models DIR --data DIR] --differences DIFFERENCES
python lines.py MODELS DATA DIFFERENCES

Where OpenSim's line is the shorter one, it is taken with its arcs as OpenSim draws it and pulled taut outside every surface of
the path: points move to the middle of their neighbours and are pushed out where they are inside. The taut line is
on the same side of everything, and keeps out; so OpenSim's is too short by what pulling adds, and ours is the
shortest if it is no longer than the taut line. Prints one verdict a line:

  ours       the taut line is as long as ours: OpenSim's cuts a surface, or its arc is shorter than its own chord
  end inside a point of the path lies in a surface, where no line keeps out; OpenSim drops the contact
  side       the taut line is shorter, but touches a surface on the side that is not allowed
  shorter    the taut line is shorter, on the allowed sides: ours is not the shortest
"""

import collections
import gzip
import json
import os
import sys

import numpy as np
import opensim as osim

POINTS, ROUNDS, CHECK, SETTLED = 120, 60000, 2000, 1e-8
NOISE = 2e-4  # m: what is left of a polyline of so many points, and of the last rounds
ON = 1e-5  # m: a point this close to a surface touches it


def vector(v):
    return np.array([v.get(0), v.get(1), v.get(2)])


class Surface:
    """A wrap object at a pose."""

    def __init__(self, path_wrap, state):
        wrap = path_wrap.getWrapObject()
        frame, local = wrap.getFrame().getTransformInGround(state), wrap.getTransform()

        def ground(*p):
            return vector(frame.shiftFrameStationToBase(local.shiftFrameStationToBase(osim.Vec3(*p))))

        self.name, self.origin = wrap.getName(), ground(0.0, 0.0, 0.0)
        self.axes = np.array([ground(*np.eye(3)[k]) - self.origin for k in range(3)])
        side = wrap.get_quadrant()
        self.side = None if side == "all" else ("xyz".index(side[-1]), -1 if side[0] == "-" else 1)
        self.kind = wrap.getConcreteClassName()
        if self.kind == "WrapCylinder":
            wrap = osim.WrapCylinder.safeDownCast(wrap)
            self.radius, self.half = wrap.get_radius(), 0.5 * wrap.get_length()
        elif self.kind == "WrapSphere":
            self.radius = osim.WrapSphere.safeDownCast(wrap).get_radius()
        elif self.kind == "WrapEllipsoid":
            self.radii = vector(osim.WrapEllipsoid.safeDownCast(wrap).get_dimensions())
        else:
            wrap = osim.WrapTorus.safeDownCast(wrap)
            self.radius, self.ring = wrap.get_inner_radius(), wrap.get_outer_radius()

    def local(self, points):
        return (points - self.origin) @ self.axes.T

    def outside(self, points):
        """The points with those inside moved onto the surface."""
        p = self.local(points)
        if self.kind == "WrapCylinder":
            far = np.hypot(p[:, 0], p[:, 1])
            inside = (far < self.radius) & (abs(p[:, 2]) <= self.half)
            p[:, :2] *= np.where(inside, self.radius / np.maximum(far, 1e-9), 1)[:, None]
        elif self.kind == "WrapSphere":
            far = np.linalg.norm(p, axis=1)
            p *= np.where(far < self.radius, self.radius / np.maximum(far, 1e-9), 1)[:, None]
        elif self.kind == "WrapEllipsoid":
            for _ in range(4):
                level, slope = ((p / self.radii) ** 2).sum(1) - 1, 2 * p / self.radii**2
                steepness = np.maximum((slope * slope).sum(1), 1e-12)
                p = p + slope * np.where(level < -1e-13, -level / steepness, 0)[:, None]
        else:
            far = np.hypot(p[:, 0], p[:, 1])
            centre = p[:, :2] * (self.ring / np.maximum(far, 1e-9))[:, None]
            off = np.c_[p[:, :2] - centre, p[:, 2]]
            size = np.linalg.norm(off, axis=1)
            off *= np.where(size < self.radius, self.radius / np.maximum(size, 1e-9), 1)[:, None]
            p = np.c_[centre, np.zeros(len(p))] + off
        return p @ self.axes + self.origin

    def contains(self, point):
        return np.linalg.norm(self.outside(point[None]) - point) > 1e-9

    def forbidden(self, points):
        """How far beyond the allowed side the points are that touch the surface, m."""
        if self.side is None:
            return 0.0
        # A point just inside would be pushed out: those are the ones that touch.
        p = self.local(points)
        inward = points - ON * self.normals(p) @ self.axes
        touching = np.linalg.norm(self.outside(inward) - inward, axis=1) > 1e-9
        touching[[0, -1]] = False
        axis, sign = self.side
        return max(0.0, float((-sign * p[touching, axis]).max(initial=0.0)))

    def normals(self, p):
        if self.kind == "WrapCylinder":
            n = p * [1, 1, 0]
        elif self.kind == "WrapEllipsoid":
            n = p / self.radii**2
        elif self.kind == "WrapTorus":
            far = np.maximum(np.hypot(p[:, 0], p[:, 1]), 1e-9)
            n = p - np.c_[p[:, :2] * (self.ring / far)[:, None], np.zeros(len(p))]
        else:
            n = p
        return n / np.maximum(np.linalg.norm(n, axis=1), 1e-12)[:, None]


def length(points):
    return np.linalg.norm(np.diff(points, axis=0), axis=1).sum()


def taut(points, surfaces):
    along = np.r_[0, np.cumsum(np.linalg.norm(np.diff(points, axis=0), axis=1))]
    at = np.linspace(0, along[-1], POINTS)
    points = np.stack([np.interp(at, along, points[:, k]) for k in range(3)], axis=1)
    before = np.inf
    for step in range(ROUNDS):
        moved = points.copy()
        own = 0 if step % 2 else 1
        moved[1:-1] = (points[:-2] + points[2:] + own * points[1:-1]) / (2 + own)
        for surface in surfaces:
            moved = surface.outside(moved)
        moved[0], moved[-1] = points[0], points[-1]
        points = moved
        if step % CHECK == CHECK - 1:
            if before - length(points) < SETTLED:
                break
            before = length(points)
    return points


def path_of(force):
    for cls in (osim.Muscle, osim.PathSpring, osim.Ligament, osim.PathActuator, osim.Blankevoort1991Ligament):
        own = cls.safeDownCast(force)
        if own is not None:
            return osim.GeometryPath.safeDownCast(own.updPath() if hasattr(own, "updPath") else own.upd_path())
    raise ValueError(f"{force.getName()} has no path")


def gaps(path, state):
    """OpenSim's line from path point to path point: indices of both, and the points between."""
    points, line = path.getPathPointSet(), []
    names = [points.get(i).getName() for i in range(points.getSize())]
    current, first = path.getCurrentPath(state), 0
    for i in range(current.getSize()):
        point = current.get(i)
        place, wrapped = vector(point.getLocationInGround(state)), osim.PathWrapPoint.safeDownCast(point)
        if wrapped is not None:
            if wrapped.getWrapLength(state) > 0:
                arc, frame = wrapped.getWrapPath(state), wrapped.getWrapObject().getFrame()
                at = frame.getTransformInGround(state)
                line += [vector(at.shiftFrameStationToBase(arc.get(k))) for k in range(arc.getSize())]
            line.append(place)
            continue
        index = names.index(point.getName(), first)
        if line:
            yield first, index, np.array(line + [place])
        first, line = index, [place]


def verdict(path, state, ours):
    points, wraps = path.getPathPointSet(), path.getWrapSet()
    own = [wraps.get(k) for k in range(wraps.getSize())]
    surfaces = [(max(w.getStartPoint(), 1) - 1, (w.getEndPoint() if w.getEndPoint() > 0 else points.getSize()) - 1,
                 Surface(w, state)) for w in own]
    total, beyond = 0.0, 0.0
    for first, last, line in gaps(path, state):
        near = [s for start, end, s in surfaces if start <= first and last <= end]
        if any(s.contains(line[0]) or s.contains(line[-1]) for s in near):
            return "end inside", float("nan")
        line = taut(line, near) if near else line
        total += length(line)
        beyond = max([beyond] + [s.forbidden(line) for s in near])
    if total > ours - NOISE:
        return "ours", total
    return ("side" if beyond > ON else "shorter"), total


def main():
    models, data, listed = sys.argv[1:4]
    osim.Logger.setLevelString("off")
    entries = collections.defaultdict(list)
    for row in open(listed):
        name, *rest = row.rstrip("\n").split("\t")
        if rest:
            entries[name].append(rest)
    tally = collections.Counter()
    for name, rows in entries.items():
        file = next(f for f in (f"{data}/{name}.json.gz", f"{data}/{name}.json") if os.path.exists(f))
        reference = json.load(gzip.open(file) if file.endswith(".gz") else open(file))
        model = osim.Model(os.path.join(models, reference["model_file"]))
        state = model.initSystem()
        coordinates = model.getCoordinateSet()
        for pose, path_name, ours, cause in rows:
            for i, value in enumerate(reference["poses"][int(pose)]["q"]):
                coordinates.get(i).setLocked(state, False)
                coordinates.get(i).setValue(state, value, False)
            model.realizePosition(state)
            path = path_of(model.getForceSet().get(path_name))
            theirs, ours = path.getLength(state), float(ours)
            if ours < theirs:
                tally["OpenSim's is longer"] += 1
                continue
            found, total = verdict(path, state, ours)
            tally[found] += 1
            if found in ("side", "shorter"):
                print(f"{name}, pose {pose}, {path_name} ({cause}): {found}; "
                      f"OpenSim {1e3 * theirs:.2f}, taut {1e3 * total:.2f}, ours {1e3 * ours:.2f} mm", flush=True)
    print(dict(tally))


if __name__ == "__main__":
    main()
    sys.stdout.flush()
    os._exit(0)
