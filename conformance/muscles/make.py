#!/usr/bin/env python3
"""Writes two small models with muscles of every class and unusual properties, and what OpenSim 4.6 computes of them.

    pip install opensim numpy
    python make.py GENERATE.py     # the reference data's generate.py

`muscle_classes` goes through the reference data's own script. OpenSim's Python does not know its deprecated classes, so
that script cannot; `deprecated_muscles` has tables with a stated fibre length only (`elastic_dynamic`), read through the
base class. Their equilibria are left out: OpenSim stops them at 0.01 N or after 100 steps.
The same script and OpenSim version give the same bytes.
"""
import gzip
import json
import os
import subprocess
import sys

import opensim as osim

HERE = os.path.dirname(os.path.abspath(__file__))
osim.Logger.setLevelString("Error")
keep = []


def classes():
    """One muscle of each class that Python knows, plain and unusual, all along a slider."""
    m = osim.Model()
    m.setName("muscle_classes")
    block = osim.Body("block", 1, osim.Vec3(0), osim.Inertia(1, 1, 1, 0, 0, 0))
    m.addBody(block)
    slider = osim.SliderJoint("slider", m.getGround(), block)
    m.addJoint(slider)
    keep.extend((block, slider))

    def add(mu, name, f=1000, l=0.1, t=0.2, p=0.0, v=10, **properties):
        mu.setName(name)
        mu.set_max_isometric_force(f)
        mu.set_optimal_fiber_length(l)
        mu.set_tendon_slack_length(t)
        mu.set_pennation_angle_at_optimal(p)
        mu.set_max_contraction_velocity(v)
        for key, value in properties.items():
            getattr(mu, "set_" + key)(value)
        mu.addNewPathPoint("a", m.getGround(), osim.Vec3(0))
        mu.addNewPathPoint("b", block, osim.Vec3(0.3, 0, 0))
        m.addForce(mu)
        keep.append(mu)
        return mu

    def shape(curve, **properties):
        for key, value in properties.items():
            getattr(curve, "set_" + key)(value)

    groote = osim.DeGrooteFregly2016Muscle
    add(groote(), "dgf_default")
    add(groote(), "dgf_pennate", 500, 0.06, 0.3, 0.4, 12)
    add(groote(), "dgf_damped", 800, 0.08, 0.15, 0.2, fiber_damping=0.05, active_force_width_scale=1.5)
    add(groote(), "dgf_no_passive", 800, 0.08, 0.15, 0.2, ignore_passive_fiber_force=True,
        tendon_strain_at_one_norm_force=0.1)
    add(groote(), "dgf_stiff", 800, 0.08, 0.15, 0.3, passive_fiber_strain_at_one_norm_force=0.4,
        activation_dynamics_smoothing=10.0)
    add(osim.RigidTendonMuscle(), "rigid_default")
    add(osim.RigidTendonMuscle(), "rigid_pennate", 500, 0.06, 0.3, 0.4)
    thelen = osim.Thelen2003Muscle
    add(thelen(), "thelen_default")
    add(thelen(), "thelen_odd", 600, 0.07, 0.25, 0.3, maximum_pennation_angle=1.0, fv_linear_extrap_threshold=0.9,
        minimum_activation=0.05, Af=0.4, Flen=1.7, KshapeActive=0.6, KshapePassive=3.0, FmaxMuscleStrain=0.7,
        FmaxTendonStrain=0.05, activation_time_constant=0.02, deactivation_time_constant=0.06, min_control=0.05)
    add(thelen(), "thelen_long_tendon", 600, 0.03, 0.4, 0.1)
    millard = osim.Millard2012EquilibriumMuscle
    add(millard(), "millard_default")
    add(millard(), "millard_undamped", 600, 0.07, 0.25, 0.3, fiber_damping=0.0)
    add(millard(), "millard_barely_damped", 600, 0.07, 0.25, 0.3, fiber_damping=0.0009)
    add(millard(), "millard_little_damping", 600, 0.07, 0.25, 0.3, fiber_damping=0.001)
    q = add(millard(), "millard_undamped_curves", 600, 0.07, 0.25, 0.3, fiber_damping=0.0)
    shape(q.upd_ActiveForceLengthCurve(), minimum_value=0.2)
    shape(q.upd_ForceVelocityCurve(), concentric_slope_at_vmax=0.2, concentric_slope_near_vmax=0.3,
          eccentric_slope_at_vmax=0.1, eccentric_slope_near_vmax=0.14, isometric_slope=4.0,
          max_eccentric_velocity_force_multiplier=1.6, concentric_curviness=0.3, eccentric_curviness=0.7)
    q = add(millard(), "millard_curves", 900, 0.09, 0.18, 0.15, 8)
    shape(q.upd_ActiveForceLengthCurve(), min_norm_active_fiber_length=0.35, transition_norm_fiber_length=0.8,
          max_norm_active_fiber_length=1.7, shallow_ascending_slope=0.6, minimum_value=0.05)
    shape(q.upd_FiberForceLengthCurve(), strain_at_zero_force=-0.1, strain_at_one_norm_force=0.5,
          stiffness_at_low_force=0.3, stiffness_at_one_norm_force=4.0, curviness=0.4)
    shape(q.upd_TendonForceLengthCurve(), strain_at_one_norm_force=0.08, stiffness_at_one_norm_force=20.0,
          norm_force_at_toe_end=0.5, curviness=0.8)
    shape(q.upd_ForceVelocityCurve(), concentric_slope_near_vmax=0.4, isometric_slope=6.0,
          eccentric_slope_near_vmax=0.2, max_eccentric_velocity_force_multiplier=1.5)
    q = add(millard(), "millard_strains_only", 900, 0.09, 0.18, 0.15, 8)
    shape(q.upd_FiberForceLengthCurve(), strain_at_one_norm_force=0.4)
    shape(q.upd_TendonForceLengthCurve(), strain_at_one_norm_force=0.033)
    add(millard(), "millard_rigid", 600, 0.07, 0.25, 0.3, ignore_tendon_compliance=True)
    add(millard(), "millard_rigid_undamped", 600, 0.07, 0.25, 0.3, ignore_tendon_compliance=True, fiber_damping=0.0)
    add(millard(), "millard_steep", 600, 0.07, 0.25, 0.9, maximum_pennation_angle=1.2, minimum_activation=0.02,
        activation_time_constant=0.02, deactivation_time_constant=0.07, min_control=0.02)
    m.finalizeConnections()
    m.initSystem()
    m.printToXML(os.path.join(HERE, "models", "muscle_classes.osim"))


