#!/usr/bin/env python3
"""Static poses of OpenSim's marker placer at a tight accuracy.

    pip install opensim numpy
    python static_pose.py CONFORMANCE/tools > static_pose_tight.csv

OpenSim's ScaleTool poses the model at an accuracy of 1e-4, which leaves coordinates up to 2 rad from the optimum.
This poses the same model on the same averaged markers with the same weights at 1e-9 (its solver on its own), so
that a reimplementation has an optimum to compare with. At 1e-4 it gives the pose that ScaleTool writes.
"""
import os
import sys

import opensim as osim

ACCURACY = 1e-9
CASES = [
    ("gait2392_subject01", "setup_scale_subject01.xml", "subject01_scaled_only.osim", "subject01"),
    ("rajagopal_walk", "setup_scale_subject_walk_step1.xml", "subject_walk_step1_scaled_only.osim", "subject_walk_step1"),
    ("rajagopal_walk", "setup_scale_subject_walk.xml", "subject_walk_step1.osim", "subject_walk"),
]


def static_frame(trial, window):
    """The mean of all frames in the window, in metres, as a table of one row."""
    table = osim.TimeSeriesTableVec3(trial)
    times = list(table.getIndependentColumn())
    start, end = max(window.get(0), times[0]), min(window.get(1), times[-1])
    mean = table.averageRow(start, end)
    metres = 0.001 if table.getTableMetaDataString("Units") == "mm" else 1.0
    labels = list(table.getColumnLabels())
    row = osim.RowVectorVec3(len(labels))
    for i in range(len(labels)):
        row[i] = osim.Vec3(*(mean[i][k] * metres for k in range(3)))
    out = osim.TimeSeriesTableVec3()
    out.setColumnLabels(labels)
    out.appendRow(start, row)
    out.addTableMetaDataString("Units", "m")
    return out, start


def pose(setup, model_file):
    tool = osim.ScaleTool(setup)
    placer = tool.getMarkerPlacer()
    model = osim.Model(model_file)
    state = model.initSystem()
    table, start = static_frame(placer.getMarkerFileName(), placer.getTimeRange())
    weights, targets = osim.SetMarkerWeights(), osim.SimTKArrayCoordinateReference()
    tasks = placer.getIKTaskSet()
    for i in range(tasks.getSize()):
        task = tasks.get(i)
        if not task.getApply():
            continue
        coordinate = osim.IKCoordinateTask.safeDownCast(task)
        if coordinate:
            manual = coordinate.getValueType() == 1
            default = model.getCoordinateSet().get(task.getName()).getDefaultValue()
            value = osim.Constant(coordinate.getValue() if manual else default)
            target = osim.CoordinateReference(task.getName(), value)
            target.setWeight(task.getWeight())
            targets.push_back(target)
        else:
            weights.cloneAndAppend(osim.MarkerWeight(task.getName(), task.getWeight()))
    markers = osim.MarkersReference(table, weights)
    solver = osim.InverseKinematicsSolver(model, markers, targets, float("inf"))
    solver.setAccuracy(ACCURACY)
    state.setTime(start)
    solver.assemble(state)
    for _ in range(5):
        solver.track(state)
    coordinates = model.getCoordinateSet()
    return [(c.getName(), c.getValue(state)) for c in (coordinates.get(i) for i in range(coordinates.getSize()))]


osim.Logger.setLevelString("error")
print("model,coordinate,value")
for case, setup, model, name in CASES:
    os.chdir(os.path.join(sys.argv[1], case))
    for coordinate, value in pose(setup, os.path.join("results", model)):
        print("%s,%s,%r" % (name, coordinate, value))
