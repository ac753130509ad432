"""Prints model.osim, whose sets are in files of their own, as OpenSim 4.6 reads it: in one file, every default spelled out,
without comments and looks.

Usage: python make.py   (with the opensim wheel; writes printed.osim)
"""

import pathlib
import re

import opensim

here = pathlib.Path(__file__).parent
model = opensim.Model(str(here / "model.osim"))
model.initSystem()
for part in (model.updBodySet(), model.updForceSet(), model.updMarkerSet()):
    part.setInlined(True)
opensim.OpenSimObject.setSerializeAllDefaults(True)
model.printToXML(str(here / "printed.osim"))
text = (here / "printed.osim").read_text()
for part in (r"<!--.*?-->", *(rf"<{name}\b.*?</{name}>" for name in ("ModelVisualPreferences", "attached_geometry"))):
    text = re.sub(r"\s*" + part, "", text, flags=re.DOTALL)
(here / "printed.osim").write_text(text)
