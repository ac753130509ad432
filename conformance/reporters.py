"""What OpenSim 4.6 reports of forces, actuators and states: ForceReporter, Actuation, StatesReporter.

pip install opensim; python reporters.py MODELS OUT
MODELS is the folder of the reference data's models. Two of them, without wrap objects, move freely (`forward.py`); `forces/forces.osim`, every
force class on a small model, is put into states that have nothing to do with each other, with actuators driven by a file
of controls that the setup names. Writes the states to OUT/NAME.sto, the controls to OUT/forces_controls.sto and
OUT/reporters.json.gz: model, file -> columns and rows, for guywire-tools/tests/reporters.rs.
"""

import glob
import gzip
import json
import math
import os
import sys
import tempfile

import analyze
import forward
import opensim as osim

HERE = os.path.dirname(os.path.abspath(__file__))
MODELS = ("arm26", "gait2392_thelen2003muscle")
END, ROWS = 0.05, 3


def reactions(model, states):
    """Joint reactions by states alone: muscles act as the states say."""
    folder = tempfile.mkdtemp()
    setup = os.path.join(folder, "setup.xml")
    with open(setup, "w") as out:
        out.write(f"""<?xml version="1.0"?><OpenSimDocument Version="40600"><AnalyzeTool name="a">
<model_file>{model}</model_file><results_directory>{folder}</results_directory><output_precision>16</output_precision>
<initial_time>0</initial_time><final_time>{END}</final_time><states_file>{states}</states_file>
<AnalysisSet><objects><JointReaction name="j"><joint_names>ALL</joint_names></JointReaction></objects></AnalysisSet>
</AnalyzeTool></OpenSimDocument>""")
    if not osim.AnalyzeTool(setup).run():
        sys.exit("the analysis failed")
    return analyze.read(glob.glob(os.path.join(folder, "a_*.sto"))[0])


def states_of_forces(path):
    """Every state swings at its own pace, speeds regardless of values."""
    model = osim.Model(path)
    model.initSystem()
    names = [model.getStateVariableNames().get(i) for i in range(model.getNumStateVariables())]
    row = lambda t: [0.35 * math.sin(40 * t + 1.7 * k + 0.3 * k * k) for k in range(len(names))]
    return names, [[t] + row(t) for t in [END * k / ROWS for k in range(ROWS + 1)]]


def run(model, states, controls=None):
    folder = tempfile.mkdtemp()
    setup = os.path.join(folder, "setup.xml")
    driven = ""
    if controls:
        driven = f"""<ControllerSet><objects><ControlSetController name="c"><controls_file>{controls}</controls_file>
</ControlSetController></objects></ControllerSet>"""
    with open(setup, "w") as out:
        out.write(f"""<?xml version="1.0"?><OpenSimDocument Version="40600"><AnalyzeTool name="a">
<model_file>{model}</model_file><results_directory>{folder}</results_directory><output_precision>16</output_precision>
<initial_time>0</initial_time><final_time>{END}</final_time><states_file>{states}</states_file>{driven}
<AnalysisSet><objects><ForceReporter name="f"/><Actuation name="u"/><StatesReporter name="s"/></objects></AnalysisSet>
</AnalyzeTool></OpenSimDocument>""")
    if not osim.AnalyzeTool(setup).run():
        sys.exit("the analysis failed")
    return {os.path.basename(f)[2:-4]: analyze.read(f) for f in sorted(glob.glob(os.path.join(folder, "a_*.sto")))}


def without_wraps(path):
    """The same without wrapping, which OpenSim's paths do approximately."""
    model = osim.Model(path)
    model.finalizeConnections()
    muscles = model.getMuscles()
    for i in range(muscles.getSize()):
        osim.GeometryPath.safeDownCast(muscles.get(i).updPath()).updWrapSet().clearAndDestroy()
    copy = os.path.join(tempfile.mkdtemp(), os.path.basename(path))
    model.printToXML(copy)
    return copy


