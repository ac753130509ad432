use super::*;
use crate::constraint::BodyPoint;
use crate::joint::{Axis, Joint, Law};
use crate::model::{Body, Coordinate, Coupler};
use guywire_math::{Function, Mat3, Pose};

fn body(name: &str) -> Body {
    Body { name: name.into(), mass: 1.0, center_of_mass: Vec3::zero(), inertia: Mat3::identity() }
}

fn coordinate(name: &str) -> Coordinate {
    Coordinate { name: name.into(), default: 0.0, range: None, locked: false }
}

fn at(x: f64, y: f64, z: f64) -> Pose<f64> {
    Pose { rotation: Mat3::euler_xyz(0.1 * x, -0.2, 0.3 * z), position: Vec3::new(x, y, z) }
}

/// A free trunk, a thigh on a reversed ball, a shank whose hinge also slides along a polynomial, a foot that follows
/// two coordinates, a hand on a hinge that nothing sees unless its marker is there.
fn model() -> Model {
    let function = Function::Polynomial(vec![0.2, 1.0, 0.1]);
    model_with(vec![Coupler { dependent: 10, terms: vec![(9, -0.5), (8, 0.3)], function }])
}

fn model_with(couplers: Vec<Coupler>) -> Model {
    let names =
        ["rx", "ry", "rz", "tx", "ty", "tz", "hip_x", "hip_y", "hip_z", "knee", "ankle", "elbow", "roll"];
    let mut coordinates: Vec<Coordinate> = names.iter().map(|n| coordinate(n)).collect();
    coordinates[12].locked = true;
    coordinates[12].default = 0.2;
    let weld = |name: &str, parent, child, p| Joint::weld(name, parent, child, p, at(0.0, 0.1, 0.0));
    let mut knee = weld("knee", 2, 3, at(0.0, -0.4, 0.05)).hinge(9);
    let bend = Function::Polynomial(vec![0.03, -0.02, 0.01]);
    knee.translations = vec![Axis::following([1.0, 0.2, 0.0], 9, bend)];
    let mut hip = weld("hip", 1, 2, at(0.0, -0.1, 0.1)).ball([6, 7, 8]);
    hip.reversed = true;
    let joints = vec![
        weld("root", 0, 1, at(0.0, 0.0, 0.0)).free([0, 1, 2], [3, 4, 5]),
        hip,
        knee,
        weld("ankle", 3, 4, at(0.0, -0.4, 0.0)).universal([10, 12]),
        weld("elbow", 1, 5, at(0.0, 0.3, 0.2)).hinge(11),
    ];
    let bodies = ["ground", "trunk", "thigh", "shank", "foot", "forearm"].map(body).to_vec();
    Model::new(bodies, joints, coordinates, couplers).unwrap()
}

fn markers() -> Vec<MarkerPoint> {
    let mut markers = Vec::new();
    for body in 1..6 {
        for k in 0..3 {
            let t = f64::from(body as u8 * 3 + k);
            let position = Vec3::new(0.1 * libm::sin(t), -0.2 * libm::cos(2.0 * t), 0.1 * libm::cos(3.0 * t));
            markers.push(MarkerPoint { body, position, weight: 1.0 + f64::from(k) });
        }
    }
    markers
}

fn pose(n: usize, size: f64) -> Vec<f64> {
    (0..n).map(|i| size * libm::sin(1.7 * i as f64 + 0.4)).collect()
}

/// Markers where the model has them at `q`, each off by up to `noise` (m).
fn observe(fit: &mut MarkerFit<'_>, q: &[f64], noise: f64) -> Vec<Option<Vec3<f64>>> {
    let nothing = vec![None; fit.markers.len()];
    fit.evaluate(&Frame { time: 0.0, observed: &nothing, targets: &vec![0.0; fit.targets.len()] }, q, 0.0);
    let wobble = |k: usize, s: f64| noise * libm::sin(s * (k + 1) as f64);
    fit.positions
        .iter()
        .enumerate()
        .map(|(k, p)| Some(*p + Vec3::new(wobble(k, 1.1), wobble(k, 2.3), wobble(k, 3.7))))
        .collect()
}

fn fit(model: &Model) -> MarkerFit<'_> {
    let targets = vec![
        CoordinateTarget { coordinate: 10, weight: 0.4 },
        CoordinateTarget { coordinate: 3, weight: 0.1 },
    ];
    MarkerFit::new(model, markers(), targets, FitSettings::default()).unwrap()
}

/// A moment of [`fit`], whose two targets are 0.3 rad and −0.2 m.
fn moment(observed: &[Option<Vec3<f64>>]) -> Frame<'_> {
    Frame { time: 0.0, observed, targets: &[0.3, -0.2] }
}

