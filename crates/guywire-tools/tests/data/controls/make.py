"""Values of controls.xml at times within and beyond its nodes, as OpenSim 4.6 reads them.

Usage: python make.py   (with the opensim wheel; writes values.csv)
"""

import pathlib

import opensim

here = pathlib.Path(__file__).parent
controls = opensim.ControlSet(str(here / "controls.xml"))
times = [-0.5, 0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 1.5]
with (here / "values.csv").open("w") as file:
    for k in range(controls.getSize()):
        control = controls.get(k)
        for time in times:
            file.write(f"{control.getName()},{time!r},{control.getControlValue(time)!r}\n")
