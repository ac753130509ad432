#!/usr/bin/env python3
"""Writes forces.osim and forces.json: every force class of OpenSim on a small model, and what OpenSim 4.6 computes.

    pip install opensim numpy
    python make.py

Two bodies fly freely (frames of the joint and of the body coincide, so that the generalised forces of a body are its
moment about the body origin and its force, in ground), one turns on a pin, one slides. For every state and force the
generalised forces that this force alone makes are stored: inverse dynamics with it off minus with it on.
The same script and OpenSim version give the same bytes.
"""
import json
import math
import os

import numpy as np
import opensim as osim

HERE = os.path.dirname(os.path.abspath(__file__))
V = osim.Vec3
SECOND_MATERIAL = """
							<HuntCrossleyForce::ContactParameters>
								<geometry>ball_2 ball_3</geometry>
								<stiffness>300000</stiffness>
								<dissipation>0.9</dissipation>
								<static_friction>0.7</static_friction>
								<dynamic_friction>0.5</dynamic_friction>
								<viscous_friction>0.2</viscous_friction>
							</HuntCrossleyForce::ContactParameters>"""
keep = []


def body(model, name):
    b = osim.Body(name, 1.0, V(0), osim.Inertia(1, 1, 1, 0, 0, 0))
    model.addBody(b)
    keep.append(b)
    return b


def offset(name, parent, x, r=(0, 0, 0)):
    f = osim.PhysicalOffsetFrame(name, parent, osim.Transform(
        osim.Rotation(osim.BodyRotationSequence, r[0], osim.CoordinateAxis(0), r[1], osim.CoordinateAxis(1),
                      r[2], osim.CoordinateAxis(2)), V(*x)))
    keep.append(f)
    return f