def muscle(cls, name, f, l, t, p, v, extra=""):
    points = "".join(
        f'<PathPoint name="{n}"><socket_parent_frame>{frame}</socket_parent_frame><location>0 0 0</location></PathPoint>\n'
        for n, frame in (("a", "/ground"), ("b", "/bodyset/block")))
    return (f'<{cls} name="{name}">\n<GeometryPath name="path"><PathPointSet><objects>\n{points}</objects></PathPointSet>'
            f"</GeometryPath>\n<max_isometric_force>{f}</max_isometric_force>\n"
            f"<optimal_fiber_length>{l}</optimal_fiber_length>\n<tendon_slack_length>{t}</tendon_slack_length>\n"
            f"<pennation_angle_at_optimal>{p}</pennation_angle_at_optimal>\n"
            f"<max_contraction_velocity>{v}</max_contraction_velocity>\n{extra}</{cls}>\n")


def deprecated():
    """The classes that Python does not know."""
    schutte, delp, thelen = (f"{n}_Deprecated" for n in ("Schutte1993Muscle", "Delp1990Muscle", "Thelen2003Muscle"))
    passive = ('<passive_force_length_curve><SimmSpline name="c"><x>-5 0.998 0.999 1 1.1 1.2 1.3 1.4 1.5 1.6 1.601 1.602 5'
               "</x><y>0 0 0 0 0.035 0.12 0.26 0.55 1.17 2 2 2 2</y></SimmSpline></passive_force_length_curve>\n")
    muscles = [
        muscle(schutte, "schutte_default", 1000, 0.1, 0.2, 0, 10),
        muscle(schutte, "schutte_pennate", 700, 0.05, 0.25, 0.35, 8, "<time_scale>0.08</time_scale>\n"
               "<activation1>6</activation1>\n<activation2>2</activation2>\n<damping>0.2</damping>\n"),
        muscle(schutte, "schutte_passive", 700, 0.05, 0.25, 0.2, 8, passive),
        muscle(thelen, "thelen_old", 1000, 0.1, 0.2, 0, 10),
        muscle(thelen, "thelen_old_pennate", 700, 0.05, 0.25, 0.35, 8, "<Vmax>8</Vmax>\n<Vmax0>4</Vmax0>\n"
               "<damping>0.1</damping>\n<FmaxTendonStrain>0.04</FmaxTendonStrain>\n<Af>0.25</Af>\n<Flen>1.6</Flen>\n"),
        muscle(delp, "delp_default", 1000, 0.1, 0.2, 0, 10),
        muscle(delp, "delp_pennate", 700, 0.05, 0.25, 0.35, 8, "<time_scale>0.08</time_scale>\n"),
    ]
    text = f"""<?xml version="1.0" encoding="UTF-8" ?>
<OpenSimDocument Version="40600">
<Model name="deprecated_muscles">
<gravity>0 0 0</gravity>
<Ground name="ground"></Ground>
<BodySet name="bodyset"><objects><Body name="block"><mass>1</mass><mass_center>0 0 0</mass_center>
<inertia>1 1 1 0 0 0</inertia></Body></objects></BodySet>
<JointSet name="jointset"><objects><SliderJoint name="slider">
<socket_parent_frame>/ground</socket_parent_frame><socket_child_frame>/bodyset/block</socket_child_frame>
<coordinates><Coordinate name="slide"></Coordinate></coordinates></SliderJoint></objects></JointSet>
<ForceSet name="forceset"><objects>
{"".join(muscles)}</objects></ForceSet>
</Model>
</OpenSimDocument>
"""
    file = os.path.join(HERE, "models", "deprecated_muscles.osim")
    with open(file, "w") as f:
        f.write(text)
    model = osim.Model(file)
    state = model.initSystem()
    slide = model.getCoordinateSet().get(0)
    tables = []
    for i in range(model.getMuscles().getSize()):
        mu = model.getMuscles().get(i)
        optimal, slack = mu.get_optimal_fiber_length(), mu.get_tendon_slack_length()
        rows, dynamics = [], []
        # Delp's muscle is not finished in OpenSim 4.6: nothing but its activation can be asked.
        delp_muscle = "Delp" in mu.getConcreteClassName()
        for along in () if delp_muscle else (0.45, 0.6, 0.8, 1.0, 1.2, 1.4):
            for activation in (0.05, 0.5, 1.0):
                for fiber in (0.9, 1.1):
                    length, speed = 1.02 * slack + along * optimal, 0.5 * optimal
                    slide.setValue(state, length)
                    slide.setSpeedValue(state, speed)
                    mu.setStateVariableValue(state, "activation", activation)
                    mu.setStateVariableValue(state, "fiber_length", fiber * along * optimal)
                    model.realizeAcceleration(state)
                    rows.append([length, speed, activation, mu.getFiberLength(state), mu.getPennationAngle(state),
                                 mu.getStateVariableDerivativeValue(state, "fiber_length"),
                                 mu.getActiveFiberForce(state), mu.getPassiveFiberForce(state),
                                 mu.getTendonForce(state), mu.getTendonLength(state)])
        for excitation, activation in ((1.0, 0.1), (0.02, 0.6), (0.5, 0.45)):
            mu.setStateVariableValue(state, "activation", activation)
            model.realizeVelocity(state)
            controls = model.updControls(state)
            mu.setControls(osim.Vector(1, excitation), controls)
            model.setControls(state, controls)
            model.realizeAcceleration(state)
            dynamics.append([excitation, activation, mu.getStateVariableDerivativeValue(state, "activation")])
        tables.append({"name": mu.getName(), "class": mu.getConcreteClassName(), "elastic_dynamic": rows,
                       "activation_dynamics": dynamics, "failed": []})
    data = {"format": "guywire-conformance/1", "model_file": "deprecated_muscles.osim", "coordinates": ["slide"],
            "bodies": ["block"], "markers": [], "paths": [], "poses": [], "muscle_tables": tables}
    with gzip.GzipFile(os.path.join(HERE, "data", "deprecated_muscles.json.gz"), "wb", mtime=0) as f:
        f.write(json.dumps(data).encode())


