//! What moves a model's degrees of freedom: muscles, motors, or nothing.

use super::super::{BodyError, Role};
use super::spine::{self, Rhythm};
use super::{ForeignError, listed};
use guywire_engine::{Actuator, Kinematics, Model, System};
use guywire_math::RowSpace;
use guywire_osim::Description;
use guywire_osim::description::ForceKind;
use std::collections::BTreeMap;

/// Moment at full activation below which no muscle moves a joint, N·m (N along a slide): assumed.
const MOVES: f64 = 1.0;
/// Share of the moment one way that muscles must have the other way to hold a joint between them: assumed.
const BOTH_WAYS: f64 = 0.1;
/// Turn of every degree of freedom at which moment arms are looked at besides the default pose, rad: assumed.
const ELSEWHERE: f64 = 0.2;
/// Turn of every degree of freedom away from the default pose at which it is told what constraints leave free, rad:
/// assumed. At a symmetric pose more seems to follow than elsewhere.
const APART: f64 = 0.03;
/// Share of a degree of freedom that constraints must leave free for it not to follow others: assumed.
const FREE: f64 = 1e-6;
/// What holds a part that nothing moves costs next to nothing, N·m.
const HOLDING_PRICE: f64 = 1e3;

pub(super) struct Movers {
    pub actuators: Vec<Actuator>,
    /// Degrees of freedom held where a position starts.
    pub held: Vec<usize>,
    /// Degrees of freedom beyond the thorax, with their ranges.
    pub arms: Vec<(usize, [f64; 2])>,
    /// Whether no body hangs on the thorax.
    pub arms_in_thorax: bool,
    /// How levels of the spine bend that muscles alone hold.
    pub rhythm: Rhythm,
}

/// Sorts the degrees of freedom by what moves them.
pub(super) fn of(
    description: &Description,
    (own, system): (&Model, &System),
    roles: &BTreeMap<String, Role>,
    thorax: usize,
    caveats: &mut Vec<String>,
) -> Result<Movers, ForeignError> {
    let model = &system.model;
    let mut free = Free::new(system, roles);
    let strengths = strengths(system, &free)?;
    let moved = |role: &Role| role.degree.is_some_and(|degree| strengths[degree].greatest() > MOVES);
    let leg = |name: &str| ["hip_flexion", "knee_angle", "ankle_angle"].iter().any(|n| name.starts_with(n));
    if !roles.iter().any(|(name, role)| leg(name) && moved(role)) {
        return Err(ForeignError::NoMuscles);
    }
    let beyond: Vec<usize> =
        (thorax + 1..model.bodies().len()).filter(|&b| model.is_in_subtree(b, thorax)).collect();
    let mut movers = Movers {
        actuators: Vec::new(),
        held: Vec::new(),
        arms: Vec::new(),
        arms_in_thorax: beyond.iter().all(|&b| model.bodies()[b].mass == 0.0),
        rhythm: spine::rhythm(own, system, roles, &|degree| strengths[degree].greatest() > MOVES, caveats)?,
    };
    let (mut weak, mut unmoved, mut one_way) = (Vec::new(), Vec::new(), Vec::new());
    for (degree, strength) in strengths.into_iter().enumerate() {
        let coordinate = model.degree_coordinate(degree);
        let name = coordinate.name.clone();
        let role = roles.iter().find(|(_, role)| role.degree == Some(degree)).map(|(role, _)| role.as_str());
        if role.is_some_and(|role| role.starts_with("pelvis_")) {
            continue;
        }
        // What constraints drive by other coordinates needs no holding, and must not be held up by anything else.
        if role.is_none() && !free.take(degree) {
            continue;
        }
        let hold = |list: &mut Vec<Actuator>| {
            let (least, greatest) = (f64::NEG_INFINITY, f64::INFINITY);
            let name = format!("what holds {name}");
            list.push(Actuator { name, degree, least, greatest, price: HOLDING_PRICE });
        };
        let is_arm = beyond.iter().any(|&b| {
            let joint = &model.joints()[b - 1];
            let axes = joint.rotations.iter().chain(&joint.translations);
            axes.flat_map(|a| a.law.coordinates()).any(|&c| model.coordinates()[c].name == name)
        });
        if role.is_none() && is_arm {
            let (low, high) = coordinate.range.unwrap_or((-std::f64::consts::PI, std::f64::consts::PI));
            movers.arms.push((degree, [low.min(high), high.max(low)]));
            hold(&mut movers.actuators);
            continue;
        }
        if role.is_none() {
            movers.held.push(degree);
            hold(&mut movers.actuators);
            unmoved.push(name);
            continue;
        }
        if strength.greatest() > MOVES {
            if let Some([least, greatest]) = strength.lacks() {
                let own = format!("what stops {name}");
                let stop = Actuator { name: own, degree, least, greatest, price: HOLDING_PRICE };
                movers.actuators.push(stop);
                one_way.push(name);
            }
            continue;
        }
        movers.held.push(degree);
        let motor = motor(description, &name);
        let [least, greatest] = motor.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
        let what = if motor.is_some() { "the motor of" } else { "what holds" };
        let own = Actuator { name: format!("{what} {name}"), degree, least, greatest, price: HOLDING_PRICE };
        movers.actuators.push(own);
        weak.push(name);
    }
    if !weak.is_empty() {
        caveats.push(format!(
            "No muscle of the model moves {}: the angle is not solved but held, the back's where the built-in body's \
             bends at the start of its search, others where the model has them by default; a motor or an ideal moment \
             of no cost does it.",
            listed(&weak, 12)
        ));
    }
    if !one_way.is_empty() {
        caveats.push(format!(
            "Muscles of the model turn {} one way only: an ideal moment of no cost, in the place of ligaments, turns them \
             the other way.",
            listed(&one_way, 12)
        ));
    }
    if !unmoved.is_empty() {
        caveats.push(format!(
            "Positions do not speak of {}: held where the model has them by default.",
            listed(&unmoved, 12)
        ));
    }
    if !movers.arms.is_empty() {
        caveats.push(
            "What hangs on the chest (arms, neck, ribs, where the model has them) is held: along the trunk, or hanging as \
             the position asks; its own muscles and motors need not hold it."
                .to_owned(),
        );
    }
    Ok(movers)
}