def build():
    m = osim.Model()
    m.setName("forces")
    m.setGravity(V(0, -9.81, 0))
    g = m.getGround()
    a, b, c, d = (body(m, n) for n in ("a", "b", "c", "d"))
    for j in (osim.FreeJoint("free_a", g, a), osim.FreeJoint("free_b", g, b),
              osim.PinJoint("pin", g, V(0, 1, 0), V(0.2, 0.1, 0), c, V(0, 0.3, 0), V(0)),
              osim.SliderJoint("slider", c, V(0.1, 0, 0), V(0, 0.4, 0), d, V(0), V(0))):
        keep.append(j)
        m.addJoint(j)
    m.finalizeConnections()

    def add(f, name):
        f.setName(name)
        keep.append(f)
        m.addForce(f)
        return f

    def path(f):
        gp = osim.GeometryPath.safeDownCast(f.updPath())
        gp.appendNewPathPoint("p0", a, V(0.05, 0.02, -0.03))
        gp.appendNewPathPoint("p1", b, V(-0.04, 0.06, 0.01))

    # along coordinates
    add(osim.CoordinateLimitForce("pin_coord_0", 20.0, 3.0, -10.0, 2.0, 0.05, 5.0), "limit_pin")
    add(osim.CoordinateLimitForce("slider_coord_0", 0.1, 300.0, -0.05, 200.0, 4.0, 0.08), "limit_slider")
    s = osim.SpringGeneralizedForce("pin_coord_0")
    s.setStiffness(5.0), s.setRestLength(0.1), s.setViscosity(0.7)
    add(s, "spring_pin")
    add(osim.ExpressionBasedCoordinateForce("pin_coord_0", "-2*q^3 - 0.5*qdot*exp(-q) + step(q)*sin(3*q)"),
        "formula_pin")

    # bushings
    k = [V(30, 40, 50), V(500, 600, 700), V(0.3, 0.4, 0.5), V(5, 6, 7)]
    fa, fb = offset("on_a", a, (0.02, 0.03, 0.04), (0.1, -0.2, 0.3)), offset("on_b", b, (-0.03, 0.01, 0.02), (0.2, 0.1, -0.1))
    m.addComponent(fa), m.addComponent(fb)
    add(osim.BushingForce("bushing", fa, fb, k[1], k[0], k[3], k[2]), "bushing")
    f = osim.FunctionBasedBushingForce()
    f.connectSocket_frame1(fa), f.connectSocket_frame2(fb)
    spline = osim.SimmSpline()
    for x, y in ((-2, -9), (-0.5, -1), (0, 0), (0.4, 0.5), (1, 4), (2, 20)):
        spline.addPoint(x, y)
    f.set_m_x_theta_x_function(spline)
    f.set_m_y_theta_y_function(osim.LinearFunction(12.0, 0.5))
    f.set_m_z_theta_z_function(osim.PolynomialFunction(osim.Vector(4, 1.5)))
    f.set_f_x_delta_x_function(osim.LinearFunction(150.0, 0.0))
    f.set_f_z_delta_z_function(spline)
    f.set_rotational_damping(V(0.1, 0.2, 0.3)), f.set_translational_damping(V(1, 2, 3))
    add(f, "bushing_functions")
    f = osim.ExpressionBasedBushingForce()
    f.connectSocket_frame1(fa), f.connectSocket_frame2(fb)
    f.setMxExpression("20*theta_x + 3*theta_y*delta_x"), f.setMyExpression("10*theta_y^3")
    f.setMzExpression("5*sinh(theta_z)"), f.setFxExpression("100*delta_x + 7*theta_z")
    f.setFyExpression("200*delta_y*abs(delta_y)"), f.setFzExpression("max(0, 300*delta_z)")
    f.set_rotational_damping(V(0.1, 0.2, 0.3)), f.set_translational_damping(V(1, 2, 3))
    add(f, "bushing_formulas")

    # along a path
    f = osim.PathSpring("spring", 0.2, 400.0, 0.2)
    path(f)
    add(f, "path_spring")
    f = osim.Ligament()
    path(f), f.set_resting_length(0.18), f.set_pcsa_force(90.0)
    add(f, "ligament")
    f = osim.Blankevoort1991Ligament()
    path(f), f.set_slack_length(0.2), f.set_linear_stiffness(900.0), f.set_transition_strain(0.08)
    f.set_damping_coefficient(0.5)
    add(f, "blankevoort")
    f = osim.ExpressionBasedPathForce()
    path(f), f.set_resting_length(0.2), f.set_expression("50*s + 10*s^2 + 2*ldot*s")
    add(f, "path_formula")
    f = osim.PathActuator()
    path(f), f.set_optimal_force(70.0)
    add(f, "path_actuator")

    # at points
    add(osim.PointToPointSpring(a, V(0.01, 0.02, 0.03), b, V(0.03, -0.02, 0.01), 120.0, 0.2), "point_spring")
    add(osim.ExpressionBasedPointToPointForce("a", V(0.01, 0.02, 0.03), "b", V(0.03, -0.02, 0.01),
                                              "10*d^2 + 3*ddot"), "point_formula")
    f = osim.PointToPointActuator("a", "b")
    f.set_pointA(V(0.1, 0, 0)), f.set_pointB(V(0, 0.1, 0)), f.set_optimal_force(30.0)
    add(f, "point_actuator_pair")
    f = osim.PointActuator("a")
    f.set_point(V(0.1, 0.2, 0)), f.set_direction(V(1, 2, -1)), f.set_optimal_force(20.0)
    add(f, "point_actuator")
    f = osim.PointActuator("b")
    f.set_point(V(0.1, 0.2, 0)), f.set_direction(V(1, 2, -1)), f.set_optimal_force(20.0)
    f.set_point_is_global(True), f.set_force_is_global(True)
    add(f, "point_actuator_global")
    for flag, name in ((True, "torque_global"), (False, "torque_local")):
        f = osim.TorqueActuator()
        f.set_bodyA("a"), f.set_bodyB("b"), f.set_axis(V(1, -1, 2)), f.set_optimal_force(8.0)
        f.set_torque_is_global(flag)
        add(f, name)
    add(osim.CoordinateActuator("slider_coord_0"), "coordinate_actuator").set_optimal_force(11.0)
    f = osim.BodyActuator()
    f.connectSocket_body(a), f.set_point(V(0.05, 0.1, 0.2)), f.set_spatial_force_is_global(False)
    add(f, "body_actuator")
    f = osim.PrescribedForce("prescribed", b)
    f.set_forceIsGlobal(False), f.set_pointIsGlobal(False)
    f.setForceFunctions(osim.Constant(3.0), osim.Constant(-4.0), osim.Constant(5.0))
    f.setPointFunctions(osim.Constant(0.1), osim.Constant(0.2), osim.Constant(-0.1))
    f.setTorqueFunctions(osim.Constant(0.3), osim.Constant(0.2), osim.Constant(-0.6))
    add(f, "prescribed")

    # contact: two balls of a, one of b, and the floor
    floor = osim.ContactHalfSpace(V(0, 0, 0), V(0, 0, -math.pi / 2), g, "floor")
    balls = [osim.ContactSphere(0.15, V(0.1, 0, 0), a, "ball_1"), osim.ContactSphere(0.1, V(-0.1, 0, 0.05), a, "ball_2"),
             osim.ContactSphere(0.2, V(0, 0.05, 0), b, "ball_3")]
    for x in [floor] + balls:
        keep.append(x)
        m.addContactGeometry(x)
    # Python has one set of contact parameters; the second is added to the file.
    f = osim.HuntCrossleyForce()
    f.setStiffness(1e6), f.setDissipation(0.5), f.setStaticFriction(0.8), f.setDynamicFriction(0.6)
    f.setViscousFriction(0.4), f.setTransitionVelocity(0.1)
    f.addGeometry("floor"), f.addGeometry("ball_1")
    add(f, "hunt_crossley")
    f = osim.SmoothSphereHalfSpaceForce("smooth", balls[0], floor)
    f.set_stiffness(1e6), f.set_dissipation(0.7), f.set_static_friction(0.8), f.set_dynamic_friction(0.6)
    f.set_viscous_friction(0.4), f.set_transition_velocity(0.1)
    add(f, "smooth_contact")
    m.finalizeConnections()
    return m