/// The gradient is the slope of the cost; the curvature is that of the gradient, but for the bending of the
/// driving functions, which is taken out by testing only coordinates without it.
#[test]
fn gradient_and_curvature_equal_finite_differences() {
    let model = model();
    let mut fit = fit(&model);
    let n = model.dof();
    let observed = observe(&mut fit, &pose(n, 0.3), 0.05);
    let frame = moment(&observed);
    let q = pose(n, 0.5);
    let weight = fit.look(&frame);
    fit.evaluate(&frame, &q, weight);
    fit.linearise(&frame);
    let (gradient, h) = (fit.normal.gradient.clone(), 1e-5);
    let hessian: Vec<f64> = fit.normal.gauss.iter().zip(&fit.normal.second).map(|(a, b)| a + b).collect();
    for i in 0..n {
        let mut gradients = Vec::new();
        let mut costs = Vec::new();
        for sign in [1.0, -1.0] {
            let mut moved = q.clone();
            moved[i] += sign * h;
            costs.push(fit.evaluate(&frame, &moved, weight));
            fit.linearise(&frame);
            gradients.push(fit.normal.gradient.clone());
        }
        let slope = (costs[0] - costs[1]) / (2.0 * h);
        assert!((slope - gradient[i]).abs() < 1e-9, "∂E/∂q{i}: {slope} {}", gradient[i]);
        // hip_z (8) and knee (9) bend functions.
        for j in (0..=i).filter(|j| ![8, 9].contains(&i) || ![8, 9].contains(j)) {
            let curvature = (gradients[0][j] - gradients[1][j]) / (2.0 * h);
            let ours = hessian[i * n + j];
            assert!((curvature - ours).abs() < 1e-8, "∂²E/∂q{i}∂q{j}: {curvature} {ours}");
        }
    }
}

/// From far starts and near ones the same optimum, to 1e-10.
#[test]
fn the_answer_does_not_remember_the_start() {
    let model = model();
    let mut fit = fit(&model);
    let n = model.dof();
    let observed = observe(&mut fit, &pose(n, 0.4), 0.03);
    let frame = moment(&observed);
    let mut answers: Vec<Vec<f64>> = Vec::new();
    for size in [0.4, 0.0, -0.3, 0.8] {
        let mut q = pose(n, size);
        let found = fit.solve(&frame, &mut q).unwrap();
        assert!(found.steps < 30, "{} steps", found.steps);
        answers.push(q);
    }
    for answer in &answers[1..] {
        for (a, b) in answers[0].iter().zip(answer) {
            assert!((a - b).abs() < 1e-10, "{a} {b}");
        }
    }
}

/// Where the markers are the model's own, the pose comes back.
#[test]
fn a_pose_comes_back_from_its_own_markers() {
    let model = model();
    let mut fit = MarkerFit::new(&model, markers(), vec![], FitSettings::default()).unwrap();
    let truth = pose(model.dof(), 0.6);
    let observed = observe(&mut fit, &truth, 0.0);
    let mut q = vec![0.0; model.dof()];
    let found = fit.solve(&Frame { time: 0.0, observed: &observed, targets: &[] }, &mut q).unwrap();
    assert!(found.cost < 1e-20);
    for (a, b) in q.iter().zip(&truth) {
        assert!((a - b).abs() < 1e-9, "{a} {b}");
    }
}

/// At a bound the cost may only fall outwards; inside it does not change (Karush–Kuhn–Tucker).
#[test]
fn bounds_hold_and_the_rest_is_optimal() {
    let model = model();
    let mut fit = fit(&model);
    let n = model.dof();
    let observed = observe(&mut fit, &pose(n, 0.4), 0.03);
    let frame = moment(&observed);
    for i in 6..10 {
        fit.set_bounds(i, -0.1, 0.1).unwrap();
    }
    fit.set_bounds(4, 0.05, 0.05).unwrap();
    let mut q = vec![0.0; n];
    fit.solve(&frame, &mut q).unwrap();
    fit.linearise(&frame);
    assert!((6..10).any(|i| q[i].abs() == 0.1));
    assert_eq!(q[4], 0.05);
    for i in (0..n).filter(|i| *i != 4) {
        let g = fit.normal.gradient[i];
        let on_bound = (6..10).contains(&i) && q[i].abs() == 0.1;
        assert!(if on_bound { g * q[i] < 0.0 } else { g.abs() < 1e-10 }, "coordinate {i}: {g} at {}", q[i]);
    }
}

/// A gap drops out of the sum; what nothing determines stays where it was.
#[test]
fn gaps_leave_the_rest_and_keep_what_nothing_shows() {
    let model = model();
    let mut fit = MarkerFit::new(&model, markers(), vec![], FitSettings::default()).unwrap();
    let n = model.dof();
    let truth = pose(n, 0.4);
    let mut observed = observe(&mut fit, &truth, 0.0);
    for (marker, seen) in fit.markers.clone().iter().zip(&mut observed) {
        if marker.body == 5 {
            *seen = None;
        }
    }
    observed[0] = None;
    let mut q = vec![0.0; n];
    let elbow = model.degree("elbow").unwrap();
    q[elbow] = 0.7;
    fit.solve(&Frame { time: 0.0, observed: &observed, targets: &[] }, &mut q).unwrap();
    assert!(!fit.determined()[elbow]);
    assert_eq!(q[elbow], 0.7);
    for i in (0..n).filter(|i| *i != elbow) {
        assert!((q[i] - truth[i]).abs() < 1e-9);
    }
    // Two markers of a body leave its turn about their line free: no NaN, the markers are met.
    for (k, seen) in observed.iter_mut().enumerate() {
        if k > 1 {
            *seen = None;
        }
    }
    observed[0] = observe(&mut fit, &truth, 0.0)[0];
    let found = fit.solve(&Frame { time: 0.0, observed: &observed, targets: &[] }, &mut q).unwrap();
    assert!(found.cost < 1e-20 && q.iter().all(|v| v.is_finite()));
    // Nothing at all.
    let before = q.clone();
    fit.solve(&Frame { time: 0.0, observed: &vec![None; 15], targets: &[] }, &mut q).unwrap();
    assert_eq!(q, before);
}

