#!/usr/bin/env python3
"""Writes paths.osim and paths.json: paths whose length is a function of coordinates, and what OpenSim 4.6 computes.

    pip install opensim
    python make.py

Three pins and a slider in a chain. Lengths are a polynomial of three coordinates (moment arms its derivatives), a linear
function with moment arms that are not its derivatives, and a polynomial of one coordinate under a spring; stored at every
state: lengths, speeds, moment arms about every coordinate, and the accelerations that all forces make.
"""
import json
import math
import os

import opensim as osim

HERE = os.path.dirname(os.path.abspath(__file__))
V = osim.Vec3
NAMES = ["one", "two", "three", "slide"]
keep = []


def polynomial(dimension, order, seed):
    count = math.comb(dimension + order, order)
    values = [0.03 * math.sin(1.3 * k + seed) / (1 + k) for k in range(count)]
    values[0] = 0.35
    return osim.MultivariatePolynomialFunction(osim.Vector(values), dimension, order)


def build():
    m = osim.Model()
    m.setName("function_paths")
    parent = m.getGround()
    for k, name in enumerate(NAMES):
        body = osim.Body("body_" + name, 1.0 + k, V(0.01, -0.2, 0.02), osim.Inertia(0.1, 0.05, 0.12, 0, 0, 0))
        m.addBody(body)
        kind = osim.SliderJoint if name == "slide" else osim.PinJoint
        joint = kind("joint_" + name, parent, V(0, -0.3, 0), V(0.3 * k, 0.2, 0), body, V(0), V(0))
        joint.updCoordinate().setName(name)
        m.addJoint(joint)
        keep.extend([body, joint])
        parent = body
    path = lambda name: f"/jointset/joint_{name}/{name}"

    def by_functions(coordinates, length, arms=()):
        p = osim.FunctionBasedPath()
        for c in coordinates:
            p.appendCoordinatePath(path(c))
        p.setLengthFunction(length)
        for a in arms:
            p.appendMomentArmFunction(a)
        keep.append(p)
        return p

    muscle = osim.Millard2012EquilibriumMuscle()
    muscle.setName("muscle")
    muscle.set_max_isometric_force(500)
    muscle.set_optimal_fiber_length(0.12)
    muscle.set_tendon_slack_length(0.22)
    muscle.set_ignore_tendon_compliance(True)
    muscle.set_path(by_functions(NAMES[:3], polynomial(3, 4, 0.4)))
    actuator = osim.PathActuator()
    actuator.setName("actuator")
    actuator.setOptimalForce(40.0)
    linear = osim.LinearFunction()
    coefficients = osim.ArrayDouble()
    for value in (0.02, -0.7, 0.4):
        coefficients.append(value)
    linear.setCoefficients(coefficients)
    actuator.set_path(by_functions(["two", "slide"], linear, [polynomial(2, 2, 1.9), polynomial(2, 1, 2.6)]))
    spring = osim.PathSpring("spring", 0.3, 900.0, 0.4)
    spring.set_path(by_functions(["one"], polynomial(1, 5, 0.9)))
    for force in (muscle, actuator, spring):
        m.addForce(force)
        keep.append(force)
    m.finalizeConnections()
    return m


def main():
    osim.Logger.setLevelString("error")
    m = build()
    file = os.path.join(HERE, "paths.osim")
    m.printToXML(file)
    m = osim.Model(file)
    s = m.initSystem()
    muscle = osim.Muscle.safeDownCast(m.getForceSet().get("muscle"))
    actuator = osim.PathActuator.safeDownCast(m.getForceSet().get("actuator"))
    spring = osim.PathSpring.safeDownCast(m.getForceSet().get("spring"))
    coordinates = [m.getCoordinateSet().get(name) for name in NAMES]
    states = []
    for k in range(8):
        q = [0.5 * math.sin(2.1 * k + 1.7 * i) for i in range(4)]
        u = [0.8 * math.cos(1.4 * k + 2.3 * i) for i in range(4)]
        for c, value, speed in zip(coordinates, q, u):
            c.setValue(s, value, False)
            c.setSpeedValue(s, speed)
        muscle.setActivation(s, 0.1 + 0.1 * k)
        m.realizeVelocity(s)
        controls = osim.Vector(m.getNumControls(), 0.0)
        control = 0.3 + 0.05 * k
        index = [i for i in range(m.getActuators().getSize()) if m.getActuators().get(i).getName() == "actuator"][0]
        controls.set(index, control)
        m.setControls(s, controls)
        m.realizeAcceleration(s)
        paths = [("muscle", muscle.getPath()), ("actuator", actuator.getPath()), ("spring", spring.getPath())]
        states.append({
            "q": q, "u": u, "activation": 0.1 + 0.1 * k, "control": control,
            "lengths": {n: p.getLength(s) for n, p in paths},
            "speeds": {n: p.getLengtheningSpeed(s) for n, p in paths},
            "arms": {n: [p.computeMomentArm(s, c) for c in coordinates] for n, p in paths},
            "accelerations": [c.getAccelerationValue(s) for c in coordinates],
        })
    with open(os.path.join(HERE, "paths.json"), "w") as out:
        json.dump({"coordinates": NAMES, "states": states}, out, indent=0)
        out.write("\n")


if __name__ == "__main__":
    main()
