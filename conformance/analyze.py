"""What OpenSim 4.6 says of the muscles of public models that move freely, by its AnalyzeTool.

pip install opensim; python analyze.py MODELS OUT
MODELS is the folder of the reference data's models. Twice for each model: from the states, activations and fibre lengths
included (`states`), and from the coordinates alone with fibres in equilibrium (`coordinates`). Writes the states to
OUT/MODEL.sto and OUT/muscles.json.gz: model, source, quantity -> columns and rows, for guywire-tools/tests/analyze.rs.
"""

import glob
import gzip
import json
import os
import sys
import tempfile

import forward
import opensim as osim

MODELS = ("gait2392_thelen2003muscle", "gait10dof18musc")
DURATION, ROWS = 0.2, 14


def read(path):
    head, body = open(path).read().split("endheader\n", 1)
    lines = [line.split() for line in body.split("\n") if line.strip()]
    return {"columns": lines[0][1:], "rows": [[float(v) for v in line] for line in lines[1:]]}


def write(path, name, columns, rows):
    with open(path, "w") as out:
        out.write(f"{name}\nversion=1\nnRows={len(rows)}\nnColumns={len(columns) + 1}\ninDegrees=no\nendheader\n")
        out.write("\t".join(["time"] + columns) + "\n")
        for row in rows:
            out.write("\t".join(f"{value:.12g}" for value in row) + "\n")


def motions(model, states, coordinates):
    """A free motion as states, and as coordinates alone."""
    forward.DURATION, forward.ROWS = DURATION, ROWS
    names, rows = forward.run(model)
    write(states, "States", names, rows)
    labels = [name.split("/") for name in names]
    chosen = [i for i, label in enumerate(labels) if label[-1] == "value"]
    write(coordinates, "Coordinates", [labels[i][-2] for i in chosen],
          [[row[0]] + [row[1 + i] for i in chosen] for row in rows])


def run(model, source, file):
    folder = tempfile.mkdtemp()
    equilibrium = "true" if source == "coordinates" else "false"
    setup = os.path.join(folder, "setup.xml")
    with open(setup, "w") as out:
        out.write(f"""<?xml version="1.0"?><OpenSimDocument Version="40600"><AnalyzeTool name="a">
<model_file>{model}</model_file><results_directory>{folder}</results_directory><output_precision>16</output_precision>
<initial_time>0</initial_time><final_time>{DURATION}</final_time>
<solve_for_equilibrium_for_auxiliary_states>{equilibrium}</solve_for_equilibrium_for_auxiliary_states>
<{source}_file>{file}</{source}_file>
<AnalysisSet><objects><MuscleAnalysis name="m"><muscle_list>all</muscle_list><compute_moments>false</compute_moments>
</MuscleAnalysis></objects></AnalysisSet></AnalyzeTool></OpenSimDocument>""")
    if not osim.AnalyzeTool(setup).run():
        sys.exit("the analysis failed")
    return {os.path.basename(f)[4:-4]: read(f) for f in sorted(glob.glob(os.path.join(folder, "a_m_*.sto")))}


def main():
    models, out = os.path.abspath(sys.argv[1]), os.path.abspath(sys.argv[2])
    osim.Logger.setLevelString("off")
    result = {}
    for name in MODELS:
        states, motion = os.path.join(out, name + ".sto"), os.path.join(tempfile.mkdtemp(), "motion.mot")
        model = os.path.join(models, name + ".osim")
        motions(model, states, motion)
        result[name] = {source: run(model, source, file) for source, file in (("states", states), ("coordinates", motion))}
    with gzip.GzipFile(os.path.join(out, "muscles.json.gz"), "wb", mtime=0) as f:
        f.write(json.dumps(result).encode())


if __name__ == "__main__":
    main()