/// What the constraints leave free.
struct Free {
    degrees: usize,
    /// Rows of the constraints near the default pose, then unit rows of the degrees of freedom that are accounted for.
    rows: Vec<f64>,
    /// Degrees of freedom that play a part.
    named: Vec<usize>,
}

impl Free {
    fn new(system: &System, roles: &BTreeMap<String, Role>) -> Self {
        let model = &system.model;
        let degrees = model.dof();
        let mut named: Vec<usize> = roles.values().filter_map(|role| role.degree).collect();
        named.sort_unstable();
        named.dedup();
        let mut free = Self { degrees, rows: Vec::new(), named };
        if system.constraints.is_empty() {
            return free;
        }
        let mut q = model.default_pose();
        for (i, q) in q.iter_mut().enumerate() {
            *q += APART * libm::sin(1.0 + 2.0 * i as f64);
        }
        let mut kinematics = Kinematics::new(model);
        kinematics.update(model, &q);
        for kept in &system.constraints {
            let first = free.rows.len();
            free.rows.resize(first + kept.constraint.equations() * degrees, 0.0);
            kept.constraint.add_rows(model, &kinematics, &mut free.rows[first..]);
        }
        free
    }

    fn unit(&self, degree: usize) -> impl Iterator<Item = f64> + use<> {
        (0..self.degrees).map(move |i| f64::from(u8::from(i == degree)))
    }

    /// How every degree of freedom moves with one that plays a part, per unit of it, when those that play others
    /// stand; nothing where the constraints do not let it.
    fn motion(&self, degree: usize) -> Vec<f64> {
        let mut motion: Vec<f64> = self.unit(degree).collect();
        if self.rows.is_empty() {
            return motion;
        }
        let mut rows = self.rows.clone();
        for &other in self.named.iter().filter(|&&other| other != degree) {
            rows.extend(self.unit(other));
        }
        let mut space = RowSpace::default();
        space.update(&rows, self.degrees, FREE, FREE);
        space.project_out(&mut motion);
        let own = motion[degree];
        let per = if own.abs() > FREE { 1.0 / own } else { 0.0 };
        motion.iter_mut().for_each(|m| *m *= per);
        motion
    }

