#!/usr/bin/env python3
"""Writes arcs.osim and arcs.json: three joints of constant curvature in a row, and where OpenSim 4.6 puts the bodies.

    pip install opensim
    python make.py

Velocities are stored too: OpenSim 4.6 takes the joint's Jacobian in the axes of the child for one in those of the parent,
so they are not the derivatives of the positions (guywire-osim/tests/arc.rs).
"""
import json
import math
import os

import opensim as osim

HERE = os.path.dirname(os.path.abspath(__file__))
V = osim.Vec3
keep = []


def build():
    m = osim.Model()
    m.setName("arcs")
    parent = m.getGround()
    for k in range(3):
        body = osim.Body(f"body_{k}", 1.0 + k, V(0.01, 0.05, 0.02), osim.Inertia(0.1, 0.05, 0.12, 0, 0, 0))
        m.addBody(body)
        joint = osim.ConstantCurvatureJoint(f"arc_{k}", parent, V(0.01 * k, 0.02, 0), V(0.1 * k, 0, 0.2), body,
                                            V(0, 0.03, 0), V(0, 0.1, 0), V(0.2 * k, -0.1 * k, 0.05), 0.2 + 0.1 * k)
        m.addJoint(joint)
        keep.extend([body, joint])
        parent = body
    m.finalizeConnections()
    return m


def main():
    osim.Logger.setLevelString("error")
    file = os.path.join(HERE, "arcs.osim")
    build().printToXML(file)
    m = osim.Model(file)
    s = m.initSystem()
    coordinates = [m.getCoordinateSet().get(i) for i in range(m.getCoordinateSet().getSize())]
    states = []
    for k in range(8):
        q = [0.6 * math.sin(2.1 * k + 1.7 * i) for i in range(9)]
        u = [0.8 * math.cos(1.4 * k + 2.3 * i) for i in range(9)]
        for c, value, speed in zip(coordinates, q, u):
            c.setValue(s, value, False)
            c.setSpeedValue(s, speed)
        m.realizeVelocity(s)
        bodies = []
        for i in range(3):
            body = m.getBodySet().get(i)
            t, v = body.getTransformInGround(s), body.getVelocityInGround(s)
            bodies.append({
                "position": [t.p().get(j) for j in range(3)],
                "rotation": [[t.R().asMat33().get(r, c) for c in range(3)] for r in range(3)],
                "velocity": [v.get(1).get(j) for j in range(3)],
            })
        states.append({"q": q, "u": u, "bodies": bodies})
    with open(os.path.join(HERE, "arcs.json"), "w") as out:
        json.dump({"coordinates": [c.getName() for c in coordinates], "states": states}, out, indent=0)
        out.write("\n")


if __name__ == "__main__":
    main()
