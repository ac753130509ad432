"""Times of other engines for the work that guywire is compared on; prints one JSON object.

    python conformance/peers.py {opensim,mujoco,pinocchio} FOLDER

FOLDER is the folder of reference data with `models/` and `tools/` (`GUYWIRE_SHARED/conformance`). `cargo xtask peers`
makes the environment, calls this in turn with guywire's own timings on the same machine, and writes the ratios.
Keys are the works' names, values milliseconds a pose, frame or run: the median over many.
"""

import contextlib
import json
import os
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path

SEED = 1


def median_ms(work, times):
    spent = []
    for argument in times:
        start = time.perf_counter()
        work(argument)
        spent.append((time.perf_counter() - start) * 1e3)
    return statistics.median(spent)


def random_poses(coordinates, count):
    """Values in the middle 80 % of each range, as the reference data takes them."""
    generator = random.Random(SEED)
    poses = []
    for _ in range(count):
        pose = []
        for low, high in coordinates:
            low, high = max(low, -3.1), min(high, 3.1)
            middle, half = 0.5 * (low + high), 0.4 * (high - low)
            pose.append(middle + half * generator.uniform(-1.0, 1.0))
        poses.append(pose)
    return poses


# ---- OpenSim ----------------------------------------------------------------------------------------


def opensim_lengths(osim, path, poses, arm_poses):
    model = osim.Model(str(path))
    state = model.initSystem()
    coordinates = [c for c in model.getCoordinateSet()]
    ranges = [(c.getRangeMin(), c.getRangeMax()) for c in coordinates]
    vectors = []
    for pose in random_poses(ranges, poses):
        for coordinate, value in zip(coordinates, pose):
            if not coordinate.getLocked(state):
                coordinate.setValue(state, value, False)
        model.assemble(state)
        vectors.append(osim.Vector(state.getQ()))
    muscles = [m for m in model.getMuscles()]

    def lengths(q):
        state.setQ(q)
        model.realizePosition(state)
        for muscle in muscles:
            muscle.getLength(state)

    def arms(q):
        state.setQ(q)
        model.realizePosition(state)
        for muscle in muscles:
            for coordinate in coordinates:
                muscle.computeMomentArm(state, coordinate)

    lengths(vectors[0])
    return median_ms(lengths, vectors), median_ms(arms, vectors[:arm_poses])


def opensim_dynamics(osim, path):
    """Inverse dynamics of one frame, forces off."""
    model = osim.Model(str(path))
    state = model.initSystem()
    for force in model.getForceSet():
        force.setAppliesForce(state, False)
    solver = osim.InverseDynamicsSolver(model)
    coordinates = [c for c in model.getCoordinateSet()]
    vectors = []
    for pose in random_poses([(c.getRangeMin(), c.getRangeMax()) for c in coordinates], 200):
        for coordinate, value in zip(coordinates, pose):
            if not coordinate.getLocked(state):
                coordinate.setValue(state, value, False)
        vectors.append(osim.Vector(state.getQ()))
    udot = osim.Vector(state.getNU(), 0.5)

    def one(q):
        state.setQ(q)
        solver.solve(state, udot)

    one(vectors[0])
    return median_ms(one, vectors)


def timed_run(run):
    start = time.perf_counter()
    run()
    return (time.perf_counter() - start) * 1e3


def opensim_tool(osim, tool_class, setup, folder, prepare=lambda tool: None):
    """One run of a tool by its setup file, results in a scratch folder."""
    with contextlib.chdir(folder):
        tool = tool_class(setup)
        prepare(tool)
        return timed_run(tool.run)