def initial():
    """Fibre lengths that OpenSim starts a motion from, on paths that move: [muscle, path, speed, activation, fibre]."""
    model = osim.Model(os.path.join(HERE, "models", "muscle_classes.osim"))
    state = model.initSystem()
    slide = model.getCoordinateSet().get(0)
    rows = []
    for i in range(model.getMuscles().getSize()):
        mu = model.getMuscles().get(i)
        if mu.getName() not in ("thelen_default", "thelen_odd", "thelen_long_tendon", "millard_default",
                                "millard_undamped", "dgf_default", "dgf_pennate", "dgf_damped"):
            continue
        optimal, slack = mu.get_optimal_fiber_length(), mu.get_tendon_slack_length()
        for along in (0.7, 0.9, 1.1, 1.3):
            for speed in (-1.0, -0.2, 0.3, 1.0):
                for activation in (0.1, 0.6):
                    slide.setValue(state, 1.02 * slack + along * optimal - 0.3)
                    slide.setSpeedValue(state, speed * optimal)
                    mu.setActivation(state, activation)
                    model.realizeVelocity(state)
                    mu.computeEquilibrium(state)
                    model.realizeVelocity(state)
                    rows.append([mu.getName(), mu.getLength(state), mu.getLengtheningSpeed(state), activation,
                                 mu.getFiberLength(state)])
    with open(os.path.join(HERE, "initial.json"), "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")


