#!/usr/bin/env python3
"""Writes meshes.osim, its mesh files, and meshes.json: contact of meshes, and what OpenSim 4.6 computes.

    pip install opensim numpy
    python make.py

Two bodies fly freely. A mesh of triangles and quadrilaterals (.obj), one of polygons (.obj), one of triangles without
common vertices (.stl) and one in XML (.vtp) press a half space, a sphere and each other. For every state and force the
generalised forces that this force alone makes are stored: inverse dynamics with it off minus with it on.
"""
import json
import math
import os
import struct

import numpy as np
import opensim as osim

HERE = os.path.dirname(os.path.abspath(__file__))


def ball(radii, rings, sectors):
    """Vertices and faces of an ellipsoid, quadrilaterals but for the caps."""
    points = [(0.0, radii[1], 0.0)]
    for i in range(1, rings):
        polar = math.pi * i / rings
        for j in range(sectors):
            turn = 2 * math.pi * j / sectors
            points.append((radii[0] * math.sin(polar) * math.cos(turn), radii[1] * math.cos(polar),
                           radii[2] * math.sin(polar) * math.sin(turn)))
    points.append((0.0, -radii[1], 0.0))
    at = lambda i, j: 1 + (i - 1) * sectors + j % sectors
    faces = [(0, at(1, j + 1), at(1, j)) for j in range(sectors)]
    for i in range(1, rings - 1):
        faces += [(at(i, j), at(i, j + 1), at(i + 1, j + 1), at(i + 1, j)) for j in range(sectors)]
    faces += [(len(points) - 1, at(rings - 1, j), at(rings - 1, j + 1)) for j in range(sectors)]
    return [tuple(round(x, 6) for x in p) for p in points], faces


def prism(corners, radius, height):
    """A prism whose ends are polygons."""
    points = []
    for y in (-height / 2, height / 2):
        points += [(round(radius * math.cos(2 * math.pi * k / corners), 6), y,
                    round(radius * math.sin(2 * math.pi * k / corners), 6)) for k in range(corners)]
    sides = [(k, corners + k, corners + (k + 1) % corners, (k + 1) % corners) for k in range(corners)]
    return points, [tuple(range(corners)), tuple(range(2 * corners - 1, corners - 1, -1))] + sides


def triangles(faces):
    return [(f[0], f[k], f[k + 1]) for f in faces for k in range(1, len(f) - 1)]


def write_obj(name, points, faces):
    with open(os.path.join(HERE, name), "w") as f:
        f.write("# made up\n")
        f.writelines("v %g %g %g\n" % p for p in points)
        f.writelines("f " + " ".join(f"{k + 1}//1" for k in face) + "\n" for face in faces)


def write_stl(name, points, faces):
    with open(os.path.join(HERE, name), "w") as f:
        f.write("solid block\n")
        for face in triangles(faces):
            f.write("facet normal 0 0 0\nouter loop\n")
            f.writelines("vertex %.9e %.9e %.9e\n" % points[k] for k in face)
            f.write("endloop\nendfacet\n")
        f.write("endsolid block\n")


def write_binary_stl(name, points, faces):
    with open(os.path.join(HERE, name), "wb") as f:
        listed = triangles(faces)
        f.write(b"made up".ljust(80) + struct.pack("<I", len(listed)))
        for face in listed:
            f.write(struct.pack("<12fH", 0, 0, 0, *(x for k in face for x in points[k]), 0))


def write_vtp(name, points, faces):
    ends = np.cumsum([len(face) for face in faces])
    with open(os.path.join(HERE, name), "w") as f:
        f.write('<?xml version="1.0"?>\n<VTKFile type="PolyData" version="0.1" byte_order="LittleEndian">\n<PolyData>\n'
                f'<Piece NumberOfPoints="{len(points)}" NumberOfVerts="0" NumberOfLines="0" NumberOfStrips="0" '
                f'NumberOfPolys="{len(faces)}">\n<PointData>\n</PointData>\n'
                '<Points>\n<DataArray type="Float32" NumberOfComponents="3" format="ascii">\n')
        f.writelines("%g %g %g\n" % p for p in points)
        f.write('</DataArray>\n</Points>\n<Polys>\n<DataArray type="Int32" Name="connectivity" format="ascii">\n')
        f.writelines(" ".join(map(str, face)) + "\n" for face in faces)
        f.write('</DataArray>\n<DataArray type="Int32" Name="offsets" format="ascii">\n')
        f.write(" ".join(map(str, ends)) + "\n</DataArray>\n</Polys>\n</Piece>\n</PolyData>\n</VTKFile>\n")


def parameters(geometry, stiffness, dissipation, friction):
    values = dict(zip(("static_friction", "dynamic_friction", "viscous_friction"), friction))
    inside = "".join(f"<{k}>{v}</{k}>" for k, v in values.items())
    return (f"<ElasticFoundationForce::ContactParameters><geometry>{geometry}</geometry><stiffness>{stiffness}</stiffness>"
            f"<dissipation>{dissipation}</dissipation>{inside}</ElasticFoundationForce::ContactParameters>\n")


def force(name, *sets):
    return (f'<ElasticFoundationForce name="{name}"><ElasticFoundationForce::ContactParametersSet name="contact_parameters">'
            f'<objects>\n{"".join(sets)}</objects></ElasticFoundationForce::ContactParametersSet>'
            "<transition_velocity>0.07</transition_velocity></ElasticFoundationForce>\n")


def surface(kind, name, frame, inside, location="0 0 0", orientation="0 0 0"):
    return (f'<{kind} name="{name}"><socket_frame>{frame}</socket_frame><location>{location}</location>'
            f"<orientation>{orientation}</orientation>{inside}</{kind}>\n")