def without_body_actuators(path):
    """The same with actuators of one control only, so that Actuation can be asked."""
    model = osim.Model(path)
    forces = model.updForceSet()
    for i in reversed(range(forces.getSize())):
        if forces.get(i).getConcreteClassName() == "BodyActuator":
            forces.remove(i)
    model.finalizeConnections()
    copy = os.path.join(tempfile.mkdtemp(), "forces.osim")
    model.printToXML(copy)
    return copy


def sole_and_tube(path):
    """A free body with points of a sole on the ground, and a braided tube from ground to it."""
    model, keep = osim.Model(), []
    model.setName("sole_and_tube")
    body = osim.Body("foot", 1.3, osim.Vec3(0.02, -0.01, 0.03), osim.Inertia(0.1, 0.12, 0.09, 0, 0, 0))
    model.addBody(body)
    joint = osim.FreeJoint("free", model.getGround(), body)
    model.addJoint(joint)
    for k, (x, z) in enumerate(((0.1, 0.05), (-0.12, 0.02), (0.03, -0.06))):
        station = osim.Station(body, osim.Vec3(x, -0.05 + 0.04 * k, z))
        station.setName(f"point_{k}")
        body.addComponent(station)
        force = osim.MeyerFregly2016Force()
        force.setName(f"sole_{k}")
        force.set_stiffness(2e4 + 500 * k)
        force.set_spring_resting_length(0.01 * k)
        force.set_dynamic_friction(0.7)
        force.connectSocket_station(station)
        model.addForce(force)
        keep.extend([station, force])
    tube = osim.McKibbenActuator("tube", 1.6, 0.3)
    tube.set_cord_length(0.08)
    tube.addNewPathPoint("p", model.getGround(), osim.Vec3(0.1, 0.5, 0.2))
    tube.addNewPathPoint("q", body, osim.Vec3(0.02, 0.03, 0.01))
    model.addForce(tube)
    model.finalizeConnections()
    model.printToXML(path)


def main():
    models, out = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    osim.Logger.setLevelString("off")
    forward.DURATION, forward.ROWS = END, ROWS
    result = {}
    for name in MODELS:
        model, states = without_wraps(os.path.join(models, name + ".osim")), os.path.join(out, name + ".sto")
        analyze.write(states, "States", *forward.run(model))
        result[name] = run(model, states)
    # More rows, so that the slopes of the positions are the speeds.
    forward.ROWS = 12
    model, states = without_wraps(os.path.join(models, "arm26.osim")), os.path.join(out, "arm26_fine.sto")
    analyze.write(states, "States", *forward.run(model))
    reacted = reactions(model, states)
    model, states = os.path.join(HERE, "forces", "forces.osim"), os.path.join(out, "forces.sto")
    controls = os.path.join(out, "forces_controls.sto")
    analyze.write(states, "States", *states_of_forces(model))
    driven = ["path_actuator", "point_actuator_pair", "point_actuator", "point_actuator_global", "torque_global",
              "torque_local", "coordinate_actuator"]
    times = [END * k / ROWS for k in range(ROWS + 1)]
    rows = [[t] + [0.2 + 0.1 * k + 3 * t * (k - 2) for k in range(len(driven))] for t in times]
    analyze.write(controls, "controls", driven, rows)
    copy = without_body_actuators(model)
    result["forces"] = run(copy, states, controls)
    model, states = os.path.join(out, "sole_and_tube.osim"), os.path.join(out, "sole_and_tube.sto")
    sole_and_tube(model)
    analyze.write(states, "States", *states_of_forces(model))
    controls = os.path.join(out, "sole_and_tube_controls.sto")
    analyze.write(controls, "controls", ["tube"], [[t, 3e4 + 1e6 * t] for t in times])
    result["sole_and_tube"] = run(model, states, controls)
    with gzip.GzipFile(os.path.join(out, "reporters.json.gz"), "wb", mtime=0) as f:
        f.write(json.dumps(result).encode())
    with open(os.path.join(out, "arm26_reactions.json"), "w") as f:
        json.dump(reacted, f, indent=0)
        f.write("\n")


if __name__ == "__main__":
    main()