    /// Whether a degree of freedom without a part does not follow those accounted for, among which it then counts.
    fn take(&mut self, degree: usize) -> bool {
        if self.rows.is_empty() {
            return true;
        }
        for named in std::mem::take(&mut self.named) {
            let unit = self.unit(named);
            self.rows.extend(unit);
        }
        let mut space = RowSpace::default();
        space.update(&self.rows, self.degrees, FREE, FREE);
        let mut own: Vec<f64> = self.unit(degree).collect();
        space.project_out(&mut own);
        let new = own[degree] > FREE;
        if new {
            let unit = self.unit(degree);
            self.rows.extend(unit);
        }
        new
    }
}

/// The greatest moment of all muscles together on a degree of freedom, N·m or N.
#[derive(Clone, Copy, Debug, Default)]
struct Strength {
    down: f64,
    up: f64,
}

impl Strength {
    fn greatest(self) -> f64 {
        self.down.max(self.up)
    }

    /// Least and greatest moment that muscles which pull one way leave to be made.
    fn lacks(self) -> Option<[f64; 2]> {
        let enough = BOTH_WAYS * self.greatest();
        match (self.down < enough, self.up < enough) {
            (true, false) => Some([f64::NEG_INFINITY, 0.0]),
            (false, true) => Some([0.0, f64::INFINITY]),
            _ => None,
        }
    }
}

/// How strong muscles are on every degree of freedom, at the default pose and beside it: through the constraints
/// too, by which a quadriceps that ends on a patella bends the knee.
fn strengths(system: &System, free: &Free) -> Result<Vec<Strength>, BodyError> {
    let motions: Vec<Vec<f64>> = (0..system.model.dof()).map(|degree| free.motion(degree)).collect();
    let model = &system.model;
    let mut strength = vec![Strength::default(); model.dof()];
    let mut kinematics = Kinematics::new(model);
    let mut arms = system.paths.moment_arms();
    for by in [0.0, ELSEWHERE, -ELSEWHERE] {
        let mut q = model.default_pose();
        for (i, q) in q.iter_mut().enumerate().filter(|(i, _)| model.degree_turns(*i)) {
            *q += by * libm::cos(i as f64);
        }
        kinematics.update(model, &q);
        system.paths.update(model, &kinematics, &mut arms)?;
        let mut here = vec![Strength::default(); model.dof()];
        for (m, muscle) in system.muscles.iter().enumerate() {
            for (here, motion) in here.iter_mut().zip(&motions) {
                let row = system.paths.row(m);
                let arm: f64 = row.map(|k| arms.values[k] * motion[system.paths.columns()[k]]).sum();
                let moment = arm * muscle.parameters.max_isometric_force;
                *(if arm < 0.0 { &mut here.down } else { &mut here.up }) += moment.abs();
            }
        }
        for (most, here) in strength.iter_mut().zip(here) {
            *most = Strength { down: most.down.max(here.down), up: most.up.max(here.up) };
        }
    }
    Ok(strength)
}

/// Least and greatest moment of the motors of a coordinate, if it has any.
fn motor(description: &Description, coordinate: &str) -> Option<[f64; 2]> {
    let mut limits: Option<[f64; 2]> = None;
    for force in description.forces.iter().filter(|f| f.applies_force) {
        if let ForceKind::CoordinateActuator { coordinate: own, optimal_force, control }
        | ForceKind::ActivationCoordinateActuator { coordinate: own, optimal_force, control, .. } =
            &force.kind
            && own == coordinate
            && *optimal_force != 0.0
        {
            let mut ends = control.map(|c| c * optimal_force);
            ends.sort_by(f64::total_cmp);
            let [least, greatest] = limits.unwrap_or([0.0; 2]);
            limits = Some([least + ends[0], greatest + ends[1]]);
        }
    }
    limits
}