def mesh(name, frame, file, location, orientation):
    return surface("ContactMesh", name, frame, f"<filename>{file}</filename>", location, orientation)


def write_model():
    body = lambda n: f'<Body name="{n}"><mass>1</mass><inertia>1 1 1 0 0 0</inertia></Body>\n'
    joint = lambda n: (f'<FreeJoint name="free_{n}"><socket_parent_frame>/ground</socket_parent_frame>'
                       f"<socket_child_frame>/bodyset/{n}</socket_child_frame><coordinates>"
                       + "".join(f'<Coordinate name="{n}_{k}"/>' for k in range(6)) + "</coordinates></FreeJoint>\n")
    geometry = "".join((
        surface("ContactHalfSpace", "floor", "/ground", "", "0 -0.1 0", "0 0 -1.5707963267948966"),
        surface("ContactSphere", "marble", "/bodyset/a", "<radius>0.12</radius>", "0.02 0.1 0"),
        mesh("ball", "/bodyset/a", "ball.obj", "0.05 -0.1 0", "0.1 0.2 0.3"),
        mesh("prism", "/bodyset/a", "prism.obj", "-0.1 -0.05 0.02", "0.3 -0.1 0.2"),
        mesh("block", "/bodyset/a", "block.stl", "0.02 0 0.1", "0.2 0.4 -0.3"),
        mesh("egg", "/bodyset/b", "egg.vtp", "0 0.03 0.05", "-0.2 0.1 0.3"),
        mesh("stone", "/bodyset/b", "stone.stl", "-0.05 -0.03 0", "0.5 0.1 -0.3")))
    forces = "".join((
        force("ball_on_floor", parameters("ball floor", 2e5, 0.4, (0.9, 0.6, 0.1))),
        force("prism_on_floor", parameters("prism", 1e5, 0.8, (0.5, 0.5, 0)), parameters("floor", 1, 0, (0, 0, 0))),
        force("egg_on_marble", parameters("egg marble", 3e5, 0.2, (0.3, 0.2, 0.5))),
        force("block_on_egg", parameters("block", 2e5, 0.5, (0.8, 0.4, 0)), parameters("egg", 1e5, 0.3, (0.6, 0.5, 0.2))),
        force("stone_and_all", parameters("stone ball floor", 1e5, 0.6, (0.8, 0.7, 0)))))
    with open(os.path.join(HERE, "meshes.osim"), "w") as f:
        f.write('<?xml version="1.0" encoding="UTF-8"?>\n<OpenSimDocument Version="40600">\n<Model name="meshes">\n'
                f"<BodySet><objects>\n{body('a')}{body('b')}</objects></BodySet>\n"
                f"<JointSet><objects>\n{joint('a')}{joint('b')}</objects></JointSet>\n"
                f"<ContactGeometrySet><objects>\n{geometry}</objects></ContactGeometrySet>\n"
                f"<ForceSet><objects>\n{forces}</objects></ForceSet>\n</Model>\n</OpenSimDocument>\n")


def main():
    write_obj("ball.obj", *ball((0.11, 0.12, 0.13), 9, 14))
    write_obj("prism.obj", *prism(7, 0.09, 0.16))
    write_stl("block.stl", *prism(4, 0.15, 0.2))
    write_vtp("egg.vtp", *ball((0.13, 0.17, 0.11), 12, 15))
    write_binary_stl("stone.stl", *ball((0.1, 0.12, 0.14), 8, 11))
    write_model()
    os.chdir(HERE)
    model = osim.Model("meshes.osim")
    state = model.initSystem()
    solver = osim.InverseDynamicsSolver(model)
    rng = np.random.default_rng(11)
    coordinates = [model.getCoordinateSet().get(i) for i in range(model.getCoordinateSet().getSize())]
    forces = [model.getForceSet().get(i) for i in range(model.getForceSet().getSize())]
    where = []
    for c in coordinates:
        for x in coordinates:
            x.setSpeedValue(state, 0.0)
        c.setSpeedValue(state, 1.0)
        where.append(int(np.flatnonzero(state.getU().to_numpy())[0]))
    zero = osim.Vector(state.getNU(), 0.0)
    out = {"coordinates": [c.getName() for c in coordinates], "forces": [f.getName() for f in forces],
           "controls": [], "control_names": [], "states": []}
    for _ in range(14):
        for c in coordinates:
            turns = c.getMotionType() != osim.Coordinate.Translational
            c.setValue(state, float(rng.uniform(-1, 1) * (1.0 if turns else 0.15)), False)
            c.setSpeedValue(state, float(rng.uniform(-1, 1)))
        row = {"q": [c.getValue(state) for c in coordinates], "u": [c.getSpeedValue(state) for c in coordinates],
               "tau": []}

        def solve(on):
            for f in forces:
                f.setAppliesForce(state, f is on)
            model.realizeVelocity(state)
            t = solver.solve(state, zero).to_numpy()
            return np.array([t[i] for i in where])
        rest = solve(None)
        for f in forces:
            row["tau"].append([float(x) for x in rest - solve(f)])
        out["states"].append(row)
    with open("meshes.json", "w") as f:
        f.write("{\n")
        f.write(",\n".join(f"{json.dumps(k)}: " + (json.dumps(v) if k != "states" else
                "[\n" + ",\n".join(json.dumps(s) for s in v) + "\n]") for k, v in out.items()))
        f.write("\n}\n")
    for k, name in enumerate(out["forces"]):
        print(name, [round(float(np.abs(s["tau"][k]).max()), 2) for s in out["states"]])


if __name__ == "__main__":
    main()
