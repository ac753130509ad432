"""Every concrete class that OpenSim 4.6 registers for the parts of a model, by what it is.

pip install opensim; python classes.py > classes.csv
Read by guywire-osim/tests/classes.rs, which asks of each what the reader does with it.
"""

import opensim as osim

GROUPS = (
    ("joint", "Joint"), ("constraint", "Constraint"), ("muscle", "Muscle"), ("actuator", "Actuator"),
    ("force", "Force"), ("controller", "Controller"), ("probe", "Probe"), ("wrap object", "WrapObject"),
    ("path point", "AbstractPathPoint"), ("path", "AbstractGeometryPath"), ("function", "Function"),
    ("contact geometry", "ContactGeometry"), ("frame", "Frame"),
)


def main():
    names = osim.ArrayStr()
    osim.OpenSimObject.getRegisteredTypenames(names)
    rows = []
    for name in sorted(names.get(i) for i in range(names.getSize())):
        made = osim.OpenSimObject.newInstanceOfType(name)
        for group, base in GROUPS:
            try:
                found = getattr(osim, base).safeDownCast(made)
            except (AttributeError, TypeError):
                continue
            if found is not None:
                rows.append(f"{group},{name}")
                break
    print("\n".join(rows))


if __name__ == "__main__":
    main()
