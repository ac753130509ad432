//! From a position to the engine's [`Task`] for one body.

use super::another;
use super::position::{Arms, GRAVITY, PatchPoint, Position, Positions, SupportEntry};
use crate::body::{Body, BodyError, RAD, Role};
use crate::results::Side;
use guywire_engine::task::{Aim, Condition, Contact, Load, Support};
use guywire_engine::{Kinematics, Task};
use guywire_math::Vec3;

pub(super) struct Builder<'a> {
    pub positions: &'a Positions,
    pub position: &'a Position,
    pub body: &'a Body,
}

const LEFT: char = 'l';
const RIGHT: char = 'r';

/// A direction of length 1; up where nothing is given.
fn unit(direction: Vec3<f64>) -> Vec3<f64> {
    let length = direction.norm();
    if length > 0.0 { direction * (1.0 / length) } else { Vec3::new(0.0, 1.0, 0.0) }
}

impl Builder<'_> {
    pub fn build(&self) -> Result<Task, BodyError> {
        let (position, system) = (self.position, &self.body.system);
        let mut start = system.model.default_pose();
        for name in position.start.keys() {
            self.each_degree(name, |i, _| start[i] = 0.0)?;
        }
        for (name, value) in &position.start {
            let value = self.amount(name, *value);
            self.each_degree(name, |i, sign| start[i] += sign * value)?;
        }
        let mut kinematics = Kinematics::new(&system.model);
        kinematics.update(&system.model, &start);
        let mut task = Task {
            name: position.name.clone(),
            gravity: Vec3::new(0.0, -GRAVITY, 0.0),
            supports: Vec::new(),
            contacts: Vec::new(),
            loads: Vec::new(),
            conditions: Vec::new(),
            aims: Vec::new(),
            start,
        };
        for support in &position.supports {
            self.support(support, &kinematics, &mut task)?;
        }
        self.settle_start(&mut task, &kinematics);
        for (name, value) in &position.hold {
            let value = self.amount(name, *value);
            self.each_degree(name, |degree, sign| {
                task.conditions.push(Condition::Degree { degree, value: sign * value });
            })?;
        }
        self.feet(&mut task)?;
        self.angles(&mut task)?;
        self.limbs(&mut task)?;
        self.loads(&mut task)?;
        if let Some(others) = self.body.others() {
            let hangs = self.position.arms == Arms::Hanging;
            another::hold(self.body, others, self.inclination().filter(|_| hangs), &mut task);
            task.keep_independent(system);
        }
        Ok(task)
    }

    /// Degrees and metres of the file to the body's own units.
    fn amount(&self, name: &str, value: f64) -> f64 {
        let sliding = name.starts_with("pelvis_t") && name.len() == "pelvis_tx".len();
        if sliding { value * self.body.size } else { value * RAD }
    }

    /// The degrees of freedom of a name, itself or both sides, and the sign with which the model counts them.
    ///
    /// Another model need not have every coordinate of the built-in body: what it does not have cannot be held.
    fn each_degree(&self, name: &str, mut each: impl FnMut(usize, f64)) -> Result<(), BodyError> {
        let whole = self.body.role(name).map(|role| vec![role]);
        let roles = whole.or_else(|_| {
            let sides = [RIGHT, LEFT].map(|side| self.body.role(&format!("{name}_{side}")));
            sides.into_iter().collect::<Result<Vec<Role>, BodyError>>()
        });
        match roles {
            Ok(roles) => {
                for role in roles {
                    match role.degree {
                        Some(degree) => each(degree, role.sign),
                        None if self.body.is_built_in() => {
                            return Err(BodyError::Missing { what: "coordinate", name: name.to_owned() });
                        }
                        None => {}
                    }
                }
                Ok(())
            }
            Err(_) if !self.body.is_built_in() => self.level_of_another(name, each),
            Err(missing) => Err(missing),
        }
    }

    fn support(&self, entry: &SupportEntry, at: &Kinematics<f64>, task: &mut Task) -> Result<(), BodyError> {
        let normal = match (entry.lean_deg, entry.toward) {
            (None, None) => Vec3::new(0.0, 1.0, 0.0),
            (Some(lean), _) => Vec3::new(libm::cos(lean * RAD), libm::sin(lean * RAD), 0.0),
            (None, Some(toward)) => unit(Vec3::from_array(toward)),
        };
        let support = task.supports.len();
        let first = task.contacts.len();
        for wanted in &entry.patches {
            let (name, only) = match wanted.split_once('.') {
                Some((name, "left")) => (name, Some(Side::Left)),
                Some((name, _)) => (name, Some(Side::Right)),
                None => (wanted.as_str(), None),
            };
            let patch = self.positions.patches.iter().find(|p| p.name == name);
            let patch = patch.ok_or_else(|| BodyError::Missing { what: "patch", name: name.to_owned() })?;
            for side in [Side::Right, Side::Left] {
                let skip = only.is_some_and(|o| o != side) || (!patch.mirrored && side == Side::Left);
                if skip {
                    continue;
                }
                for point in &patch.points {
                    task.contacts.push(self.contact(point, side, support, entry)?);
                }
            }
        }
        let offset = if entry.at_start {
            let lowest = |c: &Contact| normal.dot(at.bodies[c.body].point(c.center)) - c.radius;
            task.contacts[first..]
                .iter()
                .filter(|c| c.touching || entry.soft)
                .map(lowest)
                .fold(f64::INFINITY, f64::min)
        } else {
            0.0
        };
        if entry.soft {
            for contact in &mut task.contacts[first..] {
                contact.touching = false;
            }
        }
        task.supports.push(Support { name: entry.name.clone(), normal, offset });
        Ok(())
    }

    fn contact(
        &self,
        point: &PatchPoint,
        side: Side,
        support: usize,
        entry: &SupportEntry,
    ) -> Result<Contact, BodyError> {
        let (name, sign) = match side {
            Side::Right => (point.body.clone(), 1.0),
            Side::Left => (crate::body::left(&point.body), -1.0),
        };
        let [x, y, z] = point.at;
        let (body, center) = self.body.place(&name, Vec3::new(x, y, sign * z))?;
        Ok(Contact {
            support,
            body,
            center,
            radius: point.radius_m * self.body.size,
            friction: entry.friction,
            touching: point.touches,
        })
    }

    /// Levels of the lumbar spine bend a model whose back has one joint there; what it has nothing for is left out.
    fn level_of_another(&self, name: &str, mut each: impl FnMut(usize, f64)) -> Result<(), BodyError> {
        if let (true, Ok(Role { degree: Some(back), sign, .. })) =
            (name.ends_with("_FE"), self.body.role("lumbar_extension"))
        {
            each(back, sign);
        }
        Ok(())
    }

    /// Forward inclination of the trunk that the position asks for, rad.
    fn inclination(&self) -> Option<f64> {
        let asked = self.position.trunk_inclination_deg.or(self.position.thorax.map(|t| t.inclination_deg));
        asked.map(|deg| deg * RAD)
    }

    /// Whether the foot of a side can point where it is asked to beside lying flat: of two feet with locked subtalar
    /// joints the stance width and the ankles decide.
    fn foot_turns_freely(&self, sign: f64, feet: usize) -> bool {
        // A planar model keeps its feet straight.
        let turns = self.body.role("pelvis_rotation").is_ok_and(|role| role.degree.is_some());
        if !turns || feet < 2 {
            return turns;
        }
        let side = if sign < 0.0 { LEFT } else { RIGHT };
        self.body.role(&format!("subtalar_angle_{side}")).is_ok_and(|role| role.degree.is_some())
    }

    /// Whether a flat foot can stand at another width than its hip.
    fn foot_spreads(&self, sign: f64) -> bool {
        let side = if sign < 0.0 { LEFT } else { RIGHT };
        let free =
            |name: &str| self.body.role(&format!("{name}_{side}")).is_ok_and(|role| role.degree.is_some());
        free("subtalar_angle") || free("hip_rotation")
    }

    /// Lifts or lowers the start so that the lowest touching point stands on the first support.
    fn settle_start(&self, task: &mut Task, at: &Kinematics<f64>) {
        let gap = |c: &&Contact| {
            let support = &task.supports[c.support];
            support.normal.dot(at.bodies[c.body].point(c.center)) - c.radius - support.offset
        };
        let lowest = task.contacts.iter().filter(|c| c.support == 0 && c.touching).map(|c| gap(&c));
        let lowest = lowest.fold(f64::INFINITY, f64::min);
        if !lowest.is_finite() {
            return;
        }
        if let Ok(Role { degree: Some(height), sign, .. }) = self.body.role("pelvis_ty") {
            task.start[height] -= sign * lowest;
        }
        // Surfaces placed by the start pose move with it.
        for (support, entry) in task.supports.iter_mut().zip(&self.position.supports) {
            if entry.at_start {
                support.offset -= lowest * support.normal.y;
            }
        }
    }

    fn feet(&self, task: &mut Task) -> Result<(), BodyError> {
        let Some(apart) = self.position.feet_apart_m else { return Ok(()) };
        // The first touching point of a foot is its heel.
        let mut heels: Vec<(usize, Vec3<f64>)> = Vec::new();
        for contact in task.contacts.iter().filter(|c| c.touching) {
            let foot = self.body.part_name(contact.body).starts_with("calcn");
            if foot && heels.iter().all(|h| h.0 != contact.body) {
                heels.push((contact.body, contact.center));
            }
        }
        for (k, (body, heel)) in heels.iter().enumerate() {
            let part = self.body.part_name(*body);
            let sign = if part.ends_with(LEFT) { -1.0 } else { 1.0 };
            let place = |normal: Vec3<f64>, offset: f64| Condition::OnPlane {
                body: *body,
                point: *heel,
                normal,
                offset,
            };
            if !self.position.lying() {
                task.conditions.push(place(Vec3::new(1.0, 0.0, 0.0), 0.0));
            }
            // Legs that neither turn nor have a subtalar joint stand as wide as their hips with the feet flat; one of
            // them says where.
            if k == 0 || self.foot_spreads(sign) {
                task.conditions.push(place(Vec3::new(0.0, 0.0, 1.0), sign * 0.5 * apart * self.body.size));
            }
            if let Some(turnout) =
                self.position.foot_turnout_deg.filter(|_| self.foot_turns_freely(sign, heels.len()))
            {
                // A point straight ahead of the heel lies on the line that points outwards.
                let ahead = *heel + self.body.turn(part, Vec3::new(0.1, 0.0, 0.0));
                let (s, c) = (libm::sin(turnout * RAD) * sign, libm::cos(turnout * RAD));
                let normal = Vec3::new(-s, 0.0, c);
                let offset = c * sign * 0.5 * apart * self.body.size;
                task.conditions.push(Condition::OnPlane { body: *body, point: ahead, normal, offset });
            }
        }
        Ok(())
    }

    fn angles(&self, task: &mut Task) -> Result<(), BodyError> {
        let thorax = self.body.part("thorax")?;
        let up = self.body.thorax_up;
        // The thorax frame's z axis points to the right in the neutral pose.
        let right = self.body.turn("thorax", Vec3::new(0.0, 0.0, 1.0));
        let weight = self.body.uprightness;
        if let Some(angle) = self.position.trunk_inclination_deg {
            task.conditions.push(Condition::Inclination { body: thorax, up, angle: angle * RAD });
            task.aims.push(Aim { body: thorax, up, right, inclination: None, band: 0.0, weight });
        }
        if let Some(aim) = self.position.thorax {
            let (inclination, band) = (Some(aim.inclination_deg * RAD), aim.free_forward_deg * RAD);
            task.aims.push(Aim { body: thorax, up, right, inclination, band, weight });
        }
        if let Some(angle) = self.position.thigh_inclination_deg {
            for side in [RIGHT, LEFT] {
                let part = format!("femur_{side}");
                let (body, up) = (self.body.part(&part)?, self.body.turn(&part, Vec3::new(0.0, 1.0, 0.0)));
                task.conditions.push(Condition::Inclination { body, up, angle: angle * RAD });
            }
        }
        Ok(())
    }

    fn limbs(&self, task: &mut Task) -> Result<(), BodyError> {
        for (part, angle) in &self.position.incline {
            let (body, up) = (self.body.part(part)?, self.body.turn(part, Vec3::new(0.0, 1.0, 0.0)));
            task.conditions.push(Condition::Inclination { body, up, angle: angle * RAD });
        }
        for pull in &self.position.pulls {
            let outwards = if pull.part.ends_with("_l") { -1.0 } else { 1.0 };
            let mirrored = |[x, y, z]: [f64; 3]| Vec3::new(x, y, outwards * z);
            let (body, point) = self.body.place(&pull.part, mirrored(pull.at))?;
            let force = unit(mirrored(pull.toward)) * (pull.newton * self.body.strength);
            task.loads.push(Load::Force { name: pull.name.clone(), body, point, force });
        }
        Ok(())
    }

    fn loads(&self, task: &mut Task) -> Result<(), BodyError> {
        let constants = &self.body.constants;
        let place = |part: &str, at: [f64; 3]| self.body.place(part, Vec3::from_array(at));
        task.loads.extend(abdominal_pressure(self.body, self.position.abdominal_pressure_pa)?);
        let shoulder = place("thorax", constants.arms.shoulder)?;
        let force = |name: &str, (body, point): (usize, Vec3<f64>), newton: f64| Load::Force {
            name: name.into(),
            body,
            point,
            force: Vec3::new(0.0, -newton, 0.0),
        };
        if self.position.arms == Arms::Hanging && self.body.thorax_carries_arms() {
            // The thorax carries the arms along the trunk: their weight moves to the shoulders.
            let weight = constants.arms.mass_share * self.body.system.model.mass() * GRAVITY;
            task.loads.push(force("arms hanging from the shoulders", shoulder, weight));
            task.loads.push(force(
                "arms along the trunk",
                place("thorax", constants.arms.hanging_center)?,
                -weight,
            ));
        }
        if let Some(load) = self.position.load {
            let at = match load.at_upright_m {
                None => shoulder,
                Some(at) => self.body.upright_point(Vec3::from_array(at))?,
            };
            task.loads.push(force(&format!("{} kg in the hands", load.mass_kg), at, load.mass_kg * GRAVITY));
        }
        Ok(())
    }
}

/// What a pressure in the abdomen (Pa) pushes pelvis and thorax apart with; none without pressure, or where a body knows none.
pub(crate) fn abdominal_pressure(body: &Body, pressure_pa: f64) -> Result<Option<Load>, BodyError> {
    if pressure_pa <= 0.0 || !body.has_abdomen() {
        return Ok(None);
    }
    let abdomen = &body.constants.abdomen;
    let place = |part: &str, at: [f64; 3]| body.place(part, Vec3::from_array(at));
    Ok(Some(Load::Push {
        name: "abdominal pressure".into(),
        from: place("pelvis", abdomen.pelvis)?,
        to: place("thorax", abdomen.thorax)?,
        force: pressure_pa * abdomen.diaphragm_area_m2 * body.size * body.size,
    }))
}