def opensim_peer(folder):
    import opensim as osim

    osim.Logger.setLevelString("Off")
    models, tools = folder / "models", folder / "tools"
    gait, rajagopal = models / "gait2392_thelen2003muscle.osim", models / "Rajagopal2016.osim"
    found = {}

    def load(path):
        osim.Model(str(path)).initSystem()

    found["load Rajagopal2016"] = median_ms(load, [rajagopal] * 5)
    for name, path in [("gait2392", gait), ("Rajagopal2016", rajagopal)]:
        lengths, arms = opensim_lengths(osim, path, 100, 5)
        found[f"lengths {name}"] = lengths
        found[f"moment arms {name}"] = arms
    found["inverse dynamics gait2392"] = opensim_dynamics(osim, gait)

    with tempfile.TemporaryDirectory() as scratch:
        scratch = Path(scratch)
        case = tools / "gait2392_subject01"
        (scratch / "models").symlink_to(models)

        def linked(case):
            """A folder of links to a case's files, for tools that write beside their setup."""
            work = scratch / "tools" / case.name
            for part in ["inputs", "results"]:
                (work / part).mkdir(parents=True)
                for file in (case / part).iterdir():
                    (work / part / file.name).symlink_to(file)
            for file in case.glob("*.xml"):
                (work / file.name).symlink_to(file)
            return work

        work, other = linked(case), linked(tools / "rajagopal_walk")

        def frames(table, start, end):
            return sum(start - 1e-9 <= t <= end + 1e-9 for t in times_of(table))

        def elsewhere(tool):
            # The symbolic links lead to the reference results, which must not be written.
            if hasattr(tool, "setResultsDir"):
                tool.setResultsDir(str(scratch / "out"))
            if hasattr(tool, "setOutputMotionFileName"):
                tool.setOutputMotionFileName(str(scratch / "ik.mot"))

        def per_frame(key, cls, setup, where, table, start, end):
            spent = opensim_tool(osim, cls, setup, where, elsewhere)
            found[key] = spent / frames(where / table, start, end)

        ik = osim.InverseKinematicsTool
        per_frame("inverse kinematics gait2392", ik, "setup_ik.xml", work, "results/ik.mot", 0.4, 1.6)
        per_frame("inverse kinematics Rajagopal2016", ik, "setup_ik.xml", other, "results/ik.mot", 0.45, 1.8)

        def so(tool):
            elsewhere(tool)
            tool.setStartTime(0.6)
            tool.setFinalTime(0.9)

        spent = opensim_tool(osim, osim.AnalyzeTool, "setup_so.xml", work, so)
        found["static optimisation gait2392"] = spent / len(times_of(case / "results/so_so_force.sto"))
        spent = opensim_tool(osim, osim.AnalyzeTool, "setup_jr_ground.xml", work, elsewhere)
        found["joint reactions gait2392"] = spent / len(times_of(case / "results/jr_ground_jr_ReactionLoads.sto"))

        def whole():
            scale = osim.ScaleTool("setup_scale_subject01.xml")
            scale.run()
            for cls, setup in [
                (ik, "setup_ik.xml"),
                (osim.InverseDynamicsTool, "setup_id.xml"),
                (osim.AnalyzeTool, "setup_so.xml"),
                (osim.AnalyzeTool, "setup_jr_ground.xml"),
            ]:
                tool = cls(setup)
                elsewhere(tool)
                tool.run()

        # Scaling writes beside its inputs: on copies, not on links.
        for file in (work / "results").iterdir():
            content = file.read_bytes()
            file.unlink()
            file.write_bytes(content)
        with contextlib.chdir(work):
            found["whole walk gait2392"] = timed_run(whole)
        found["forward 0.2 s gait2392"] = opensim_forward(osim, case)
    return found


def opensim_forward(osim, case):
    """0.2 s forward from the first state of the walk, all muscles at 0.05, elastic tendons, default accuracy."""
    model = osim.Model(str(case / "results" / "subject01.osim"))
    for muscle in model.getMuscles():
        thelen = osim.Thelen2003Muscle.safeDownCast(muscle)
        if thelen is not None:
            thelen.setDefaultActivation(0.05)
    brain = osim.PrescribedController()
    for muscle in model.getMuscles():
        brain.addActuator(muscle)
        brain.prescribeControlForActuator(muscle.getName(), osim.Constant(0.05))
    model.addController(brain)
    state = model.initSystem()
    model.equilibrateMuscles(state)
    manager = osim.Manager(model)
    manager.setIntegratorAccuracy(1e-5)
    manager.initialize(state)
    return timed_run(lambda: manager.integrate(0.2))