def strengths():
    """What OpenSim's static optimisation multiplies by activation: [muscle, path length, path speed, force].

    Asked with two fibre lengths in the state, which must not matter."""
    model = osim.Model(os.path.join(HERE, "models", "muscle_classes.osim"))
    state = model.initSystem()
    slide = model.getCoordinateSet().get(0)
    rows = []
    for i in range(model.getMuscles().getSize()):
        mu = model.getMuscles().get(i)
        optimal, slack = mu.get_optimal_fiber_length(), mu.get_tendon_slack_length()
        states = [mu.getStateVariableNames().get(k) for k in range(mu.getNumStateVariables())]
        fiber = next((name.split("/")[-1] for name in states if name.endswith("fiber_length")), None)
        for along in (-0.2, 0.1, 0.3, 0.45, 0.6, 0.8, 1.0, 1.2, 1.5):
            for speed in (-11.0, -3.0, -0.5, 0.0, 0.5, 4.0, 11.0):
                slide.setValue(state, slack + along * optimal - 0.3)
                slide.setSpeedValue(state, speed * optimal)
                found = []
                for length in (0.9, 1.2) if fiber else (1.0,):
                    if fiber:
                        mu.setStateVariableValue(state, fiber, length * optimal)
                    model.realizeVelocity(state)
                    found.append(mu.calcInextensibleTendonActiveFiberForce(state, 1.0))
                assert min(found) == max(found), (mu.getName(), found)
                rows.append([mu.getName(), mu.getLength(state), mu.getLengtheningSpeed(state), found[0]])
    with open(os.path.join(HERE, "strengths.json"), "w") as f:
        f.write("[\n" + ",\n".join(json.dumps(row) for row in rows) + "\n]\n")


if __name__ == "__main__":
    os.makedirs(os.path.join(HERE, "models"), exist_ok=True)
    os.makedirs(os.path.join(HERE, "data"), exist_ok=True)
    classes()
    deprecated()
    initial()
    strengths()
    subprocess.run([sys.executable, sys.argv[1], os.path.join(HERE, "models", "muscle_classes.osim"), "--seed", "1",
                    "--poses", "2", "--out", os.path.join(HERE, "data", "muscle_classes.json.gz")], check=True)