def main():
    model = build()
    file = os.path.join(HERE, "forces.osim")
    model.printToXML(file)
    with open(file) as f:
        text = f.read()
    end = text.index("</HuntCrossleyForce::ContactParameters>") + len("</HuntCrossleyForce::ContactParameters>")
    with open(file, "w") as f:
        f.write(text[:end] + SECOND_MATERIAL + text[end:])
    model = osim.Model(file)
    state = model.initSystem()
    solver = osim.InverseDynamicsSolver(model)
    rng = np.random.default_rng(7)
    coordinates = [model.getCoordinateSet().get(i) for i in range(model.getCoordinateSet().getSize())]
    forces = [model.getForceSet().get(i) for i in range(model.getForceSet().getSize())]
    nu = state.getNU()
    where = []
    for c in coordinates:
        for x in coordinates:
            x.setSpeedValue(state, 0.0)
        c.setSpeedValue(state, 1.0)
        where.append(int(np.flatnonzero(state.getU().to_numpy())[0]))
    actuators = [osim.Actuator.safeDownCast(f) for f in forces]
    controls = model.updControls(state).to_numpy().copy()
    controls[:] = np.round(rng.uniform(-1, 1, len(controls)), 3)
    zero = osim.Vector(nu, 0.0)
    out = {"coordinates": [c.getName() for c in coordinates], "forces": [f.getName() for f in forces],
           "controls": [float(x) for x in controls],
           "control_names": [f.getName() for f, act in zip(forces, actuators) if act is not None
                             for _ in range(act.numControls())],
           "states": []}
    for _ in range(12):
        for c in coordinates:
            turns = c.getMotionType() != osim.Coordinate.Translational
            c.setValue(state, float(rng.uniform(-1, 1) * (1.0 if turns else 0.25)), False)
            c.setSpeedValue(state, float(rng.uniform(-1, 1)))
        row = {"q": [c.getValue(state) for c in coordinates], "u": [c.getSpeedValue(state) for c in coordinates],
               "tau": []}

        def solve(on):
            for f in forces:
                f.setAppliesForce(state, f is on)
            model.realizeVelocity(state)
            model.setControls(state, _vector(controls))
            t = solver.solve(state, zero).to_numpy()
            return np.array([t[i] for i in where])
        rest = solve(None)
        for f in forces:
            row["tau"].append([float(x) for x in rest - solve(f)])
        out["states"].append(row)
    with open(os.path.join(HERE, "forces.json"), "w") as f:
        f.write("{\n")
        f.write(",\n".join(f"{json.dumps(k)}: " + (json.dumps(v) if k != "states" else
                "[\n" + ",\n".join(json.dumps(s) for s in v) + "\n]") for k, v in out.items()))
        f.write("\n}\n")
    for name, t in zip(out["forces"], out["states"][0]["tau"]):
        print(name, np.round(t, 3))


def _vector(values):
    v = osim.Vector(len(values), 0.0)
    for i, x in enumerate(values):
        v.set(i, float(x))
    return v


if __name__ == "__main__":
    main()
