"""States of public models moving freely for 0.2 s, by OpenSim 4.6 at a tight accuracy.

pip install opensim; python forward.py MODEL.osim OUT.sto [--without-wraps]
Writes the table that guywire-tools/tests/fd_conformance.rs compares with: from rest in the default pose but knees bent
by 0.4 rad, activations 0.05, fibres in equilibrium, and constant controls that differ from muscle to muscle. At this
accuracy OpenSim's states are good to about 1e-5 rad/s.
"""

import sys

import opensim as osim

ACCURACY, DURATION, ROWS = 1e-9, 0.2, 4


def control(index):
    return 0.02 + 0.03 * ((7 * index) % 10)


def run(path, accuracy=ACCURACY, wraps=True):
    osim.Logger.setLevelString("error")
    model = osim.Model(path)
    brain = osim.PrescribedController()
    brain.setName("brain")
    model.finalizeConnections()
    muscles = model.getMuscles()
    for i in range(0 if wraps else muscles.getSize()):
        osim.GeometryPath.safeDownCast(muscles.get(i).updPath()).updWrapSet().clearAndDestroy()
    for i in range(muscles.getSize()):
        brain.addActuator(muscles.get(i))
    model.initSystem()
    for i in range(muscles.getSize()):
        brain.prescribeControlForActuator(muscles.get(i).getName(), osim.Constant(control(i)))
    model.addController(brain)
    state = model.initSystem()
    for i in range(model.getCoordinateSet().getSize()):
        coordinate = model.getCoordinateSet().get(i)
        if coordinate.getName().startswith("knee_angle"):
            coordinate.setValue(state, -0.4)
    for i in range(muscles.getSize()):
        muscles.get(i).setActivation(state, 0.05)
    model.equilibrateMuscles(state)
    manager = osim.Manager(model)
    manager.setIntegratorMethod(osim.Manager.IntegratorMethod_RungeKuttaMerson)
    manager.setIntegratorAccuracy(accuracy)
    manager.setWriteToStorage(False)
    manager.setPerformAnalyses(False)
    manager.initialize(state)
    names = [model.getStateVariableNames().get(i) for i in range(model.getNumStateVariables())]

    def row(s):
        values = model.getStateVariableValues(s)
        return [s.getTime()] + [values.get(i) for i in range(values.size())]

    rows = [row(state)]
    for k in range(1, ROWS + 1):
        rows.append(row(manager.integrate(DURATION * k / ROWS)))
    return names, rows


def main():
    names, rows = run(sys.argv[1], wraps="--without-wraps" not in sys.argv)
    with open(sys.argv[2], "w") as out:
        out.write(f"States\nversion=1\nnRows={len(rows)}\nnColumns={len(names) + 1}\ninDegrees=no\nendheader\n")
        out.write("\t".join(["time"] + names) + "\n")
        for values in rows:
            out.write("\t".join(f"{value:.10g}" for value in values) + "\n")


if __name__ == "__main__":
    main()