def times_of(path):
    """The time column of a table file."""
    lines = path.read_text().splitlines()
    first = next(k for k, line in enumerate(lines) if line.strip() == "endheader") + 2
    return [float(line.split()[0]) for line in lines[first:] if line.strip()]


# ---- MuJoCo -----------------------------------------------------------------------------------------


def mujoco_peer(_folder):
    import mujoco
    import myo_sim
    import numpy

    found = {}
    generator = numpy.random.default_rng(SEED)
    for name, key in [("myolegs", "legs"), ("myofullbody", "full body")]:
        model = myo_sim.load_model(name)
        data = mujoco.MjData(model)
        ranges = model.jnt_range
        poses = []
        for _ in range(200):
            q = data.qpos.copy()
            for joint in range(model.njnt):
                if model.jnt_limited[joint]:
                    low, high = ranges[joint]
                    q[model.jnt_qposadr[joint]] = generator.uniform(0.9 * low + 0.1 * high, 0.1 * low + 0.9 * high)
            poses.append(q)

        def one(q):
            data.qpos[:] = q
            mujoco.mj_kinematics(model, data)
            mujoco.mj_comPos(model, data)
            mujoco.mj_tendon(model, data)
            mujoco.mj_transmission(model, data)

        one(poses[0])
        spent = median_ms(one, poses)
        found[f"lengths and moment arms, {key}"] = spent
        found[f"muscles, {key}"] = int(model.nu)
    return found


# ---- Pinocchio --------------------------------------------------------------------------------------


def pinocchio_peer(folder):
    """Inverse dynamics of a tree of hinges and sliders with as many coordinates as the model has."""
    import numpy
    import opensim as osim
    import pinocchio as pin

    osim.Logger.setLevelString("Off")
    found = {}
    for name in ["gait2392_thelen2003muscle", "Rajagopal2016"]:
        described = osim.Model(str(folder / "models" / f"{name}.osim"))
        described.initSystem()
        model = pin.Model()
        carriers = {"ground": 0}
        for joint in described.getJointSet():
            parent = joint.getParentFrame().findBaseFrame().getName()
            child = joint.getChildFrame().findBaseFrame().getName()
            count = joint.numCoordinates()
            last = carriers.get(parent, 0)
            body = osim.Body.safeDownCast(joint.getChildFrame().findBaseFrame())
            place = pin.SE3(numpy.eye(3), numpy.array([0.02, -0.3, 0.05]))
            for k in range(count):
                kind = joint.get_coordinates(k).getMotionType()
                axes = [pin.JointModelRX, pin.JointModelRY, pin.JointModelRZ]
                slides = [pin.JointModelPX, pin.JointModelPY, pin.JointModelPZ]
                choice = (slides if kind == 2 else axes)[k % 3]()
                last = model.addJoint(last, choice, place if k == 0 else pin.SE3.Identity(), f"{child}_{k}")
            mass = max(body.getMass(), 1e-3)
            inertia = pin.Inertia(mass, numpy.array([0.0, -0.1, 0.0]), numpy.diag([0.1, 0.1, 0.1]) * mass)
            model.appendBodyToJoint(last, inertia, pin.SE3.Identity())
            carriers[child] = last
        data = model.createData()
        generator = numpy.random.default_rng(SEED)
        frames = [tuple(generator.uniform(-1.0, 1.0, model.nv) for _ in range(3)) for _ in range(2000)]
        # Through Python one call is timed with the binding's overhead, about a microsecond.
        found[f"inverse dynamics, {model.nv} degrees of freedom"] = median_ms(
            lambda frame: pin.rnea(model, data, *frame), frames
        )
    return found


def main():
    peer, folder = sys.argv[1], Path(sys.argv[2]).resolve()
    sys.stdout.flush()
    # The engines print to standard output; only the result belongs there.
    keep = os.dup(1)
    os.dup2(2, 1)
    found = {"opensim": opensim_peer, "mujoco": mujoco_peer, "pinocchio": pinocchio_peer}[peer](folder)
    os.dup2(keep, 1)
    print(json.dumps(found, indent=1))


if __name__ == "__main__":
    main()