#[test]
fn wrong_input_is_refused() {
    let model = model();
    let bad = MarkerPoint { body: 9, position: Vec3::zero(), weight: 1.0 };
    let settings = FitSettings::default();
    assert!(MarkerFit::new(&model, vec![bad], vec![], settings).is_err());
    let mut fit = fit(&model);
    let mut q = vec![0.0; model.dof()];
    let seen = vec![Some(Vec3::new(f64::NAN, 0.0, 0.0)); 15];
    assert!(fit.solve(&Frame { time: 0.0, observed: &seen, targets: &[0.0; 2] }, &mut q).is_err());
    assert!(fit.solve(&Frame { time: 0.0, observed: &seen[..3], targets: &[0.0; 2] }, &mut q).is_err());
    assert!(fit.set_bounds(0, 1.0, 0.0).is_err());
}

/// A coordinate that follows another as a constraint and the same folded into the model: the same pose.
#[test]
fn constraints_equal_couplers() {
    let function = Function::Polynomial(vec![0.2, 1.0, 0.1]);
    let folded =
        model_with(vec![Coupler { dependent: 10, terms: vec![(9, 1.0)], function: function.clone() }]);
    let open = model_with(vec![]);
    let mut reference = MarkerFit::new(&folded, markers(), vec![], FitSettings::default()).unwrap();
    let observed = observe(&mut reference, &pose(folded.dof(), 0.4), 0.03);
    let frame = Frame { time: 0.0, observed: &observed, targets: &[] };
    let mut q = vec![0.0; folded.dof()];
    let best = reference.solve(&frame, &mut q).unwrap();
    let mut fit = MarkerFit::new(&open, markers(), vec![], FitSettings::default()).unwrap();
    fit.set_constraints(vec![Constraint::Coordinate { coordinate: 10, law: Law::Of([9], function) }]);
    let mut free = vec![0.0; open.dof()];
    let found = fit.solve(&frame, &mut free).unwrap();
    assert!((found.cost - best.cost).abs() < 1e-12);
    for (a, b) in reference.kinematics().coordinates.iter().zip(&fit.kinematics().coordinates) {
        assert!((a - b).abs() < 1e-8, "{a} {b}");
    }
}

/// A closed loop stays closed, also when its equation stands there twice, and along the loop the cost does not
/// change (Lagrange): its gradient lies in the span of the constraint's rows.
#[test]
fn a_loop_stays_closed() {
    let model = model();
    let mut fit = MarkerFit::new(&model, markers(), vec![], FitSettings::default()).unwrap();
    let n = model.dof();
    let truth = pose(n, 0.4);
    let observed = observe(&mut fit, &truth, 0.03);
    let hand = BodyPoint { body: 5, position: Vec3::new(0.0, -0.2, 0.05) };
    let in_ground = fit.kinematics.bodies[5].point(hand.position);
    let knee = BodyPoint { body: 3, position: fit.kinematics.bodies[3].inverse_point(in_ground) };
    let point = Constraint::Point(hand, knee);
    fit.set_constraints(vec![point.clone(), point.clone()]);
    let frame = Frame { time: 0.0, observed: &observed, targets: &[] };
    let mut q = vec![0.0; n];
    fit.solve(&frame, &mut q).unwrap();
    let mut rows = vec![0.0; 3 * n];
    point.add_rows(&model, fit.kinematics(), &mut rows);
    point.errors(fit.kinematics(), 0.0, |e| assert!(e.abs() < 1e-10));
    let gradient: Vec<f64> = (0..n)
        .map(|i| {
            let mut at = |h: f64| {
                let mut moved = q.clone();
                moved[i] += h;
                fit.cost(&frame, &moved).unwrap()
            };
            (at(1e-5) - at(-1e-5)) / 2e-5
        })
        .collect();
    assert!(gradient.iter().any(|g| g.abs() > 1e-4), "the loop pulls");
    let bases = guywire_math::linalg::row_and_null_space(&rows, n);
    for free in bases.rows.chunks_exact(n).skip(bases.rank) {
        let slope: f64 = free.iter().zip(&gradient).map(|(a, b)| a * b).sum();
        assert!(slope.abs() < 1e-8, "{slope}");
    }
}
