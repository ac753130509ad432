"""Static optimisation of a public walk with Rajagopal's model without its wrap objects, by OpenSim 4.6.

pip install opensim; python statics.py rajagopal_walk OUT
The first argument is the folder of the reference data's tools. Writes the reserves and what OpenSim found, for
guywire-tools/tests/statics_conformance.rs. Without wrap objects OpenSim's paths are exact, so whatever differs then is
not for the lines of muscles over surfaces.
"""

import os
import shutil
import sys
import tempfile

import opensim as osim

WINDOW, CUTOFF, CRITERION = (0.8, 0.86), 6.0, 1e-7
RESERVE, RESIDUAL = 20, 100


def reserves(model, state):
    forces = osim.ForceSet()
    forces.setName("reserves")
    coordinates = model.getCoordinateSet()
    for i in range(coordinates.getSize()):
        coordinate = coordinates.get(i)
        if coordinate.isConstrained(state):
            continue
        actuator = osim.CoordinateActuator(coordinate.getName())
        actuator.setName(coordinate.getName() + "_reserve")
        actuator.setOptimalForce(RESIDUAL if coordinate.getName().startswith("pelvis") else RESERVE)
        actuator.setMinControl(float("-inf"))
        actuator.setMaxControl(float("inf"))
        forces.cloneAndAppend(actuator)
    return forces


def main():
    case, out = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    osim.Logger.setLevelString("error")
    folder = tempfile.mkdtemp()
    os.chdir(folder)
    model = osim.Model(f"{case}/results/subject_walk.osim")
    state = model.initSystem()
    reserves(model, state).printToXML(f"{out}/rajagopal_reserves.xml")
    for i in range(model.getMuscles().getSize()):
        path = osim.GeometryPath.safeDownCast(model.getMuscles().get(i).updPath())
        path.updWrapSet().clearAndDestroy()
    model.printToXML("model.osim")
    tool = osim.AnalyzeTool()
    tool.setName("rajagopal")
    tool.setModelFilename("model.osim")
    tool.setReplaceForceSet(False)
    actuators = osim.ArrayStr()
    actuators.append(f"{out}/rajagopal_reserves.xml")
    tool.setForceSetFiles(actuators)
    tool.setInitialTime(WINDOW[0])
    tool.setFinalTime(WINDOW[1])
    tool.setCoordinatesFileName(f"{case}/results/ik.mot")
    tool.setLowpassCutoffFrequency(CUTOFF)
    tool.setExternalLoadsFileName(f"{case}/inputs/external_loads.xml")
    tool.setSolveForEquilibrium(False)
    tool.setOutputPrecision(10)
    analysis = osim.StaticOptimization()
    analysis.setName("so")
    analysis.setStartTime(WINDOW[0])
    analysis.setEndTime(WINDOW[1])
    analysis.setConvergenceCriterion(CRITERION)
    analysis.setMaxIterations(2000)
    tool.updAnalysisSet().cloneAndAppend(analysis)
    tool.setResultsDir(folder)
    tool.printToXML("setup.xml")
    if not osim.AnalyzeTool("setup.xml").run():
        sys.exit("static optimisation failed")
    for table in ("activation", "force"):
        shutil.copy(f"rajagopal_so_{table}.sto", f"{out}/rajagopal_{table}.sto")


if __name__ == "__main__":
    main()
